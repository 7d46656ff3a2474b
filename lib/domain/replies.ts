import * as v from 'valibot';

/**
 * The building blocks of reply schemas. They accept records written by other services of the platform: the limits of
 * requests do not apply to what is already stored.
 */

/** A stored value, or `null` if it was never set. */
export const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema, null);

/** A stored list, or `[]` if it was never set. */
export const orEmptyList = <Item extends v.GenericSchema>(item: Item) => v.nullish(v.array(item), () => []);

const isDate = (stored: string | number): boolean => !Number.isNaN(new Date(stored).getTime());
const inUtc = (stored: string | number): string => new Date(stored).toISOString();

/**
 * A timestamp as RFC 3339 in UTC with milliseconds (`2024-01-15T11:00:00.000Z`), from any text that `Date` can parse or a
 * number of milliseconds since 1970.
 */
export const Timestamp = v.pipe(
  v.union([v.string(), v.number()]),
  v.check(isDate),
  v.transform(inUtc),
  v.string(),
  v.isoTimestamp(),
);
