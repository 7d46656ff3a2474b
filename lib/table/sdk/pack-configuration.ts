import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import toFastProperties from 'to-fast-properties';

/**
 * Makes V8 store a client's configuration compactly. The SDK builds that object step by step, which leaves it in the form of
 * a hash table, and copies it several times for each request. Otherwise a warm request costs 1.05 times as much [1.04, 1.06].
 */
export const packConfiguration = ({ config }: DynamoDBClient): void => {
  toFastProperties(config);
};
