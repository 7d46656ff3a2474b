import { AsyncLocalStorage } from 'node:async_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Problem } from '../../domain/problem.ts';

const deadlines = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` with a signal that aborts after `timeout` ms. At that point, requests in flight are aborted, and none are sent
 * afterwards. Unlike the timer of `AbortSignal.timeout`, this one is cleared when the work ends.
 *
 * @throws Problem `unavailable` at the deadline
 */
export const within = async <Result>(
  timeout: number,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    reject(new Problem('unavailable', { cause: controller.signal.reason }));
  }, timeout);
  try {
    return await Promise.race([deadlines.run(controller.signal, () => work(controller.signal)), expired]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Aborts each request at the deadline of the work that sends it. The SDK's own option, an `abortSignal` per request, does not
 * work with middleware that is resolved once.
 */
export class DeadlineHandler extends NodeHttpHandler {
  override handle(...[request, options = {}]: Parameters<NodeHttpHandler['handle']>) {
    const abortSignal = options.abortSignal ?? deadlines.getStore();
    return super.handle(request, abortSignal ? { ...options, abortSignal } : options);
  }
}
