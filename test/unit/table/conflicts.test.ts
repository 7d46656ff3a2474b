import { afterEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '../../../lib/domain/problem.ts';
import { pause, untilNoConflict } from '../../../lib/table/conflicts.ts';

/** The pauses, in milliseconds. */
const pauses = vi.hoisted((): number[] => []);

vi.mock('node:timers/promises', () => ({
  setTimeout: async (duration: number, _: unknown, { signal }: { signal: AbortSignal }) => {
    pauses.push(duration);
    signal.throwIfAborted();
  },
}));

afterEach(() => {
  vi.restoreAllMocks();
  pauses.length = 0;
});

describe('pause', () => {
  test.each([
    [1, 50],
    [2, 100],
    [3, 200],
    [4, 400],
    [5, 400],
    [100, 400],
  ])('before attempt %i takes at most %i ms', async (attempt, limit) => {
    const { signal } = new AbortController();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    await pause(attempt, signal);
    expect(pauses).toEqual([limit / 2]);
  });

  test('ends with the deadline', async () => {
    await expect(pause(1, AbortSignal.abort())).rejects.toMatchObject({
      code: 'unavailable',
      cause: { name: 'AbortError' },
    });
  });
});

describe('untilNoConflict', () => {
  const { signal } = new AbortController();
  const conflict = new Error('conflict');

  test('retries as long as there is a conflict, and waits longer each time', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const send = vi
      .fn(async () => 'done')
      .mockRejectedValueOnce(conflict)
      .mockRejectedValueOnce(conflict);
    expect(await untilNoConflict(send, (error) => error === conflict, signal)).toBe('done');
    expect(pauses).toEqual([50, 100]);
  });

  test('throws any other error immediately', async () => {
    const send = vi.fn().mockRejectedValue(new Problem('internal'));
    await expect(untilNoConflict(send, (error) => error === conflict, signal)).rejects.toMatchObject({
      code: 'internal',
    });
    expect(send).toHaveBeenCalledTimes(1);
  });
});
