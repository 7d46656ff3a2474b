import { randomInt } from 'node:crypto';
import { is } from 'valibot';
import { type Field, fieldsOf } from './fields.ts';
import type { Declared } from './kind.ts';

const small = 'abcdefghijklmnopqrstuvwxyz';
const capital = small.toUpperCase();
const digits = '0123456789';

const oneOf = (characters: string): string => characters.charAt(randomInt(characters.length));

const some = (characters: string): string => Array.from({ length: 12 }, () => oneOf(characters)).join('');

/** Where a text may be extended: at both ends, and behind its first delimiter. */
const spotsIn = (text: string): number[] => [0, text.length, text.search(/[^A-Za-z0-9]/) + 1];

/** Texts of the form of another: with random characters inserted, or with its own replaced by random ones of their kind. */
const textsLike = (text: string): string[] => [
  ...[small + digits, capital + digits, digits].flatMap((characters) =>
    spotsIn(text).map((at) => text.slice(0, at) + some(characters) + text.slice(at)),
  ),
  text.replaceAll(/[a-z]/g, () => oneOf(small)).replaceAll(/[A-Z]|\d/g, (one) => oneOf(one < 'A' ? digits : capital)),
  ...Array.from({ length: 200 }, () => text.replaceAll(/\d/g, () => oneOf(digits))),
];

const uniqueField = (endpoint: Declared, attribute: string): Field => {
  const field = fieldsOf(endpoint).find((one) => one.isUnique && one.attribute === attribute);
  if (!field) throw new Error(`${attribute} is not a unique field of ${endpoint.id}.`);
  return field;
};

/**
 * A valid value for a unique field that no record has: one like its example, with random characters.
 *
 * @throws Error if the field has no valid values that are like its example
 */
export const uniqueValue = (endpoint: Declared, attribute: string): string => {
  const { example, body } = uniqueField(endpoint, attribute);
  const value = textsLike(String(example)).find((text) => text !== example && is(endpoint.body, body(text)));
  if (value === undefined) throw new Error(`No value of ${attribute} is like the example of ${endpoint.id}.`);
  return value;
};

const swapped = (text: string): string =>
  text.replaceAll(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

/** A valid value that differs from another in letter case only; `undefined` if there is none. */
export const otherSpelling = (endpoint: Declared, attribute: string, value: string): string | undefined => {
  const { body } = uniqueField(endpoint, attribute);
  const spellings = [swapped(value), value.toUpperCase(), value.toLowerCase()];
  return spellings.find((text) => text !== value && is(endpoint.body, body(text)));
};
