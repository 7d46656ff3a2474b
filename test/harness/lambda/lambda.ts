import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** To the worker: an event as JSON, and the deadline in milliseconds since 1970. */
export type Call = { id: string; event: string; deadline: number };

/** From the worker: the handler is loaded, or a call ended with a result as JSON or with the stack of an error. */
export type Outcome = 'ready' | { id: string; result: string } | { id: string; error: string };

export type FunctionOptions = {
  name: string;
  /** The module that exports `handler`. */
  file: string;
  /** The function's whole environment. */
  environment: NodeJS.ProcessEnv;
  /** For each call, in milliseconds; 10,000 by default. */
  timeout?: number;
  /** Receives the function's standard output and standard error. */
  log?: (text: string) => void;
};

/** A function that runs like on Lambda: loaded once, isolated from this process's globals, JSON in and out. */
export type LambdaFunction = { invoke(event: unknown): Promise<unknown>; close(): Promise<void> };

type Instance = {
  ready: Promise<void>;
  isUsable: boolean;
  call(event: unknown): Promise<unknown>;
  end(): Promise<number>;
};

const workerFile = new URL('./lambda-worker.ts', import.meta.url);

/**
 * Loads a function in a worker thread, so that it has its own environment and can crash or hang without affecting anything
 * else: the next call starts a new worker. Unlike on Lambda, one instance handles concurrent calls.
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
        // The worker may hang forever. It gets no further calls, and is terminated when its pending calls have ended.
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
