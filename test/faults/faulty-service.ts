import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../functions/update-workspace/endpoint.ts';
import type { VerifyToken } from '../../lib/auth/verify-token.ts';
import { endpointHandler } from '../../lib/http/endpoint-handler.ts';
import type { GatewayEvent, GatewayResult } from '../../lib/http/gateway-event.ts';
import type { ItemKey } from '../../lib/table/keys.ts';
import { recordsIn } from '../../lib/table/records.ts';
import { attemptTimes, documentClient } from '../../lib/table/sdk/document-client.ts';
import type { Engine } from '../harness/database/engine.ts';
import type { RecordKey } from '../harness/database/keys.ts';
import { claimKeyOf, keyOf } from '../harness/database/keys.ts';
import { createTable } from '../harness/database/table.ts';
import { eventOf } from '../harness/gateway/event.ts';
import type { Route } from '../harness/gateway/routes.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A separate table on an engine, accessed without faults. */
export type Store = {
  engine: string;
  table: string;
  /** Stores a new workspace or client, at version 1 unless `fields` has another. */
  newWorkspace(fields?: Record<string, unknown>): Promise<RecordKey>;
  newClient(fields?: Record<string, unknown>): Promise<RecordKey>;
  item(key: RecordKey): Promise<Record<string, unknown> | undefined>;
  /** Sets attributes of a record as another service would: without a version step, whatever their values. */
  overwrite(key: RecordKey, fields: Record<string, unknown>): Promise<unknown>;
  remove(key: RecordKey): Promise<unknown>;
  /** The id of the workspace that has claimed an address. */
  ownerOf(email: string): Promise<unknown>;
  close(): void;
};

export const openStore = async ({ endpoint }: Engine): Promise<Store> => {
  const client = documentClient(endpoint, { attempts: 5, connect: 5_000, response: 5_000 });
  const table = `faults-${randomUUID()}`;
  await createTable(client, table);
  const write = (item: Record<string, unknown>) => client.send(new PutCommand({ TableName: table, Item: item }));
  const read = async (key: ItemKey) =>
    (await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  const create = async (key: RecordKey, { email, ...fields }: Record<string, unknown>) => {
    await write({ ...keyOf(key), name: 'before', version: 1, ...fields, ...(email !== undefined && { email }) });
    if (typeof email === 'string') await write({ ...claimKeyOf(email), workspaceId: key.workspaceId });
    return key;
  };
  return {
    engine: endpoint,
    table,
    newWorkspace: (fields = {}) => create({ workspaceId: randomUUID() }, fields),
    newClient: (fields = {}) => create({ workspaceId: randomUUID(), clientId: randomUUID() }, fields),
    item: (key) => read(keyOf(key)),
    overwrite: async (key, fields) => write({ ...(await read(keyOf(key))), ...keyOf(key), ...fields }),
    remove: (key) => client.send(new DeleteCommand({ TableName: table, Key: keyOf(key) })),
    ownerOf: async (email) => (await read(claimKeyOf(email)))?.workspaceId,
    close: () => client.destroy(),
  };
};

/** A response, with its body parsed. */
export type PatchResponse = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

export type PatchRequest = {
  ids: RecordKey;
  body: Record<string, unknown>;
  ifMatch?: string | undefined;
  token?: string | undefined;
};

/** Both functions as Lambda runs them, except that faults can happen on the connection to the engine. */
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
  const clients = endpointHandler(updateClientEndpoint, dependencies);
  const workspaces = endpointHandler(updateWorkspaceEndpoint, dependencies);
  return {
    proxy,
    defects,
    patch: async (request) => {
      const isOfClient = request.ids.clientId !== undefined;
      return isOfClient
        ? responseOf(await clients(asJson(eventFor(updateClientEndpoint, request)), asJson({})))
        : responseOf(await workspaces(asJson(eventFor(updateWorkspaceEndpoint, request)), asJson({})));
    },
    close: async () => {
      client.destroy();
      await proxy.close();
    },
  };
};

/** A token is the id of the workspace in which it grants everything; these suites do not test real tokens. */
const trust: VerifyToken = async (token) => ({ subject: 'tester', grants: new Map([[token, all]]) });
const all: ReadonlySet<string> = new Set([updateClientEndpoint.permission, updateWorkspaceEndpoint.permission]);

/** The event that API Gateway sends for a request. */
export const eventFor = (
  { method, path }: Route,
  { ids, body, ifMatch, token = ids.workspaceId }: PatchRequest,
): GatewayEvent => {
  const target = path.replaceAll(/\{(.+?)\}/g, (_, name: keyof RecordKey) => ids[name] ?? '');
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'if-match': ifMatch,
  };
  const received = {
    method,
    target,
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
