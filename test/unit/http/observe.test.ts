import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Id } from '../../../lib/domain/fields.ts';
import { Problem } from '../../../lib/domain/problem.ts';
import { commonProblems, defineEndpoint } from '../../../lib/endpoint.ts';
import { handle } from '../../../lib/http/handle.ts';
import type { LogLevel } from '../../../lib/http/observe.ts';
import { placesIn } from '../../../lib/http/places.ts';
import { eventOf as gatewayEventOf } from '../../harness/event.ts';

/** Stands wherever a caller can put something, and may be in no line. */
const secret = 'correct horse battery staple';

const endpoint = defineEndpoint({
  id: 'rename-thing',
  summary: '',
  description: '',
  method: 'PATCH',
  path: '/v1/{workspaceId}',
  ids: v.object({ workspaceId: Id }),
  permission: 'things.rename',
  body: v.object({ name: v.string() }),
  reply: v.object({ name: v.string(), tags: v.optional(v.array(v.never())) }),
  problems: commonProblems,
  tableActions: [],
  tablePartitions: [],
  example: { ids: { workspaceId: 'w1' }, body: { name: secret }, mistakes: {}, reply: { name: secret } },
});

/** A handler of which only the log can be told to fail. */
const handlerThatLogs = (write: (line: string) => void) =>
  handle(endpoint, async () => ({ version: 1, reply: { name: secret } }), {
    verify: async () => ({ subject: 'jane', grants: new Map([['w1', new Set(['things.rename'])]]) }),
    records: { update: async () => ({ version: 1, fields: {} }) },
    log: { level: 'INFO', namespace: 'patchwork-test', write },
  });

type Attempt = {
  level?: LogLevel;
  workspaceId?: string;
  authorization?: string;
  reply?: unknown;
  update?: () => unknown;
};

/** The lines of one function, told of each request in turn. */
const linesOf = async (...attempts: Attempt[]): Promise<string[]> => {
  const lines: string[] = [];
  let update = (): unknown => undefined;
  let reply: unknown;
  const handler = handle(
    endpoint,
    async () => {
      update();
      return { version: 1, reply };
    },
    {
      verify: async () => ({ subject: 'jane', grants: new Map([['w1', new Set(['things.rename'])]]) }),
      records: { update: async () => ({ version: 1, fields: {} }) },
      log: { level: attempts[0]?.level ?? 'INFO', namespace: 'patchwork-test', write: (line) => lines.push(line) },
    },
  );
  for (const attempt of attempts) {
    update = attempt.update ?? (() => undefined);
    reply = 'reply' in attempt ? attempt.reply : { name: secret };
    await handler(eventOf(attempt), context);
  }
  return lines;
};

const route = { method: endpoint.method, path: endpoint.path };

/** The handler's type asks for what its own steps put on the event, so this is told to be any event at all. */
const eventOf = ({ workspaceId = 'w1', authorization = `Bearer ${secret}` }: Attempt): never =>
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
  ) as never;

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

const failing = (error: unknown) => () => {
  throw error;
};

describe('A request writes one line', () => {
  test('that says who did what where, how it ended and how long it took', async () => {
    const [line = '', ...others] = await linesOf({});
    expect(others).toEqual([]);
    expect(JSON.parse(line)).toEqual({
      level: 'INFO',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requestId: 'request-1',
      lambdaRequestId: 'lambda-1',
      endpoint: 'rename-thing',
      workspaceId: 'w1',
      caller: 'jane',
      status: 200,
      outcome: 'success',
      duration: expect.any(Number),
      coldStart: true,
      requests: 1,
      failed: 0,
      _aws: { Timestamp: expect.any(Number), CloudWatchMetrics: expect.any(Array) },
    });
  });

  test('with metrics as CloudWatch wants them', async () => {
    const [line = ''] = await linesOf({});
    const members = JSON.parse(line);
    const directives = members._aws.CloudWatchMetrics;
    // The alarms and the dashboard look for these, by name, unit and dimensions.
    expect(directives).toEqual([
      {
        Namespace: 'patchwork-test',
        Dimensions: [['endpoint', 'outcome']],
        Metrics: [{ Name: 'requests', Unit: 'Count' }],
      },
      {
        Namespace: 'patchwork-test',
        Dimensions: [['endpoint']],
        Metrics: [
          { Name: 'duration', Unit: 'Milliseconds' },
          { Name: 'failed', Unit: 'Count' },
        ],
      },
    ]);
    for (const { Dimensions, Metrics } of directives) {
      for (const name of Dimensions.flat()) expect(members[name]).toEqual(expect.any(String));
      for (const { Name } of Metrics) expect(members[Name]).toEqual(expect.any(Number));
    }
  });

  test('with its time stamp and its duration in milliseconds', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2024, 0, 15, 10) });
    onTestFinished(() => void vi.useRealTimers());
    const update = () => void vi.advanceTimersByTime(250);
    const lines = await linesOf({ update }, {}, { authorization: '' });
    const timestamp = '2024-01-15T10:00:00.250Z';
    const _aws = { Timestamp: Date.parse(timestamp) };
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { timestamp, _aws, duration: 250 },
      { timestamp, _aws, duration: 0 },
      { timestamp, _aws, duration: 0 },
    ]);
  });

  test('that counts as failed if it is a defect or the service was not available', async () => {
    const lines = await linesOf(
      {},
      { authorization: '' },
      { update: failing(new Problem('not-found')) },
      { update: failing(new Problem('unavailable')) },
      { update: failing(new TypeError()) },
    );
    expect(
      lines.map((line) => JSON.parse(line)).map(({ status, failed, requests }) => [status, failed, requests]),
    ).toEqual([
      [200, 0, 1],
      [401, 0, 1],
      [404, 0, 1],
      [503, 1, 1],
      [500, 1, 1],
    ]);
  });

  test('and nothing else: Lambda wraps what goes to the console, and CloudWatch then finds no metrics in it', async () => {
    const spies = [
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
    ];
    onTestFinished(() => void vi.restoreAllMocks());
    const lines = await linesOf({}, { authorization: '' }, { update: failing(new TypeError()) });
    expect(lines).toHaveLength(3);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  test('with the id that the gateway gave the request, whatever the caller says', async () => {
    const [line = ''] = await linesOf({});
    expect(JSON.parse(line)).toMatchObject({ requestId: 'request-1', lambdaRequestId: 'lambda-1' });
    expect(line).not.toContain('forged');
  });

  test('and only the first is a cold start', async () => {
    const lines = await linesOf({}, { update: failing(new Problem('not-found')) }, {});
    expect(lines.map((line) => JSON.parse(line).coldStart)).toEqual([true, false, false]);
  });

  test('of one level for the caller’s faults, one for what may pass, and one for defects', async () => {
    const lines = await linesOf(
      { authorization: '' },
      { update: failing(new Problem('stale-version', { version: 3 })) },
      { update: failing(new Problem('unavailable', { cause: new Error(secret) })) },
      { update: failing(new TypeError(secret)) },
      { update: failing(new Problem('email-taken')) },
    );
    expect(lines.map((line) => JSON.parse(line)).map(({ level, status, outcome }) => [level, status, outcome])).toEqual(
      [
        ['INFO', 401, 'missing-token'],
        ['INFO', 412, 'stale-version'],
        ['WARN', 503, 'unavailable'],
        ['ERROR', 500, 'internal'],
        ['ERROR', 500, 'internal'],
      ],
    );
  });

  test('that names what is behind a defect, and where it was thrown', async () => {
    const lines = await linesOf({ update: failing(new TypeError(secret)) }, { update: failing(secret) });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { error: 'TypeError', at: expect.arrayContaining([expect.stringMatching(/^observe\.test\.ts:\d+:\d+$/)]) },
      { error: 'string', at: [] },
    ]);
  });
});

describe('A stored record that cannot be returned', () => {
  test('is a defect that names up to five attributes, and none of their values', async () => {
    const [line = '', many = ''] = await linesOf(
      { reply: { name: [secret] } },
      { reply: { name: 'a', tags: [...'abcdef'] } },
    );
    expect(JSON.parse(line)).toMatchObject({ level: 'ERROR', status: 500, error: 'ValiError', attributes: ['name'] });
    expect(JSON.parse(many)).toMatchObject({ attributes: [0, 1, 2, 3, 4].map((index) => `tags.${index}`) });
    expect(line + many).not.toContain(secret);
  });

  test('is the only thing that has attributes named', async () => {
    const lines = await linesOf(
      {},
      { update: failing(new TypeError()) },
      { update: failing(new Problem('not-found')) },
    );
    for (const line of lines) expect(JSON.parse(line)).not.toHaveProperty('attributes');
  });
});

describe('A line that cannot be written', () => {
  test.each<[string, Attempt, number]>([
    ['a stored change', {}, 200],
    ['a problem', { authorization: '' }, 401],
  ])('does not cost %s its response', async (_, attempt, status) => {
    const handler = handlerThatLogs(() => {
      throw Object.assign(new Error('write EAGAIN'), { code: 'EAGAIN' });
    });
    expect(await handler(eventOf(attempt), context)).toMatchObject({ statusCode: status });
  });
});

describe('LOG_LEVEL', () => {
  const attempts = [{}, { update: failing(new Problem('unavailable')) }, { update: failing(new Error()) }];

  test.each([
    ['INFO', [200, 503, 500]],
    ['ERROR', [500]],
    ['SILENT', []],
  ] as const)('%s', async (level, statuses) => {
    const lines = await linesOf(...attempts.map((attempt) => ({ ...attempt, level })));
    expect(lines.map((line) => JSON.parse(line).status)).toEqual(statuses);
  });
});

describe('No line holds what was sent', () => {
  test.each<[string, Attempt]>([
    ['a success', {}],
    ['no token', { authorization: secret }],
    ['an id that is none', { workspaceId: secret }],
    [
      'a problem',
      { update: failing(new Problem('invalid-fields', { errors: [{ pointer: secret, detail: secret }] })) },
    ],
    ['a defect', { update: failing(new Error(`${secret}\n    at ${secret} (/${secret}:1:1)`)) }],
    ['a defect with a cause', { update: failing(new Error(secret, { cause: secret })) }],
    ['a time-out', { update: failing(new Problem('unavailable', { cause: new Error(secret) })) }],
  ])('%s', async (_, attempt) => {
    const lines = await linesOf(attempt);
    expect(lines).toHaveLength(1);
    for (const word of [secret, ...secret.split(' ')]) expect(lines.join('\n')).not.toContain(word);
  });
});

describe('placesIn', () => {
  test('gives at most five, and none for what has no stack', () => {
    const deep = (depth: number): Error => (depth === 0 ? new Error('deep') : deep(depth - 1));
    expect(placesIn(deep(9))).toHaveLength(5);
    expect(placesIn(Object.assign(new Error(), { stack: undefined }))).toEqual([]);
    expect(placesIn({ stack: 'at x:1:1' })).toEqual([]);
  });
});
