import { afterEach, describe, expect, vi } from 'vitest';
import { keySetTimes } from '../../lib/auth/key-set.ts';
import { numberedPatch } from '../declared/bodies.ts';
import { startEndpoint } from '../harness/lambda/functions.ts';
import { startIssuer } from '../harness/local-service/issuer.ts';
import { changes, endpoints } from './changes.ts';
import { on, pass, startFaultProxy } from './fault-proxy.ts';
import { hang, refuse, stall } from './faults.ts';
import { eventFor } from './faulty-service.ts';
import { startLocalServer } from './local-server.ts';
import { test } from './suite.ts';

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };
/** Longer than a request takes on a busy machine, in milliseconds. */
const timeout = 1_500;

afterEach(() => void vi.useRealTimers());

describe.concurrent('the timeout of an update', () => {
  test.for(changes)(
    'expires while the database does not respond to a change of $change: 503, and the connection is closed',
    async ({ endpoint, action, body }, { store, serve }) => {
      const service = await serve({ timeout });
      const subject = await store.newRecord(endpoint);
      service.proxy.faultFor = on(action, () => hang);

      expect(await service.patch({ ...subject, body: body() })).toMatchObject(unavailable);

      const last = service.proxy.passages.at(-1);
      await last?.over;
      const sent = service.proxy.passages.map((passage) => passage.action);
      expect(sent).toEqual(action === 'UpdateItem' ? [action] : ['UpdateItem', action]);
    },
  );

  test.for(endpoints)('expires in the middle of a response to $id: 503', async (endpoint, { store, serve }) => {
    const service = await serve({ timeout });
    const subject = await store.newRecord(endpoint);
    service.proxy.faultFor = () => stall;

    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject(unavailable);
    expect(service.proxy.passages).toHaveLength(1);
  });
});

test.for(endpoints)(
  "the timeout expires during the SDK's pause between attempts of $id: 503, and nothing is sent after the pause",
  async (endpoint, { store, serve }) => {
    const service = await serve({ timeout });
    const subject = await store.newRecord(endpoint);
    service.proxy.faultFor = () => refuse(400, 'ThrottlingException');
    // The SDK pauses with setTimeout. The pause does not end while that is mocked.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject(unavailable);

    service.proxy.faultFor = () => pass;
    vi.runAllTimers();
    vi.useRealTimers();
    expect(await service.patch({ ...subject, body: endpoint.example.mistakes })).toMatchObject({ status: 422 });
    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 2) })).toMatchObject({
      headers: { etag: '"2"' },
    });
    expect(service.proxy.passages.map(({ status }) => status)).toEqual([undefined, 200]);
  },
);

describe.concurrent('the issuer is slow and the database busy', () => {
  test.for(endpoints)(
    'the function of $id responds before Lambda ends it',
    async (endpoint, { store, onTestFinished }) => {
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
      const running = await startEndpoint(endpoint, environment, () => {});
      onTestFinished(
        async () => void (await Promise.all([issuer, slowIssuer, proxy, running].map((it) => it.close()))),
      );

      const subject = await store.newRecord(endpoint);
      const token = await issuer.signToken?.({
        workspaces: { [subject.ids.workspaceId ?? '']: [endpoint.permission] },
      });
      const request = { ...subject, body: numberedPatch(endpoint, 1), token };

      expect(await running.invoke(eventFor(request))).toMatchObject({
        statusCode: 503,
        headers: { 'retry-after': expect.anything() },
      });
      expect(slowIssuer.asked).toBe(1);
      expect(proxy.passages.length).toBeGreaterThan(1);
    },
  );
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
