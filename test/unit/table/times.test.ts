import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, test, vi } from 'vitest';
import type { Table } from '../../../lib/table/table.ts';
import { startLocalServer } from '../../faults/local-server.ts';

/** The times that the documentation states: a response comes before Lambda ends the function after ten seconds. */
const connect = 500;
const response = 1_000;
const attempts = 3;
const update = 5_000;

const opened = vi.hoisted((): Omit<Table, 'sendUpdate'>[] => []);
vi.mock('../../../lib/table/records.ts', () => ({
  recordsIn: (table: Table) => {
    opened.push(table);
    return { update: () => Promise.reject(new Error('not to be called')) };
  },
}));

afterEach(() => vi.unstubAllEnvs());

const openTable = async (): Promise<Omit<Table, 'sendUpdate'>> => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('TABLE_NAME', 'table');
  vi.stubEnv('JWT_ISSUER', 'https://issuer.example/');
  vi.stubEnv('JWT_AUDIENCE', 'patchwork');
  vi.stubEnv('JWT_JWKS_URI', 'https://issuer.example/keys');
  vi.resetModules();
  await import('../../../lib/dependencies.ts');
  const table = opened.at(-1);
  if (!table) throw new Error('The functions open no table.');
  return table;
};

/** What the request handler was configured with; it works that out when it sends its first request. */
const handlerOptions = async (endpoint: string) => {
  vi.stubEnv('DYNAMODB_ENDPOINT', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  const { client } = await openTable();
  await client.send(new UpdateCommand({ TableName: 'table', Key: { pk: 'a', sk: 'b' } }));
  const { requestHandler } = client.config;
  const { DeadlineHandler } = await import('../../../lib/table/sdk/deadline.ts');
  if (!(requestHandler instanceof DeadlineHandler)) throw new Error('Requests are sent without a deadline.');
  return requestHandler.httpHandlerConfigs();
};

test('an attempt gets half a second to connect and a second for its response, to the last byte', async ({
  onTestFinished,
}) => {
  const server = await startLocalServer((_, response) => response.end('{}'));
  onTestFinished(server.close);
  expect(await handlerOptions(server.url)).toMatchObject({
    connectionTimeout: connect,
    requestTimeout: response,
    socketTimeout: response,
    throwOnRequestTimeout: true,
  });
});

test('a request is sent three times at most, and an update ends after five seconds', async () => {
  const { client, timeout } = await openTable();
  const strategy = await client.config.retryStrategy();
  if (!('acquireInitialRetryToken' in strategy)) throw new Error('The SDK has another kind of retries.');
  const transient = { errorType: 'TRANSIENT' } as const;
  let token = await strategy.acquireInitialRetryToken('');
  for (let sent = 1; sent < attempts; sent++) token = await strategy.refreshRetryTokenForRetry(token, transient);
  await expect(strategy.refreshRetryTokenForRetry(token, transient)).rejects.toThrow();
  expect(timeout).toBe(update);
  expect(attempts * (connect + response)).toBeLessThan(update);
});

test('a number above 2^53 is written, since the body is known to keep it exactly', async () => {
  const { client } = await openTable();
  expect(client.config.translateConfig).toMatchObject({ marshallOptions: { allowImpreciseNumbers: true } });
});
