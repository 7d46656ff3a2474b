import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeadlineHandler } from './deadline.ts';
import { packConfiguration } from './pack-configuration.ts';
import { removeNeedlessMiddleware } from './remove-middleware.ts';
import { retriesOf } from './retries.ts';
import { reuseSigner } from './reuse-signer.ts';
import { Sha256 } from './sha256.ts';

/** How often a request is sent and how long each attempt may take, in milliseconds. */
export type AttemptTimes = { attempts: number; connect: number; response: number };

/**
 * Three attempts that get no response take little more than three seconds, which leaves time for the next step of an update.
 * A response may take a second, because DynamoDB advises no less for transactions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const attemptTimes: AttemptTimes = { attempts: 3, connect: 500, response: 1000 };

/**
 * How values are marshalled and unmarshalled. Without `allowImpreciseNumbers`, the SDK refuses every number above 2^53; that a
 * number is kept exactly is checked when the body is read. Numbers are read as JavaScript numbers, so that a large one does not
 * become a bigint. Each caller gets a copy, because the document client modifies the options that it is given.
 */
export const marshallingOptions = () => ({
  marshallOptions: { allowImpreciseNumbers: true },
  unmarshallOptions: { wrapNumbers: Number },
});

/**
 * The DynamoDB client. By default the SDK waits for a response without limit, or five minutes for the rest of one that has
 * begun; here both end with the attempt, and all attempts with the deadline.
 */
export const documentClient = (
  endpoint?: string,
  { attempts, connect, response }: AttemptTimes = attemptTimes,
): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint }),
    retryStrategy: retriesOf(attempts),
    sha256: Sha256,
    requestHandler: new DeadlineHandler({
      connectionTimeout: connect,
      requestTimeout: response,
      socketTimeout: response,
      throwOnRequestTimeout: true,
    }),
  });
  removeNeedlessMiddleware(client);
  reuseSigner(client);
  packConfiguration(client);
  return DynamoDBDocumentClient.from(client, marshallingOptions());
};
