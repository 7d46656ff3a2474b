import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CommandError, messageOf, runCommand } from '../../../infra/command-line.ts';
import { demoSeed } from '../database/demo-seed.ts';
import { readSeed } from '../database/seed-format.ts';
import { seedUsage } from '../database/seed-usage.ts';
import { referencePages } from '../local-service/reference-page.ts';
import { type Service, startService } from '../local-service/service.ts';
import { parseOptions } from './parse-options.ts';
import { readyText } from './ready-text.ts';
import { watchFolders } from './watch.ts';

const usage = `Usage: npm start -- [options]

Starts the whole service locally: a DynamoDB engine with demo data, a token issuer and the API. Routes, functions and table
are those of the synthesised sandbox template; the service reloads when a source file changes.

  --port N      listen on this port (default: the variable PORT, or 3000); 0 for any free port
  --data DIR    store the data in this directory; the default is in memory
  --seed FILE   seed the table from this JSON file instead of the demo data; existing records are never overwritten.
                Lists of records by kind, with the values of fields as in a request:
                ${seedUsage(104).join('\n                ')}
  --bundled     run the functions' bundles, as deployed, instead of their source
  --json        print only one line of JSON when ready: {"url", "token", "database": {"endpoint", "table"}}
  --help        print this

Environment: DYNAMODB_ENDPOINT selects a running engine, TABLE_NAME another table. JWT_ISSUER, JWT_AUDIENCE and
JWT_JWKS_URI (or JWT_JWKS) replace the local token issuer. PATCHWORK_ENGINE=dynamodb-local selects Amazon's engine.
LOG_LEVEL=INFO shows the functions' log.
`;

const options = {
  port: { type: 'string' },
  data: { type: 'string' },
  seed: { type: 'string' },
  bundled: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const portFrom = (option: string | undefined): number => {
  const [name, value] = option === undefined ? ['PORT', process.env.PORT || '3000'] : ['--port', option];
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new CommandError(`${name} must be a number from 0 to 65535, not ${JSON.stringify(value)}.`, 2);
  }
  return Number(value);
};

/** Calls `stop` once, on the first signal to exit, or when the terminal or the parent process is gone. */
const onShutdown = (stop: () => unknown): void => {
  let isStopping = false;
  const once = () => {
    if (!isStopping) stop();
    isStopping = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, once);
  for (const output of [process.stdout, process.stderr]) output.on('error', once);
  // A signal sent only to npm ends the shell between npm and this process, which is then orphaned and gets another parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && once(), 500).unref();
};

const sources = ['functions', 'lib', 'infra'].map((folder) =>
  fileURLToPath(new URL(`../../../${folder}`, import.meta.url)),
);

const reloadOnChange = (service: Service, log: (text: string) => void): void => {
  let last = Promise.resolve();
  const reload = async () => {
    try {
      await service.reload();
      log('Reloaded.');
    } catch (error) {
      log(`Not reloaded: ${messageOf(error)}`);
    }
  };
  watchFolders(sources, () => {
    last = last.then(reload);
  });
};

await runCommand(async () => {
  const { values } = parseOptions(() => parseArgs({ options }));
  if (values.help) return void process.stdout.write(usage);
  if (values.data !== undefined && process.env.DYNAMODB_ENDPOINT) {
    throw new CommandError(
      '--data needs an engine started by this command, but DYNAMODB_ENDPOINT selects a running one: set only one of them.',
      2,
    );
  }
  const port = portFrom(values.port);
  const seed = values.seed === undefined ? demoSeed : await readSeed(values.seed);
  const output = values.json ? process.stderr : process.stdout;

  let service: Service | undefined;
  const stop = async (exitCode: 0 | 1) => {
    // Before it is ready there is nothing to close: child processes exit with this process.
    await service?.close();
    process.exit(exitCode);
  };
  onShutdown(() => stop(0));
  const log = (text: string) => void output.write(`${text}\n`);
  const { data, bundled: isBundled } = values;
  service = await startService({ port, data, seed, isBundled, pages: referencePages, log });
  reloadOnChange(service, log);

  const { url, token, database } = service;
  const { endpoint, table, ended } = database;
  const ready = () => `${JSON.stringify({ url, token, database: { endpoint, table } })}\n`;
  process.stdout.write(values.json ? ready() : readyText(service, seed));
  const lastLine = await ended;
  process.stderr.write(
    `The DynamoDB engine exited (${lastLine}), so the service has stopped: run "npm start" again.\n`,
  );
  await stop(1);
});
