import { expect, test } from 'vitest';
import { filled, matchIn, pathOf } from '../../harness/gateway/routes.ts';
import { endpoints } from '../../harness/lambda/functions.ts';

const routes = [
  { method: 'PATCH', path: '/v1/shelves/{shelfId}' },
  { method: 'PATCH', path: '/v1/shelves/{shelfId}/books/{bookId}' },
  { method: 'PATCH', path: '/v1/shelves/settings' },
];

test.each([
  ['PATCH', '/v1/shelves/w', 0, { shelfId: 'w' }],
  ['PATCH', '/v1/shelves/w/books/c', 1, { shelfId: 'w', bookId: 'c' }],
  ['PATCH', '/v1/shelves/settings', 2, {}],
])('%s %s matches a route', (method, path, index, parameters) => {
  expect(matchIn(routes, method, path)).toEqual({ route: routes[index], parameters });
});

test.each([
  ['GET', '/v1/shelves/w'],
  ['patch', '/v1/shelves/w'],
  ['PATCH', '/v1/shelves/'],
  ['PATCH', '/v1/shelves'],
  ['PATCH', '/v1/shelves/w/more'],
  ['PATCH', '/v1/shelves/w/'],
  ['PATCH', '/v1/shelves//books/c'],
  ['PATCH', '/V1/shelves/w'],
  ['PATCH', '//v1/shelves/w'],
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

test.each(endpoints)('the filled path of $id matches its own route', ({ id, path, method, example }) => {
  const match = matchIn(endpoints, method, filled(path, example.ids));
  expect({ id: match?.route.id, parameters: match?.parameters }).toEqual({ id, parameters: example.ids });
});

test('a parameter without a value stays as it is', () => {
  expect(filled('/a/{one}/{two}', { one: '1' })).toBe('/a/1/{two}');
});
