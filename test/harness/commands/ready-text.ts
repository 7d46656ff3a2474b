import type { Seed } from '../database/seed.ts';
import { type Declaration, endpoints } from '../lambda/functions.ts';
import type { Service } from '../local-service/service.ts';

/** The text that `npm start` prints once the service is ready: URLs, a token, and requests to try. */
export const readyText = ({ url, token, database }: Service, seed: Seed): string => {
  const ids = idsIn(seed);
  const requests = endpoints.flatMap((endpoint) => curlLine(url, token, endpoint, ids) ?? []);
  return [
    `Patchwork is listening on ${url}`,
    `Open ${url}/ in a browser to read the API reference and send requests; ${url}/openapi.json is the OpenAPI document.`,
    `Database: ${database.endpoint}, table ${database.table}; open it with any DynamoDB tool and any credentials.`,
    '',
    ...(token === null
      ? ['Tokens come from your own issuer (JWT_ISSUER): replace TOKEN with one of them.']
      : [
          'A token for the seeded workspaces, valid for 12 hours ("npm run --silent token" creates others):',
          '',
          `export TOKEN=${token}`,
        ]),
    '',
    ...(requests.length > 0 ? ['Try it:', '', ...requests, ''] : []),
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');
};

type Ids = Record<string, string | undefined>;

/** The first workspace with a client, and that client; without any client, the first workspace. */
const idsIn = ({ workspaces }: Seed): Ids => {
  const workspace = workspaces.find(({ clients }) => clients.length > 0) ?? workspaces[0];
  return { workspaceId: workspace?.id, clientId: workspace?.clients[0]?.id };
};

/** The declared example as a shell command; `undefined` if the seed has no record for it. */
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
