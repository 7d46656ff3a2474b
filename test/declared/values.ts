import type { JsonSchema } from '../../lib/openapi/json-schema.ts';
import { allows, branchesOf, itemsOf, membersOf, typesOf } from './allows.ts';

/** Texts of the usual formats, for a schema with a pattern but without an example. */
const usualTexts = [
  ...['text', 'a1', '507f1f77bcf86cd799439011', 'en-GB', '12.50', 'EUR'],
  ...['2024-01-15', '2024-01-15T10:00:00Z', '2024-01-15T10:00:00.000Z', '10:00'],
  ...['https://example.com/', 'jane@example.com', '+15550100'],
];

/** The constants that one item of a list must have. */
const constantsOf = ({ contains }: JsonSchema): [name: string, value: unknown][] =>
  typeof contains === 'object'
    ? membersOf(contains).flatMap(([name, member]) => ('const' in member ? [[name, member.const]] : []))
    : [];

/** Gives the first item of a list, and no other, the constants that one item must have. */
const marked = (schema: JsonSchema, items: readonly unknown[]): unknown[] => {
  const constants = constantsOf(schema);
  if (constants.length === 0) return [...items];
  return items.map((item, index) => ({
    ...(typeof item === 'object' && item),
    ...Object.fromEntries(constants.map(([name, value]) => [name, index === 0 ? value : value !== true])),
  }));
};

/** A valid list of a given length, whose items differ wherever their schema has room for that. */
export const listOf = (schema: JsonSchema, length: number): unknown[] =>
  marked(
    schema,
    Array.from({ length }, (_, index) => numbered(itemsOf(schema), index)),
  );

/**
 * A text that matches the pattern: the declared example, or one of a usual format.
 *
 * @throws Error if none matches
 */
const textOf = (schema: JsonSchema): string => {
  const texts = [...(schema.examples ?? []), ...usualTexts, 'a'.repeat(schema.minLength ?? 1)];
  const text = texts.find((one) => typeof one === 'string' && allows(schema, one));
  if (typeof text !== 'string') throw new Error(`No text is known for ${schema.pattern}: declare an example.`);
  return text;
};

/** A text that contains a number, if the schema has room for one anywhere. */
const numberedText = (schema: JsonSchema, number: number): string => {
  const text = textOf(schema);
  const texts = [`${text} ${number}`, `${text}${number}`, `${number}${text}`, `${number}`];
  return texts.find((one) => allows(schema, one)) ?? text;
};

const numberIn = ({ minimum, maximum }: JsonSchema, number: number): number => {
  const from = minimum ?? Math.min(maximum ?? 0, 0);
  return maximum === undefined ? from + number : from + (number % (Math.floor(maximum - from) + 1));
};

/** A valid value; another one for each number (from 0), as far as the schema has so many. */
export const numbered = (schema: JsonSchema, number: number): unknown => {
  if (schema.enum) return schema.enum[number % schema.enum.length];
  const [branch] = branchesOf(schema);
  if (branch) return numbered(branch, number);
  switch (typesOf(schema)[0]) {
    case 'string':
      return numberedText(schema, number);
    case 'number':
    case 'integer':
      return numberIn(schema, number);
    case 'boolean':
      return number % 2 === 0;
    case 'array':
      return listOf(schema, Math.max(1, schema.minItems ?? 0)).map((item, index) =>
        index === 0 ? marked(schema, [numbered(itemsOf(schema), number)])[0] : item,
      );
    case 'object':
      return Object.fromEntries(membersOf(schema).map(([name, member]) => [name, numbered(member, number)]));
    default:
      return null;
  }
};

/** Whether `numbered` gives another value for each number. */
export const isUnlimited = (schema: JsonSchema): boolean => {
  if (schema.enum) return false;
  const [branch] = branchesOf(schema);
  if (branch) return isUnlimited(branch);
  switch (typesOf(schema)[0]) {
    case 'string':
      return [0, 7, 1_000_000_000].every((number) => numberedText(schema, number) !== textOf(schema));
    case 'number':
    case 'integer':
      return schema.maximum === undefined;
    case 'array':
      return schema.maxItems !== 0 && isUnlimited(itemsOf(schema));
    case 'object':
      return membersOf(schema).some(([, member]) => isUnlimited(member));
    default:
      return false;
  }
};
