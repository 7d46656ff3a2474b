import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestOptions } from '../../../functions/client.ts';
import type { ProblemCode } from '../../../lib/domain/problem.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import { gateway, lost, operations, pinned, problem, type Reaction } from './client-of.ts';

describe.each(operations)('a retry of $name', ({ clientOf, update, updated }) => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const settled = async <Result>(promise: Promise<Result>): Promise<Result> => {
    promise.catch(() => {});
    await vi.runAllTimersAsync();
    return promise;
  };

  test.each<[string, Reaction]>([
    ['a lost response', lost],
    ['a 503', problem('unavailable', { 'retry-after': '2' })],
    ["a gateway's 503", gateway(503)],
    ["a gateway's 429", gateway(429)],
  ])('follows %s, at most twice, if the request names one version', async (_, reaction) => {
    const client = clientOf([reaction, reaction, updated]);
    expect(await settled(update(client, pinned))).toMatchObject({ status: 200 });
    expect(client.sent.map(({ headers }) => headers.get('if-match'))).toEqual(['"7"', '"7"', '"7"']);
    const hopeless = clientOf([reaction]);
    await settled(update(hopeless, { ifMatch: ['"7"'] })).catch(() => {});
    expect(hopeless.sent).toHaveLength(3);
  });

  test.each<[RequestOptions]>([
    ...([{}, { ifMatch: '*' }, { ifMatch: ['*'] }, { ifMatch: [] }, { ifMatch: '' }] as const).map(
      (options): [RequestOptions] => [options],
    ),
    [{ ifMatch: ['"7"', '"9"'] }],
    [{ ifMatch: '"7", "9"' }],
    [{ ifMatch: ['"7"', '*'] }],
    [{ ...pinned, retries: 0 }],
    [{ retries: Number.NaN }],
  ])('does not follow a request with %j, which could be applied twice', async (options) => {
    for (const reaction of [lost, problem('unavailable'), gateway(429)]) {
      const client = clientOf([reaction, updated]);
      await settled(update(client, options)).catch(() => {});
      expect(client.sent).toHaveLength(1);
    }
  });

  test('follows as often as the caller allows', async () => {
    const client = clientOf([lost, lost, lost, updated]);
    expect(await settled(update(client, { retries: 3 }))).toMatchObject({ status: 200 });
    expect(client.sent).toHaveLength(4);
  });

  test.each<[ProblemCode]>([['internal'], ['email-taken'], ['stale-version'], ['not-found'], ['invalid-token']])(
    'does not follow the problem %s',
    async (code) => {
      const client = clientOf([problem(code), updated]);
      expect(await settled(update(client, pinned))).toMatchObject({ status: problemTypes[code].status });
      expect(client.sent).toHaveLength(1);
    },
  );

  test.each([
    [503, 'unavailable'],
    [429, undefined],
  ] as const)('waits as many seconds as the Retry-After of a %i', async (status, code) => {
    const headers = { 'retry-after': '3' };
    const client = clientOf([code ? problem(code, headers) : gateway(status, headers), updated]);
    const response = update(client, pinned);
    await vi.advanceTimersByTimeAsync(2999);
    expect(client.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(client.sent).toHaveLength(2);
    expect(await response).toMatchObject({ status: 200 });
  });

  test('does not wait for a Retry-After of more than a minute', async () => {
    const minute = clientOf([problem('unavailable', { 'retry-after': '60' }), updated]);
    expect(await settled(update(minute, pinned))).toMatchObject({ status: 200 });
    const longer = clientOf([problem('unavailable', { 'retry-after': '61' }), updated]);
    expect(await settled(update(longer, pinned))).toMatchObject({ status: 503, retryAfter: 61 });
    expect(longer.sent).toHaveLength(1);
  });

  test.each([
    ['a response', lost],
    ['a number of seconds', problem('unavailable', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })],
  ])('waits a random time of at most 200 ms, then 400 ms, without %s', async (_, reaction) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const client = clientOf([reaction, reaction, updated]);
    const response = update(client, pinned);
    for (const [elapsed, count] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
    ] as const) {
      await vi.advanceTimersByTimeAsync(elapsed);
      expect(client.sent).toHaveLength(count);
    }
    expect(await response).toMatchObject({ status: 200 });
    vi.restoreAllMocks();
  });
});

describe.each(operations)('a signal for $name that aborts', ({ clientOf, update, updated }) => {
  const reason = new Error('enough');

  test('before the request sends nothing and asks for no token', async () => {
    const token = vi.fn(() => 't');
    const client = clientOf([updated], { token });
    await expect(update(client, { ...pinned, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([client.sent, token.mock.calls]).toEqual([[], []]);
  });

  test('ends the wait for a token', async () => {
    const abort = new AbortController();
    const client = clientOf([updated], { token: () => new Promise(() => setImmediate(() => abort.abort(reason))) });
    await expect(update(client, { ...pinned, signal: abort.signal })).rejects.toBe(reason);
    expect(client.sent).toEqual([]);
  });

  test.each([{}, pinned])('reaches fetch, whose failure is not retried: with %j', async (options) => {
    const abort = new AbortController();
    const client = clientOf([
      async () => {
        abort.abort(reason);
        throw new TypeError('fetch failed');
      },
      updated,
    ]);
    await expect(update(client, { ...options, signal: abort.signal })).rejects.toBe(reason);
    expect(client.sent.map(({ signal }) => signal)).toEqual([abort.signal]);
  });

  test('ends the wait before a retry immediately, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    const abort = new AbortController();
    const client = clientOf([problem('unavailable', { 'retry-after': '60' }), updated]);
    const response = update(client, { ...pinned, signal: abort.signal });
    response.catch(() => {});
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(1);
    abort.abort(reason);
    await expect(response).rejects.toBe(reason);
    expect([client.sent.length, vi.getTimerCount()]).toEqual([1, 0]);
    vi.useRealTimers();
  });

  test('has no listener left after the request', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await update(clientOf([problem('unavailable', { 'retry-after': '0' }), updated]), { ...pinned, signal });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});
