import { createServer, type RequestListener } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchJson } from '../../../lib/auth/fetch-json.ts';

const urlOf = (listener: RequestListener): Promise<URL> =>
  new Promise((resolve) => {
    const server = createServer(listener).listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new Error('A server has a port.');
      resolve(new URL(`http://127.0.0.1:${address.port}/keys?version=1`));
    });
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
  });

/** More than enough for any machine: none of these tests waits that long. */
const timeout = 30_000;
const limit = 262_144;
const jsonOf = (size: number) => JSON.stringify('x'.repeat(size - 2));

describe('fetchJson', () => {
  test('requests JSON from the whole URL, query included, and returns it', async () => {
    const requests: unknown[] = [];
    const url = await urlOf(({ method, url: target, headers: { accept, authorization, cookie } }, response) => {
      requests.push({ method, target, accept, authorization, cookie });
      response.end('{"keys":["é"]}');
    });
    expect(await fetchJson(url, timeout)).toEqual({ keys: ['é'] });
    const accept = 'application/json, application/jwk-set+json';
    expect(requests).toEqual([{ method: 'GET', target: '/keys?version=1', accept }]);
  });

  test('accepts 256 KiB', async () => {
    const url = await urlOf((_, response) => response.end(jsonOf(limit)));
    expect(await fetchJson(url, timeout)).toHaveLength(limit - 2);
  });

  test.each<[string, RequestListener]>([
    ['one byte over 256 KiB', (_, response) => response.end(jsonOf(limit + 1))],
    [
      'as much in pieces',
      (_, response) => {
        response.write(jsonOf(limit));
        response.end(' ');
      },
    ],
    [
      'a response without end',
      (_, response) => {
        const write = () => response.write(' '.repeat(65_536), () => setImmediate(write));
        write();
      },
    ],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end('{}')],
    ['an error response with a JSON body', (_, response) => response.writeHead(500).end('{}')],
    ['another success status', (_, response) => response.writeHead(203).end('{}')],
    ['a 204', (_, response) => response.writeHead(204).end()],
    ['an empty response', (_, response) => response.end()],
    ['a body that is not JSON', (_, response) => response.end('<h1>Welcome</h1>')],
    [
      'a response that is cut off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('{}', () => response.destroy());
      },
    ],
    ['no response', (request) => request.socket.destroy()],
  ])('rejects %s', async (_, listener) => {
    await expect(fetchJson(await urlOf(listener), timeout)).rejects.toThrow();
  });

  test.each<[string, RequestListener]>([
    ['that never responds', () => {}],
    ['that stops halfway', (_, response) => void response.write('{')],
  ])('gives up on a server %s', async (_, listener) => {
    await expect(fetchJson(await urlOf(listener), 50)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
