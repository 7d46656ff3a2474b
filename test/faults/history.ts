import type { RecordKey } from '../harness/database/keys.ts';
import type { Passage } from './fault-proxy.ts';
import type { FaultyService, PatchRequest, PatchResponse, Store } from './faulty-service.ts';
import type { History, Operation, RecordState } from './linearizability.ts';

/** The fields in histories; an absent one or `null` counts as empty. */
const fields = ['name', 'slogan', 'avatarUrl', 'email'];

/** A logical clock: later events have a higher number. */
type Tick = () => number;

/** A request, its outcome, and the requests to the engine that it caused. */
type Exchange = {
  request: PatchRequest;
  call: number;
  return: number;
  response: PatchResponse;
  passages: readonly Passage[];
  /** When its delayed requests were delivered. */
  late: number;
};

/** A history for the checker, and the `updatedAt` that was returned for each version of a record. */
export type Recorded = { history: History; timestamps: { record: string; version: number; updatedAt: string }[] };

/**
 * Sends sequential requests from every service, all services concurrently, and finally reads what is stored. `ask` returns the
 * next request of a service, given the version of a record in the last response that the service received.
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
    timestamps: all
      .filter(({ response }) => response.status === 200 && recordIn(response).updatedAt !== null)
      .map(({ request, response }) => ({
        record: nameOf(request.ids),
        version: versionIn(response),
        updatedAt: recordIn(response).updatedAt,
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
    const response = await service.patch(request);
    if (response.status === 200) versions.set(nameOf(request.ids), versionIn(response));
    const passages = service.proxy.passages.slice(before);
    const exchange = { request, call, return: tick(), response, passages, late: 0 };
    exchanges.push(exchange);
    const recordDelivery = () => {
      exchange.late = tick();
    };
    for (const { late } of passages) late?.then(recordDelivery);
  }
  return exchanges;
};

/**
 * The operations of a request: its response, and the other times that it was applied. If only a retry found that the request had
 * been applied, the state in the response may be a later one than its own; so may a state that was read after a transaction. A
 * delayed request may be applied after the response. A request with If-Match is applied once, and a refused one not at all.
 */
const operationsOf = ({ request, response, passages, call, return: end, late }: Exchange): Operation[] => {
  const { ids, body, ifMatch } = request;
  const patch = {
    record: nameOf(ids),
    set: Object.fromEntries(Object.entries(body).map(([field, value]) => [field, String(value ?? '')])),
    ifMatch: ifMatch === undefined ? null : [Number(ifMatch.replaceAll('"', ''))],
  };
  const during = { call, return: end };
  const record = stateOf(recordIn(response), versionIn(response));
  const known = { ...during, patch, response: { status: response.status, record } };
  const nothing = { version: 0, fields: {} };

  const carriedOut = passages.filter(({ status }) => status === 200);
  const isCounted = response.status === 200 && passages.at(-1)?.status === 200;
  const beside = Math.min(carriedOut.length - (isCounted ? 1 : 0), ifMatch === undefined ? carriedOut.length : 1);
  const isHeldUp = carriedOut.some((passage) => passage.late);
  const unknown = { call, return: Math.max(end, late), patch, response: { status: 0, record: nothing } };
  const unconfirmed = Array<Operation>(beside).fill(unknown);

  if (response.status === 503) return unconfirmed;
  if (response.status !== 200) return [known, ...unconfirmed.filter(() => isHeldUp)];
  if (!wasReadAfterwards(passages)) return [known, ...unconfirmed];
  const read = { ...during, patch: { record: nameOf(ids), set: {}, ifMatch: null }, response: { status: 200, record } };
  const written = { ...during, patch, response: { status: 204, record: nothing } };
  return [written, read, ...unconfirmed.slice(1)];
};

/** Whether the record was read after a transaction, by an update whose condition is never true. */
const wasReadAfterwards = (passages: readonly Passage[]): boolean => {
  const { action, body } = passages.at(-1) ?? { action: '', body: '{}' };
  return action === 'UpdateItem' && JSON.parse(body).UpdateExpression === undefined;
};

const lookAt = (record: string, state: RecordState, tick: Tick): Operation => ({
  call: tick(),
  return: tick(),
  patch: { record, set: {}, ifMatch: null },
  response: { status: 200, record: state },
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

const versionIn = ({ headers: { etag = '' } }: PatchResponse): number => Number(etag.replaceAll('"', ''));

/** The record in a response; empty if the response is a problem. */
const recordIn = ({ body: { client, workspace } }: PatchResponse) => Object(client ?? workspace ?? {});
