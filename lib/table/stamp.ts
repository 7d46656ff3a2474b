import type { Item } from './changes.ts';

/**
 * The new `updatedAt` for an update that began at `now`, in milliseconds since 1970. `undefined` if the stored timestamp, in
 * whatever format another service wrote it, is later: it stays, because `updatedAt` never runs backwards.
 */
export const stampFor = (now: number, seen: Item | undefined): string | undefined =>
  seen && timeIn(seen) > now ? undefined : new Date(now).toISOString();

/** The last timestamp that a response can show (RFC 3339 has years of four digits). */
const maxTime = Date.parse('9999-12-31T23:59:59.999Z');

/** When an item last changed, in milliseconds since 1970; NaN if it has no timestamp that a response can show. */
const timeIn = ({ updatedAt, createdAt }: Item): number => {
  const timestamp = updatedAt ?? createdAt;
  if (typeof timestamp !== 'string' && typeof timestamp !== 'number') return Number.NaN;
  const time = new Date(timestamp).getTime();
  return time <= maxTime ? time : Number.NaN;
};

const ownFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether DynamoDB can compare the timestamp of an item with one of ours: it has the same format, or is absent. */
export const comparesAsText = ({ updatedAt, createdAt }: Item): boolean => {
  const timestamp = updatedAt === undefined ? createdAt : updatedAt;
  if (timestamp === undefined) return true;
  return typeof timestamp === 'string' && ownFormat.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
};
