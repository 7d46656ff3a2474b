/** The permissions that the two endpoints require. */
export type Permission = 'clients.update' | 'workspace.update';

/**
 * What a caller may do, as the columns of the table below: `nobody` has no token, `powerless` a valid one without a permission
 * here, `own` and `foreign` may update one of the two workspaces, `both` may update both, and `odd` every workspace with an
 * invalid id.
 */
export type Standing = 'nobody' | 'powerless' | 'own' | 'foreign' | 'both' | 'odd';

/** The claims of a caller's token, given the required permission and the other one; without `claims` there is no token. */
export type Caller = {
  says: string;
  standing: Standing;
  claims?: (permission: Permission, other: Permission) => object;
};

/** Ids that resemble a stored one, or that could escape their part of a key. Percent-encoded, as in a path. */
const oddIdsLike = (id: string): string[] => [
  ...[
    `${id}%23`,
    `${id}%23CLIENT`,
    `${id}%00`,
    `%00${id}`,
    `${id}%20`,
    `%20${id}`,
    `${id}%0A`,
    `${id}%0D%0A`,
    `${id}.`,
  ],
  ...['.', '..', '%2e%2e', '%5C', '**', '%25', '%2523', '%7B%7D', '%F0%9F%92%A9', '%EF%BB%BF', `${id}%E2%80%8B`],
  ...['%EF%BD%8F%EF%BD%97%EF%BD%8E', '%D0%BEwn', `${id}%CC%81`, 'x'.repeat(65), `WORKSPACE%23${id}`, `CLIENT%23${id}`],
  ...[`${id};v=1`, `${id},${id}`, `${id}|`, `${id}%27`, `${id}%22`, '$ne', '%24%7B7*7%7D', `${id}@`, `${id}:`],
];

/** Ids that differ from a stored one in letter case only: well-formed, but without a record. */
const caseTwins = ['OWN', 'Own'];

const oddWorkspaces = [...oddIdsLike('own'), ...caseTwins];

const every = (ids: readonly string[], permissions: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(ids.map((id) => [id, permissions]));

export const callers: readonly Caller[] = [
  { says: 'no token', standing: 'nobody' },

  { says: 'a token that grants nothing', standing: 'powerless', claims: () => ({}) },
  { says: 'no permission in this workspace', standing: 'powerless', claims: () => ({ workspaces: { own: [] } }) },
  { says: 'the other permission', standing: 'powerless', claims: (_, other) => ({ workspaces: { own: [other] } }) },
  {
    says: 'the permission in a third workspace, the other one here',
    standing: 'powerless',
    claims: (it, other) => ({ workspaces: { own: [other], foreign: [other], third: [it] } }),
  },
  {
    says: 'the permission without a workspace',
    standing: 'powerless',
    claims: (it) => ({ permissions: [it], scope: it, scp: [it], roles: ['admin'] }),
  },
  {
    says: 'a workspace without a permission',
    standing: 'powerless',
    claims: () => ({ workspaceId: 'own', scope: 'clients.update workspace.update' }),
  },
  {
    says: 'permissions that resemble the required one',
    standing: 'powerless',
    claims: (it) => ({
      workspaces: {
        own: [it.toUpperCase(), `${it} `, ` ${it}`, `${it}.all`, `x${it}`, it.replace('.', ':'), '*', '', 'clients.*'],
      },
    }),
  },
  {
    says: 'two permissions in one string of a list',
    standing: 'powerless',
    claims: (it, other) => ({ workspaces: { own: [`${other} ${it}`] } }),
  },
  {
    says: 'permissions joined by something other than a space',
    standing: 'powerless',
    claims: (it, other) => ({ workspaceId: 'own', permissions: `${other},${it},\t${it}\t\n${it}\n;${it};` }),
  },
  {
    says: 'permissions of other types',
    standing: 'powerless',
    claims: (it) => ({ workspaces: { own: { [it]: true }, foreign: [[it], { name: it }, true, 1, null] } }),
  },
  {
    says: 'workspaces of other types',
    standing: 'powerless',
    claims: (it) => ({ workspaces: [['own', [it]]], workspaceId: ['own'], permissions: [it] }),
  },
  {
    says: 'workspaces named like members of the prototype',
    standing: 'powerless',
    claims: (it) => ({ workspaces: JSON.parse(`{"__proto__":{"own":["${it}"]},"constructor":["${it}"]}`) }),
  },
  {
    says: 'a wildcard for every workspace',
    standing: 'powerless',
    claims: (it) => ({ workspaces: { '*': [it], '': [it], 'own*': [it], 'ow?': [it], '.+': [it] } }),
  },

  { says: 'the permission here', standing: 'own', claims: (it) => ({ workspaces: { own: [it] } }) },
  {
    says: 'the permission here, the other one there',
    standing: 'own',
    claims: (it, other) => ({ workspaces: { own: [it], foreign: [other] } }),
  },
  {
    says: 'the permission here, among others, in the other form',
    standing: 'own',
    claims: (it) => ({ workspaceId: 'own', permissions: ['x', it] }),
  },
  {
    says: 'the permission here, in one string',
    standing: 'own',
    claims: (it, other) => ({ workspaceId: 'own', permissions: `${other} ${it}` }),
  },
  {
    says: 'the permission here in one form, the other one there in the other form',
    standing: 'own',
    claims: (it, other) => ({ workspaces: { own: [it] }, workspaceId: 'foreign', permissions: [other] }),
  },

  { says: 'the permission there', standing: 'foreign', claims: (it) => ({ workspaces: { foreign: [it] } }) },
  {
    says: 'the permission there, in the other form',
    standing: 'foreign',
    claims: (it) => ({ workspaceId: 'foreign', permissions: [it] }),
  },

  {
    says: 'the permission in several workspaces',
    standing: 'both',
    claims: (it) => ({ workspaces: { own: [it], foreign: [it], third: [it] } }),
  },
  {
    says: 'the permission in two, one in each form',
    standing: 'both',
    claims: (it) => ({ workspaces: { own: [it] }, workspaceId: 'foreign', permissions: it }),
  },

  {
    says: 'the permission in every workspace with an invalid id',
    standing: 'odd',
    claims: (it) => ({ workspaces: every(oddWorkspaces.map(decodeURIComponent), [it]) }),
  },
];

/** The expected status for each caller, by standing. */
export type Owed = Record<Standing, 200 | 401 | 403 | 404>;

/** A requested path. Records that a caller must not know of get the same response as those that do not exist. */
export type Aim = { says: string; path: string; owed: Owed };

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

const workspace = (id: string) => `/v1/workspace/${id}`;
const client = (workspaceId: string, id: string) => `${workspace(workspaceId)}/clients/${id}`;

/** In the table: workspaces `own` with client `mine`, `foreign` with client `theirs`, and `same` in both. */
export const aims: Record<Permission, readonly Aim[]> = {
  'workspace.update': [
    { says: 'the own workspace', path: workspace('own'), owed: ofOwn },
    { says: 'the foreign workspace', path: workspace('foreign'), owed: ofForeign },
    { says: 'a workspace that does not exist', path: workspace('absent'), owed: ofNobody },
    { says: 'the own workspace, encoded', path: workspace('%6Fwn'), owed: ofOwn },
    {
      says: 'the own workspace, with a foreign one in the query',
      path: `${workspace('own')}?workspaceId=foreign`,
      owed: ofOwn,
    },
    {
      says: 'the foreign workspace, with the own one in the query',
      path: `${workspace('foreign')}?workspaceId=own`,
      owed: ofForeign,
    },
    ...oddWorkspaces.map((id) => ({
      says: `the workspace "${id.slice(0, 24)}"`,
      path: workspace(id),
      owed: ofOddities,
    })),
    { says: 'a path with dots to the foreign workspace', path: '/v1/workspace/own/../foreign', owed: noRoute },
    { says: 'no workspace', path: workspace(''), owed: noRoute },
    { says: 'the own workspace and a slash', path: workspace('own/'), owed: noRoute },
    { says: 'a doubled slash', path: '/v1//workspace/own', owed: noRoute },
    { says: 'the path in capitals', path: '/V1/WORKSPACE/own', owed: noRoute },
  ],
  'clients.update': [
    { says: 'the own client', path: client('own', 'mine'), owed: ofOwn },
    { says: 'the foreign client', path: client('foreign', 'theirs'), owed: ofForeign },
    { says: 'a client whose id is in both, here', path: client('own', 'same'), owed: ofOwn },
    { says: 'a client whose id is in both, there', path: client('foreign', 'same'), owed: ofForeign },
    { says: 'a client that does not exist', path: client('own', 'absent'), owed: missingInOwn },
    { says: 'the foreign client under the own path', path: client('own', 'theirs'), owed: missingInOwn },
    { says: 'the own client under the foreign path', path: client('foreign', 'mine'), owed: missingInForeign },
    { says: 'the own client under the path of no workspace', path: client('absent', 'mine'), owed: ofNobody },
    { says: 'the item of the workspace itself', path: client('own', 'WORKSPACE'), owed: missingInOwn },
    { says: 'the own client, encoded', path: client('own', '%6Dine'), owed: ofOwn },
    { says: 'the own client behind an encoded slash', path: '/v1/workspace/own%2Fclients%2Fmine', owed: ofOwn },
    { says: 'the own client, its id in capitals', path: client('own', 'MINE'), owed: missingInOwn },
    ...oddIdsLike('mine').map((id) => ({
      says: `the client "${id.slice(0, 24)}"`,
      path: client('own', id),
      owed: missingInOwn,
    })),
    ...oddWorkspaces.map((id) => ({
      says: `the own client in the workspace "${id.slice(0, 24)}"`,
      path: client(id, 'mine'),
      owed: ofOddities,
    })),
    {
      says: 'a path with dots to the foreign client',
      path: '/v1/workspace/own/clients/../../foreign/clients/theirs',
      owed: noRoute,
    },
    {
      says: 'a path with encoded dots',
      path: '/v1/workspace/own/clients/..%2F..%2Fforeign%2Fclients%2Ftheirs',
      owed: noRoute,
    },
    { says: 'no client', path: client('own', ''), owed: noRoute },
  ],
};

/** Headers with which some proxies or frameworks override the identity, the method or the path. All are ignored. */
export const pretences: readonly (readonly [string, string])[] = [
  ['X-Workspace-Id', 'foreign'],
  ['X-Tenant-Id', 'foreign'],
  ['X-User-Id', 'root'],
  ['X-Original-URL', '/v1/workspace/own'],
  ['X-Rewrite-URL', '/v1/workspace/own'],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Prefix', '/v1/workspace/own'],
  ['X-HTTP-Method-Override', 'PUT'],
  ['X-Amzn-Oidc-Identity', 'root'],
  ['Forwarded', 'for=127.0.0.1;host=localhost'],
];
