import { describe, expect } from 'vitest';
import { attemptTimes } from '../../lib/table/sdk/document-client.ts';
import { type Fault, inOrder, pass } from './fault-proxy.ts';
import { halfClose, hang, reset } from './faults.ts';
import { test } from './suite.ts';

const { attempts } = attemptTimes;

/** How long to wait for responses that never arrive, in milliseconds. */
const responseTimeout = 2_000;

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };

describe.concurrent.each<[string, Fault]>([
  ['the connection is reset before the request is read', reset],
  ['the connection was closed during a freeze', halfClose],
  ['the database takes longer than the timeout of an attempt', hang],
])('%s', (_, fault) => {
  test('once: 200', async ({ store, serve }) => {
    const service = await serve({ responseTimeout });
    const ids = await store.newClient();
    expect(await service.patch({ ids, body: { name: 'on a connection that is kept' } })).toMatchObject({ status: 200 });
    service.proxy.faultFor = inOrder(fault);

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
    });
    expect(service.proxy.passages).toHaveLength(3);
  });

  test('every time: 503 after as many attempts as the SDK has, and nothing is stored', async ({ store, serve }) => {
    const service = await serve({ responseTimeout });
    const ids = await store.newWorkspace();
    const before = await store.item(ids);
    service.proxy.faultFor = () => fault;

    expect(await service.patch({ ids, body: { slogan: 'after' } })).toMatchObject(unavailable);
    expect(service.proxy.passages).toHaveLength(attempts);
    expect(await store.item(ids)).toEqual(before);
    expect(service.defects).toEqual([]);
  });
});

test('the connection is refused: 503', async ({ store, serve }) => {
  const service = await serve();
  const ids = await store.newClient();
  await service.proxy.close();

  expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);
  expect(service.defects).toEqual([]);
});

test("faults exhaust the SDK's retry quota: then one attempt each, until requests succeed again", async ({
  store,
  serve,
}) => {
  const service = await serve();
  const ids = await store.newClient();
  service.proxy.faultFor = () => reset;
  const attemptsOfNext = async () => {
    const before = service.proxy.passages.length;
    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);
    return service.proxy.passages.length - before;
  };

  expect(await attemptsOfNext()).toBe(attempts);
  for (let request = 0; request < 20; request++) await attemptsOfNext();
  expect(await attemptsOfNext()).toBe(1);

  service.proxy.faultFor = () => pass;
  for (let request = 0; request < 20; request++) {
    expect(await service.patch({ ids, body: { name: `after ${request}` } })).toMatchObject({ status: 200 });
  }
  service.proxy.faultFor = inOrder(reset);
  expect(await service.patch({ ids, body: { name: 'at last' } })).toMatchObject({ status: 200 });
});

describe('the network delays a request until its retry was applied and another caller wrote', () => {
  const kept = { version: 3, name: 'of another' };
  const cases = [
    { ifMatch: '"1"', behind: 0, outcome: 'it is refused', stored: kept },
    { ifMatch: undefined, behind: 0, outcome: 'it is refused', stored: kept },
    { ifMatch: '"1"', behind: 300_000, outcome: 'it is refused', stored: kept },
    { ifMatch: undefined, behind: 300_000, outcome: 'the last writer wins', stored: { version: 4, name: 'after' } },
  ];
  test.for(cases)(
    "If-Match $ifMatch, the other's clock $behind ms behind: $outcome",
    async ({ ifMatch, behind, stored }, { store, serve }) => {
      const service = await serve({ responseTimeout });
      const another = await serve({ now: () => Date.now() - behind });
      const ids = await store.newClient();
      const { promise: delivery, resolve: deliver } = Promise.withResolvers<void>();
      const { promise: carriedOut, resolve: wasCarriedOut } = Promise.withResolvers<void>();
      service.proxy.faultFor = inOrder(async ({ carryOut }) => {
        await delivery;
        await carryOut();
        wasCarriedOut();
      });

      const first = await service.patch({ ids, body: { name: 'after' }, ifMatch });
      expect(first).toMatchObject({ status: 200, headers: { etag: '"2"' } });
      expect(await another.patch({ ids, body: { name: 'of another' } })).toMatchObject({ status: 200 });
      deliver();
      await carriedOut;

      expect(await store.item(ids)).toMatchObject(stored);
    },
  );
});
