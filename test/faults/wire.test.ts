import { describe, expect } from 'vitest';
import { attemptTimes } from '../../lib/table/sdk/document-client.ts';
import { numberedPatch } from '../declared/bodies.ts';
import { attributesOf, endpoints } from './changes.ts';
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
  test.for(endpoints)('once, with $id: 200', async (endpoint, { store, serve }) => {
    const service = await serve({ responseTimeout });
    const subject = await store.newRecord(endpoint);
    // On a connection that is kept.
    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject({ status: 200 });
    service.proxy.faultFor = inOrder(fault);

    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 2) })).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
    });
    expect(service.proxy.passages).toHaveLength(3);
  });

  test.for(endpoints)(
    'every time, with $id: 503 after as many attempts as the SDK has, and nothing is stored',
    async (endpoint, { store, serve }) => {
      const service = await serve({ responseTimeout });
      const subject = await store.newRecord(endpoint);
      const before = await store.item(subject);
      service.proxy.faultFor = () => fault;

      expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject(unavailable);
      expect(service.proxy.passages).toHaveLength(attempts);
      expect(await store.item(subject)).toEqual(before);
      expect(service.defects).toEqual([]);
    },
  );
});

describe.concurrent.each(endpoints)('with $id', (endpoint) => {
  test('the connection is refused: 503', async ({ store, serve }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint);
    await service.proxy.close();

    expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject(unavailable);
    expect(service.defects).toEqual([]);
  });

  test("faults exhaust the SDK's retry quota: then one attempt each, until requests succeed again", async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint);
    const next = (number: number) => service.patch({ ...subject, body: numberedPatch(endpoint, number) });
    service.proxy.faultFor = () => reset;
    const attemptsOfNext = async () => {
      const before = service.proxy.passages.length;
      expect(await next(1)).toMatchObject(unavailable);
      return service.proxy.passages.length - before;
    };

    expect(await attemptsOfNext()).toBe(attempts);
    for (let request = 0; request < 20; request++) await attemptsOfNext();
    expect(await attemptsOfNext()).toBe(1);

    service.proxy.faultFor = () => pass;
    for (let request = 1; request <= 20; request++) expect(await next(request)).toMatchObject({ status: 200 });
    service.proxy.faultFor = inOrder(reset);
    expect(await next(21)).toMatchObject({ status: 200 });
  });

  describe('the network delays a request until its retry was applied and another caller wrote', () => {
    const ours = numberedPatch(endpoint, 1);
    const others = numberedPatch(endpoint, 2);
    const kept = { version: 3, ...attributesOf(others) };
    const replaced = { version: 4, ...attributesOf(ours) };
    test.for([
      { ifMatch: '"1"', behind: 0, outcome: 'it is refused', stored: kept },
      { ifMatch: undefined, behind: 0, outcome: 'it is refused', stored: kept },
      { ifMatch: '"1"', behind: 300_000, outcome: 'it is refused', stored: kept },
      { ifMatch: undefined, behind: 300_000, outcome: 'the last writer wins', stored: replaced },
    ])(
      "If-Match $ifMatch, the other's clock $behind ms behind: $outcome",
      async ({ ifMatch, behind, stored }, { store, serve }) => {
        const service = await serve({ responseTimeout });
        const another = await serve({ now: () => Date.now() - behind });
        const subject = await store.newRecord(endpoint);
        const { promise: delivery, resolve: deliver } = Promise.withResolvers<void>();
        const { promise: carriedOut, resolve: wasCarriedOut } = Promise.withResolvers<void>();
        service.proxy.faultFor = inOrder(async ({ carryOut }) => {
          await delivery;
          await carryOut();
          wasCarriedOut();
        });

        const first = await service.patch({ ...subject, body: ours, ifMatch });
        expect(first).toMatchObject({ status: 200, headers: { etag: '"2"' } });
        expect(await another.patch({ ...subject, body: others })).toMatchObject({ status: 200 });
        deliver();
        await carriedOut;

        expect(await store.item(subject)).toMatchObject(stored);
      },
    );
  });
});
