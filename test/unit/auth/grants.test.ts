import { describe, expect, test } from 'vitest';
import { grantsIn } from '../../../lib/auth/grants.ts';

const names = { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' };
const granted = (claims: Record<string, unknown>, claimNames = names) =>
  Object.fromEntries([...grantsIn(claims, claimNames)].map(([id, permissions]) => [id, [...permissions]]));

describe('grantsIn', () => {
  test.each([
    ['several workspaces', { workspaces: { w1: ['a', 'b'], w2: ['c'] } }, { w1: ['a', 'b'], w2: ['c'] }],
    ['one workspace with a list', { workspaceId: 'w1', permissions: ['a', 'b'] }, { w1: ['a', 'b'] }],
    ['one workspace with a string', { workspaceId: 'w1', permissions: 'a b' }, { w1: ['a', 'b'] }],
    ['a string that is split at spaces only', { workspaceId: 'w1', permissions: 'a,b\tc d' }, { w1: ['a,b\tc', 'd'] }],
    ['both forms', { workspaces: { w1: ['a'] }, workspaceId: 'w1', permissions: 'b' }, { w1: ['a', 'b'] }],
  ])('reads %s', (_, claims, expected) => {
    expect(granted(claims)).toEqual(expected);
  });

  test.each([
    ['nothing', {}],
    ['no workspaces', { workspaces: null }],
    ['a list of workspaces', { workspaces: [['a']] }],
    ['workspaces as text', { workspaces: 'w1' }],
    ['permissions without a workspace', { permissions: ['a'] }],
    ['a workspace id that is a list', { workspaceId: ['w1'], permissions: ['a'] }],
  ])('grants nothing for %s', (_, claims) => {
    expect(granted(claims)).toEqual({});
  });

  test.each([[{ a: true }], [{ 0: 'a', length: 1 }], [7], [null], [[['a']]]])(
    'takes no permission from %j',
    (permissions) => {
      expect(granted({ workspaces: { w1: permissions } })).toEqual({ w1: [] });
    },
  );

  test('grants nothing for ids that are names of the prototype', () => {
    const grants = grantsIn({ workspaces: {} }, names);
    for (const id of ['__proto__', 'constructor', 'toString']) expect(grants.get(id)).toBeUndefined();
  });

  test('reads the claims with the configured names', () => {
    const renamed = {
      workspaces: 'https://example.com/workspaces',
      workspaceId: 'custom:tenant',
      permissions: 'scope',
    };
    const claims = {
      'https://example.com/workspaces': { w1: ['a'] },
      'custom:tenant': 'w2',
      scope: 'b c',
      workspaces: { w3: ['d'] },
    };
    expect(granted(claims, renamed)).toEqual({ w1: ['a'], w2: ['b', 'c'] });
  });
});
