import { randomUUID } from 'node:crypto';
import { is } from 'valibot';
import { type JsonSchema, jsonSchemaOf } from '../../lib/openapi/json-schema.ts';
import { itemsOf, membersOf, typesOf } from '../declared/allows.ts';
import { merged } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { type Spot, textSpots, validText } from './spots.ts';

/** Unique text, so that it is clear where it came from wherever it is found. */
export const newMark = (): string => `leak-${randomUUID()}`;

/** A valid text for a place with the mark in it, if its schema has room for that. */
const markedText = (endpoint: Declared, spot: Spot, mark: string): string | undefined => {
  const valid = validText(spot);
  const delimiter = valid.search(/[^A-Za-z0-9]/) + 1;
  const texts = [mark, valid + mark, mark + valid, valid.slice(0, delimiter) + mark + valid.slice(delimiter)];
  return texts.find((text) => is(endpoint.body, spot.body(text)));
};

/** Valid bodies whose fields hold a mark each, as far as their schemas have room for one. */
export type Marked = {
  body: object;
  /** Without the fields that no two records may share. */
  plainBody: object;
  /** By pointer. */
  marks: Record<string, string>;
  /** Those of fields that the reply does not show. */
  hidden: Record<string, string>;
};

export const markedBodies = (endpoint: Declared): Marked => {
  const spots = textSpots(endpoint);
  const fields = fieldsOf(endpoint).map((field) => {
    const mark = newMark();
    for (const spot of spots.filter(({ attribute }) => attribute === field.attribute)) {
      const text = markedText(endpoint, spot, mark);
      if (text !== undefined)
        return { field, body: spot.body(text), marks: { [`${endpoint.id} ${spot.pointer}`]: mark } };
    }
    return { field, body: field.body(field.example), marks: {} };
  });
  const marksOf = (some: typeof fields) => Object.assign({}, ...some.map(({ marks }) => marks));
  return {
    body: merged(fields.map(({ body }) => body)),
    plainBody: merged(fields.filter(({ field }) => !field.isUnique).map(({ body }) => body)),
    marks: marksOf(fields),
    hidden: marksOf(fields.filter(({ field }) => !field.inReply)),
  };
};

/** Ways in which a value may be of the wrong type, with a mark in it that a validator might quote. */
const wrongLeaf: readonly ((mark: string) => unknown)[] = [
  (mark) => [mark],
  (mark) => ({ [mark]: mark }),
  (mark) => mark,
];

/** A value of the schema's form whose leaves are all replaced. */
const wrongInside = (schema: JsonSchema, leaf: () => unknown): unknown => {
  if (schema.properties) {
    return Object.fromEntries(membersOf(schema).map(([name, member]) => [name, wrongInside(member, leaf)]));
  }
  return typesOf(schema).includes('array') ? [wrongInside(itemsOf(schema), leaf)] : leaf();
};

/** Bodies whose fields are wrong, each in another way, and their marks. Names of members are never marked where they are checked. */
export const wrongBodies = (endpoint: Declared): { body: object; marks: Record<string, string> }[] => {
  const schema = jsonSchemaOf(endpoint.body, endpoint.example.body);
  const whole = membersOf(schema).map(([name]) => name);
  const bodies = [
    ...wrongLeaf.map((leaf) => (mark: string) => wrongInside(schema, () => leaf(mark))),
    ...[(mark: string) => Object.fromEntries(whole.map((name) => [name, mark]))],
  ];
  return bodies.flatMap((bodyOf, index) => {
    const mark = newMark();
    const body = Object(bodyOf(mark));
    return is(endpoint.body, body) ? [] : [{ body, marks: { [`${endpoint.id} wrong body ${index}`]: mark } }];
  });
};
