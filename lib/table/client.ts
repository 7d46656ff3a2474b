import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './changes.ts';

/** How numbers are read: as JavaScript's own, so that a large one does not become a bigint. */
const wrapNumbers = Number;

/** An item as an exception carries it, which the document client leaves as it came. */
export const itemIn = (attributes: Parameters<typeof unmarshall>[0]): Item => unmarshall(attributes, { wrapNumbers });

/**
 * The DynamoDB client. By itself the SDK waits for an answer without end; here an attempt ends after a second, and there
 * are at most three.
 *
 * `allowImpreciseNumbers` lifts the SDK's refusal of every number above 2^53: that a number is kept exactly is checked
 * when the body is read.
 */
export const documentClient = (endpoint?: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      ...(endpoint !== undefined && { endpoint }),
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
    }),
    { marshallOptions: { allowImpreciseNumbers: true }, unmarshallOptions: { wrapNumbers } },
  );
