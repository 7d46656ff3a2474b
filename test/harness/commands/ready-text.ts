import type { Seed } from '../database/seed-format.ts';
import { filled } from '../gateway/routes.ts';
import { type Declaration, endpoints } from '../lambda/functions.ts';
import type { Service } from '../local-service/service.ts';

/** The text that `npm start` prints once the service is ready: URLs, a token, and requests to try. */
export const readyText = ({ url, token, database }: Service, seed: Seed): string => {
  const requests = endpoints.flatMap((endpoint) => curlLine(url, token, endpoint, seed) ?? []);
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

/** The declared example as a shell command for the first seeded record of its kind, if there is one. */
const curlLine = (url: string, token: string | null, endpoint: Declaration, seed: Seed): string | undefined => {
  const [record] = seed[endpoint.kind.name] ?? [];
  if (!record) return undefined;
  return [
    `curl -i -X ${endpoint.method} ${url}${filled(endpoint.path, record.ids)}`,
    `-H ${quoted(`Authorization: Bearer ${token ?? 'TOKEN'}`)}`,
    `-H ${quoted('Content-Type: application/json')}`,
    `-d ${quoted(JSON.stringify(endpoint.example.body))}`,
  ].join(' ');
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
