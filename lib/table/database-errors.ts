import { Problem } from '../domain/problem.ts';

/**
 * What DynamoDB, or the way to it, says when the same request may succeed later. Any 5xx says so too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const passing = new Set([
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestAbortedException',
  'RequestLimitExceeded',
  'RequestTimeoutException',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
  // The SDK's and Node's own, for requests that got no answer, or one that is not DynamoDB's JSON.
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

type ErrorFacts = { name?: string; code?: string; message?: string; $metadata?: { httpStatusCode?: number } };

/** Whether DynamoDB says, of a request or of one item of a transaction, that the item would outgrow 400 KB. */
export const saysTooLarge = (message: string | undefined): boolean => /item size/i.test(message ?? '');

/** The record would outgrow DynamoDB's 400 KB. The fault lies with no single field, so the pointer names the whole. */
export const tooLarge = (cause: unknown): Problem =>
  new Problem('record-too-large', {
    errors: [{ pointer: '', detail: 'would make the record larger than 400 KB' }],
    cause,
  });

/** What the database's error means to a caller; an error that means nothing to a caller is a defect and stays as it is. */
export const problemIn = (error: unknown): unknown => {
  const { name = '', code = '', message, $metadata }: ErrorFacts = error instanceof Error ? error : {};
  const status = $metadata?.httpStatusCode ?? 0;
  // 429 is what a proxy says in DynamoDB's place; HPE_… is Node's parser on a response that is not HTTP.
  const isOfTheWay = status >= 500 || status === 429 || code.startsWith('HPE_');
  if (passing.has(name) || passing.has(code) || isOfTheWay) return new Problem('unavailable', { cause: error });
  if (name === 'ValidationException' && saysTooLarge(message)) return tooLarge(error);
  return error;
};
