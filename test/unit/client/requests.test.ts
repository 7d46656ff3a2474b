import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { pathOf } from '../../declared/records.ts';
import { lost, operations, pinned, problem } from './client-of.ts';

describe.each(operations)('a request of $name', ({ endpoint, ids, patch, clientOf, update, updated }) => {
  test('is a PATCH with the token, the media type and the patch, without If-Match by default', async () => {
    const client = clientOf([updated]);
    await update(client);
    const [request] = client.sent;
    expect(request).toMatchObject({ method: 'PATCH', body: JSON.stringify(patch) });
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      authorization: 'Bearer t',
      'content-type': 'application/json',
    });
  });

  test.each([
    ['https://api.example', 'https://api.example'],
    ['https://api.example/prod/', 'https://api.example/prod'],
    ['https://api.example/prod//', 'https://api.example/prod'],
    [new URL('https://api.example'), 'https://api.example'],
    ['/api', '/api'],
  ])('with base URL %s goes to a path after %s', async (baseUrl, base) => {
    const client = clientOf([updated], { baseUrl });
    await update(client);
    expect(client.sent.map((request) => request.url)).toEqual([base + pathOf(endpoint, ids)]);
  });

  const names = Object.keys(ids);

  test('encodes every id in one segment of the path', async () => {
    const id = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^\.{1,2}$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.tuple(...names.map(() => id)), async (values) => {
        const all = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
        const client = clientOf([updated]);
        await client.send(all, patch);
        const { pathname, search, hash } = new URL(client.sent[0]?.url ?? '');
        const segments = endpoint.path.split('/').map((segment) => all[segment.slice(1, -1)] ?? segment);
        expect(pathname.split('/').map(decodeURIComponent)).toEqual(segments);
        expect([search, hash]).toEqual(['', '']);
      }),
      {
        examples: ['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', 'é', '...'].map((text): [string[]] => [names.map(() => text)]),
      },
    );
  });

  const impossible = ['', '.', '..', '\ud800', 'a\udfff'].flatMap((id) => names.map((name) => ({ name, id })));

  test.each(impossible)('to the $name $id, which no URL can hold, is not sent', async ({ name, id }) => {
    const client = clientOf([updated]);
    await expect(client.send({ ...ids, [name]: id }, patch)).rejects.toThrow(TypeError);
    await expect(client.send({ ...ids, [name]: id }, patch)).rejects.toThrow(`${name} must`);
    expect(client.sent).toEqual([]);
  });

  test.each([
    ['"7"', '"7"'],
    ['*', '*'],
    [['"7"', '"8"'], '"7", "8"'],
  ])('sends ifMatch %j unchanged', async (ifMatch, header) => {
    const client = clientOf([updated]);
    await update(client, { ifMatch });
    expect(client.sent[0]?.headers.get('if-match')).toBe(header);
  });

  test('gets a token before every attempt', async () => {
    let count = 0;
    const client = clientOf([problem('unavailable', { 'retry-after': '0' }), lost, updated], {
      token: async () => `t-${++count}`,
    });
    await update(client, pinned);
    expect(client.sent.map(({ headers }) => headers.get('authorization'))).toEqual([
      ...['Bearer t-1', 'Bearer t-2', 'Bearer t-3'],
    ]);
  });

  test('without a token is not sent, and fails with the error of the token source', async () => {
    const token = vi.fn(() => Promise.reject(new Error('signed out')));
    const client = clientOf([updated], { token });
    await expect(update(client, pinned)).rejects.toThrow('signed out');
    expect([token.mock.calls.length, client.sent.length]).toEqual([1, 0]);
  });
});
