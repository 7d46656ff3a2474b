import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** To the worker: an event as JSON, and when its time is up, in milliseconds since 1970. */
export type Call = { id: string; event: string; deadline: number };

/** From the worker: that it is loaded, or what became of a call: the result as JSON, or the stack of what was thrown. */
export type Outcome = 'ready' | { id: string; result: string } | { id: string; error: string };

export type FunctionOptions = {
  name: string;
  /** The module that exports `handler`. */
  file: string;
  /** All that the function sees of the environment. */
  environment: NodeJS.ProcessEnv;
  /** How long one call may take, in milliseconds. */
  timeout?: number;
  /** Takes what the function writes to standard output and standard error. */
  log?: (text: string) => void;
};

/** A function that runs as Lambda runs it: loaded once, apart from this process's globals, JSON in and out. */
export type LambdaFunction = { invoke(event: unknown): Promise<unknown>; close(): Promise<void> };

type Instance = {
  ready: Promise<void>;
  isUsable: boolean;
  call(event: unknown): Promise<unknown>;
  end(): Promise<number>;
};

const workerFile = new URL('./lambda-worker.ts', import.meta.url);

/**
 * Loads a function in a worker thread, so that its environment is its own, and so that one which crashes or hangs takes
 * nothing else with it: the next call finds a new one. Unlike Lambda's, it takes several calls at once.
 *
 * @throws Error if the module cannot be loaded
 */
export const startFunction = async (options: FunctionOptions): Promise<LambdaFunction> => {
  let current = newInstance(options);
  const instances = [current];
  const close = async () => void (await Promise.all(instances.map((instance) => instance.end())));
  await current.ready.catch(async (error) => {
    await close();
    throw error;
  });
  return {
    invoke: (event) => {
      if (!current.isUsable) {
        current = newInstance(options);
        instances.push(current);
      }
      return current.call(event);
    },
    close,
  };
};

const newInstance = ({ name, file, environment, timeout = 10_000, log = () => {} }: FunctionOptions): Instance => {
  const worker = new Worker(workerFile, {
    workerData: { name, file },
    env: environment,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  for (const output of [worker.stdout, worker.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
  }
  const calls = new Map<string, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});

  const fail = (error: Error) => {
    instance.isUsable = false;
    ready.reject(error);
    for (const call of calls.values()) call.reject(error);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`${name} ended with exit code ${code}`)));
  worker.on('message', (outcome: Outcome) => {
    if (outcome === 'ready') return ready.resolve();
    const call = calls.get(outcome.id);
    if ('result' in outcome) call?.resolve(JSON.parse(outcome.result));
    else call?.reject(Object.assign(new Error(`${name} threw`), { stack: outcome.error }));
  });

  const instance: Instance = {
    ready: ready.promise,
    isUsable: true,
    call: async (event) => {
      await ready.promise;
      const id = randomUUID();
      const call = Promise.withResolvers<unknown>();
      calls.set(id, call);
      const timer = setTimeout(() => {
        // It may hang for good. It gets no further calls, and ends when those that it has are over.
        instance.isUsable = false;
        call.reject(new Error(`${name} timed out after ${timeout} ms`));
      }, timeout);
      try {
        worker.postMessage({ id, event: JSON.stringify(event), deadline: Date.now() + timeout } satisfies Call);
        return await call.promise;
      } finally {
        clearTimeout(timer);
        calls.delete(id);
        if (!instance.isUsable && calls.size === 0) void worker.terminate();
      }
    },
    end: () => worker.terminate(),
  };
  return instance;
};
