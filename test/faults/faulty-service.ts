import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { GenericSchema } from 'valibot';
import * as endpoints from '../../functions/index.ts';
import type { VerifyToken } from '../../lib/auth/verify-token.ts';
import type { Patch } from '../../lib/domain/records.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { type Dependencies, endpointHandler } from '../../lib/http/endpoint-handler.ts';
import type { GatewayEvent, GatewayResult } from '../../lib/http/gateway-event.ts';
import { claimKeyOf, type ItemKey } from '../../lib/table/keys.ts';
import { recordsIn } from '../../lib/table/records.ts';
import { attemptTimes, documentClient } from '../../lib/table/sdk/document-client.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { pathOf, storedItem } from '../declared/records.ts';
import type { Engine } from '../harness/database/engine.ts';
import { createTable } from '../harness/database/table.ts';
import { eventOf } from '../harness/gateway/event.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A stored record, and an endpoint that changes it. */
export type Subject = { endpoint: Declared; ids: Ids };

/** A separate table on an engine, accessed without faults. */
export type Store = {
  engine: string;
  table: string;
  /**
   * Stores a new record of an endpoint's kind, alone in its workspace unless `ids` say otherwise: the examples of its fields
   * except unique ones, at version 1, with `fields` on top (`undefined` leaves an attribute out), and the claims on unique
   * values among them.
   */
  newRecord(endpoint: Declared, fields?: Record<string, unknown>, ids?: Ids): Promise<Subject>;
  item(subject: Subject): Promise<Record<string, unknown> | undefined>;
  /** Sets attributes of a record as another service would: without a version step, whatever their values. */
  overwrite(subject: Subject, fields: Record<string, unknown>): Promise<unknown>;
  remove(subject: Subject): Promise<unknown>;
  /** The ids of the record that has claimed a unique value, in the workspace of `subject` if that is its scope. */
  ownerOf(subject: Subject, attribute: string, value: string): Promise<Ids | undefined>;
  close(): void;
};

export const openStore = async ({ endpoint: engine }: Engine): Promise<Store> => {
  const client = documentClient(engine, { attempts: 5, connect: 5_000, response: 5_000 });
  const table = `faults-${randomUUID()}`;
  await createTable(client, table);
  const write = (item: Record<string, unknown>) => {
    const present = Object.entries(item).filter(([, value]) => value !== undefined);
    return client.send(new PutCommand({ TableName: table, Item: Object.fromEntries(present) }));
  };
  const read = async (key: ItemKey) =>
    (await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  const keyOf = ({ endpoint, ids }: Subject) => keyFor(endpoint, ids);
  return {
    engine,
    table,
    newRecord: async (endpoint, fields = {}, given = {}) => {
      const fresh = Object.keys(endpoint.example.ids).map((id) => [id, randomUUID()]);
      const ids: Ids = { ...Object.fromEntries(fresh), ...given };
      await write(storedItem(endpoint, ids, { version: 1, ...fields }));
      for (const [attribute, unique] of Object.entries(endpoint.kind.unique)) {
        const value = fields[attribute];
        if (typeof value === 'string') await write({ ...claimKeyOf(unique, ids, value), ...ids });
      }
      return { endpoint, ids };
    },
    item: (subject) => read(keyOf(subject)),
    overwrite: async (subject, fields) => write({ ...(await read(keyOf(subject))), ...keyOf(subject), ...fields }),
    remove: (subject) => client.send(new DeleteCommand({ TableName: table, Key: keyOf(subject) })),
    ownerOf: async ({ endpoint, ids }, attribute, value) => {
      const unique = endpoint.kind.unique[attribute];
      if (!unique) throw new Error(`${attribute} is not unique.`);
      const claim = await read(claimKeyOf(unique, ids, value));
      if (!claim) return undefined;
      const { pk: _, sk: __, ...owner } = claim;
      return owner;
    },
    close: () => client.destroy(),
  };
};

/** A response, with its body parsed. */
export type PatchResponse = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

export type PatchRequest = Subject & {
  body: object;
  ifMatch?: string | undefined;
  token?: string | undefined;
};

/** Every function as Lambda runs it, except that faults can happen on the connection to the engine. */
export type FaultyService = {
  proxy: FaultProxy;
  /** The log lines of defects. */
  defects: unknown[];
  patch(request: PatchRequest): Promise<PatchResponse>;
  close(): Promise<void>;
};

/**
 * Times in milliseconds. The service's own are shorter; here a busy machine must not change the outcome of a request, so only
 * tests without a response shorten them.
 */
export type ServiceOptions = {
  /** Time limit of an update. */
  timeout?: number;
  /** Time limit of a response of the engine. */
  responseTimeout?: number;
  now?: () => number;
  /** Verifies the token of a request, which is the id of the workspace if the request has none. */
  verify?: VerifyToken;
};

export const startFaultyService = async (store: Store, options: ServiceOptions = {}): Promise<FaultyService> => {
  const { timeout = 30_000, responseTimeout = 10_000, now = Date.now, verify = trust } = options;
  const proxy = await startFaultProxy(store.engine);
  const client = documentClient(proxy.url, { ...attemptTimes, connect: 5_000, response: responseTimeout });
  const defects: unknown[] = [];
  const dependencies = {
    verify,
    records: recordsIn({ client, name: store.table, timeout, now }),
    log: { level: 'ERROR', namespace: 'faults', write: (line: string) => void defects.push(line) } as const,
  };
  const handlers = new Map(
    Object.values(endpoints).map((endpoint) => [endpoint.id, handlerOf(endpoint, dependencies)]),
  );
  return {
    proxy,
    defects,
    patch: async (request) => {
      const handle = handlers.get(request.endpoint.id);
      if (!handle) throw new Error(`There is no endpoint ${request.endpoint.id}.`);
      return responseOf(await handle(asJson(eventFor(request)), asJson({})));
    },
    close: async () => {
      client.destroy();
      await proxy.close();
    },
  };
};

type AnyEndpoint = Endpoint<string, GenericSchema<unknown, Ids>, GenericSchema<unknown, Patch>>;

const handlerOf = (endpoint: AnyEndpoint, dependencies: Dependencies) => endpointHandler(endpoint, dependencies);

/** A token is the id of the workspace in which it grants everything; these suites do not test real tokens. */
const trust: VerifyToken = async (token) => ({ subject: 'tester', grants: new Map([[token, all]]) });
const all: ReadonlySet<string> = new Set(Object.values(endpoints).map(({ permission }) => permission));

/** The event that API Gateway sends for a request. */
export const eventFor = ({
  endpoint,
  ids,
  body,
  ifMatch,
  token = ids.workspaceId ?? '',
}: PatchRequest): GatewayEvent => {
  const { method, path } = endpoint;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'if-match': ifMatch,
  };
  const received = {
    method,
    target: pathOf(endpoint, ids),
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    body: Buffer.from(JSON.stringify(body)),
    sourceIp: '127.0.0.1',
    port: 0,
    requestId: randomUUID(),
    receivedAt: new Date(),
  };
  return eventOf(received, { route: { method, path }, parameters: { ...ids } });
};

const responseOf = ({ statusCode = 200, headers = {}, body = '{}' }: GatewayResult): PatchResponse => ({
  status: statusCode,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  body: JSON.parse(body),
});

/** Lambda passes events and contexts as JSON. */
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));
