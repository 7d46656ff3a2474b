import { describe, expect } from 'vitest';
import { inOrder, on } from './fault-proxy.ts';
import { cancel, loseResponse } from './faults.ts';
import type { FaultyService, Store } from './faulty-service.ts';
import { engines } from './suite.ts';

const rounds = [1, 2, 3];

const newAddress = () => `${crypto.randomUUID()}@example.com`;

/** One function for each concurrent request, as in Lambda. */
const sixServices = (serve: () => Promise<FaultyService>) => Promise.all(Array.from({ length: 6 }, () => serve()));

/** A workspace with its own address, updated by one of the functions. */
const newRacer = async (store: Store, { patch }: FaultyService) => {
  const own = newAddress();
  const ids = await store.newWorkspace({ email: own });
  return { own, id: ids.workspaceId, moveTo: (email: string) => patch({ ids, body: { email } }) };
};
type Racer = Awaited<ReturnType<typeof newRacer>>;

const race = (racers: readonly Racer[], email: string) =>
  Promise.all(racers.map(async (racer) => ({ ...racer, status: (await racer.moveTo(email)).status })));

describe.each(engines)('on $engine', ({ testOnIt: test }) => {
  const emailOf = async (store: Store, id: string) => (await store.item({ workspaceId: id }))?.email;

  const expectOneWinner = async (store: Store, email: string, outcomes: readonly (Racer & { status: number })[]) => {
    const [winner, ...others] = outcomes.toSorted((a, b) => a.status - b.status);
    expect([winner?.status, ...others.map(({ status }) => status)]).toEqual([200, ...others.map(() => 409)]);
    expect(await store.ownerOf(email)).toBe(winner?.id);
    expect(await emailOf(store, winner?.id ?? '')).toBe(email);
    expect(await store.ownerOf(winner?.own ?? '')).toBeUndefined();
    for (const { own, id } of others) {
      expect(await store.ownerOf(own)).toBe(id);
      expect(await emailOf(store, id)).toBe(own);
    }
  };

  test('workspaces race for an address: one gets it, the others 409 and keep theirs', async ({ store, serve }) => {
    const services = await sixServices(serve);
    for (const _ of rounds) {
      const email = newAddress();
      const racers = await Promise.all(services.map((service) => newRacer(store, service)));

      await expectOneWinner(store, email, await race(racers, email));
    }
  });

  test('and responses are lost and transactions conflict: 503 for an unknown outcome, and then 409', async ({
    store,
    serve,
  }) => {
    const services = await sixServices(serve);
    for (const _ of rounds) {
      const email = newAddress();
      const racers = await Promise.all(services.map((service) => newRacer(store, service)));
      const conflict = cancel('None', 'TransactionConflict', 'None');
      for (const { proxy } of services) {
        proxy.faultFor = on('TransactWriteItems', inOrder(loseResponse, conflict, conflict, loseResponse));
      }

      const [winner, ...others] = (await race(racers, email)).toSorted((a, b) => a.status - b.status);
      expect([winner?.status, ...others.map(({ status }) => status)]).toEqual([200, ...others.map(() => 503)]);
      await expectOneWinner(store, email, await race(racers, email));
    }
  });

  test('one workspace leaves an address and another takes it: the claims agree, whichever is first', async ({
    store,
    serve,
  }) => {
    const [first, second] = await sixServices(serve);
    if (!first || !second) throw new Error('There are six.');
    for (const _ of rounds) {
      const [leaver, comer] = await Promise.all([newRacer(store, first), newRacer(store, second)]);
      const elsewhere = newAddress();

      const [left, came] = await Promise.all([leaver.moveTo(elsewhere), comer.moveTo(leaver.own)]);

      expect(left.status).toBe(200);
      expect([200, 409]).toContain(came.status);
      expect(await store.ownerOf(elsewhere)).toBe(leaver.id);
      expect(await store.ownerOf(leaver.own)).toBe(came.status === 200 ? comer.id : undefined);
      expect(await store.ownerOf(comer.own)).toBe(came.status === 200 ? undefined : comer.id);
    }
  });

  test('concurrent changes of one workspace leave it with one address and only the claim on that', async ({
    store,
    serve,
  }) => {
    const services = await sixServices(serve);
    for (const _ of rounds) {
      const own = newAddress();
      const ids = await store.newWorkspace({ email: own });
      const wanted = services.map(newAddress);

      const responses = await Promise.all(
        services.map(({ patch }, index) => patch({ ids, body: { email: wanted[index] } })),
      );

      expect(responses.map(({ status }) => status)).toEqual(services.map(() => 200));
      const last = await emailOf(store, ids.workspaceId);
      expect(wanted).toContain(last);
      expect(await store.item(ids)).toMatchObject({ version: 1 + services.length });
      for (const email of [own, ...wanted]) {
        expect(await store.ownerOf(email)).toBe(email === last ? ids.workspaceId : undefined);
      }
    }
  });
});
