import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { within } from '../../../../lib/table/sdk/deadline.ts';
import { retriesOf } from '../../../../lib/table/sdk/retries.ts';

type RetryStrategy = ReturnType<typeof retriesOf>;
type ErrorInfo = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1];

/** What the SDK says of an error that it would retry. Its type does not allow for the `cause` that every Error may have. */
const transient = (error: Error) => ({ error, errorType: 'TRANSIENT' }) as ErrorInfo;

const named = (name: string) => Object.assign(new Error(name), { name });
const response = { message: '', $metadata: {} };

const refusals = [
  new ConditionalCheckFailedException(response),
  new TransactionCanceledException({ ...response, CancellationReasons: [] }),
];

/** Errors after which a request was certainly not applied, and errors after which nobody knows. */
const errors = [
  ...refusals.map((error) => ({ error, inDoubt: false })),
  ...[
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
    'RequestTimeTooSkewed',
    'ValidationException',
  ].map((name) => ({ error: named(name), inDoubt: false })),
  ...['TimeoutError', 'InternalServerError', 'TransactionInProgressException', 'SyntaxError', 'Error'].map((name) => ({
    error: named(name),
    inDoubt: true,
  })),
].map((one) => ({ ...one, name: one.error.name }));

describe('a failed request', () => {
  test.for(errors)('$name: in doubt $inDoubt', async ({ error, inDoubt }) => {
    const retries = retriesOf(3);
    const { inDoubt: noted } = await within(60_000, async (progress) => {
      const token = await retries.acquireInitialRetryToken('');
      await retries.refreshRetryTokenForRetry(token, transient(error)).catch(() => {});
      return progress;
    });
    expect(noted).toBe(inDoubt);
  });

  test.for(refusals)('is not retried after $name, whatever the SDK takes it for', async (error) => {
    const retries = retriesOf(3);
    const token = await retries.acquireInitialRetryToken('');
    await expect(retries.refreshRetryTokenForRetry(token, transient(error))).rejects.toThrow();
  });
});
