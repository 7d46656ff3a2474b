import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../infra/command-line.ts';
import { fullStop } from './full-stop.ts';

/** Another program that serves HTTP at `endpoint` until it is closed. */
export type Server = {
  endpoint: string;
  close(): Promise<void>;
  /** Settles only if the program ends before it is closed: with the last line that it wrote. */
  ended: Promise<string>;
};

const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
const attempts = 3;
/** Java needs a second or two, on a busy machine many more. In milliseconds. */
const startTimeout = 60_000;

/**
 * Starts a program that serves HTTP on a port of this machine. It ends with this process.
 *
 * @throws CommandError if it does not start
 */
export const startServer = async (
  name: string,
  command: (port: number) => string[],
  environment: NodeJS.ProcessEnv,
): Promise<Server> => {
  let lastWords = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Another process may take the port between our look and the program's; then the program ends and we look again.
    const started = await launch(command, await freePort(), environment);
    if ('endpoint' in started) return started;
    lastWords = started.lastWords;
  }
  throw new CommandError(`${name} did not start: ${fullStop(lastWords || 'it said nothing')}`);
};

/** A port of the loopback interface that nobody listens on now. */
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
): Promise<Server | { lastWords: string }> => {
  // Detached, so that Ctrl-C reaches this process alone, which then ends the program when nothing needs it any more.
  const child = spawn(process.execPath, [supervisor, ...command(port)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2000);
  });
  const lastWords = () => output.trim().split('\n').at(-1) ?? '';
  const closed = once(child, 'close');
  let isClosing = false;
  const close = async () => {
    isClosing = true;
    child.stdin.end();
    await closed;
  };
  const ended = new Promise<string>((resolve) => {
    child.once('close', () => isClosing || resolve(lastWords()));
  });

  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startTimeout;
  while (child.exitCode === null && Date.now() < deadline) {
    if ((await answers(endpoint)) && child.exitCode === null) return { endpoint, close, ended };
    await pause(20);
  }
  await close();
  return { lastWords: lastWords() };
};

/** Whether anything speaks HTTP at the endpoint; any status will do. */
export const answers = async (endpoint: string): Promise<boolean> => {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
};
