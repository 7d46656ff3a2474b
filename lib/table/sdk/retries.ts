import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { noteDoubt } from './deadline.ts';

type RetryStrategy = Pick<
  StandardRetryStrategy,
  'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'
>;

/**
 * The SDK's standard retries, with at most `attempts` in all, except after a refusal, which is as good a response as any: it
 * refills the retry quota like a success. If the machine's clock is off by four minutes or more, the SDK takes any error for
 * clock skew: it corrects its clock and retries, although DynamoDB has accepted the signature and refused the request.
 *
 * Every other failure passes here too, whether or not it is retried, so here is noted which of them leave doubt.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const retriesOf = (attempts: number): RetryStrategy => {
  const standard = new StandardRetryStrategy(attempts);
  return {
    acquireInitialRetryToken: (scope) => standard.acquireInitialRetryToken(scope),
    recordSuccess: (token) => standard.recordSuccess(token),
    refreshRetryTokenForRetry: async (token, errorInfo) => {
      const { error } = errorInfo;
      if (isRefusal(error)) {
        standard.recordSuccess(token);
        throw new Error('A refusal is not retried.');
      }
      if (!isRejection(error)) noteDoubt();
      return standard.refreshRetryTokenForRetry(token, errorInfo);
    },
  };
};

const isRefusal = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  error instanceof TransactionCanceledException ||
  error instanceof TransactionConflictException;

/**
 * The errors with which DynamoDB says that it did not look at a request: too many of them, a signature of the wrong time, or
 * values that it does not accept.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const rejections = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'ValidationException',
]);

const isRejection = (error: unknown): boolean => error instanceof Error && rejections.has(error.name);
