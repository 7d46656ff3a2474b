import { AsyncLocalStorage } from 'node:async_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Problem } from '../../domain/problem.ts';

/** The state that the requests of one update share. */
export type Progress = {
  deadline: AbortSignal;
  /**
   * Whether one of them may have been applied, or may be still, without a response that confirms it. From then on, the refusal
   * of a later one does not prove that nothing was written.
   */
  inDoubt: boolean;
};

const current = new AsyncLocalStorage<Progress>();

/**
 * Runs `work` with a signal that aborts after `timeout` ms. At that point, requests in flight are aborted, and none are sent
 * afterwards. Unlike the timer of `AbortSignal.timeout`, this one is cleared when the work ends.
 *
 * @throws Problem `unavailable` at the deadline
 */
export const within = async <Result>(
  timeout: number,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  const progress: Progress = { deadline: controller.signal, inDoubt: false };
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    reject(new Problem('unavailable', { cause: controller.signal.reason }));
  }, timeout);
  try {
    return await Promise.race([current.run(progress, () => work(progress)), expired]);
  } finally {
    clearTimeout(timer);
  }
};

/** Notes that a request of the current work failed in a way that leaves open whether it was applied. */
export const noteDoubt = (): void => {
  const progress = current.getStore();
  if (progress) progress.inDoubt = true;
};

/**
 * Aborts each request at the deadline of the work that sends it. The SDK's own option, an `abortSignal` per request, does not
 * work with middleware that is resolved once; without both, a warm request costs 1.12 times as much [1.09, 1.16].
 */
export class DeadlineHandler extends NodeHttpHandler {
  override handle(...[request, options = {}]: Parameters<NodeHttpHandler['handle']>) {
    const abortSignal = options.abortSignal ?? current.getStore()?.deadline;
    return super.handle(request, abortSignal ? { ...options, abortSignal } : options);
  }
}
