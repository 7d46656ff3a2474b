import { setTimeout } from 'node:timers/promises';
import { Problem } from '../domain/problem.ts';

/** The limit of a pause in milliseconds: before it doubles with every attempt, and at most. */
const basePause = 25;
const maxPause = 400;

/**
 * Waits before another attempt, for a random time (full jitter) of up to 25 ms times two to the power of `attempt`, and at
 * most 400 ms, so that writers that conflicted once are unlikely to conflict again.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @throws Problem `unavailable` when the deadline has passed
 */
export const pause = async (attempt: number, deadline: AbortSignal): Promise<void> => {
  const limit = Math.min(maxPause, basePause * 2 ** attempt);
  try {
    await setTimeout(Math.random() * limit, undefined, { signal: deadline });
  } catch (cause) {
    throw new Problem('unavailable', { cause });
  }
};

/**
 * Repeats `send` while it fails because of another write in flight, which the SDK does not retry.
 *
 * @throws Problem `unavailable` when the deadline has passed; any error of `send` that is not a conflict
 */
export const untilNoConflict = async <Result>(
  send: () => Promise<Result>,
  isConflict: (error: unknown) => boolean,
  deadline: AbortSignal,
): Promise<Result> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    await pause(attempt, deadline);
  }
};
