import { text } from 'node:stream/consumers';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { documentClient } from '../../../../lib/table/sdk/document-client.ts';
import { updateSender } from '../../../../lib/table/sdk/send-update.ts';
import { Sha256 } from '../../../../lib/table/sdk/sha256.ts';
import { startLocalServer } from '../../../faults/local-server.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const useKey = (id: string, expiry: Date) => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', expiry.toISOString());
};

test('each request is signed with the credentials at the time', async ({ onTestFinished }) => {
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

  await send({ TableName: 'table', Key: {} });
  useKey('second', expiring);
  await send({ TableName: 'table', Key: {} });

  expect(signatures.map((it) => /Credential=(\w+)/.exec(it)?.[1])).toEqual(['first', 'second']);
  expect(signatures[0]).toContain('/eu-central-1/dynamodb/aws4_request');
});

/** A table that accepts everything, and what it received; it responds with the key and the values of the request as the item. */
const startTable = async () => {
  const requests: unknown[] = [];
  const server = await startLocalServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    requests.push(body);
    response.end(JSON.stringify({ Attributes: { ...body.Key, ...body.ExpressionAttributeValues } }));
  });
  useKey('any', new Date(Date.now() + 60_000));
  const client = documentClient(server.url);
  return {
    client,
    requests,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server.close();
    },
  };
};

/** If this fails after an upgrade, the SDK caches the middleware of the document client too, and this is not needed. */
test('the middleware is resolved once; the document client resolves it for each request', async () => {
  await using table = await startTable();
  const resolve = vi.spyOn(UpdateItemCommand.prototype, 'resolveMiddleware');
  const send = updateSender(table.client);
  const input = { TableName: 'table', Key: { pk: 'a', sk: 'b' } };

  for (let request = 0; request < 3; request++) await send(input);
  expect(resolve).toHaveBeenCalledTimes(1);

  resolve.mockClear();
  for (let request = 0; request < 3; request++) await table.client.send(new UpdateCommand(input));
  expect(resolve).toHaveBeenCalledTimes(3);
});

/** If this fails after an upgrade, the SDK hashes in another way, and our SHA-256 is not used. */
test('requests are signed with our SHA-256', async () => {
  await using table = await startTable();
  const digest = vi.spyOn(Sha256.prototype, 'digest');
  await updateSender(table.client)({ TableName: 'table', Key: { pk: 'a', sk: 'b' } });
  expect(digest.mock.calls.length).toBeGreaterThan(1);
});

test('requests and results are those of the document client', async () => {
  await using table = await startTable();
  const send = updateSender(table.client);
  // As JSON.parse makes them.
  const plain = { noNullPrototype: true };
  const leaf = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, min: -1e20, max: 1e20 }),
  );
  const value = fc.oneof(leaf, fc.array(leaf), fc.array(fc.dictionary(fc.stringMatching(/^\w{1,8}$/), leaf, plain)));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.stringMatching(/^:[a-z]+$/), value, plain), async (values) => {
      const input = { TableName: 'table', Key: { pk: 'a', sk: 'b' }, ExpressionAttributeValues: values };
      const { Attributes } = await send(input);
      const { Attributes: expected } = await table.client.send(new UpdateCommand(input));
      expect(Attributes).toEqual(expected);
      const [sent, sentByClient] = table.requests.splice(0);
      expect(sent).toEqual(sentByClient);
    }),
    { numRuns: 50 },
  );
});

test('concurrent requests get their own responses', async () => {
  await using table = await startTable();
  const send = updateSender(table.client);
  const keys = Array.from({ length: 50 }, (_, index) => ({ pk: `${index}`, sk: 'b' }));
  const outputs = await Promise.all(keys.map((Key) => send({ TableName: 'table', Key })));
  expect(outputs.map(({ Attributes }) => Attributes)).toEqual(keys);
});
