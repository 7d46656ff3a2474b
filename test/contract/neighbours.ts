import { randomInt } from 'node:crypto';
import type { UniqueField } from '../../lib/domain/record-kind.ts';
import type { Item } from '../../lib/table/changes.ts';
import { claimKeyOf } from '../../lib/table/keys.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';
import { itemBefore } from './item-before.ts';

/** A field with values that no two records of a workspace, or of the platform, may share. */
export type Unique = { field: Field; unique: UniqueField };

/** The unique fields that a body may set. */
export const uniqueFields = (endpoint: Declared): Unique[] =>
  fieldsOf(endpoint).flatMap((field) => {
    const unique = endpoint.kind.unique[field.attribute];
    return unique ? [{ field, unique }] : [];
  });

/** The unique fields with a value that no other record has, by attribute. */
export type UniqueValues = Readonly<Record<string, string>>;

let lastNumber = randomInt(900_000_000);

/**
 * A value of a unique field that no other scene uses.
 *
 * @throws Error if the schema has too few values
 */
export const newValue = ({ pointer, numbered }: Field): string => {
  if (!numbered) throw new Error(`${pointer} is unique and has too few values for that.`);
  return String(numbered(lastNumber++));
};

export const newValues = (endpoint: Declared): UniqueValues =>
  Object.fromEntries(uniqueFields(endpoint).map(({ field }) => [field.attribute, newValue(field)]));

/** Where another record of the same kind may be. */
export type Place = 'the same workspace' | 'another workspace';

/** Where other records of a kind are; a workspace itself has none beside it. */
export const placesOf = ({ kind }: Pick<Declared, 'kind'>): Place[] =>
  kind.ownId === 'workspaceId' ? ['another workspace'] : ['the same workspace', 'another workspace'];

/** Whether a record at this place may not have the same value. */
export const isRival = ({ within }: UniqueField, place: Place): boolean =>
  within === 'platform' || place === 'the same workspace';

/** Another record of the same kind, with unique values that it has claimed. */
export type Neighbour = { place: Place; ids: Ids; values: UniqueValues; items: readonly Item[] };

/** The records beside that of a scene: in its workspace with another id, and in another workspace with the same id. */
export const neighboursOf = (endpoint: Declared, own: Ids, otherWorkspace: string): Neighbour[] =>
  placesOf(endpoint).map((place) => {
    const { ownId, unique } = endpoint.kind;
    const moved =
      place === 'another workspace' ? { workspaceId: otherWorkspace } : { [ownId]: `${own[ownId]}-2`.slice(-64) };
    const ids = { ...own, ...moved };
    const values = newValues(endpoint);
    const claims = Object.entries(unique).flatMap(([attribute, field]) => {
      const value = values[attribute];
      return value === undefined ? [] : [{ ...claimKeyOf(field, ids, value), ...ids }];
    });
    return { place, ids, values, items: [{ ...itemBefore(endpoint), ...values, ...keyFor(endpoint, ids) }, ...claims] };
  });

/** A record of each other kind in the same workspace. */
export const recordsOfOtherKinds = ({ kind }: Declared, all: readonly Declared[], workspaceId: string): Item[] => {
  const others = new Map(all.filter((one) => one.kind !== kind).map((one) => [one.kind, one]));
  return [...others.values()].map((one) => storedItem(one, { ...one.example.ids, workspaceId }));
};
