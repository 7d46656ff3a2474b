import { describe, expect } from 'vitest';
import type { RecordKey } from '../../lib/domain/records.ts';
import { type Fault, type Passage, pass } from './fault-proxy.ts';
import { cancel, failAfterwards, halfCloseAfterwards, loseAnswer, refuse, reset } from './faults.ts';
import type { Answer, FaultyService, PatchRequest, Store } from './faulty-service.ts';
import { canJudge, type History, type Operation, type RecordState, verdictsOn } from './linearizability.ts';
import { randomFrom } from './random.ts';
import { test } from './suite.ts';

const patient = { patience: 20_000, times: { attempts: 3, connect: 5_000, answer: 10_000 } };
const callers = 6;
const seeds = [1, 2, 3, 4, 5, 6];

/** The fields that the histories change; one that is absent or `null` counts as empty. */
const fields = ['name', 'slogan', 'avatarUrl', 'email'];

const stateOf = (record: object, version: number): RecordState => ({
  version,
  fields: Object.fromEntries(fields.map((field) => [field, String(Object(record)[field] ?? '')])),
});

const versionIn = ({ headers: { etag = '' } }: Answer): number => Number(etag.replaceAll('"', ''));

/** A third of all requests meet a fault. All that one stores is stored before its connection is cut. */
const faultsOf = (action: string): Fault[] => [
  ...Array<Fault>(14).fill(pass),
  ...[loseAnswer, loseAnswer, failAfterwards, halfCloseAfterwards, reset, refuse(400, 'ThrottlingException')],
  action === 'UpdateItem' ? refuse(400, 'TransactionConflictException') : cancel('TransactionConflict', 'None', 'None'),
];

type Random = ReturnType<typeof randomFrom>;

/** Sends requests one after the other, and keeps what came of them. `ask` makes a request from the last version seen. */
const record = async (
  service: FaultyService,
  random: Random,
  tick: () => number,
  ask: (versionOf: (ids: RecordKey) => number | undefined) => PatchRequest,
  requests: number,
): Promise<Operation[]> => {
  const seen = new Map<string, number>();
  const operations: Operation[] = [];
  service.proxy.faultFor = ({ action }) => random.oneOf(faultsOf(action));
  for (let request = 0; request < requests; request++) {
    const asked = ask((ids) => seen.get(nameOf(ids)));
    const call = tick();
    service.proxy.passages.length = 0;
    const answer = await service.patch(asked);
    if (answer.status === 200) seen.set(nameOf(asked.ids), versionIn(answer));
    operations.push(...operationsOf(asked, answer, service.proxy.passages, call, tick()));
  }
  return operations;
};

const nameOf = ({ workspaceId, clientId = '' }: RecordKey): string => `${workspaceId}/${clientId}`;

/**
 * What the checker is told of a request: its answer, and the times it was carried out beside that. If that it had been
 * carried out was only found when it was repeated, the state that is answered may be a later one than its own. A request
 * with If-Match is carried out once, and a refused one not at all.
 */
const operationsOf = (
  { ids, body, ifMatch }: PatchRequest,
  answer: Answer,
  passages: readonly Passage[],
  call: number,
  end: number,
): Operation[] => {
  const patch = {
    record: nameOf(ids),
    set: Object.fromEntries(Object.entries(body).map(([field, value]) => [field, String(value ?? '')])),
    ifMatch: ifMatch === undefined ? null : [Number(ifMatch.replaceAll('"', ''))],
  };
  const [reply = {}] = Object.values(answer.body);
  const known = { status: answer.status, record: stateOf(Object(reply), versionIn(answer)) };
  const unknown = { status: 0, record: { version: 0, fields: {} } };

  const carriedOut = passages.filter(({ status }) => status === 200).length;
  const isCounted = answer.status === 200 && passages.at(-1)?.status === 200;
  const beside = Math.min(carriedOut - (isCounted ? 1 : 0), ifMatch === undefined ? carriedOut : 1);
  const answers = {
    200: [known, ...Array<typeof unknown>(beside).fill(unknown)],
    503: Array<typeof unknown>(beside).fill(unknown),
  }[answer.status] ?? [known];
  return answers.map((one) => ({ call, return: end, patch, answer: one }));
};

/** Has six callers write to the same records at once, and then looks at what is stored. */
const historyOf = async (
  store: Store,
  services: readonly FaultyService[],
  random: Random,
  records: readonly RecordKey[],
  body: (caller: number) => PatchRequest['body'],
): Promise<History> => {
  let now = 0;
  const tick = () => ++now;
  const states = async () =>
    Object.fromEntries(
      await Promise.all(
        records.map(async (ids) => {
          const item = (await store.item(ids)) ?? {};
          return [nameOf(ids), stateOf(item, Number(item.version))] as const;
        }),
      ),
    );
  const initial = await states();
  const operations = await Promise.all(
    services.map((service, caller) =>
      record(
        service,
        random,
        tick,
        (versionOf) => {
          const ids = random.oneOf(records);
          const version = versionOf(ids);
          const ifMatch = version !== undefined && random.isLikely(0.5) ? `"${version}"` : undefined;
          return { ids, body: body(caller), ifMatch };
        },
        30,
      ),
    ),
  );
  const looks = Object.entries(await states()).map(([name, state]) => ({
    ...{ call: tick(), return: tick() },
    patch: { record: name, set: {}, ifMatch: null },
    answer: { status: 200, record: state },
  }));
  return { initial, operations: [...operations.flat(), ...looks] };
};

describe.runIf(canJudge).concurrent('histories of six callers under faults are linearizable', () => {
  test.for(seeds)('fields of one client, seed %i', async (seed, { store, serve }) => {
    const services = await Promise.all(Array.from({ length: callers }, () => serve(patient)));
    const random = randomFrom(seed);
    const client = await store.newClient();
    let turn = 0;

    const history = await historyOf(store, services, random, [client], (caller) => ({
      ...(random.isLikely(0.7) && { name: `${caller} ${random.isLikely(0.2) ? turn : ++turn}` }),
      avatarUrl: random.isLikely(0.2) ? null : `https://example.com/${random.oneOf([1, 2, 3])}`,
    }));

    expect({ seed, history, verdicts: await verdictsOn([history]) }).toMatchObject({ verdicts: ['Ok'] });
    expect(services.flatMap(({ defects }) => defects)).toEqual([]);
  });

  test.for(seeds)('names and addresses of three workspaces, seed %i', async (seed, { store, serve }) => {
    const services = await Promise.all(Array.from({ length: callers }, () => serve(patient)));
    const random = randomFrom(seed);
    const addresses = ['a', 'b', 'c', 'd'].map((name) => `${name}.${crypto.randomUUID()}@example.com`);
    const workspaces = await Promise.all(addresses.slice(0, 3).map((email) => store.newWorkspace({ email })));
    let turn = 0;

    const history = await historyOf(store, services, random, workspaces, (caller) =>
      random.isLikely(0.6) ? { email: random.oneOf(addresses) } : { slogan: `${caller} ${++turn}` },
    );

    expect({ seed, history, verdicts: await verdictsOn([history]) }).toMatchObject({ verdicts: ['Ok'] });
    expect(services.flatMap(({ defects }) => defects)).toEqual([]);
    const items = await Promise.all(workspaces.map((ids) => store.item(ids)));
    for (const email of addresses) {
      const owner = workspaces.find((_, index) => items[index]?.email === email);
      expect(await store.ownerOf(email)).toBe(owner?.workspaceId);
    }
  });
});
