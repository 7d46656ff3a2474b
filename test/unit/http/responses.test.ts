import { describe, expect, test } from 'vitest';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import { Problem, type ProblemCode } from '../../../lib/domain/problem.ts';
import type { Records } from '../../../lib/domain/records.ts';
import { endpointHandler } from '../../../lib/http/endpoint-handler.ts';
import { eventOf } from '../../harness/gateway/event.ts';

type Response = { statusCode: number; headers: Record<string, string>; body: string };

/** The response to a good request, whatever the update makes of it. */
const responseTo = async (update: Records['update'], headers: Record<string, string> = {}): Promise<Response> => {
  const handler = endpointHandler(updateWorkspaceEndpoint, {
    verify: async () => ({ subject: 'jane', grants: new Map([['w1', new Set(['workspace.update'])]]) }),
    records: { update },
    log: { level: 'SILENT', namespace: '', write: () => {} },
  });
  const sent = { authorization: 'Bearer token', 'content-type': 'application/json', ...headers };
  const event = eventOf(
    {
      method: 'PATCH',
      target: '/',
      rawHeaders: Object.entries(sent).flat(),
      body: Buffer.from('{"name":"a"}'),
      sourceIp: '127.0.0.1',
      port: 443,
      requestId: 'gateway-id',
      receivedAt: new Date(),
    },
    { route: { method: 'PATCH', path: '' }, parameters: { workspaceId: 'w1' } },
  );
  return Reflect.apply(handler, undefined, [event, {}]);
};

const success = async () => ({ version: 12, fields: { name: 'a', secret: 'kept back' } });
const problem = (code: ProblemCode) => async (): Promise<never> => {
  throw new Problem(code, { version: 12, errors: code === 'invalid-fields' ? [{ pointer: '/a', detail: 'b' }] : [] });
};

/** https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers */
const common = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-request-id': 'gateway-id',
};

const owed: [ProblemCode, number, Record<string, string>][] = [
  ['missing-token', 401, { 'www-authenticate': 'Bearer' }],
  ['invalid-token', 401, { 'www-authenticate': 'Bearer error="invalid_token"' }],
  ['forbidden', 403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="workspace.update"' }],
  ['not-found', 404, {}],
  ['unsupported-media-type', 415, { 'accept-patch': 'application/json, application/merge-patch+json' }],
  ['unsupported-content-encoding', 415, { 'accept-encoding': 'identity' }],
  ['body-too-large', 413, {}],
  ['malformed-body', 400, {}],
  ['empty-patch', 400, {}],
  ['malformed-precondition', 400, {}],
  ['invalid-fields', 422, {}],
  ['record-too-large', 422, {}],
  ['stale-version', 412, { etag: '"12"' }],
  ['email-taken', 409, {}],
  ['unavailable', 503, { 'retry-after': '2' }],
  ['internal', 500, {}],
];

describe('a response', () => {
  test('of success has the record, its entity tag and the common headers, and no others', async () => {
    const { statusCode, headers, body } = await responseTo(success);
    expect(statusCode).toBe(200);
    expect(headers).toEqual({ ...common, 'content-type': 'application/json', etag: '"12"' });
    expect(JSON.parse(body)).toEqual({
      workspace: { id: 'w1', name: 'a', slogan: null, email: null, updatedAt: null },
    });
  });

  test.each(owed)('for %s is %d, with the common headers, its own, and no others', async (code, status, own) => {
    const { statusCode, headers, body } = await responseTo(problem(code));
    expect(statusCode).toBe(status);
    expect(headers).toEqual({ ...common, 'content-type': 'application/problem+json', ...own });
    expect(JSON.parse(body)).toEqual({
      type: `urn:problem-type:patchwork:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: expect.stringMatching(/\.$/),
      instance: 'gateway-id',
      ...(code === 'invalid-fields' && { errors: [{ pointer: '/a', detail: 'b' }] }),
    });
  });

  test('names every problem that there is', () => {
    expect(owed.map(([code]) => code).toSorted()).toEqual([...updateWorkspaceEndpoint.problems].toSorted());
  });

  test.each([
    ['a success', success],
    ['a problem', problem('not-found')],
  ])('takes the request id of %s from the gateway, not from the caller', async (_, update) => {
    const forged = { 'x-request-id': 'forged', 'x-amzn-requestid': 'forged', 'apigw-requestid': 'forged' };
    const { headers, body } = await responseTo(update, forged);
    expect(headers).toMatchObject({ 'x-request-id': 'gateway-id' });
    expect(JSON.stringify(headers) + body).not.toContain('forged');
  });
});
