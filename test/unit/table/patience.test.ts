import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '../../../lib/domain/problem.ts';
import { pause, untilNoConflict, within } from '../../../lib/table/patience.ts';

/** Timers that fire when they are told to, and what was waited for, in milliseconds. */
const clock = vi.hoisted(() => {
  const timers = new Map<number, () => void>();
  return { timers, pauses: [] as number[], next: 1 };
});

vi.mock('node:timers', () => ({
  setTimeout: (fire: () => void) => {
    clock.timers.set(clock.next, fire);
    return clock.next++;
  },
  clearTimeout: (timer: number) => clock.timers.delete(timer),
}));
vi.mock('node:timers/promises', () => ({
  setTimeout: async (duration: number, _: unknown, { signal }: { signal: AbortSignal }) => {
    clock.pauses.push(duration);
    signal.throwIfAborted();
  },
}));

const passAll = () => {
  for (const fire of clock.timers.values()) fire();
};

afterEach(() => {
  vi.restoreAllMocks();
  clock.timers.clear();
  clock.pauses.length = 0;
});

describe('within', () => {
  test('gives what the work gives, and leaves no timer behind', async () => {
    expect(await within(5, async () => 'done')).toBe('done');
    await expect(within(5, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(clock.timers.size).toBe(0);
  });

  test('aborts what takes too long', async () => {
    const aborted = within(5, async (deadline) => {
      expect(deadline.aborted).toBe(false);
      passAll();
      return deadline.aborted;
    });
    expect(await aborted).toBe(true);
  });

  test('uses a signal again, but none that was aborted, and none that is in use', async () => {
    const signalOf = (work = () => {}) =>
      within(5, async (deadline) => {
        work();
        return deadline;
      });
    const first = await signalOf();
    expect(await signalOf()).toBe(first);
    const [one, other] = await Promise.all([signalOf(), signalOf()]);
    expect(one).not.toBe(other);
    const aborted = await signalOf(passAll);
    expect(aborted.aborted).toBe(true);
    const later = await Promise.all([signalOf(), signalOf(), signalOf()]);
    expect(later.map((signal) => signal.aborted)).toEqual([false, false, false]);
  });
});

describe('pause', () => {
  test.each([
    [1, 50],
    [2, 100],
    [3, 200],
    [4, 400],
    [5, 400],
    [100, 400],
  ])('before attempt %i takes up to %i ms', async (attempt, longest) => {
    const { signal } = new AbortController();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    await pause(attempt, signal);
    expect(clock.pauses).toEqual([longest / 2]);
  });

  test('ends with the deadline', async () => {
    await expect(pause(1, AbortSignal.abort())).rejects.toMatchObject({
      code: 'unavailable',
      cause: { name: 'AbortError' },
    });
  });
});

describe('untilNoConflict', () => {
  const newProgress = () => ({ deadline: new AbortController().signal, inDoubt: false });
  const conflict = new Error('conflict');

  test('sends again for as long as there is a conflict, and waits longer each time', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const send = vi
      .fn(async () => 'done')
      .mockRejectedValueOnce(conflict)
      .mockRejectedValueOnce(conflict);
    expect(await untilNoConflict(send, (error) => error === conflict, newProgress())).toBe('done');
    expect(clock.pauses).toEqual([50, 100]);
  });

  test('throws what is no conflict at once', async () => {
    const send = vi.fn().mockRejectedValue(new Problem('internal'));
    await expect(untilNoConflict(send, (error) => error === conflict, newProgress())).rejects.toMatchObject({
      code: 'internal',
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  const refusal = (attempts: number | undefined) =>
    new ConditionalCheckFailedException({ message: '', $metadata: attempts === undefined ? {} : { attempts } });
  test.for([
    { attempts: undefined, inDoubt: false },
    { attempts: 1, inDoubt: false },
    { attempts: 2, inDoubt: true },
  ])('notes doubt about a failure of attempt $attempts: $inDoubt', async ({ attempts, inDoubt }) => {
    const progress = newProgress();
    const send = vi
      .fn(async () => 'done')
      .mockRejectedValueOnce(refusal(attempts))
      .mockRejectedValueOnce(refusal(1));
    await untilNoConflict(send, () => true, progress);
    expect(progress.inDoubt).toBe(inDoubt);
  });
});
