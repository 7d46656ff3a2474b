import fc from 'fast-check';
import { is } from 'valibot';
import { type JsonSchema, jsonSchemaOf } from '../../lib/openapi/json-schema.ts';
import { allows, membersOf, typesOf } from './allows.ts';
import { type Declared, uniqueOf } from './kind.ts';
import { near } from './near-schema.ts';
import { example, probesOf } from './probes.ts';
import { isUnlimited, numbered } from './values.ts';

/** A leaf of a body: what a PATCH may set on its own. */
export type Field = {
  /** A JSON pointer (RFC 6901): `/labTemplates/smsDefaultMessage`. */
  pointer: string;
  /** As the table names it: `labTemplates.smsDefaultMessage`. */
  attribute: string;
  /** The smallest body that sends this value. */
  body: (value: unknown) => object;
  /** The value in the endpoint's example, or a generated valid one if it is not in there. */
  example: unknown;
  /** A valid value for each number from 0, all of them different; absent if the schema has too few values. */
  numbered?: (number: number) => unknown;
  valid: fc.Arbitrary<unknown>;
  /** The example, and values at the declared limits. */
  accepted: readonly unknown[];
  /** Values beyond the declared limits, and the pointers that the response must name, sorted. */
  refused: readonly { value: unknown; pointers: readonly string[] }[];
  /** The value that unsets it, if there is one. */
  clears: null | [] | undefined;
  /** Whether no two records may have the same value. */
  isUnique: boolean;
  /** Whether the reply contains it. */
  inReply: boolean;
};

type Leaf = { path: readonly string[]; schema: JsonSchema };

/** The leaves of an object's schema. A list is a leaf, because it is replaced whole. */
const leavesOf = (schema: JsonSchema, path: readonly string[] = []): Leaf[] =>
  membersOf(schema).flatMap(([name, member]) =>
    member.properties ? leavesOf(member, [...path, name]) : [{ path: [...path, name], schema: member }],
  );

const pathsOf = (schema: JsonSchema): Set<string> => new Set(leavesOf(schema).map(({ path }) => path.join('.')));

/** What the reply shows of the record: the members of its only member. */
const replied = ({ reply, example }: Declared): Set<string> => {
  const [record] = membersOf(jsonSchemaOf(reply, example.reply));
  return record ? pathsOf(record[1]) : new Set();
};

const pointerOf = (path: readonly string[]): string =>
  path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const bodyAt = (path: readonly string[], value: unknown): object => {
  const [name = '', ...below] = path;
  return { [name]: below.length > 0 ? bodyAt(below, value) : value };
};

/** Every field that the body of an endpoint may have, in the order of its schema. */
export const fieldsOf = (endpoint: Declared): readonly Field[] => {
  const known = cache.get(endpoint);
  if (known) return known;
  const inReply = replied(endpoint);
  const fields = leavesOf(jsonSchemaOf(endpoint.body, endpoint.example.body)).map((leaf) => {
    const attribute = leaf.path.join('.');
    return {
      ...fieldAt(endpoint, leaf),
      attribute,
      isUnique: uniqueOf(endpoint).includes(attribute),
      inReply: inReply.has(attribute),
    };
  });
  cache.set(endpoint, fields);
  return fields;
};

const cache = new WeakMap<Declared, readonly Field[]>();

const fieldAt = (
  { body: schemaOfBody }: Declared,
  { path, schema }: Leaf,
): Omit<Field, 'attribute' | 'isUnique' | 'inReply'> => {
  const pointer = pointerOf(path);
  const body = (value: unknown) => bodyAt(path, value);
  const isValid = (value: unknown) => is(schemaOfBody, body(value));
  const probes = distinct(probesOf(schema));
  const shown = example(schema);
  const atLimits = probes.flatMap(({ value, wrong, isGuess }) =>
    wrong.length === 0 && (!isGuess || isValid(value)) ? [value] : [],
  );
  const accepted = [shown, ...atLimits];
  const refused = probes.flatMap(({ value, wrong }) =>
    wrong.length > 0 ? [{ value, pointers: wrong.map((below) => pointer + below).toSorted() }] : [],
  );
  return {
    pointer,
    body,
    example: shown,
    ...(isUnlimited(schema) && { numbered: (number: number) => numbered(schema, number) }),
    valid: fc.oneof(fc.constantFrom(...accepted), { weight: 3, arbitrary: likely(schema, shown).filter(isValid) }),
    accepted,
    refused,
    clears: clearing(schema),
  };
};

/** Values near the schema, and the example with other digits, which often has a pattern's form. */
const likely = (schema: JsonSchema, known: unknown): fc.Arbitrary<unknown> => {
  const redone = fc.infiniteStream(fc.nat(9)).map((digits) => {
    const next = () => String(digits.next().value);
    return typeof known === 'string' ? known.replaceAll(/\d/g, next) : known;
  });
  return fc.oneof({ weight: 4, arbitrary: near(schema) }, redone, fc.constant(known));
};

const clearing = (schema: JsonSchema): Field['clears'] => {
  if (allows(schema, null)) return null;
  return typesOf(schema).includes('array') && allows(schema, []) ? [] : undefined;
};

const distinct = <Some extends { value: unknown }>(all: readonly Some[]): Some[] => [
  ...new Map(all.map((one) => [JSON.stringify(one.value), one])).values(),
];
