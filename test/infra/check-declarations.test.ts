import { expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { checkDeclarations } from '../../infra/check-declarations.ts';
import type { Endpoint } from '../../lib/endpoint.ts';

const [endpoint, ...others]: Endpoint[] = Object.values(declarations);
if (!endpoint) throw new Error('There is no endpoint.');
const { id, example } = endpoint;
const another = { ...endpoint, id: 'another-one', path: '/another' };

test('the declarations have no such mistake', () => {
  expect(() => checkDeclarations([endpoint, ...others])).not.toThrow();
  expect(() => checkDeclarations([endpoint, another])).not.toThrow();
});

test.each<[string, Endpoint[], RegExp]>([
  ['two endpoints with one id', [endpoint, { ...another, id }], new RegExp(`endpoint ${id} .* of ${id}`)],
  [
    'two endpoints with one path, whatever its ids are called',
    [endpoint, { ...another, path: endpoint.path.replace(/\{\w+\}/g, '{x}') }],
    new RegExp(`endpoint another-one .* of ${id}`),
  ],
  [
    'two kinds with one key',
    [endpoint, { ...another, kind: { ...endpoint.kind, name: 'other' } }],
    new RegExp(`kind "${endpoint.kind.name}" and .*kind "other"`),
  ],
  ['an example without ids', [{ ...endpoint, example: { ...example, ids: {} } }], new RegExp(`${id} .* ids\\.\\w+: `)],
  [
    'an example with a wrong body',
    [{ ...endpoint, example: { ...example, body: { x: 1 } } }],
    new RegExp(`${id} .*body\\.x: `),
  ],
  [
    'an example with a wrong reply',
    [{ ...endpoint, example: { ...example, reply: {} } }],
    new RegExp(`${id} .*reply\\.\\w+: `),
  ],
  [
    'mistakes that are none',
    [{ ...endpoint, example: { ...example, mistakes: Object(example.body) } }],
    new RegExp(`${id} .*mistakes: `),
  ],
])('are refused at synthesis: %s', (_, wrong, message) => {
  expect(() => checkDeclarations(wrong)).toThrow(message);
});
