import { type JsonSchema, jsonSchemaOf } from '../../lib/openapi/json-schema.ts';
import { branchesOf, itemsOf, membersOf, typesOf } from '../declared/allows.ts';
import type { Declared } from '../declared/kind.ts';
import { listOf, numbered } from '../declared/values.ts';

/** A place in a body where a single text or number may stand, however deep, in lists too. */
export type Spot = {
  /** A JSON pointer (RFC 6901), such as `/contactMethods/0/value`. */
  pointer: string;
  /** The attribute that stores the field with this place in it. */
  attribute: string;
  schema: JsonSchema;
  /** The smallest otherwise valid body with this value in its place. */
  body: (value: unknown) => object;
  /** The field's value with this one in its place. */
  field: (value: unknown) => unknown;
};

type Walk = { pointer: string; put: (value: unknown) => unknown };
type Leaf = Walk & { schema: JsonSchema };

/** A list with this place in its first item; the other items, if any, are those that it needs. */
const insideList = (schema: JsonSchema, { pointer, put }: Walk): Leaf[] => {
  const [first, ...others] = listOf(schema, Math.max(1, schema.minItems ?? 0));
  return leavesOf(itemsOf(schema), { pointer: `${pointer}/0`, put: (value) => put([value, ...others]) }, first);
};

const insideObject = (schema: JsonSchema, { pointer, put }: Walk, whole: unknown): Leaf[] =>
  membersOf(schema).flatMap(([name, member]) =>
    leavesOf(member, {
      pointer: `${pointer}/${name}`,
      put: (value) => put({ ...(typeof whole === 'object' && whole), [name]: value }),
    }),
  );

/** Every place in a value, in all branches of its schema. An enumeration is none, because it has its values. */
const leavesOf = (schema: JsonSchema, walk: Walk, known = numbered(schema, 0)): Leaf[] => {
  if (schema.enum || 'const' in schema) return [];
  const branches = branchesOf(schema);
  if (branches.length > 0) return branches.flatMap((branch) => leavesOf(branch, walk));
  if (schema.properties) return insideObject(schema, walk, known);
  return typesOf(schema).includes('array') ? insideList(schema, walk) : [{ ...walk, schema }];
};

const spotsIn = (schema: JsonSchema, path: readonly string[] = []): Spot[] =>
  membersOf(schema).flatMap(([name, member]) => {
    const names = [...path, name];
    if (member.properties) return spotsIn(member, names);
    const body = (value: unknown) => names.reduceRight<unknown>((inner, at) => ({ [at]: inner }), value);
    return leavesOf(member, { pointer: `/${names.join('/')}`, put: (value) => value }).map(
      ({ pointer, put, schema: own }) => ({
        pointer,
        attribute: names.join('.'),
        schema: own,
        body: (value) => Object(body(put(value))),
        field: put,
      }),
    );
  });

const ofTypes =
  (...types: string[]) =>
  (endpoint: Declared): Spot[] =>
    spotsIn(jsonSchemaOf(endpoint.body, endpoint.example.body)).filter(({ schema }) =>
      typesOf(schema).some((type) => types.includes(type)),
    );

/** Every place for a text in the body of an endpoint. */
export const textSpots = ofTypes('string');

/** Every place for a number. */
export const numberSpots = ofTypes('number', 'integer');

/** A text for the place that is valid there. */
export const validText = ({ schema }: Spot): string => String(schema.examples?.[0] ?? numbered(schema, 0));
