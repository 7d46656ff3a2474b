import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { documentClient } from '../../../../lib/table/sdk/document-client.ts';
import { needlessMiddleware } from '../../../../lib/table/sdk/remove-middleware.ts';

const stepsOf = (client: { middlewareStack: { identify(): string[] } }) =>
  client.middlewareStack.identify().map((step) => step.split(' - ')[0]);

/** If this fails after an upgrade of the SDK, it has renamed or dropped a step, and leaving it out by that name does nothing. */
test.for(needlessMiddleware)('the SDK has the step %s by itself, and our client does not', (step) => {
  expect(stepsOf(new DynamoDBClient({}))).toContain(step);
  expect(stepsOf(documentClient())).not.toContain(step);
});

test('every other step of the SDK is left in', () => {
  const left = stepsOf(new DynamoDBClient({})).filter(
    (step) => !needlessMiddleware.some((needless) => needless === step),
  );
  expect(stepsOf(documentClient())).toEqual(left);
});

/** If this fails, the SDK reuses its signer by itself, or asks for it in another way. */
test('the SDK makes a signer for each request by itself, and our client makes one', async () => {
  const plain = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  expect(await plain.config.signer()).not.toBe(await plain.config.signer());
  const { config } = documentClient();
  expect(config.signer()).toBe(config.signer());
});
