import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  DynamoDBServiceException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CommandError } from '../../../infra/command-line.ts';
import { fullStop } from './full-stop.ts';

/** The variables with which the AWS SDK signs requests; a local engine accepts any values. */
export type Credentials = { AWS_REGION: string; AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };

/** A client for the engine at an endpoint. It converts numbers like the service: JavaScript numbers in both directions. */
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

/** A table without its name. */
export type TableDefinition = Pick<CreateTableCommandInput, 'BillingMode' | 'KeySchema' | 'AttributeDefinitions'>;

/** The service's table, for tests without a template. A test verifies that the template has the same. */
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
 * Creates the service's table unless it exists.
 *
 * @throws CommandError if the engine rejects the table's name
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
      throw new CommandError(`TABLE_NAME is invalid: ${fullStop(error.message)}`, 2);
    if (error.name !== 'ResourceInUseException') throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: name });
};
