import type { Item } from './changes.ts';

/**
 * The new `updatedAt` for an update that began at `now`, in milliseconds since 1970. `undefined` if the stored timestamp, in
 * whatever format another service wrote it, is later: it stays, because `updatedAt` never runs backwards.
 */
export const stampFor = (now: number, seen: Item | undefined): string | undefined =>
  seen && timeIn(seen) > now ? undefined : new Date(now).toISOString();

/** When an item last changed, in milliseconds since 1970; NaN if it has no timestamp that JavaScript can parse. */
const timeIn = ({ updatedAt, createdAt }: Item): number => {
  const timestamp = updatedAt ?? createdAt;
  return typeof timestamp === 'string' || typeof timestamp === 'number' ? new Date(timestamp).getTime() : Number.NaN;
};

const ownFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether DynamoDB can compare the timestamp of an item with one of ours: it has the same format, or is absent. */
export const comparesAsText = ({ updatedAt, createdAt }: Item): boolean => {
  const timestamp = updatedAt === undefined ? createdAt : updatedAt;
  if (timestamp === undefined) return true;
  return typeof timestamp === 'string' && ownFormat.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
};
