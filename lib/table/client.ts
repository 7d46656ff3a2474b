import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './changes.ts';
import { makeLean } from './lean-client.ts';
import { retriesOf } from './retries.ts';
import { Sha256 } from './sha256.ts';

/** How numbers are read: as JavaScript's own, so that a large one does not become a bigint. */
const wrapNumbers = Number;

/**
 * How values are written. `allowImpreciseNumbers` lifts the SDK's refusal of every number above 2^53: that a number is kept
 * exactly is checked when the body is read.
 */
const marshallOptions = { allowImpreciseNumbers: true };

/** Values as DynamoDB's attributes. */
export const attributesOf = (values: Readonly<Record<string, unknown>>): Record<string, AttributeValue> =>
  marshall(values, marshallOptions);

/** An item from DynamoDB's attributes. */
export const itemIn = (attributes: Parameters<typeof unmarshall>[0]): Item => unmarshall(attributes, { wrapNumbers });

/** How often a request is sent and how long each sending may take, in milliseconds. */
export type AttemptTimes = { attempts: number; connect: number; answer: number };

/**
 * Three attempts that get no answer take little more than three seconds, which leaves time for the next step of an update.
 * An answer gets a second because DynamoDB advises no less for transactions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const attemptTimes: AttemptTimes = { attempts: 3, connect: 500, answer: 1000 };

/**
 * The DynamoDB client. By itself the SDK waits for an answer without end, or five minutes for the rest of one that has
 * begun; here both end with the attempt.
 */
export const documentClient = (
  endpoint?: string,
  { attempts, connect, answer }: AttemptTimes = attemptTimes,
): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint }),
    retryStrategy: retriesOf(attempts),
    sha256: Sha256,
    requestHandler: {
      connectionTimeout: connect,
      requestTimeout: answer,
      socketTimeout: answer,
      throwOnRequestTimeout: true,
    },
  });
  makeLean(client);
  return DynamoDBDocumentClient.from(client, {
    // A copy, because the document client adds to the options it is given.
    marshallOptions: { ...marshallOptions },
    unmarshallOptions: { wrapNumbers },
  });
};
