import { NodeHttpHandler } from '@smithy/node-http-handler';
import type * as piece from '../../../lib/table/sdk/deadline.ts';

/** The deadline of the request in progress: the benchmark sends one at a time. */
export let deadline: AbortSignal;

export const within: typeof piece.within = async (timeout, work) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeout);
  deadline = controller.signal;
  try {
    return await work({ deadline, inDoubt: false });
  } finally {
    clearTimeout(timer);
  }
};

export const DeadlineHandler = NodeHttpHandler;

export const noteDoubt: typeof piece.noteDoubt = () => {};
