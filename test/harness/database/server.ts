import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../../infra/command-line.ts';
import { fullStop } from './full-stop.ts';

/** A child process that serves HTTP at `endpoint` until `close`. */
export type Server = {
  endpoint: string;
  close(): Promise<void>;
  /** Resolves only if the process exits before `close`, to the last line of its output. */
  ended: Promise<string>;
};

const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
const attempts = 3;
/** In milliseconds. Java needs a second or two, on a busy machine many more. */
const startTimeout = 60_000;

/**
 * Starts a program that serves HTTP on a local port. It exits with this process.
 *
 * @param name the program, for the message
 * @throws CommandError if it does not start
 */
export const startServer = async (
  name: string,
  command: (port: number) => string[],
  environment: NodeJS.ProcessEnv,
): Promise<Server> => {
  let lastLine = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Another process may take the port before the program does. The program then exits, and the next attempt uses another.
    const started = await launch(command, await freePort(), environment);
    if ('endpoint' in started) return started;
    lastLine = started.lastLine;
  }
  throw new CommandError(`${name} did not start: ${fullStop(lastLine || 'it printed nothing')}`);
};

/** A port of the loopback interface that is free now. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

const launch = async (
  command: (port: number) => string[],
  port: number,
  env: NodeJS.ProcessEnv,
): Promise<Server | { lastLine: string }> => {
  // Detached, so that Ctrl-C reaches only this process, which stops the program once nothing needs it.
  const child = spawn(process.execPath, [supervisor, ...command(port)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2000);
  });
  const lastLine = () => output.trim().split('\n').at(-1) ?? '';
  const closed = once(child, 'close');
  let isClosing = false;
  const close = async () => {
    isClosing = true;
    child.stdin.end();
    await closed;
  };
  const ended = new Promise<string>((resolve) => {
    child.once('close', () => isClosing || resolve(lastLine()));
  });

  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startTimeout;
  while (child.exitCode === null && Date.now() < deadline) {
    if ((await responds(endpoint)) && child.exitCode === null) return { endpoint, close, ended };
    await pause(20);
  }
  await close();
  return { lastLine: lastLine() };
};

/** Whether an HTTP server responds at the endpoint, with any status. */
export const responds = async (endpoint: string): Promise<boolean> => {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
};
