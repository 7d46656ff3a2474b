import { BatchGetCommand, BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stage } from './stage.ts';

/** The maximum number of items in one batch of writes. */
const batchSize = 25;

const batchesOf = <One>(all: readonly One[]): One[][] =>
  Array.from({ length: Math.ceil(all.length / batchSize) }, (_, index) =>
    all.slice(index * batchSize, (index + 1) * batchSize),
  );

/** Direct access to the records of a stage in DynamoDB; reads at most 100 items at a time. */
export const tableAccess = (
  client: DynamoDBDocumentClient,
  table: string,
): Pick<Stage, 'put' | 'items' | 'remove'> => ({
  put: async (...items) => {
    for (const batch of batchesOf(items)) {
      const requests = batch.map((item) => ({ PutRequest: { Item: item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
  },
  items: async (keys) => {
    const request = { Keys: [...keys], ConsistentRead: true };
    const { Responses = {} } = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
    return keys.map(({ pk, sk }) => Responses[table]?.find((item) => item.pk === pk && item.sk === sk));
  },
  remove: async (...keys) => {
    for (const batch of batchesOf(keys)) {
      const requests = batch.map((key) => ({ DeleteRequest: { Key: key } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
  },
});
