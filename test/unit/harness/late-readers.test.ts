import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../harness/gateway/gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  const routes = [{ method: 'PATCH', path: '/items/{id}', invoke: async () => ({ statusCode: 200, body: 'done' }) }];
  gateway = await startGateway({ routes });
});
afterAll(() => gateway.close());

const megabyte = Buffer.alloc(1024 * 1024);

/** A connection that is not read before `text` reads it. */
const openSocket = async (): Promise<Socket> => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  return socket.on('error', () => {});
};

const write = (socket: Socket, data: string | Buffer): Promise<void> =>
  new Promise((resolve, reject) => socket.write(data, (error) => (error ? reject(error) : resolve())));

const chunk = Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);

const framings = {
  'Content-Length': {
    header: (megabytes: number) => `content-length: ${megabytes * megabyte.length}`,
    part: megabyte,
    end: '',
  },
  chunks: { header: () => 'transfer-encoding: chunked', part: chunk, end: '0\r\n\r\n' },
};

describe.each(Object.entries(framings))('a client that reads only after sending everything, with %s,', (_, framing) => {
  test.each<[string, string, number, string]>([
    ['a body of 10 MB', '/items/1', 10, '200 OK'],
    ['a body of 20 MB', '/items/1', 20, '413 .*'],
    ['a body of 20 MB without a route', '/nowhere', 20, '404 Not Found'],
    [
      'a body of 20 MB after too large a head',
      `/items/${'a'.repeat(10_240)}`,
      20,
      '431 Request Header Fields Too Large',
    ],
    [
      'a body of 20 MB after a head that Node rejects',
      `/items/${'a'.repeat(100_000)}`,
      20,
      '431 Request Header Fields Too Large',
    ],
  ])('gets the response to %s', async (__, target, megabytes, status) => {
    for (const connection of ['keep-alive', 'close']) {
      const socket = await openSocket();
      const head = `PATCH ${target} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\n`;
      await write(socket, `${head}${framing.header(megabytes)}\r\n\r\n`);
      for (let sent = 0; sent < megabytes; sent++) await write(socket, framing.part);
      await write(socket, framing.end);
      socket.end();
      expect(await text(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
    }
  });
});

test('a client that reads early gets the response before sending everything', async () => {
  const socket = await openSocket();
  await write(socket, 'PATCH /items/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 20000000\r\n\r\n');
  let response = '';
  for await (const part of socket) {
    response += part;
    if (response.endsWith('}')) break;
  }
  expect(response).toMatch(/^HTTP\/1\.1 413 /);
});

test('a connection can be reused after a body that was too large', async () => {
  const socket = await openSocket();
  await write(socket, 'PATCH /items/1 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  for (let sent = 0; sent < 11; sent++) await write(socket, chunk);
  await write(socket, '0\r\n\r\nPATCH /items/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  socket.end();
  expect((await text(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test.each([
  ['a route', '/items/1'],
  ['no route', '/nowhere'],
  ['a path that Node rejects', `/items/${'a'.repeat(100_000)}`],
])('a client that never stops sending, to %s, is disconnected', async (_, target) => {
  const socket = await openSocket();
  await write(socket, `PATCH ${target} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
  let sent = 0;
  const sendForever = async () => {
    for (; sent < 1024; sent++) await write(socket, chunk);
  };
  await expect(sendForever()).rejects.toThrow();
  expect(sent).toBeGreaterThanOrEqual(60);
  expect(sent).toBeLessThan(128);
});
