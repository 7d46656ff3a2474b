import * as declarations from '../../functions/index.ts';
import { changesIn, type Item, withChanges } from '../../lib/table/changes.ts';
import type { Declared, Ids } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';

export const endpoints: readonly Declared[] = Object.values(declarations);

/** Every permission that an endpoint requires. */
export const permissions: readonly string[] = [...new Set(endpoints.map(({ permission }) => permission))];

/** The names of the ids that identify a record within its workspace; none if it is the workspace. */
export const ownIdsOf = ({ example }: Pick<Declared, 'example'>): string[] =>
  Object.keys(example.ids).filter((name) => name !== 'workspaceId');

/** The ids of a record that has the same id at every level below its workspace. */
export const idsOf = (endpoint: Pick<Declared, 'example'>, workspaceId: string, id: string): Ids => ({
  workspaceId,
  ...Object.fromEntries(ownIdsOf(endpoint).map((name) => [name, id])),
});

/** The attributes that a patch sets. */
export const changesOf = (patch: object) => changesIn(Object.fromEntries(Object.entries(patch)));

/** A stored record that has the values of a patch. */
export const storedWith = (endpoint: Declared, ids: Ids, patch: object): Item =>
  withChanges(storedItem(endpoint, ids, { version: 1 }), changesOf(patch));
