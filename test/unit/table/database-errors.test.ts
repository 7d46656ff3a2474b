import { describe, expect, test } from 'vitest';
import { problemIn, saysTooLarge } from '../../../lib/table/database-errors.ts';

const errorOf = (facts: object): Error => Object.assign(new Error(), facts);

describe('problemIn', () => {
  // Written out once more, so that none is lost from the list without a test that fails.
  const names = [
    'ProvisionedThroughputExceededException',
    'ReplicatedWriteConflictException',
    'RequestAbortedException',
    'RequestLimitExceeded',
    'RequestTimeoutException',
    'ThrottlingException',
    'TransactionConflictException',
    'TransactionInProgressException',
    'SyntaxError',
    'AbortError',
    'TimeoutError',
  ];
  const codes = [
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
  ];

  test.each([
    ...names.map((name) => ({ name })),
    ...codes.map((code) => ({ code })),
    { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } },
    { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } },
  ])('takes %o for something that passes', (facts) => {
    const error = errorOf(facts);
    expect(problemIn(error)).toMatchObject({ code: 'unavailable', cause: error });
  });

  test('takes an item size over the limit for a record that is too large', () => {
    const error = errorOf({ name: 'ValidationException', message: 'Item size to update has exceeded the maximum' });
    expect(problemIn(error)).toMatchObject({
      code: 'record-too-large',
      errors: [{ pointer: '', detail: 'would make the record larger than 400 KB' }],
      cause: error,
    });
  });

  test.each([
    errorOf({ name: 'ValidationException', message: 'The provided expression is invalid' }),
    errorOf({ name: 'SomethingElse', message: 'Item size', $metadata: { httpStatusCode: 499 } }),
    errorOf({ name: 'AccessDeniedException', $metadata: {} }),
    'Item size',
    { name: 'ThrottlingException' },
    undefined,
  ])('leaves %o as it is', (error) => {
    expect(problemIn(error)).toBe(error);
  });
});

test('no message at all says nothing of a size', () => {
  expect(saysTooLarge(undefined)).toBe(false);
});
