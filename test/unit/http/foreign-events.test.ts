import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import { endpointHandler } from '../../../lib/http/endpoint-handler.ts';

const secret = 'correct horse battery staple';
const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
const http = { method: 'PATCH', path: '/v1/workspace/w1' };

/** What AWS sends for each: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
const foreign: [string, unknown, RegExp][] = [
  [
    'a REST API, or payload format 1.0',
    { version: '1.0', resource: '/', path: secret, httpMethod: 'PATCH', headers, requestContext: { requestId: 'r' } },
    /payload format 1\.0/,
  ],
  [
    'a REST API, which gives no version',
    { resource: '/', path: secret, httpMethod: 'PATCH', headers, requestContext: { requestId: 'r' } },
    /payload format 1\.0/,
  ],
  [
    'an Application Load Balancer',
    { requestContext: { elb: { targetGroupArn: secret } }, httpMethod: 'PATCH', path: secret, headers, body: '' },
    /Application Load Balancer/,
  ],
  ['SQS', { Records: [{ messageId: secret, body: secret, eventSource: 'aws:sqs' }] }, /aws:sqs/],
  ['SNS', { Records: [{ EventSource: 'aws:sns', Sns: { Message: secret } }] }, /aws:sns/],
  ['records of nobody knows whom', { Records: [{ eventSource: secret }] }, /records/],
  ['no record', { Records: [] }, /records/],
  ['EventBridge', { version: '0', source: 'aws.events', 'detail-type': secret, detail: {} }, /EventBridge/],
  [
    'a WebSocket',
    { requestContext: { connectionId: secret, requestId: 'r', eventType: 'MESSAGE' }, body: secret },
    /WebSocket/,
  ],
  ['a payload format to come', { version: '3.0', headers, requestContext: { requestId: 'r', http } }, /something else/],
  ['a warm-up ping', { warmer: true, secret }, /something else/],
  ['an empty event', {}, /something else/],
  ['text', secret, /something else/],
  ['null', null, /something else/],
  ['nothing', undefined, /something else/],
  ['2.0 without a request id', { version: '2.0', headers, requestContext: { http } }, /something else/],
  ['2.0 without a request', { version: '2.0', headers, requestContext: { requestId: 'r' } }, /something else/],
  ['2.0 with no request', { version: '2.0', requestContext: { requestId: 'r', http: null } }, /something else/],
  ['2.0 without a context', { version: '2.0', headers }, /something else/],
];

const deployed = () => {
  const touched: string[] = [];
  const handler = endpointHandler(updateWorkspaceEndpoint, {
    verify: async () => {
      touched.push('verify');
      return { subject: 'jane', grants: new Map() };
    },
    records: {
      update: async () => {
        touched.push('update');
        return { version: 1, fields: {} };
      },
    },
    log: { level: 'INFO', namespace: 'patchwork-test', write: (line) => touched.push(line) },
  });
  const context: Partial<Context> = { awsRequestId: 'lambda-1' };
  return { touched, invoke: (event: unknown): Promise<unknown> => Reflect.apply(handler, undefined, [event, context]) };
};

test.each(foreign)(
  'an event of %s fails with a sentence that says so, and neither line nor metric',
  async (_, event, kind) => {
    const { touched, invoke } = deployed();
    const error = await invoke(event).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/API Gateway HTTP API.+payload format 2\.0/);
    expect(String(error)).toMatch(kind);
    for (const word of [secret, ...secret.split(' ')]) expect(String(error)).not.toContain(word);
    expect(touched).toEqual([]);
  },
);

test('an event of payload format 2.0 is handled, and is the cold start after any other', async () => {
  const { touched, invoke } = deployed();
  await invoke({ warmer: true }).catch(() => {});
  const event = { version: '2.0', headers: {}, requestContext: { requestId: 'r', http } };
  expect(await invoke(event)).toMatchObject({ statusCode: 401 });
  expect(touched.map((line) => JSON.parse(line))).toMatchObject([{ status: 401, coldStart: true }]);
});
