import { describe, expect } from 'vitest';
import { attemptTimes } from '../../lib/table/sdk/document-client.ts';
import { changes } from './changes.ts';
import { type Fault, inOrder, on } from './fault-proxy.ts';
import { cancel, refuse, respondWithoutHttp, respondWithText } from './faults.ts';
import { test } from './suite.ts';

/**
 * How often a request is sent that always fails: once, as often as the SDK retries, or until the timeout of the update.
 */
type Sent = 'once' | 'by the SDK' | 'until the deadline';

type Row = { name: string; status: number; sent: Sent; response: 422 | 500 | 503; fault: Fault };

const row = (
  name: string,
  status: number,
  sent: Sent,
  response: Row['response'],
  fault = refuse(status, name),
): Row => ({
  name,
  status,
  sent,
  response,
  fault,
});

const tooLarge = { message: 'Item size to update has exceeded the maximum allowed size' };

/**
 * Every error that DynamoDB documents for UpdateItem and TransactWriteItems, and those that any AWS service may return. A failed
 * condition is covered by other suites.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const ofBoth = [
  row('InternalServerError', 500, 'by the SDK', 503),
  row('InternalFailure', 500, 'by the SDK', 503),
  row('ServiceUnavailable', 503, 'by the SDK', 503),
  row('ProvisionedThroughputExceededException', 400, 'by the SDK', 503),
  row('RequestLimitExceeded', 400, 'by the SDK', 503),
  row('ThrottlingException', 400, 'by the SDK', 503),
  row('RequestTimeoutException', 408, 'by the SDK', 503),
  row('RequestAbortedException', 400, 'once', 503),
  row('ValidationException', 400, 'once', 500),
  row('ValidationException: item size', 400, 'once', 422, refuse(400, 'ValidationException', tooLarge)),
  row('ResourceNotFoundException', 400, 'once', 500),
  row('AccessDeniedException', 400, 'once', 500),
  row('IncompleteSignatureException', 400, 'once', 500),
  row('MissingAuthenticationTokenException', 400, 'once', 500),
  row('UnrecognizedClientException', 400, 'once', 500),
  row('ExpiredTokenException', 403, 'once', 500),
  row('NotAuthorized', 401, 'once', 500),
  row('OptInRequired', 403, 'once', 500),
  row('RequestExpired', 400, 'once', 500),
  row('MalformedHttpRequestException', 400, 'once', 500),
  row('RequestEntityTooLargeException', 413, 'once', 500),
  row('UnknownOperationException', 404, 'once', 500),
  row('InvalidEndpointException', 421, 'once', 500),
  row('an HTML page with a 502', 502, 'by the SDK', 503, respondWithText(502, '<h1>Bad Gateway</h1>')),
  row('an HTML page with a 503', 503, 'by the SDK', 503, respondWithText(503, '<h1>Service Unavailable</h1>')),
  row('an HTML page with a 200', 200, 'once', 503, respondWithText(200, '<h1>Welcome</h1>')),
  row('an empty 200', 200, 'once', 503, respondWithText(200, '')),
  row('JSON of another service with a 200', 200, 'once', 503, respondWithText(200, '{"status":"ok"}')),
  row('an HTML page with a 429', 429, 'by the SDK', 503, respondWithText(429, '<h1>Too many requests</h1>')),
  row('JSON of another service with a 429', 429, 'by the SDK', 503, respondWithText(429, '{"message":"Slow down"}')),
  row('a response that is not HTTP', 0, 'once', 503, respondWithoutHttp),
];

const ofUpdateItem = [
  row('ReplicatedWriteConflictException', 400, 'by the SDK', 503),
  row('ItemCollectionSizeLimitExceededException', 400, 'once', 500),
  row('TransactionConflictException', 400, 'until the deadline', 503),
];

const cancelled = (sent: Sent, response: Row['response'], ...codes: string[]) =>
  row(`TransactionCanceledException [${codes}]`, 400, sent, response, cancel(...codes));

const cancelTooLarge = refuse(400, 'TransactionCanceledException', {
  CancellationReasons: [{ Code: 'ValidationError', Message: tooLarge.message }, { Code: 'None' }],
});

const ofTransactWriteItems = [
  row('IdempotentParameterMismatchException', 400, 'once', 500),
  row('TransactionInProgressException', 400, 'by the SDK', 503),
  cancelled('until the deadline', 503, 'TransactionConflict', 'None'),
  cancelled('until the deadline', 503, 'None', 'TransactionConflict'),
  cancelled('until the deadline', 503, 'ThrottlingError', 'None'),
  cancelled('until the deadline', 503, 'None', 'ProvisionedThroughputExceeded'),
  cancelled('once', 500, 'ItemCollectionSizeLimitExceeded', 'None'),
  cancelled('once', 500, 'ValidationError', 'None'),
  row('TransactionCanceledException: item size', 400, 'once', 422, cancelTooLarge),
];

const rowsOf = {
  UpdateItem: [...ofBoth, ...ofUpdateItem],
  TransactWriteItems: [...ofBoth, ...ofTransactWriteItems],
};

describe.concurrent.each(changes)('a change of $change, whose $action fails with', ({ endpoint, action, body }) => {
  const rows = rowsOf[action];

  test.for(rows)('$name ($status): sent $sent, then $response', async ({ fault, sent, response }, { store, serve }) => {
    const service = await serve(sent === 'until the deadline' ? { timeout: 3_000 } : {});
    const subject = await store.newRecord(endpoint);
    const before = await store.item(subject);
    service.proxy.faultFor = on(action, () => fault);

    const result = await service.patch({ ...subject, body: body() });

    expect(result.status).toBe(response);
    expect('retry-after' in result.headers).toBe(response === 503);
    const sendings = service.proxy.passages.filter((passage) => passage.action === action).length;
    if (sent === 'once') expect(sendings).toBe(1);
    if (sent === 'by the SDK') expect(sendings).toBe(attemptTimes.attempts);
    if (sent === 'until the deadline') expect(sendings).toBeGreaterThan(1);
    expect(service.defects).toHaveLength(response === 500 ? 1 : 0);
    expect(await store.item(subject)).toEqual(before);
  });

  const transient = rows.filter(({ sent }) => sent !== 'once');
  test.for(transient)('$name ($status) once: then 200', async ({ fault }, { store, serve }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint);
    service.proxy.faultFor = on(action, inOrder(fault));

    expect(await service.patch({ ...subject, body: body() })).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(await store.item(subject)).toMatchObject({ version: 2 });
  });
});
