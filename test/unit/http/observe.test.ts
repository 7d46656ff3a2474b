import { describe, expect, test } from 'vitest';
import { Problem } from '../../../lib/domain/problem.ts';
import { stackFramesIn } from '../../../lib/http/stack-frames.ts';
import { type Attempt, failing, linesOf, observed, secret } from './observed.ts';

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
    expect(JSON.parse(line)).toMatchObject({
      level: 'ERROR',
      status: 500,
      error: 'ValiError',
      attributes: ['thing.name'],
    });
    expect(JSON.parse(many)).toMatchObject({ attributes: [0, 1, 2, 3, 4].map((index) => `thing.tags.${index}`) });
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
    const respond = observed(() => {
      throw Object.assign(new Error('write EAGAIN'), { code: 'EAGAIN' });
    });
    expect(await respond(attempt)).toMatchObject({ statusCode: status });
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

describe('stackFramesIn', () => {
  test('gives at most five, and none for what has no stack', () => {
    const deep = (depth: number): Error => (depth === 0 ? new Error('deep') : deep(depth - 1));
    expect(stackFramesIn(deep(9))).toHaveLength(5);
    expect(stackFramesIn(Object.assign(new Error(), { stack: undefined }))).toEqual([]);
    expect(stackFramesIn({ stack: 'at x:1:1' })).toEqual([]);
  });
});
