import { describe, expect, test } from 'vitest';
import { problemIn, saysTooLarge } from '../../../lib/table/database-errors.ts';

const errorOf = (facts: object): Error => Object.assign(new Error(), facts);

describe('problemIn', () => {
  // Repeated here, so that removing one from the list fails a test.
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
  ])('treats %o as transient', (facts) => {
    const error = errorOf(facts);
    expect(problemIn(error)).toMatchObject({ code: 'unavailable', cause: error });
  });

  test('reports an item over the size limit as a record that is too large', () => {
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
  ])('returns %o unchanged', (error) => {
    expect(problemIn(error)).toBe(error);
  });
});

test('an error without a message is not about the size', () => {
  expect(saysTooLarge(undefined)).toBe(false);
});
