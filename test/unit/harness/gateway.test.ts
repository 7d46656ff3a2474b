import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type GatewayOptions, startGateway } from '../../harness/gateway/gateway.ts';

type Invoke = (event: APIGatewayProxyEventV2) => Promise<unknown>;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
});

/** A gateway with one route to the given function, and the lines that it logs. */
const gatewayTo = async (invoke: Invoke, options: Partial<GatewayOptions> = {}) => {
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const log = (line: string) => {
    lines.push(line);
    waiting.shift()?.();
  };
  const gateway = await startGateway({ routes: [{ method: 'PATCH', path: '/items/{id}', invoke }], log, ...options });
  opened.push(gateway);
  const { hostname, port } = new URL(gateway.url);
  return {
    ...gateway,
    lines,
    logged: () => new Promise<void>((resolve) => waiting.push(resolve)),
    patch: (init: RequestInit = {}) => fetch(`${gateway.url}/items/1`, { method: 'PATCH', ...init }),
    socket: () => connect({ host: hostname, port: Number(port) }),
  };
};

const echo: Invoke = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });
const ownBody = (message: string) => JSON.stringify({ message });

describe('a request', () => {
  test('reaches the function of its route as an event and gets its response', async () => {
    const { patch } = await gatewayTo(echo);
    const response = await patch({ body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    const event = (await response.json()) as APIGatewayProxyEventV2;
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(event).toMatchObject({ body: '{"a":1}', pathParameters: { id: '1' }, routeKey: 'PATCH /items/{id}' });
    expect(response.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
  });

  test('has a decoded path, and its query string both decoded and raw', async () => {
    const { url } = await gatewayTo(echo);
    const response = await fetch(`${url}/items/a%20%C3%A9?x=%26&x=2`, { method: 'PATCH' });
    expect(await response.json()).toMatchObject({
      rawPath: '/items/a é',
      pathParameters: { id: 'a é' },
      rawQueryString: 'x=%26&x=2',
      queryStringParameters: { x: '&,2' },
    });
  });

  test('has the time of arrival, the sender and the port of the gateway in its event', async () => {
    const before = Date.now();
    const { patch, url } = await gatewayTo(echo);
    const { headers, requestContext } = (await (await patch()).json()) as APIGatewayProxyEventV2;
    expect(requestContext.timeEpoch).toBeGreaterThanOrEqual(before);
    expect(requestContext.timeEpoch).toBeLessThanOrEqual(Date.now());
    expect(requestContext.http.sourceIp).toBe('127.0.0.1');
    expect(headers).toMatchObject({ 'x-forwarded-port': new URL(url).port });
  });

  test('has a unique id in the format of API Gateway', async () => {
    const { patch } = await gatewayTo(echo);
    const ids = await Promise.all([patch(), patch()].map(async (one) => (await one).headers.get('apigw-requestid')));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]{15}=$/);
  });

  test('is logged on one line', async () => {
    const { patch, lines, logged } = await gatewayTo(echo);
    const line = logged();
    const response = await patch();
    await line;
    const id = response.headers.get('apigw-requestid');
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} PATCH \/items\/1 200 \d+ ms .{16}$/)]);
    expect(lines[0]).toContain(id);
  });

  test('can wait for 100 Continue before its body', async () => {
    const { url } = await gatewayTo(echo);
    const sent = request(`${url}/items/1`, { method: 'PATCH', headers: { expect: '100-continue' } });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('late');
    const [response] = await once(sent, 'response');
    expect(JSON.parse(await text(response)).body).toBe(Buffer.from('late').toString('base64'));
  });

  test('gets a response even if the client closes its half of the connection', async () => {
    const { socket } = await gatewayTo(async () => ({ statusCode: 200, body: 'done' }));
    const caller = socket();
    caller.end('PATCH /items/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
    expect(await text(caller)).toContain('done');
  });

  test('that breaks off is logged, and later requests get responses', async () => {
    const { socket, patch, lines, logged } = await gatewayTo(echo);
    const caller = socket();
    caller.write('PATCH /items/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf');
    const line = logged();
    caller.end();
    await line;
    expect(lines[0]).toContain(' gone ');
    expect((await patch()).status).toBe(200);
  });

  test('whose client disconnects before the response does no harm', async () => {
    const called = Promise.withResolvers<void>();
    const result = Promise.withResolvers<unknown>();
    const { patch, logged } = await gatewayTo((event) => {
      called.resolve();
      return event.body === undefined ? result.promise : echo(event);
    });
    const leaving = new AbortController();
    const response = patch({ signal: leaving.signal });
    const line = logged();
    await called.promise;
    leaving.abort();
    await expect(response).rejects.toThrow();
    result.resolve({ statusCode: 200, body: 'too late' });
    await line;
    expect((await patch({ body: 'x' })).status).toBe(200);
  });
});

describe('the gateway responds itself', () => {
  test.each([
    ['an unknown path', 'PATCH', '/nowhere', 404, 'Not Found'],
    ['another method', 'POST', '/items/1', 404, 'Not Found'],
    ['broken percent-encoding', 'PATCH', '/items/%zz', 400, 'Bad Request'],
    ['a long path', 'PATCH', `/items/${'a'.repeat(10_240)}`, 431, 'Request Header Fields Too Large'],
  ])('to %s', async (_, method, path, status, message) => {
    const { url } = await gatewayTo(echo);
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(ownBody(message));
  });

  test('to HEAD, without a body', async () => {
    const { url } = await gatewayTo(echo);
    const response = await fetch(`${url}/items/1`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  test.each([
    [10_240, 200],
    [10_241, 431],
    [100_000, 431],
  ])('to a request line and header values of %i bytes in total', async (size, status) => {
    const { socket } = await gatewayTo(async () => ({ statusCode: 200 }));
    const [line, length, host] = ['PATCH /items/1 HTTP/1.1', '0', 'x'];
    const rest = 'a'.repeat(size - line.length - length.length - host.length);
    const caller = socket();
    caller.end(`${line}\r\nhost: ${host}\r\ncontent-length: ${length}\r\nx-long: ${rest}\r\n\r\n`);
    expect(await text(caller)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test.each([
    [10 * 1024 * 1024, 200],
    [10 * 1024 * 1024 + 1, 413],
  ])('to a body of %i bytes', async (size, status) => {
    const { patch } = await gatewayTo(async () => ({ statusCode: 200 }));
    expect((await patch({ body: new Uint8Array(size) })).status).toBe(status);
  });

  test('to a chunked body that is too large', async () => {
    const { url } = await gatewayTo(echo);
    const sent = request(`${url}/items/1`, { method: 'PATCH', headers: { 'transfer-encoding': 'chunked' } });
    const response = once(sent, 'response');
    sent.end(Buffer.alloc(10 * 1024 * 1024 + 1));
    const [received] = await response;
    expect([received.statusCode, await text(received)]).toEqual([413, ownBody('Request Entity Too Large')]);
  });

  test.each([
    ['throws', async () => Promise.reject(new Error('secret'))],
    ['returns an invalid response', async () => ({ statusCode: 'secret' })],
  ])('when the function %s', async (_, invoke) => {
    const { patch, lines } = await gatewayTo(invoke);
    const response = await patch();
    expect([response.status, await response.text()]).toEqual([500, ownBody('Internal Server Error')]);
    expect(lines[0]).toContain('Error');
  });

  test('when the function exceeds the configured timeout', async () => {
    const { patch } = await gatewayTo(() => new Promise(() => {}), { integrationTimeout: 1 });
    const response = await patch();
    expect([response.status, await response.text()]).toEqual([503, ownBody('Service Unavailable')]);
  });

  test('when the function exceeds the default timeout of 30 seconds, the limit of API Gateway', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const called = Promise.withResolvers<void>();
    const { patch } = await gatewayTo(() => {
      called.resolve();
      return new Promise(() => {});
    });
    const response = patch();
    await called.promise;
    vi.advanceTimersByTime(29_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect((await response).status).toBe(503);
  });

  test('to bytes that are not HTTP', async () => {
    const { socket } = await gatewayTo(echo);
    const caller = socket();
    caller.write('hello?\r\n\r\n');
    expect(await text(caller)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*\{"message":"Bad Request"\}$/s);
  });
});

test('pages are served beside the API', async () => {
  const pages = [{ path: '/', headers: { 'content-type': 'text/html' }, body: '<p>' }];
  const { url } = await gatewayTo(echo, { pages });
  const response = await fetch(url);
  expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/html', '<p>']);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('a port in use is reported in one sentence that says what to do', async () => {
  const { url } = await gatewayTo(echo);
  const { port } = new URL(url);
  await expect(startGateway({ routes: [], port: Number(port) })).rejects.toThrow(
    `Port ${port} is in use: stop the program that listens there, or set another port with --port or PORT.`,
  );
});
