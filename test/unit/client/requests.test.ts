import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { clientOf, ids, lost, pinned, problem, update, updated } from './client-of.ts';

describe('a request', () => {
  test('is a PATCH with the token, the media type and the patch, without If-Match by default', async () => {
    const client = clientOf([updated]);
    await update(client);
    const [request] = client.sent;
    expect(request).toMatchObject({ method: 'PATCH', body: '{"name":"Jane"}' });
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      authorization: 'Bearer t',
      'content-type': 'application/json',
    });
  });

  test.each([
    ['https://api.example', 'https://api.example/v1/workspace/w'],
    ['https://api.example/prod/', 'https://api.example/prod/v1/workspace/w'],
    ['https://api.example/prod//', 'https://api.example/prod/v1/workspace/w'],
    [new URL('https://api.example'), 'https://api.example/v1/workspace/w'],
    ['/api', '/api/v1/workspace/w'],
  ])('with base URL %s goes to %s', async (baseUrl, url) => {
    const client = clientOf([updated], { baseUrl });
    await client.updateWorkspace({ workspaceId: 'w' }, { name: 'W' });
    expect(client.sent.map((request) => request.url)).toEqual([url]);
  });

  test('encodes every id in one segment of the path', async () => {
    const id = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^\.{1,2}$/.test(text));
    await fc.assert(
      fc.asyncProperty(id, id, async (workspaceId, clientId) => {
        const client = clientOf([updated]);
        await client.updateClient({ workspaceId, clientId }, { name: 'Jane' });
        const { pathname, search, hash } = new URL(client.sent[0]?.url ?? '');
        expect(pathname.split('/').map(decodeURIComponent)).toEqual([
          ...['', 'v1', 'workspace', workspaceId, 'clients', clientId],
        ]);
        expect([search, hash]).toEqual(['', '']);
      }),
      { examples: ['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', 'é', '...'].map((text): [string, string] => [text, text]) },
    );
  });

  test.each(['', '.', '..', '\ud800', 'a\udfff'])(
    'to the id %j, which no URL can hold, is not sent',
    async (clientId) => {
      const client = clientOf([updated]);
      await expect(client.updateClient({ ...ids, clientId }, { name: 'Jane' })).rejects.toThrow(TypeError);
      await expect(client.updateClient({ ...ids, clientId }, { name: 'Jane' })).rejects.toThrow('clientId must');
      expect(client.sent).toEqual([]);
    },
  );

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
