import type { Item } from './changes.ts';

/**
 * The new `updatedAt` for an update that began at `now`, in milliseconds since 1970. None if the stored timestamp, however
 * another service wrote it, is later: `updatedAt` never runs backwards, so that one stays.
 */
export const stampFor = (now: number, seen: Item | undefined): string | undefined =>
  seen && timeIn(seen) > now ? undefined : new Date(now).toISOString();

/** When an item last changed, in milliseconds since 1970; NaN if it does not say so in a way that JavaScript reads. */
const timeIn = ({ updatedAt, createdAt }: Item): number => {
  const timestamp = updatedAt ?? createdAt;
  return typeof timestamp === 'string' || typeof timestamp === 'number' ? new Date(timestamp).getTime() : Number.NaN;
};

const ownFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether DynamoDB can tell which is later, the timestamp of an item or one of ours: it is written as ours are, or absent. */
export const comparesAsText = ({ updatedAt, createdAt }: Item): boolean => {
  const timestamp = updatedAt === undefined ? createdAt : updatedAt;
  if (timestamp === undefined) return true;
  return typeof timestamp === 'string' && ownFormat.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
};
