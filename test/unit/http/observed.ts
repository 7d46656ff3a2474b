import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { recordKind } from '../../../lib/domain/record-kind.ts';
import { defineEndpoint } from '../../../lib/endpoint.ts';
import { endpointHandler } from '../../../lib/http/endpoint-handler.ts';
import type { GatewayEvent } from '../../../lib/http/gateway-event.ts';
import type { LogLevel } from '../../../lib/http/observe.ts';
import { eventOf as gatewayEventOf } from '../../harness/gateway/event.ts';

/** Stands wherever a caller can put something, and may be in no line. */
export const secret = 'correct horse battery staple';

const things = recordKind({
  name: 'thing',
  sortKey: 'THING',
  ids: { workspaceId: '' },
  record: v.object({ name: v.string(), tags: v.optional(v.array(v.never())) }),
  unique: {},
});

const endpoint = defineEndpoint({
  id: 'rename-thing',
  summary: '',
  description: '',
  method: 'PATCH',
  path: '/v1/{workspaceId}',
  kind: things,
  permission: 'things.rename',
  body: v.object({ name: v.string() }),
  example: {
    ids: { workspaceId: 'w1' },
    stored: { name: '' },
    body: { name: secret },
    mistakes: {},
    reply: { thing: { name: secret } },
  },
});

/** One request, and what the update makes of it. */
export type Attempt = {
  level?: LogLevel;
  workspaceId?: string;
  authorization?: string;
  reply?: { name: unknown; tags?: unknown };
  update?: () => unknown;
};

/** A function whose log lines go to `write`, and what it responds to each request in turn. */
export const observed = (write: (line: string) => void, level: LogLevel = 'INFO') => {
  let current: Attempt = {};
  const handler = endpointHandler(endpoint, {
    verify: async () => ({ subject: 'jane', grants: new Map([['w1', new Set(['things.rename'])]]) }),
    records: {
      update: async () => {
        current.update?.();
        return { version: 1, fields: current.reply ?? { name: secret } };
      },
    },
    log: { level, namespace: 'patchwork-test', write },
  });
  return (attempt: Attempt) => {
    current = attempt;
    return handler(eventOf(attempt), context);
  };
};

/** The lines that one function writes for several requests. */
export const linesOf = async (...attempts: Attempt[]): Promise<string[]> => {
  const lines: string[] = [];
  const respond = observed((line) => lines.push(line), attempts[0]?.level);
  for (const attempt of attempts) await respond(attempt);
  return lines;
};

const route = { method: endpoint.method, path: endpoint.path };

const eventOf = ({ workspaceId = 'w1', authorization = `Bearer ${secret}` }: Attempt): GatewayEvent =>
  gatewayEventOf(
    {
      method: 'PATCH',
      target: `/v1/${secret}?${secret}`,
      rawHeaders: [
        'authorization',
        authorization,
        'content-type',
        'application/json',
        'user-agent',
        secret,
        'x-request-id',
        'forged',
      ],
      body: Buffer.from(JSON.stringify({ name: secret })),
      sourceIp: secret,
      port: 443,
      requestId: 'request-1',
      receivedAt: new Date(),
    },
    { route, parameters: { workspaceId } },
  );

const context: Context = {
  awsRequestId: 'lambda-1',
  functionName: 'rename-thing',
  functionVersion: '1',
  invokedFunctionArn: '',
  memoryLimitInMB: '1024',
  logGroupName: '',
  logStreamName: '',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 10_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

/** An update that throws. */
export const failing = (error: unknown) => () => {
  throw error;
};
