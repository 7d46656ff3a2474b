import { describe, expect } from 'vitest';
import { type Fault, pass } from './fault-proxy.ts';
import { cancel, delay, failAfterwards, halfCloseAfterwards, loseResponse, refuse, reset } from './faults.ts';
import type { FaultyService, PatchRequest, ServiceOptions } from './faulty-service.ts';
import { type Recorded, recordHistory } from './history.ts';
import { canJudge, verdictsOn } from './linearizability.ts';
import { randomFrom } from './random.ts';
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

describe.runIf(canJudge).concurrent('histories of six callers under faults are linearizable', () => {
  test.for(seeds)('two fields of a client, seed %i', async (seed, { store, serve }) => {
    const random = randomFrom(seed);
    const services = await startServices(serve, random);
    const client = await store.newClient();
    let turn = 0;

    const recorded = await recordHistory(store, services, [client], requests, (caller, seen) => {
      const name = `${caller} ${random.isLikely(0.2) ? turn : ++turn}`;
      const avatarUrl = random.isLikely(0.2) ? null : `https://example.com/${random.oneOf([1, 2, 3])}`;
      const body = random.oneOf([{ name }, { avatarUrl }, { name, avatarUrl }]);
      return withIfMatch(random, { ids: client, body }, seen(client));
    });

    await expectLinearizable(recorded);
    expect(services.flatMap(({ defects }) => defects)).toEqual([]);
  });

  test.for(seeds)('slogans and addresses of three workspaces, seed %i', async (seed, { store, serve }) => {
    const random = randomFrom(seed);
    const services = await startServices(serve, random);
    const addresses = ['a', 'b', 'c', 'd'].map((name) => `${name}.${crypto.randomUUID()}@example.com`);
    const workspaces = await Promise.all(addresses.slice(0, 3).map((email) => store.newWorkspace({ email })));
    let turn = 0;

    const recorded = await recordHistory(store, services, workspaces, requests, (caller, seen) => {
      const ids = random.oneOf(workspaces);
      const body = random.isLikely(0.6) ? { email: random.oneOf(addresses) } : { slogan: `${caller} ${++turn}` };
      return withIfMatch(random, { ids, body }, seen(ids));
    });

    await expectLinearizable(recorded);
    expect(services.flatMap(({ defects }) => defects)).toEqual([]);
    const items = await Promise.all(workspaces.map((ids) => store.item(ids)));
    for (const email of addresses) {
      const owner = workspaces.find((_, index) => items[index]?.email === email);
      expect(await store.ownerOf(email)).toBe(owner?.workspaceId);
    }
  });

  test.for(seeds)(
    'addresses that go round, in any spelling, beside slogans, seed %i',
    async (seed, { store, serve }) => {
      const random = randomFrom(seed);
      const services = await startServices(serve, random);
      const addresses = ['a', 'b', 'c'].map((name) => `${name}.${crypto.randomUUID()}@example.com`);
      const workspaces = await Promise.all(addresses.slice(0, 2).map((email) => store.newWorkspace({ email })));
      const spellings = [(email: string) => email, (email: string) => email.toUpperCase()];
      let turn = 0;

      const recorded = await recordHistory(store, services, workspaces, requests, (caller, seen) => {
        const ids = random.oneOf(workspaces);
        const email = random.oneOf(spellings)(random.oneOf(addresses));
        const slogan = `${caller} ${++turn}`;
        return withIfMatch(random, { ids, body: random.oneOf([{ email }, { email, slogan }, { slogan }]) }, seen(ids));
      });

      await expectLinearizable(recorded);
      expect(services.flatMap(({ defects }) => defects)).toEqual([]);
      const items = await Promise.all(workspaces.map((ids) => store.item(ids)));
      for (const address of addresses) {
        const owner = workspaces.find((_, index) => String(items[index]?.email).toLowerCase() === address);
        expect(await store.ownerOf(address)).toBe(owner?.workspaceId);
      }
    },
  );
});
