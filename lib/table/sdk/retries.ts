import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { StandardRetryStrategy } from '@smithy/core/retry';

type RetryStrategy = Pick<
  StandardRetryStrategy,
  'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'
>;

/**
 * The SDK's standard retries, with at most `attempts` in all, except after a refusal. If the machine's clock is off by four
 * minutes or more, the SDK takes any error for clock skew: it corrects its clock and retries, although DynamoDB has accepted
 * the signature and refused the request.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const retriesOf = (attempts: number): RetryStrategy => {
  const standard = new StandardRetryStrategy(attempts);
  return {
    acquireInitialRetryToken: (scope) => standard.acquireInitialRetryToken(scope),
    recordSuccess: (token) => standard.recordSuccess(token),
    refreshRetryTokenForRetry: async (token, errorInfo) => {
      if (isRefusal(errorInfo.error)) throw new Error('A refusal is not retried.');
      return standard.refreshRetryTokenForRetry(token, errorInfo);
    },
  };
};

const isRefusal = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  error instanceof TransactionCanceledException ||
  error instanceof TransactionConflictException;
