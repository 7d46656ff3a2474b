import { type Change, changeTo, together } from '../declared/changes.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import type { Store, Subject } from './faulty-service.ts';

/** The maximum size of an item, including the names and values of all attributes, in bytes. */
const maximum = 400 * 1024;

/** An estimate of the size of a value in DynamoDB, in bytes. */
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The largest value of a field, unless it needs more than a few such values to fill a request. */
const largestOf = ({ accepted }: Field): unknown =>
  accepted.filter((value) => sizeOf(value) < 20_000).toSorted((one, other) => sizeOf(other) - sizeOf(one))[0];

/** A change of all plain fields to large values, and the plain values of the same fields. */
export type LargeChange = { large: Change; plain: Record<string, unknown>; growth: number };

const largeChangeOf = (endpoint: Declared): LargeChange => {
  const fields = fieldsOf(endpoint).filter(({ isUnique }) => !isUnique);
  const large = together(...fields.map((field) => changeTo(endpoint, field, largestOf(field))));
  const plain = Object.fromEntries(fields.map(({ attribute, example }) => [attribute, example]));
  return { large, plain, growth: sizeOf(large.stored) - sizeOf(plain) };
};

/** Less than this may be lost in the estimate, in bytes. */
const leastGrowth = 400;

/** The large change of an endpoint; none if all its values are small. */
export const largeChangesOf = (endpoint: Declared): LargeChange[] =>
  [largeChangeOf(endpoint)].filter(({ growth }) => growth >= leastGrowth);

/** Fills a record with an attribute that the API does not know, so that it has room for half of a large change. */
export const fill = async (store: Store, subject: Subject, { plain, growth }: LargeChange): Promise<void> => {
  const item = { ...(await store.item(subject)), ...plain, ballast: '' };
  const ballast = 'b'.repeat(maximum - sizeOf(item) - Math.floor(growth / 2));
  await store.overwrite(subject, { ...plain, ballast });
};
