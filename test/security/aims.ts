import type { Declared, Ids } from '../declared/kind.ts';
import { pathOf } from '../declared/records.ts';
import { endpoints, idsOf, ownIdsOf } from './declared.ts';
import type { Standing } from './isolation.ts';
import { oddIdsLike, oddWorkspaces, words } from './odd-ids.ts';

/** The expected status for each caller, by standing. */
type Owed = Record<Standing, 200 | 401 | 403 | 404>;

/**
 * A requested path, and the ids of the only record that a request may change if it succeeds. Records that a caller must not
 * know of get the same response as those that do not exist.
 */
export type Aim = { says: string; path: string; ids?: Ids; owed: Owed };

type Status = Owed[Standing];
const owed = (own: Status, foreign: Status, both: Status, odd: Status): Owed => ({
  nobody: 401,
  powerless: 403,
  own,
  foreign,
  both,
  odd,
});

//                       own foreign both odd
const ofOwn = owed(200, 403, 200, 403);
const ofForeign = owed(403, 200, 200, 403);
const missingInOwn = owed(404, 403, 404, 403);
const missingInForeign = owed(403, 404, 404, 403);
const ofNobody = owed(403, 403, 403, 403);
const ofOddities = owed(403, 403, 403, 404);
const noRoute: Owed = { nobody: 404, powerless: 404, own: 404, foreign: 404, both: 404, odd: 404 };

/** The id of a record of one kind only, in the own workspace. */
export const onlyId = ({ name }: { name: string }): string => `only-${name}`;

/** Aims that any endpoint has. A record in the own workspace is `mine`, in the foreign one `theirs`. */
const atWorkspaces = (endpoint: Declared): Aim[] => {
  const mine = idsOf(endpoint, 'own', 'mine');
  const theirs = idsOf(endpoint, 'foreign', 'theirs');
  const [own, foreign] = [pathOf(endpoint, mine), pathOf(endpoint, theirs)];
  const inWorkspace = (id: string) => pathOf(endpoint, { ...mine, workspaceId: id });
  const [start = '', end = ''] = endpoint.path.split('{workspaceId}');
  const stepsOut = '/..'.repeat(end.split('/').length);
  const outside = foreign.slice(start.length - 1);
  const capitals = endpoint.path.replaceAll(/\/(\w+)/g, (part) => part.toUpperCase());
  return [
    { says: 'the own record', path: own, ids: mine, owed: ofOwn },
    { says: 'the foreign record', path: foreign, ids: theirs, owed: ofForeign },
    { says: 'a workspace that does not exist', path: inWorkspace('absent'), owed: ofNobody },
    { says: 'the own workspace, encoded', path: inWorkspace('%6Fwn'), ids: mine, owed: ofOwn },
    {
      says: 'the own record, with a foreign one in the query',
      path: `${own}?${query(theirs)}`,
      ids: mine,
      owed: ofOwn,
    },
    {
      says: 'the foreign record, with the own one in the query',
      path: `${foreign}?${query(mine)}`,
      ids: theirs,
      owed: ofForeign,
    },
    ...oddWorkspaces.map((id) => ({
      says: `the workspace "${id.slice(0, 24)}"`,
      path: inWorkspace(id),
      owed: ofOddities,
    })),
    { says: 'a path with dots to the foreign record', path: own + stepsOut + outside, owed: noRoute },
    {
      says: 'a path with encoded dots',
      path: own + (stepsOut + outside).replaceAll('/', '%2F').replaceAll('.', '%2E'),
      owed: noRoute,
    },
    { says: 'no workspace', path: inWorkspace(''), owed: noRoute },
    { says: 'the own record and a slash', path: `${own}/`, owed: noRoute },
    { says: 'a doubled slash', path: own.replace('/', '//'), owed: noRoute },
    { says: 'a doubled slash within', path: own.replace(/(?<=.)\//, '//'), owed: noRoute },
    { says: 'the path in capitals', path: pathOf({ path: capitals }, mine), owed: noRoute },
  ];
};

const query = (ids: Ids): string => new URLSearchParams(ids).toString();

/** Aims at the records within a workspace; `same` is in both. */
const withinWorkspaces = (endpoint: Declared): Aim[] => {
  const at = (workspaceId: string, id: string) => {
    const ids = idsOf(endpoint, workspaceId, id);
    return { path: pathOf(endpoint, ids), ids };
  };
  const [start = '', end = ''] = at('own', 'mine').path.split('own/');
  return [
    { says: 'a record whose id is in both, here', ...at('own', 'same'), owed: ofOwn },
    { says: 'a record whose id is in both, there', ...at('foreign', 'same'), owed: ofForeign },
    { says: 'the own record under the path of no workspace', ...at('absent', 'mine'), owed: ofNobody },
    {
      says: 'the own record behind encoded slashes',
      path: `${start}own%2F${end.replaceAll('/', '%2F')}`,
      ids: idsOf(endpoint, 'own', 'mine'),
      owed: ofOwn,
    },
    ...ownIdsOf(endpoint).flatMap((name) => withId(endpoint, name)),
  ];
};

/** Aims whose id of one level is another one, while those of the other levels stay. */
const withId = (endpoint: Declared, name: string): Aim[] => {
  const [mine, theirs] = [idsOf(endpoint, 'own', 'mine'), idsOf(endpoint, 'foreign', 'theirs')];
  const own = (id: string) => pathOf(endpoint, { ...mine, [name]: id });
  const foreign = (id: string) => pathOf(endpoint, { ...theirs, [name]: id });
  const others = endpoints.map(({ kind }) => kind).filter((kind) => kind !== endpoint.kind);
  const missing: (readonly [says: string, id: string])[] = [
    ['that does not exist', 'absent'],
    ['of the foreign record', 'theirs'],
    ['in capitals', 'MINE'],
    ...words.map((word) => [`that is the word ${word} of a key`, word] as const),
    ...others.map((kind) => [`of an item of another kind, ${kind.name}`, onlyId(kind)] as const),
    ...oddIdsLike('mine').map((id) => [`"${id.slice(0, 24)}"`, id] as const),
  ];
  return [
    { says: `the own ${name}, encoded`, path: own('%6Dine'), ids: mine, owed: ofOwn },
    { says: `a foreign ${name} that is the own one`, path: foreign('mine'), owed: missingInForeign },
    { says: `no ${name}`, path: own(''), owed: noRoute },
    ...missing.map(([says, id]) => ({ says: `a ${name} ${says}`, path: own(id), owed: missingInOwn })),
  ];
};

/** Every path that is tried at an endpoint, the own, the foreign and no record first. */
export const aimsOf = (endpoint: Declared): Aim[] => [
  ...atWorkspaces(endpoint),
  ...(ownIdsOf(endpoint).length > 0 ? withinWorkspaces(endpoint) : []),
];
