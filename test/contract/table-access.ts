import { BatchGetCommand, BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stage } from './stage.ts';

/** Direct access to the records of a stage in DynamoDB, for at most 25 items at a time. */
export const tableAccess = (
  client: DynamoDBDocumentClient,
  table: string,
): Pick<Stage, 'put' | 'items' | 'remove'> => ({
  put: async (...items) => {
    const requests = items.map((item) => ({ PutRequest: { Item: item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  },
  items: async (keys) => {
    const request = { Keys: [...keys], ConsistentRead: true };
    const { Responses = {} } = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
    return keys.map(({ pk, sk }) => Responses[table]?.find((item) => item.pk === pk && item.sk === sk));
  },
  remove: async (...keys) => {
    const requests = keys.map((key) => ({ DeleteRequest: { Key: key } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  },
});
