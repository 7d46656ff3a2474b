import { afterEach, expect, test, vi } from 'vitest';
import { documentClient } from '../../../lib/table/client.ts';
import { updateSender } from '../../../lib/table/send-update.ts';
import { startLocalServer } from '../../faults/local-server.ts';

afterEach(() => vi.unstubAllEnvs());

const useKey = (id: string, expiry: Date) => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', expiry.toISOString());
};

test('each request is signed with the credentials of its moment', async ({ onTestFinished }) => {
  const signatures: string[] = [];
  const server = await startLocalServer(({ headers }, response) => {
    signatures.push(headers.authorization ?? '');
    response.end('{}');
  });
  const expiring = new Date(Date.now() + 60_000);
  useKey('first', expiring);
  const client = documentClient(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const send = updateSender(client);
  const { signal } = new AbortController();

  await send({ TableName: 'table', Key: {} }, signal);
  useKey('second', expiring);
  await send({ TableName: 'table', Key: {} }, signal);

  expect(signatures.map((it) => /Credential=(\w+)/.exec(it)?.[1])).toEqual(['first', 'second']);
  expect(signatures[0]).toContain('/eu-central-1/dynamodb/aws4_request');
});
