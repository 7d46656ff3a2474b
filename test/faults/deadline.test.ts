import { afterEach, describe, expect, vi } from 'vitest';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { keySetTimes } from '../../lib/auth/key-set.ts';
import { startEndpoint } from '../harness/lambda/functions.ts';
import { startIssuer } from '../harness/local-service/issuer.ts';
import { on, pass, startFaultProxy } from './fault-proxy.ts';
import { hang, refuse, stall } from './faults.ts';
import { eventFor } from './faulty-service.ts';
import { startLocalServer } from './local-server.ts';
import { test } from './suite.ts';

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };
/** Longer than a request takes on a busy machine, in milliseconds. */
const timeout = 1_500;

afterEach(() => void vi.useRealTimers());

describe('the timeout of an update', () => {
  test('expires while the database does not respond: 503, and the connection is closed', async ({ store, serve }) => {
    const service = await serve({ timeout });
    const ids = await store.newClient();
    service.proxy.faultFor = () => hang;

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);

    const [passage, ...others] = service.proxy.passages;
    await passage?.over;
    expect(others).toEqual([]);
  });

  test('expires in the middle of a response: 503', async ({ store, serve }) => {
    const service = await serve({ timeout });
    const ids = await store.newClient();
    service.proxy.faultFor = () => stall;

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);
    expect(service.proxy.passages).toHaveLength(1);
  });

  test('expires while the database does not respond to a transaction: 503, and the connection is closed', async ({
    store,
    serve,
  }) => {
    const service = await serve({ timeout });
    const ids = await store.newWorkspace();
    service.proxy.faultFor = on('TransactWriteItems', () => hang);

    const email = `${ids.workspaceId}@new.example`;
    expect(await service.patch({ ids, body: { email } })).toMatchObject(unavailable);

    const [, transaction, ...others] = service.proxy.passages;
    await transaction?.over;
    expect(others).toEqual([]);
  });

  test("expires during the SDK's pause between attempts: 503, and nothing is sent after the pause", async ({
    store,
    serve,
  }) => {
    const service = await serve({ timeout });
    const ids = await store.newClient();
    service.proxy.faultFor = () => refuse(400, 'ThrottlingException');
    // The SDK pauses with setTimeout. The pause does not end while that is mocked.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);

    service.proxy.faultFor = () => pass;
    vi.runAllTimers();
    vi.useRealTimers();
    expect(await service.patch({ ids, body: { slogan: 'x' } })).toMatchObject({ status: 422 });
    expect(await service.patch({ ids, body: { name: 'next' } })).toMatchObject({ headers: { etag: '"2"' } });
    expect(service.proxy.passages.map(({ status }) => status)).toEqual([undefined, 200]);
  });
});

test('the issuer is slow and the database busy: the function responds before Lambda ends it', async ({
  store,
  onTestFinished,
}) => {
  const issuer = await startIssuer({});
  const slowIssuer = await startSlowly(issuer.variables.JWT_JWKS_URI ?? '');
  const proxy = await startFaultProxy(store.engine);
  proxy.faultFor = () => refuse(400, 'TransactionConflictException');
  const environment = {
    ...process.env,
    ...issuer.variables,
    JWT_JWKS_URI: slowIssuer.url,
    TABLE_NAME: store.table,
    DYNAMODB_ENDPOINT: proxy.url,
  };
  const running = await startEndpoint(updateClientEndpoint, environment, () => {});
  onTestFinished(async () => void (await Promise.all([issuer, slowIssuer, proxy, running].map((it) => it.close()))));

  const ids = await store.newClient();
  const token = await issuer.signToken?.({ workspaces: { [ids.workspaceId]: [updateClientEndpoint.permission] } });
  const request = { ids, body: { name: 'after' }, token };

  expect(await running.invoke(eventFor(updateClientEndpoint, request))).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': expect.anything() },
  });
  expect(slowIssuer.asked).toBe(1);
  expect(proxy.passages.length).toBeGreaterThan(1);
});

/** Serves what is at a URL, but takes three quarters of the timeout for fetching keys. */
const startSlowly = async (url: string) => {
  const text = await (await fetch(url)).text();
  const slow = { asked: 0 };
  const server = await startLocalServer((_, response) => {
    slow.asked++;
    setTimeout(() => response.end(text), 0.75 * keySetTimes.timeout);
  });
  return Object.assign(slow, server);
};
