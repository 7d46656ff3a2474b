import * as declarations from '../../functions/index.ts';
import type { Declared, Ids } from '../declared/kind.ts';

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
