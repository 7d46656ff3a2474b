import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Stage } from './stage.ts';

/** The way to the records of a stage past the service: DynamoDB itself. */
export const tableAccess = (
  client: DynamoDBDocumentClient,
  table: string,
): Pick<Stage, 'put' | 'items' | 'remove'> => ({
  put: async (item) => {
    await client.send(new PutCommand({ TableName: table, Item: item }));
  },
  items: (keys) =>
    Promise.all(
      keys.map(async (key) => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
        return Item;
      }),
    ),
  remove: async (key) => {
    await client.send(new DeleteCommand({ TableName: table, Key: key }));
  },
});
