import { oddWorkspaces } from './odd-ids.ts';

/**
 * What a caller may do, as the columns of the table below: `nobody` has no token, `powerless` a valid one without a permission
 * here, `own` and `foreign` may update the records of one of the two workspaces, `both` of both, and `odd` every workspace with an
 * invalid id.
 */
export type Standing = 'nobody' | 'powerless' | 'own' | 'foreign' | 'both' | 'odd';

/** The claims of a caller's token, given the required permission and all others; without `claims` there is no token. */
export type Caller = {
  says: string;
  standing: Standing;
  claims?: (permission: string, others: readonly string[]) => object;
};

/** Patterns that would match a permission, and another spelling of it. */
const patternsOf = (permission: string): string[] => {
  const patterns = [permission.replaceAll('.', ':'), permission.replace(/\.\w*$/, '.*'), '*', '', '.*'];
  return patterns.filter((pattern) => pattern !== permission);
};

const every = (ids: readonly string[], permissions: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(ids.map((id) => [id, permissions]));

export const callers: readonly Caller[] = [
  { says: 'no token', standing: 'nobody' },

  { says: 'a token that grants nothing', standing: 'powerless', claims: () => ({}) },
  { says: 'no permission in this workspace', standing: 'powerless', claims: () => ({ workspaces: { own: [] } }) },
  { says: 'every other permission', standing: 'powerless', claims: (_, others) => ({ workspaces: { own: others } }) },
  {
    says: 'the permission in a third workspace, all others here',
    standing: 'powerless',
    claims: (it, others) => ({ workspaces: { own: others, foreign: others, third: [it] } }),
  },
  {
    says: 'the permission without a workspace',
    standing: 'powerless',
    claims: (it) => ({ permissions: [it], scope: it, scp: [it], roles: ['admin'] }),
  },
  {
    says: 'a workspace without a permission',
    standing: 'powerless',
    claims: (it, others) => ({ workspaceId: 'own', scope: [it, ...others].join(' ') }),
  },
  {
    says: 'permissions that resemble the required one',
    standing: 'powerless',
    claims: (it) => ({
      workspaces: {
        own: [it.toUpperCase(), `${it} `, ` ${it}`, `${it}.all`, `x${it}`, it.slice(1), ...patternsOf(it)],
      },
    }),
  },
  {
    says: 'two permissions in one string of a list',
    standing: 'powerless',
    claims: (it, others) => ({ workspaces: { own: [`${others[0]} ${it}`] } }),
  },
  {
    says: 'permissions joined by something other than a space',
    standing: 'powerless',
    claims: (it, others) => ({ workspaceId: 'own', permissions: `${others[0]},${it},\t${it}\t\n${it}\n;${it};` }),
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
    says: 'the permission here, all others there',
    standing: 'own',
    claims: (it, others) => ({ workspaces: { own: [it], foreign: others } }),
  },
  {
    says: 'the permission here, among others, in the other form',
    standing: 'own',
    claims: (it) => ({ workspaceId: 'own', permissions: ['x', it] }),
  },
  {
    says: 'the permission here, in one string',
    standing: 'own',
    claims: (it, others) => ({ workspaceId: 'own', permissions: [...others, it].join(' ') }),
  },
  {
    says: 'the permission here in one form, all others there in the other form',
    standing: 'own',
    claims: (it, others) => ({ workspaces: { own: [it] }, workspaceId: 'foreign', permissions: others }),
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

/** The caller who is used where one of each standing is enough. */
export const callerOf = (standing: Standing): Caller => {
  const caller = callers.findLast((one) => one.standing === standing);
  if (!caller) throw new Error(`No caller is ${standing}.`);
  return caller;
};

/** Headers with which some proxies or frameworks override the identity, the method or the path. All are ignored. `path` is one that the caller might be allowed. */
export const pretencesFor = (path: string): readonly (readonly [string, string])[] => [
  ['X-Workspace-Id', 'foreign'],
  ['X-Tenant-Id', 'foreign'],
  ['X-User-Id', 'root'],
  ['X-Original-URL', path],
  ['X-Rewrite-URL', path],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Prefix', path],
  ['X-HTTP-Method-Override', 'PUT'],
  ['X-Amzn-Oidc-Identity', 'root'],
  ['Forwarded', 'for=127.0.0.1;host=localhost'],
];
