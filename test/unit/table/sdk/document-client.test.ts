import { setFlagsFromString } from 'node:v8';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';
import { documentClient } from '../../../../lib/table/sdk/document-client.ts';
import { needlessMiddleware } from '../../../../lib/table/sdk/remove-middleware.ts';

const stepsOf = (client: { middlewareStack: { identify(): string[] } }) =>
  client.middlewareStack.identify().map((step) => step.split(' - ')[0]);

/** If this fails after an upgrade, the SDK has renamed or dropped the middleware, and removing it by that name does nothing. */
test.for(needlessMiddleware)('the SDK has %s by default, and our client does not', (step) => {
  expect(stepsOf(new DynamoDBClient({}))).toContain(step);
  expect(stepsOf(documentClient())).not.toContain(step);
});

test('all other middleware of the SDK stays', () => {
  const left = stepsOf(new DynamoDBClient({})).filter(
    (step) => !needlessMiddleware.some((needless) => needless === step),
  );
  expect(stepsOf(documentClient())).toEqual(left);
});

/** If this fails, the SDK reuses its signer by itself, or requests it in another way. */
test('the SDK creates a signer for each request by default, and our client creates one', async ({ onTestFinished }) => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const plain = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  expect(await plain.config.signer()).not.toBe(await plain.config.signer());
  const { config } = documentClient();
  const signer = config.signer();
  expect(config.signer()).toBe(signer);
  await signer;
});

/** If this fails, the SDK builds its configuration in another way, or V8 no longer packs it; the piece is then needless. */
test("the SDK's configuration is a hash table to V8 by default, and our client's is not", async ({
  onTestFinished,
}) => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  setFlagsFromString('--allow-natives-syntax');
  const isPacked = new Function('object', 'return %HasFastProperties(object)');
  setFlagsFromString('--no-allow-natives-syntax');
  expect(isPacked(new DynamoDBClient({}).config)).toBe(false);
  const { config } = documentClient();
  expect(isPacked(config)).toBe(true);
  await config.signer();
  expect(isPacked(config)).toBe(true);
});
