import { expect, test } from 'vitest';
import { matchIn, pathOf } from '../../harness/gateway/routes.ts';

const routes = [
  { method: 'PATCH', path: '/v1/workspace/{workspaceId}' },
  { method: 'PATCH', path: '/v1/workspace/{workspaceId}/clients/{clientId}' },
  { method: 'PATCH', path: '/v1/workspace/settings' },
];

test.each([
  ['PATCH', '/v1/workspace/w', 0, { workspaceId: 'w' }],
  ['PATCH', '/v1/workspace/w/clients/c', 1, { workspaceId: 'w', clientId: 'c' }],
  ['PATCH', '/v1/workspace/settings', 2, {}],
])('%s %s matches a route', (method, path, index, parameters) => {
  expect(matchIn(routes, method, path)).toEqual({ route: routes[index], parameters });
});

test.each([
  ['GET', '/v1/workspace/w'],
  ['patch', '/v1/workspace/w'],
  ['PATCH', '/v1/workspace/'],
  ['PATCH', '/v1/workspace'],
  ['PATCH', '/v1/workspace/w/more'],
  ['PATCH', '/v1/workspace/w/'],
  ['PATCH', '/v1/workspace//clients/c'],
  ['PATCH', '/V1/workspace/w'],
  ['PATCH', '//v1/workspace/w'],
  ['PATCH', ''],
])('%s %s matches no route', (method, path) => {
  expect(matchIn(routes, method, path)).toBeUndefined();
});

test.each([
  ['/a%20b?c=%2F', '/a b'],
  ['/a%2Fb', '/a/b'],
  ['/%zz', undefined],
  ['/%ff', undefined],
])('the decoded path of the target %s is %s', (target, path) => {
  expect(pathOf(target)).toBe(path);
});
