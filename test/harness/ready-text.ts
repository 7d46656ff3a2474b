import { type Declaration, endpoints } from './functions.ts';
import type { Seed } from './seed.ts';
import type { Service } from './service.ts';

/** What a person needs next, once the service runs. */
export const readyText = ({ url, token, database }: Service, seed: Seed): string => {
  const ids = idsIn(seed);
  const requests = endpoints.flatMap((endpoint) => curlLine(url, token, endpoint, ids) ?? []);
  return [
    `Patchwork listens on ${url}`,
    `Open ${url}/ in a browser to read about it and to try it; ${url}/openapi.json is for programs.`,
    `Its database is ${database.endpoint}, table ${database.table}; any DynamoDB tool can look, with any credentials.`,
    '',
    ...(token === null
      ? ['The tokens come from your own issuer (JWT_ISSUER); put one where TOKEN stands.']
      : [
          'A token for the seeded workspaces, good for 12 hours ("npm run --silent token" makes others):',
          '',
          `export TOKEN=${token}`,
        ]),
    '',
    ...(requests.length > 0 ? ['Try it:', '', ...requests, ''] : []),
    'Ctrl-C stops everything that was started.',
    '',
  ].join('\n');
};

type Ids = Record<string, string | undefined>;

/** The first workspace that has a client, and that client; else the first workspace. */
const idsIn = ({ workspaces }: Seed): Ids => {
  const workspace = workspaces.find(({ clients }) => clients.length > 0) ?? workspaces[0];
  return { workspaceId: workspace?.id, clientId: workspace?.clients[0]?.id };
};

/** The declared example as a line for the shell, or nothing if the seed has no record for it. */
const curlLine = (
  url: string,
  token: string | null,
  { method, path, example }: Declaration,
  ids: Ids,
): string | undefined => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (whole, name) => ids[name] ?? whole);
  if (filled.includes('{')) return undefined;
  return [
    `curl -i -X ${method} ${url}${filled}`,
    `-H ${quoted(`Authorization: Bearer ${token ?? 'TOKEN'}`)}`,
    `-H ${quoted('Content-Type: application/json')}`,
    `-d ${quoted(JSON.stringify(example.body))}`,
  ].join(' ');
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
