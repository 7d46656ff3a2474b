import { setTimeout } from 'node:timers/promises';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
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

/** The state that the requests of one update share. */
export type Progress = {
  deadline: AbortSignal;
  /**
   * Whether one of them may have been applied, or may be still, without a response that confirms it. From then on, the refusal
   * of a later one does not prove that nothing was written.
   */
  inDoubt: boolean;
};

/**
 * Repeats `send` while it fails because of another write in flight, which the SDK does not retry. Sets `progress.inDoubt` if a
 * failed request may have been applied.
 *
 * @throws Problem `unavailable` when the deadline has passed; any error of `send` that is not a conflict
 */
export const untilNoConflict = async <Result>(
  send: () => Promise<Result>,
  isConflict: (error: unknown) => boolean,
  progress: Progress,
): Promise<Result> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      progress.inDoubt ||= wasRetried(error);
      if (!isConflict(error)) throw error;
    }
    await pause(attempt, progress.deadline);
  }
};

/** Whether the SDK sent a request more than once, so that the error describes only the last attempt. */
const wasRetried = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1;
