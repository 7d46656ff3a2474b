import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  DynamoDBServiceException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CommandError } from '../../infra/command-line.ts';
import { fullStop } from './full-stop.ts';

/** The variables by which the AWS SDK signs; a local engine takes any. */
export type Credentials = { AWS_REGION: string; AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };

/** A client for the engine at an endpoint. Numbers are JavaScript's own in both directions, as in the service itself. */
export const connect = (endpoint: string, credentials: Credentials): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region: credentials.AWS_REGION,
      credentials: {
        accessKeyId: credentials.AWS_ACCESS_KEY_ID,
        secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
      },
    }),
    { marshallOptions: { allowImpreciseNumbers: true }, unmarshallOptions: { wrapNumbers: Number } },
  );

/** What a table is, its name aside. */
export type TableDefinition = Pick<CreateTableCommandInput, 'BillingMode' | 'KeySchema' | 'AttributeDefinitions'>;

/** The service's table, for tests that have no template at hand; a test holds the template to it. */
export const tableDefinition: TableDefinition = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

/**
 * Creates the one table of the service, unless it is there already.
 *
 * @throws CommandError if the engine refuses the table's name
 */
export const createTable = async (
  client: DynamoDBDocumentClient,
  name: string,
  definition: TableDefinition = tableDefinition,
): Promise<void> => {
  try {
    await client.send(new CreateTableCommand({ TableName: name, ...definition }));
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error;
    if (error.name === 'ValidationException')
      throw new CommandError(`TABLE_NAME is wrong: ${fullStop(error.message)}`, 2);
    if (error.name !== 'ResourceInUseException') throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: name });
};
