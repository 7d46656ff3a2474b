import type { RecordKey } from '../../lib/domain/records.ts';
import type { Passage } from './fault-proxy.ts';
import type { Answer, FaultyService, PatchRequest, Store } from './faulty-service.ts';
import type { History, Operation, RecordState } from './linearizability.ts';

/** The fields that histories are about; one that is absent or `null` counts as empty. */
const fields = ['name', 'slogan', 'avatarUrl', 'email'];

/** Counts up, so that what happens later has a higher number. */
type Tick = () => number;

/** A request, what came of it, and what went over the wire for it. */
type Exchange = {
  request: PatchRequest;
  call: number;
  return: number;
  answer: Answer;
  passages: readonly Passage[];
  /** When what was held up of it was carried out. */
  late: number;
};

/** What came of it all: a history for the checker, and each `updatedAt` that was answered for a version of a record. */
export type Recorded = { history: History; moments: { record: string; version: number; updatedAt: string }[] };

/**
 * Has every service send requests at once with the others, one after the other, and looks at what is stored in the end.
 * `ask` makes a service's next request, knowing the version of a record in the last answer that it got.
 */
export const recordHistory = async (
  store: Store,
  services: readonly FaultyService[],
  records: readonly RecordKey[],
  requests: number,
  ask: (caller: number, seen: (record: RecordKey) => number | undefined) => PatchRequest,
): Promise<Recorded> => {
  let now = 0;
  const tick = () => ++now;
  const initial = await statesIn(store, records);
  const exchanges = await Promise.all(
    services.map((service, caller) => converse(service, requests, tick, (seen) => ask(caller, seen))),
  );
  await Promise.all(services.map(({ proxy }) => proxy.deliverLate()));
  const looks = Object.entries(await statesIn(store, records)).map(([name, state]) => lookAt(name, state, tick));
  const all = exchanges.flat();
  return {
    history: { initial, operations: [...all.flatMap(operationsOf), ...looks] },
    moments: all
      .filter(({ answer }) => answer.status === 200 && recordIn(answer).updatedAt !== null)
      .map(({ request, answer }) => ({
        record: nameOf(request.ids),
        version: versionIn(answer),
        updatedAt: recordIn(answer).updatedAt,
      })),
  };
};

const converse = async (
  service: FaultyService,
  requests: number,
  tick: Tick,
  ask: (seen: (record: RecordKey) => number | undefined) => PatchRequest,
): Promise<Exchange[]> => {
  const versions = new Map<string, number>();
  const exchanges: Exchange[] = [];
  while (exchanges.length < requests) {
    const request = ask((record) => versions.get(nameOf(record)));
    const before = service.proxy.passages.length;
    const call = tick();
    const answer = await service.patch(request);
    if (answer.status === 200) versions.set(nameOf(request.ids), versionIn(answer));
    const passages = service.proxy.passages.slice(before);
    const exchange = { request, call, return: tick(), answer, passages, late: 0 };
    exchanges.push(exchange);
    const noteDelivery = () => {
      exchange.late = tick();
    };
    for (const { late } of passages) late?.then(noteDelivery);
  }
  return exchanges;
};

/**
 * What the checker is told of a request: its response, and the times it was carried out beside that. If that it had been
 * carried out was only found when it was retried, the state in the response may be a later one than its own; and so may one that
 * was read after a transaction. What was held up on its way may be carried out after the response. A request with If-Match is
 * carried out once, and a refused one not at all.
 */
const operationsOf = ({ request, answer, passages, call, return: end, late }: Exchange): Operation[] => {
  const { ids, body, ifMatch } = request;
  const patch = {
    record: nameOf(ids),
    set: Object.fromEntries(Object.entries(body).map(([field, value]) => [field, String(value ?? '')])),
    ifMatch: ifMatch === undefined ? null : [Number(ifMatch.replaceAll('"', ''))],
  };
  const during = { call, return: end };
  const record = stateOf(recordIn(answer), versionIn(answer));
  const known = { ...during, patch, answer: { status: answer.status, record } };
  const nothing = { version: 0, fields: {} };

  const carriedOut = passages.filter(({ status }) => status === 200);
  const isCounted = answer.status === 200 && passages.at(-1)?.status === 200;
  const beside = Math.min(carriedOut.length - (isCounted ? 1 : 0), ifMatch === undefined ? carriedOut.length : 1);
  const isHeldUp = carriedOut.some((passage) => passage.late);
  const unknown = { call, return: Math.max(end, late), patch, answer: { status: 0, record: nothing } };
  const unanswered = Array<Operation>(beside).fill(unknown);

  if (answer.status === 503) return unanswered;
  if (answer.status !== 200) return [known, ...unanswered.filter(() => isHeldUp)];
  if (!wasReadAfterwards(passages)) return [known, ...unanswered];
  const read = { ...during, patch: { record: nameOf(ids), set: {}, ifMatch: null }, answer: { status: 200, record } };
  const written = { ...during, patch, answer: { status: 204, record: nothing } };
  return [written, read, ...unanswered.slice(1)];
};

/** Whether the record was read after a transaction: by an update that nothing can meet. */
const wasReadAfterwards = (passages: readonly Passage[]): boolean => {
  const { action, body } = passages.at(-1) ?? { action: '', body: '{}' };
  return action === 'UpdateItem' && JSON.parse(body).UpdateExpression === undefined;
};

const lookAt = (record: string, state: RecordState, tick: Tick): Operation => ({
  call: tick(),
  return: tick(),
  patch: { record, set: {}, ifMatch: null },
  answer: { status: 200, record: state },
});

const statesIn = async (store: Store, records: readonly RecordKey[]): Promise<Record<string, RecordState>> => {
  const states: Record<string, RecordState> = {};
  for (const record of records) {
    const item = (await store.item(record)) ?? {};
    states[nameOf(record)] = stateOf(item, Number(item.version));
  }
  return states;
};

const stateOf = (record: Record<string, unknown>, version: number): RecordState => ({
  version,
  fields: Object.fromEntries(fields.map((field) => [field, String(record[field] ?? '')])),
});

const nameOf = ({ workspaceId, clientId = '' }: RecordKey): string => `${workspaceId}/${clientId}`;

const versionIn = ({ headers: { etag = '' } }: Answer): number => Number(etag.replaceAll('"', ''));

/** The record in an answer; nothing is in it if the answer is a problem. */
const recordIn = ({ body: { client, workspace } }: Answer) => Object(client ?? workspace ?? {});
