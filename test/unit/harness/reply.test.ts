import { expect, test } from 'vitest';
import { replyOf } from '../../harness/gateway/reply.ts';

const plain = { 'content-type': 'text/plain; charset=utf-8' };

test.each([
  ['no content type', { statusCode: 200, body: 'é' }, { status: 200, headers: plain, body: Buffer.from('é') }],
  ['a status as text', { statusCode: '204' }, { status: 204, headers: plain, body: Buffer.alloc(0) }],
  [
    'headers in any case',
    { statusCode: 200, headers: { 'Content-Type': 'text/css', Age: 1, 'Content-Length': '9' } },
    { status: 200, headers: { 'content-type': 'text/css', age: '1' }, body: Buffer.alloc(0) },
  ],
  [
    'cookies',
    { statusCode: 200, cookies: ['a=1', 'b=2'] },
    { status: 200, headers: { ...plain, 'set-cookie': ['a=1', 'b=2'] }, body: Buffer.alloc(0) },
  ],
  [
    'a body in base64',
    { statusCode: 200, body: 'AP8=', isBase64Encoded: true },
    { status: 200, headers: plain, body: Buffer.from([0, 255]) },
  ],
  [
    'no status code',
    { ok: true },
    { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"ok":true}') },
  ],
  ['the value null', null, { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('null') }],
])('a result with %s becomes a response', (_, result, reply) => {
  expect(replyOf(result)).toEqual(reply);
});

test.each([
  [{ statusCode: 'ok' }],
  [{ statusCode: 99 }],
  [{ statusCode: 200.5 }],
  [{ statusCode: null }],
  [{ statusCode: 200, body: {} }],
  [{ statusCode: 200, headers: { a: {} } }],
  [{ statusCode: 200, headers: { 'a b': '1' } }],
  [{ statusCode: 200, headers: { a: 'x\r\ny: z' } }],
  [{ statusCode: 200, cookies: 'a=1' }],
])('the result %j is rejected', (result) => {
  expect(() => replyOf(result)).toThrow();
});
