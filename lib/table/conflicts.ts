import { setTimeout } from 'node:timers/promises';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { Problem } from '../domain/problem.ts';

const shortestPause = 25;
const longestPause = 400;

/**
 * Waits before another attempt: up to 25 ms times two to the power of `attempt`, at most 400 ms, drawn by chance so that
 * writers who met once do not meet again.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @throws Problem `unavailable` when the deadline has passed
 */
export const pause = async (attempt: number, deadline: AbortSignal): Promise<void> => {
  const longest = Math.min(longestPause, shortestPause * 2 ** attempt);
  try {
    await setTimeout(Math.random() * longest, undefined, { signal: deadline });
  } catch (cause) {
    throw new Problem('unavailable', { cause });
  }
};

/** What the requests of one update share. */
export type Progress = {
  deadline: AbortSignal;
  /**
   * Whether one of them may have been carried out, or may be yet, without a response that says so. From then on no refusal of a
   * later one can tell that nothing was written.
   */
  inDoubt: boolean;
};

/**
 * Sends until the outcome is anything but a conflict with another write in flight, which the SDK does not retry. Notes in
 * `progress` if a failure leaves doubt.
 *
 * @throws Problem `unavailable` when the deadline has passed; whatever `send` throws that is no conflict
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

/** Whether the SDK sent a request more than once, so that the error is the outcome of its last attempt only. */
const wasRetried = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1;
