import { Problem } from '../domain/problem.ts';

/**
 * Errors of DynamoDB, or of the network, after which the same request may succeed later. Any 5xx is transient too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const transientErrors = new Set([
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestAbortedException',
  'RequestLimitExceeded',
  'RequestTimeoutException',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
  // Errors of the SDK and of Node, for requests without a response, or with one that is not DynamoDB's JSON.
  'SyntaxError',
  'AbortError',
  'TimeoutError',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

type ErrorDetails = { name?: string; code?: string; message?: string; $metadata?: { httpStatusCode?: number } };

/** Whether DynamoDB's message about a request, or about one item of a transaction, says that the item would exceed 400 KB. */
export const saysTooLarge = (message: string | undefined): boolean => /item size/i.test(message ?? '');

/** The record would exceed DynamoDB's 400 KB. No single field is at fault, so the pointer is that of the whole body. */
export const tooLarge = (cause: unknown): Problem =>
  new Problem('record-too-large', {
    errors: [{ pointer: '', detail: 'would make the record larger than 400 KB' }],
    cause,
  });

/** The problem that a database error is to a caller; any other error is a defect, and is returned unchanged. */
export const problemIn = (error: unknown): unknown => {
  const { name = '', code = '', message, $metadata }: ErrorDetails = error instanceof Error ? error : {};
  const status = $metadata?.httpStatusCode ?? 0;
  // A 429 comes from a proxy, not from DynamoDB; HPE_… is Node's parser failing on a response that is not HTTP.
  const isUnusable = status >= 500 || status === 429 || code.startsWith('HPE_');
  const isTransient = transientErrors.has(name) || transientErrors.has(code) || isUnusable;
  if (isTransient) return new Problem('unavailable', { cause: error });
  if (name === 'ValidationException' && saysTooLarge(message)) return tooLarge(error);
  return error;
};
