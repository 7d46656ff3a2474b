import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type Field, fieldsOf } from './fields.ts';
import type { Declared } from './kind.ts';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One body that sends what all of them send. */
export const merged = (bodies: readonly object[]): object => {
  const all = new Map<string, unknown>();
  for (const [name, value] of bodies.flatMap((body) => Object.entries(body))) {
    const before = all.get(name);
    all.set(name, isObject(before) && isObject(value) ? merged([before, value]) : value);
  }
  return Object.fromEntries(all);
};

/** Any valid patch of one or more fields. */
export const validBodies = (endpoint: Declared): fc.Arbitrary<object> =>
  fc
    .subarray([...fieldsOf(endpoint)], { minLength: 1 })
    .chain((fields) => fc.tuple(...fields.map(({ body, valid }) => valid.map(body))))
    .map(merged);

/** A field with a value for each number. */
export type Numbered = Field & Required<Pick<Field, 'numbered'>>;

const isNumbered = (field: Field): field is Numbered => field.numbered !== undefined;

/** The fields with as many values as a test needs, those first that the reply shows. Unique fields are left out. */
export const plainFields = (endpoint: Declared): Numbered[] =>
  fieldsOf(endpoint)
    .filter(isNumbered)
    .filter(({ isUnique }) => !isUnique)
    .toSorted((one, other) => Number(other.inReply) - Number(one.inReply));

/**
 * Two independent fields, neither of them unique, with a value for each number.
 *
 * @throws Error if the endpoint has fewer
 */
export const twoFields = (endpoint: Declared): [Numbered, Numbered] => {
  const [one, other] = plainFields(endpoint);
  if (!one || !other) throw new Error(`${endpoint.id} has fewer than two plain fields.`);
  return [one, other];
};

/** Beyond the numbers of a test. */
const spare = 1_000_000;

/**
 * A small valid patch of one field, always the same, whose value is another for each number from 0, and never the example,
 * which a stored record already has.
 *
 * @throws Error if the endpoint has no field with so many values that is not unique
 */
export const numberedPatch = (endpoint: Declared, number: number): object => {
  const [field] = plainFields(endpoint);
  if (!field) throw new Error(`${endpoint.id} has no plain field.`);
  const value = field.numbered(number);
  return field.body(isDeepStrictEqual(value, field.example) ? field.numbered(spare) : value);
};
