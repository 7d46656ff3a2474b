import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Patch, Value } from '../domain/records.ts';
import { translation } from './sdk/document-client.ts';

/** An item as it is read, with numbers as JavaScript has them. */
export type Item = Readonly<Record<string, unknown>>;

/** The item in a refusal, which the document client leaves as it is. */
export const itemIn = (attributes: Parameters<typeof unmarshall>[0]): Item =>
  unmarshall(attributes, translation().unmarshallOptions);

/** The version of an item; 0 if it has none, or something else in its place. */
export const versionOf = ({ version }: Item): number => (typeof version === 'number' ? version : 0);

/** One attribute to set, or to remove if the value is `null`. */
export type AttributeChange = { attribute: string; value: Value };

const isNested = (value: Value): value is Patch => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The attributes that a patch changes. A leaf of a nested object is an attribute of its own under a dotted name, because
 * DynamoDB cannot SET below a map that is not there, and two writers of sibling leaves must not overwrite each other.
 */
export const changesIn = (patch: Patch, prefix = ''): AttributeChange[] =>
  Object.entries(patch).flatMap(([field, value]) => {
    if (value === undefined) return [];
    if (isNested(value)) return changesIn(value, `${prefix}${field}.`);
    return [{ attribute: prefix + field, value }];
  });

/** Whether a value is the one that is answered for an attribute that was never set. */
export const isUnset = (value: Value): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** Whether an item already is as every change would make it. */
export const holdsAll = (item: Item, changes: readonly AttributeChange[]): boolean =>
  changes.every(({ attribute, value }) => {
    const stored = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
    return isDeepStrictEqual(stored, value) || (isUnset(value) && stored === undefined);
  });

/** An item with the changes made. */
export const withChanges = (item: Item, changes: readonly AttributeChange[]): Item => {
  const changed = { ...item };
  for (const { attribute, value } of changes) {
    if (value === null) delete changed[attribute];
    else changed[attribute] = value;
  }
  return changed;
};
