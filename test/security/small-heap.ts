/** Runs in a worker thread with a small heap: handlers without a table, for bodies that try to fill the heap. */
import { parentPort } from 'node:worker_threads';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../functions/update-workspace/endpoint.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { type Dependencies, endpointHandler } from '../../lib/http/endpoint-handler.ts';
import { eventOf } from '../harness/gateway/event.ts';
import type { Route } from '../harness/gateway/routes.ts';

/** The outcome of a body: the status, and the size of the response in bytes as Lambda would send it. */
export type Outcome = { status: number | undefined; size: number };

const noRecord = async (): Promise<never> => {
  throw new Problem('not-found');
};
const dependencies: Dependencies = {
  verify: async () => ({
    subject: 'caller',
    grants: new Map([['own', new Set(['clients.update', 'workspace.update'])]]),
  }),
  records: { update: noRecord },
  log: { level: 'SILENT', namespace: '', write: () => {} },
};
const handlers = [
  endpointHandler(updateClientEndpoint, dependencies),
  endpointHandler(updateWorkspaceEndpoint, dependencies),
];

const route: Route = { method: 'PATCH', path: '' };
const parameters = { workspaceId: 'own', clientId: 'mine' };

parentPort?.on('message', async (body: Uint8Array) => {
  const outcomes: Outcome[] = [];
  for (const handler of handlers) {
    const event = eventOf(
      {
        method: 'PATCH',
        target: '/',
        rawHeaders: ['authorization', 'Bearer x', 'content-type', 'application/json'],
        body: Buffer.from(body),
        sourceIp: '127.0.0.1',
        port: 443,
        requestId: 'request',
        receivedAt: new Date(),
      },
      { route, parameters },
    );
    const context = { getRemainingTimeInMillis: () => 10_000 };
    const result = await Reflect.apply(handler, undefined, [event, context]);
    outcomes.push({ status: result.statusCode, size: Buffer.byteLength(JSON.stringify(result)) });
  }
  parentPort?.postMessage(outcomes);
});
