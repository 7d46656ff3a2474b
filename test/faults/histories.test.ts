import { describe, expect } from 'vitest';
import { twoFields } from '../declared/bodies.ts';
import { changeTo, otherChange, plainChange, together } from '../declared/changes.ts';
import { type Fault, pass } from './fault-proxy.ts';
import { cancel, delay, failAfterwards, halfCloseAfterwards, loseResponse, refuse, reset } from './faults.ts';
import type { FaultyService, PatchRequest, ServiceOptions, Store, Subject } from './faulty-service.ts';
import { type Recorded, recordHistory } from './history.ts';
import { canJudge, verdictsOn } from './linearizability.ts';
import { randomFrom } from './random.ts';
import { type Contest, contests, endpoints } from './subjects.ts';
import { test } from './suite.ts';

const seeds = [1, 2, 3, 4];
const callers = [1, 2, 3, 4, 5, 6];
const requests = 20;

type Random = ReturnType<typeof randomFrom>;

/** A third of all requests to the database meet a fault. */
const faultsOf = (action: string): Fault[] => [
  ...Array<Fault>(16).fill(pass),
  delay,
  ...[loseResponse, loseResponse, failAfterwards, halfCloseAfterwards, reset, refuse(400, 'ThrottlingException')],
  action === 'UpdateItem' ? refuse(400, 'TransactionConflictException') : cancel('TransactionConflict', 'None', 'None'),
];

/** A function for each caller, every other one with a clock that is five minutes slow. */
const startServices = (serve: (options: ServiceOptions) => Promise<FaultyService>, random: Random) =>
  Promise.all(
    callers.map(async (caller) => {
      const service = await serve({ now: () => Date.now() - (caller % 2) * 300_000 });
      service.proxy.faultFor = ({ action }) => random.oneOf(faultsOf(action));
      return service;
    }),
  );

/** Half of the requests name the last version that the caller received. */
const withIfMatch = (random: Random, request: PatchRequest, seen: number | undefined): PatchRequest => ({
  ...request,
  ifMatch: seen !== undefined && random.isLikely(0.5) ? `"${seen}"` : undefined,
});

const expectLinearizable = async ({ history, timestamps }: Recorded) => {
  expect({ history, verdicts: await verdictsOn([history]) }).toMatchObject({ verdicts: ['Ok'] });
  for (const name of Object.keys(history.initial)) {
    const ofRecord = timestamps.filter(({ record }) => record === name).toSorted((a, b) => a.version - b.version);
    const updatedAt = ofRecord.map((timestamp) => timestamp.updatedAt);
    expect(updatedAt).toEqual(updatedAt.toSorted());
  }
};

/** Whether two values of a unique field are one and the same. */
const isSame = ({ ignoresCase }: Contest, one: unknown, other: string): boolean =>
  one === other || (ignoresCase && String(one).toLowerCase() === other.toLowerCase());

/** Each value is claimed for the record that has it, and for none if no record has. */
const expectClaims = async (
  store: Store,
  contest: Contest,
  { subjects, values }: { subjects: readonly Subject[]; values: readonly string[] },
) => {
  const stored = await Promise.all(subjects.map(async (subject) => (await store.item(subject))?.[contest.attribute]));
  const [rival] = subjects;
  if (!rival) throw new Error('There is no record.');
  for (const value of values) {
    const owner = subjects.find((_, index) => isSame(contest, stored[index], value));
    expect(await contest.ownerOf(store, rival, value)).toEqual(owner?.ids);
  }
};

/** New records that contend, each with one of the values. */
const newRivals = async (contest: Contest, store: Store, values: readonly string[]): Promise<Subject[]> => {
  const subjects: Subject[] = [];
  for (const value of values) subjects.push(await contest.newRecord(store, value, subjects[0]));
  return subjects;
};

/** Two records of every endpoint, all in one workspace, as far as that has more than one of a kind. */
const newNeighbours = async (store: Store): Promise<Subject[]> => {
  const workspaceId = crypto.randomUUID();
  const first = await Promise.all(endpoints.map((endpoint) => store.newRecord(endpoint, {}, { workspaceId })));
  const second = await Promise.all(
    first.map(({ endpoint, ids }) => store.newRecord(endpoint, {}, Object.keys(ids).length > 1 ? { workspaceId } : {})),
  );
  return [...first, ...second];
};

describe.runIf(canJudge).concurrent('histories of six callers under faults are linearizable', () => {
  describe.concurrent.each(endpoints)('$id', (endpoint) => {
    test.for(seeds)('two fields of a record, seed %i', async (seed, { store, serve }) => {
      const random = randomFrom(seed);
      const services = await startServices(serve, random);
      const subject = await store.newRecord(endpoint);
      const [, second] = twoFields(endpoint);
      let turn = 0;

      const recorded = await recordHistory(store, services, [subject], requests, (caller, seen) => {
        const one = plainChange(endpoint, caller * 1_000 + (random.isLikely(0.2) ? turn : ++turn));
        const isCleared = second.clears !== undefined && random.isLikely(0.2);
        const other = isCleared
          ? changeTo(endpoint, second, second.clears)
          : otherChange(endpoint, random.oneOf([1, 2, 3]));
        const { body } = random.oneOf([one, other, together(one, other)]);
        return withIfMatch(random, { ...subject, body }, seen(subject));
      });

      await expectLinearizable(recorded);
      expect(services.flatMap(({ defects }) => defects)).toEqual([]);
    });
  });

  describe.concurrent.each(contests)('$title', (contest) => {
    const { endpoint, newValue, respelled, changeTo } = contest;

    test.for(seeds)('plain and unique fields of three records, seed %i', async (seed, { store, serve }) => {
      const random = randomFrom(seed);
      const services = await startServices(serve, random);
      const values = Array.from({ length: 4 }, newValue);
      const subjects = await newRivals(contest, store, values.slice(0, 3));
      let turn = 0;

      const recorded = await recordHistory(store, services, subjects, requests, (caller, seen) => {
        const subject = random.oneOf(subjects);
        const plain = () => plainChange(endpoint, caller * 1_000 + ++turn);
        const { body } = random.isLikely(0.6) ? changeTo(random.oneOf(values)) : plain();
        return withIfMatch(random, { ...subject, body }, seen(subject));
      });

      await expectLinearizable(recorded);
      expect(services.flatMap(({ defects }) => defects)).toEqual([]);
      await expectClaims(store, contest, { subjects, values });
    });

    test.for(seeds)(
      'values that go round, in any spelling, beside plain fields, seed %i',
      async (seed, { store, serve }) => {
        const random = randomFrom(seed);
        const services = await startServices(serve, random);
        const values = Array.from({ length: 3 }, newValue);
        const spellings = values.flatMap((value) => [value, respelled(value) ?? value]);
        const subjects = await newRivals(contest, store, values.slice(0, 2));
        let turn = 0;

        const recorded = await recordHistory(store, services, subjects, requests, (caller, seen) => {
          const subject = random.oneOf(subjects);
          const unique = changeTo(random.oneOf(spellings));
          const plain = plainChange(endpoint, caller * 1_000 + ++turn);
          const { body } = random.oneOf([unique, together(unique, plain), plain]);
          return withIfMatch(random, { ...subject, body }, seen(subject));
        });

        await expectLinearizable(recorded);
        expect(services.flatMap(({ defects }) => defects)).toEqual([]);
        await expectClaims(store, contest, { subjects, values: spellings });
      },
    );
  });

  test.for(seeds)('records of all kinds side by side, seed %i', async (seed, { store, serve }) => {
    const random = randomFrom(seed);
    const services = await startServices(serve, random);
    const subjects = await newNeighbours(store);
    const pools = contests.map((contest) => ({ contest, values: [contest.newValue(), contest.newValue()] }));
    let turn = 0;

    const recorded = await recordHistory(store, services, subjects, requests, (caller, seen) => {
      const subject = random.oneOf(subjects);
      const { endpoint } = subject;
      const unique = pools
        .filter(({ contest }) => contest.endpoint === endpoint)
        .map(({ contest, values }) => contest.changeTo(random.oneOf(values)));
      const plain = plainChange(endpoint, caller * 1_000 + ++turn);
      const other = otherChange(endpoint, random.oneOf([1, 2, 3]));
      const { body } = random.oneOf([plain, together(plain, other), together(plain, ...unique), ...unique]);
      return withIfMatch(random, { ...subject, body }, seen(subject));
    });

    await expectLinearizable(recorded);
    expect(services.flatMap(({ defects }) => defects)).toEqual([]);
    for (const { contest, values } of pools) {
      const ofKind = subjects.filter(({ endpoint }) => endpoint === contest.endpoint);
      await expectClaims(store, contest, { subjects: ofKind, values });
    }
  });
});
