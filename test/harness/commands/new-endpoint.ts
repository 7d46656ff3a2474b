import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CommandError, runCommand } from '../../../infra/command-line.ts';
import { endpoints } from '../lambda/functions.ts';
import { filesOf, indexLine, type NewEndpoint } from './new-endpoint-files.ts';
import { parseOptions } from './parse-options.ts';

const usage = `Usage: npm run new-endpoint -- ID --path PATH --permission NAME

Writes the folder of a new endpoint and its line in functions/index.ts, and generates what follows from them. The result
passes npm test; change its fields from there.

  ID                  verb and noun, such as update-session
  --path PATH         such as '/v1/workspace/{workspaceId}/sessions/{sessionId}'
  --permission NAME   what a token must grant, such as sessions.update
  --help              print this
`;

const options = {
  path: { type: 'string' },
  permission: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const root = fileURLToPath(new URL('../../..', import.meta.url));

const endpointFrom = (
  [id, ...more]: readonly string[],
  { path, permission }: { path?: string | undefined; permission?: string | undefined },
): NewEndpoint => {
  if (id === undefined || more.length > 0 || !/^[a-z]+(-[a-z]+)+$/.test(id)) {
    throw new CommandError('Give one id of a verb and a noun, such as update-session; --help lists the options.', 2);
  }
  if (path === undefined || !/^\/v1\/workspace\/\{workspaceId\}(\/[a-z-]+\/\{[a-z][A-Za-z]*Id\})+$/.test(path)) {
    throw new CommandError(
      "--path must begin with /v1/workspace/{workspaceId} and go on with a name and an id, such as '/v1/workspace/{workspaceId}/sessions/{sessionId}'.",
      2,
    );
  }
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([name]) => name);
  if (new Set(ids).size < ids.length) throw new CommandError('--path has the same id twice; name each differently.', 2);
  if (permission === undefined || !/^[a-z-]+\.[a-z-]+$/.test(permission)) {
    throw new CommandError('--permission must be a name such as sessions.update.', 2);
  }
  return { id, path, permission };
};

/** A path without the names of its ids, which make no difference to a router. */
const shapeOf = (path: string): string => path.replace(/\{\w+\}/g, '{}');

await runCommand(async () => {
  const { values, positionals } = parseOptions(() => parseArgs({ options, allowPositionals: true }));
  if (values.help) return void process.stdout.write(usage);

  const endpoint = endpointFrom(positionals, values);
  const folder = join('functions', endpoint.id);
  if (existsSync(join(root, folder))) throw new CommandError(`${folder} exists already; choose another id.`, 2);
  const taken = endpoints.find(({ path }) => shapeOf(path) === shapeOf(endpoint.path));
  if (taken) throw new CommandError(`The endpoint ${taken.id} has this path already; choose another one.`, 2);

  mkdirSync(join(root, folder));
  for (const [name, text] of Object.entries(filesOf(endpoint))) writeFileSync(join(root, folder, name), text);
  const index = join(root, 'functions', 'index.ts');
  const lines = [...readFileSync(index, 'utf8').split(/(?<=\n)/), indexLine(endpoint)];
  writeFileSync(index, lines.toSorted().join(''));
  execFileSync('npx', ['biome', 'check', '--write', folder], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('npm', ['run', '--silent', 'openapi:write'], { cwd: root, stdio: 'inherit' });
  process.stdout.write(
    `Wrote ${folder} and its line in functions/index.ts, functions/openapi.json and functions/paths.ts.\n` +
      `Next: change the fields in ${folder}, run npm run openapi:write, then npm test.\n`,
  );
});
