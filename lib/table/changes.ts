import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Patch, Value } from '../domain/records.ts';
import { marshallingOptions } from './sdk/document-client.ts';

/** An item as it was read, with JavaScript numbers. */
export type Item = Readonly<Record<string, unknown>>;

/** The item in an error of a failed condition, which the document client does not unmarshall. */
export const itemIn = (attributes: Parameters<typeof unmarshall>[0]): Item =>
  unmarshall(attributes, marshallingOptions().unmarshallOptions);

/** The version of an item; 0 if it has none, or one that is not a number. */
export const versionOf = ({ version }: Item): number => (typeof version === 'number' ? version : 0);

/** One attribute to set, or to remove if the value is `null`. */
export type AttributeChange = { attribute: string; value: Value };

const isNested = (value: Value): value is Patch => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The attributes that a patch changes. A leaf of a nested object is an attribute of its own under a dotted name, because
 * DynamoDB cannot SET a member of a map that does not exist, and two writers of sibling leaves must not overwrite each other.
 */
export const changesIn = (patch: Patch, prefix = ''): AttributeChange[] =>
  Object.entries(patch).flatMap(([field, value]) => {
    if (value === undefined) return [];
    if (isNested(value)) return changesIn(value, `${prefix}${field}.`);
    return [{ attribute: prefix + field, value }];
  });

/** Whether a value is the one that is returned for an attribute that was never set. */
export const isUnset = (value: Value): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** Whether an item already has the value of every change. */
export const holdsAll = (item: Item, changes: readonly AttributeChange[]): boolean =>
  changes.every(({ attribute, value }) => {
    const stored = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
    return isDeepStrictEqual(stored, value) || (isUnset(value) && stored === undefined);
  });

/** An item with the changes applied. */
export const withChanges = (item: Item, changes: readonly AttributeChange[]): Item => {
  const changed = { ...item };
  for (const { attribute, value } of changes) {
    if (value === null) delete changed[attribute];
    else changed[attribute] = value;
  }
  return changed;
};
