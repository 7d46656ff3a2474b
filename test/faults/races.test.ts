import { describe, expect } from 'vitest';
import { inOrder, on } from './fault-proxy.ts';
import { cancel, loseResponse } from './faults.ts';
import type { FaultyService, PatchResponse, Store, Subject } from './faulty-service.ts';
import { type Contest, contests } from './subjects.ts';
import { engines } from './suite.ts';

const rounds = [1, 2, 3];

/** One function for each concurrent request, as in Lambda. */
const sixServices = (serve: () => Promise<FaultyService>) => Promise.all(Array.from({ length: 6 }, () => serve()));

/** A record with a value of its own, updated by one of the functions. */
type Racer = { own: string; subject: Subject; moveTo(value: string): Promise<PatchResponse> };

/** A racer for each function, all of which contend. */
const newRacers = async (contest: Contest, store: Store, services: readonly FaultyService[]): Promise<Racer[]> => {
  const racers: Racer[] = [];
  for (const { patch } of services) {
    const own = contest.newValue();
    const subject = await contest.newRecord(store, own, racers[0]?.subject);
    racers.push({ own, subject, moveTo: (value) => patch({ ...subject, body: contest.changeTo(value).body }) });
  }
  return racers;
};

const race = (racers: readonly Racer[], value: string) =>
  Promise.all(racers.map(async (racer) => ({ ...racer, status: (await racer.moveTo(value)).status })));

describe.each(engines)('on $engine', ({ testOnIt: test }) => {
  describe.each(contests)('$title', (contest) => {
    const { attribute, newValue, changeTo } = contest;

    const storedIn = async (store: Store, subject: Subject) => (await store.item(subject))?.[attribute];

    const expectOneWinner = async (store: Store, value: string, outcomes: readonly (Racer & { status: number })[]) => {
      const [winner, ...others] = outcomes.toSorted((a, b) => a.status - b.status);
      if (!winner) throw new Error('There are six.');
      expect([winner.status, ...others.map(({ status }) => status)]).toEqual([200, ...others.map(() => 409)]);
      expect(await contest.ownerOf(store, winner.subject, value)).toEqual(winner.subject.ids);
      expect(await storedIn(store, winner.subject)).toBe(value);
      expect(await contest.ownerOf(store, winner.subject, winner.own)).toBeUndefined();
      for (const { own, subject } of others) {
        expect(await contest.ownerOf(store, subject, own)).toEqual(subject.ids);
        expect(await storedIn(store, subject)).toBe(own);
      }
    };

    test('records race for a value: one gets it, the others 409 and keep theirs', async ({ store, serve }) => {
      const services = await sixServices(serve);
      for (const _ of rounds) {
        const value = newValue();
        const racers = await newRacers(contest, store, services);

        await expectOneWinner(store, value, await race(racers, value));
      }
    });

    test('and responses are lost and transactions conflict: 503 for an unknown outcome, and then 409', async ({
      store,
      serve,
    }) => {
      const services = await sixServices(serve);
      for (const _ of rounds) {
        const value = newValue();
        const racers = await newRacers(contest, store, services);
        const conflict = cancel('None', 'TransactionConflict', 'None');
        for (const { proxy } of services) {
          proxy.faultFor = on('TransactWriteItems', inOrder(loseResponse, conflict, conflict, loseResponse));
        }

        const [winner, ...others] = (await race(racers, value)).toSorted((a, b) => a.status - b.status);
        expect([winner?.status, ...others.map(({ status }) => status)]).toEqual([200, ...others.map(() => 503)]);
        await expectOneWinner(store, value, await race(racers, value));
      }
    });

    test('one record leaves a value and another takes it: the claims agree, whichever is first', async ({
      store,
      serve,
    }) => {
      const services = await sixServices(serve);
      for (const _ of rounds) {
        const [leaver, comer] = await newRacers(contest, store, services.slice(0, 2));
        if (!leaver || !comer) throw new Error('There are two.');
        const elsewhere = newValue();

        const [left, came] = await Promise.all([leaver.moveTo(elsewhere), comer.moveTo(leaver.own)]);

        const ownerOf = (value: string) => contest.ownerOf(store, leaver.subject, value);
        expect(left.status).toBe(200);
        expect([200, 409]).toContain(came.status);
        expect(await ownerOf(elsewhere)).toEqual(leaver.subject.ids);
        expect(await ownerOf(leaver.own)).toEqual(came.status === 200 ? comer.subject.ids : undefined);
        expect(await ownerOf(comer.own)).toEqual(came.status === 200 ? undefined : comer.subject.ids);
      }
    });

    test('concurrent changes of one record leave it with one value and only the claim on that', async ({
      store,
      serve,
    }) => {
      const services = await sixServices(serve);
      for (const _ of rounds) {
        const own = newValue();
        const subject = await contest.newRecord(store, own);
        const wanted = services.map(newValue);

        const responses = await Promise.all(
          services.map(({ patch }, index) => patch({ ...subject, body: changeTo(wanted[index] ?? own).body })),
        );

        expect(responses.map(({ status }) => status)).toEqual(services.map(() => 200));
        const last = await storedIn(store, subject);
        expect(wanted).toContain(last);
        expect(await store.item(subject)).toMatchObject({ version: 1 + services.length });
        for (const value of [own, ...wanted]) {
          expect(await contest.ownerOf(store, subject, value)).toEqual(value === last ? subject.ids : undefined);
        }
      }
    });
  });
});
