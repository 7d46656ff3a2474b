import type { Item } from '../../lib/table/changes.ts';

/** The maximum size of an item, in bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxSize = 400 * 1024;

/**
 * The size of a value, in bytes; that of a number at most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const members = Array.isArray(value) ? value : Object.entries(value).flat();
  return members.reduce((sum, member) => sum + 1 + sizeOf(member), 3);
};

const sizeOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

/** The text of an attribute that fills an item up to `spare` bytes below the maximum. */
export const paddingFor = (item: Item, attribute: string, spare: number): string =>
  'x'.repeat(maxSize - spare - sizeOfItem({ ...item, [attribute]: '' }));
