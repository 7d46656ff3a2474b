import { changesIn } from '../../lib/table/changes.ts';
import { twoFields } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import { keyFor } from '../declared/kind.ts';
import type { Passage } from './fault-proxy.ts';
import type { FaultyService, PatchRequest, PatchResponse, Store, Subject } from './faulty-service.ts';
import type { History, Operation, RecordState } from './linearizability.ts';

/** A field of a record in a history, under a name that it shares with the fields that may not have the same value. */
type Tracked = { name: string; attribute: string; inReply: boolean; ignoresCase: boolean | undefined };

/** The fields that a history may change: two plain ones, and all unique ones. */
const trackedIn = ({ endpoint, ids }: Subject): Tracked[] =>
  [...twoFields(endpoint), ...fieldsOf(endpoint).filter(({ isUnique }) => isUnique)].map(({ attribute, inReply }) => {
    const unique = endpoint.kind.unique[attribute];
    if (!unique) return { name: attribute, attribute, inReply, ignoresCase: undefined };
    const name = unique.within === 'platform' ? unique.claim : `${unique.claim} ${ids.workspaceId}`;
    return { name, attribute, inReply, ignoresCase: unique.ignoresCase };
  });

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
  records: readonly Subject[],
  requests: number,
  ask: (caller: number, seen: (record: Subject) => number | undefined) => PatchRequest,
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
    history: { initial, unique: uniqueIn(records), operations: [...all.flatMap(operationsOf), ...looks] },
    timestamps: all
      .filter(({ response }) => response.status === 200)
      .map(({ request, response }) => ({
        record: nameOf(request),
        version: versionIn(response),
        updatedAt: replyIn(request, response).updatedAt,
      }))
      .filter(({ updatedAt }) => typeof updatedAt === 'string'),
  };
};

const converse = async (
  service: FaultyService,
  requests: number,
  tick: Tick,
  ask: (seen: (record: Subject) => number | undefined) => PatchRequest,
): Promise<Exchange[]> => {
  const versions = new Map<string, number>();
  const exchanges: Exchange[] = [];
  while (exchanges.length < requests) {
    const request = ask((record) => versions.get(nameOf(record)));
    const before = service.proxy.passages.length;
    const call = tick();
    const response = await service.patch(request);
    if (response.status === 200) versions.set(nameOf(request), versionIn(response));
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
  const { body, ifMatch } = request;
  const patch = {
    record: nameOf(request),
    set: setBy(request, body),
    ifMatch: ifMatch === undefined ? null : [Number(ifMatch.replaceAll('"', ''))],
  };
  const during = { call, return: end };
  const record = { version: versionIn(response), fields: shownIn(request, response) };
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
  const read = {
    ...during,
    patch: { record: nameOf(request), set: {}, ifMatch: null },
    response: { status: 200, record },
  };
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

const statesIn = async (store: Store, records: readonly Subject[]): Promise<Record<string, RecordState>> => {
  const states: Record<string, RecordState> = {};
  for (const record of records) {
    const item = (await store.item(record)) ?? {};
    const fields = trackedIn(record).map(({ name, attribute }) => [name, textOf(item[attribute])]);
    states[nameOf(record)] = { version: Number(item.version), fields: Object.fromEntries(fields) };
  }
  return states;
};

const uniqueIn = (records: readonly Subject[]): History['unique'] => {
  const unique = records
    .flatMap(trackedIn)
    .flatMap(({ name, ignoresCase }) => (ignoresCase === undefined ? [] : [[name, { ignoresCase }]]));
  return Object.fromEntries(unique);
};

/** The fields that a body changes. */
const setBy = (subject: Subject, body: object): Record<string, string> => {
  const names = new Map(trackedIn(subject).map(({ attribute, name }) => [attribute, name]));
  const changes = changesIn(Object(body));
  return Object.fromEntries(changes.map(({ attribute, value }) => [names.get(attribute) ?? attribute, textOf(value)]));
};

/** The fields that a response shows. */
const shownIn = (subject: Subject, response: PatchResponse): Record<string, string> => {
  const values = new Map<string, unknown>(
    changesIn(replyIn(subject, response)).map(({ attribute, value }) => [attribute, value]),
  );
  const shown = trackedIn(subject).filter(({ inReply }) => inReply);
  return Object.fromEntries(shown.map(({ name, attribute }) => [name, textOf(values.get(attribute))]));
};

/** A value as text, the same whatever the order of its members; empty if it is unset. */
const textOf = (value: unknown): string => {
  const isEmpty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  return isEmpty ? '' : JSON.stringify(value, inOrder);
};

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted())
    : value;

const nameOf = ({ endpoint, ids }: Subject): string => Object.values(keyFor(endpoint, ids)).join('/');

const versionIn = ({ headers: { etag = '' } }: PatchResponse): number => Number(etag.replaceAll('"', ''));

/** The record in a response; empty if the response is a problem. */
const replyIn = ({ endpoint }: Subject, { body }: PatchResponse) => Object(body[endpoint.kind.name] ?? {});
