/** Runs in a worker thread with a small heap: handlers without a table, for bodies that try to fill the heap. */
import { parentPort } from 'node:worker_threads';
import type { GenericSchema } from 'valibot';
import * as declarations from '../../functions/index.ts';
import { Problem } from '../../lib/domain/problem.ts';
import type { RecordIds } from '../../lib/domain/record-kind.ts';
import type { Patch } from '../../lib/domain/records.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { type Dependencies, endpointHandler } from '../../lib/http/endpoint-handler.ts';
import { eventOf } from '../harness/gateway/event.ts';

/** A body for the endpoint with this id. */
export type HeavyRequest = { id: string; body: Uint8Array };

/** The outcome of a body: the status, and the size of the response in bytes as Lambda would send it. */
export type Outcome = { status: number | undefined; size: number };

const endpoints: readonly Endpoint<string, GenericSchema<unknown, RecordIds>, GenericSchema<unknown, Patch>>[] =
  Object.values(declarations);

const noRecord = async (): Promise<never> => {
  throw new Problem('not-found');
};
const dependencies: Dependencies = {
  verify: async () => ({
    subject: 'caller',
    grants: new Map([['own', new Set(endpoints.map(({ permission }) => permission))]]),
  }),
  records: { update: noRecord },
  log: { level: 'SILENT', namespace: '', write: () => {} },
};
const handlers = new Map(
  endpoints.map((endpoint) => [endpoint.id, { endpoint, handler: endpointHandler(endpoint, dependencies) }]),
);

parentPort?.on('message', async ({ id, body }: HeavyRequest) => {
  const { endpoint, handler } = handlers.get(id) ?? {};
  if (!endpoint || !handler) throw new Error(`No endpoint has the id ${id}.`);
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const event = eventOf(
    {
      method: endpoint.method,
      target: '/',
      rawHeaders: ['authorization', 'Bearer x', 'content-type', 'application/json'],
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      port: 443,
      requestId: 'request',
      receivedAt: new Date(),
    },
    { route: endpoint, parameters: Object.fromEntries(names.map((name) => [name, 'own'])) },
  );
  const context = { getRemainingTimeInMillis: () => 10_000 };
  const result = await Reflect.apply(handler, undefined, [event, context]);
  parentPort?.postMessage({ status: result.statusCode, size: Buffer.byteLength(JSON.stringify(result)) });
});
