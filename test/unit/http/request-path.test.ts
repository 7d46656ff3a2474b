import { describe, expect, test } from 'vitest';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import type { RecordUpdate } from '../../../lib/domain/records.ts';
import { endpointHandler } from '../../../lib/http/endpoint-handler.ts';
import type { GatewayEvent } from '../../../lib/http/gateway-event.ts';
import { eventOf } from '../../harness/gateway/event.ts';

/** `null` sends no such header. */
type Sent = {
  authorization?: string | null;
  contentType?: string | null;
  contentEncoding?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
  ids?: Record<string, string>;
  body?: string | Buffer;
};

/** What reaches the checks of a workspace's update: the token that is verified, and the update that is asked for. */
const played = async ({
  authorization = 'Bearer token',
  contentType = 'application/json',
  contentEncoding,
  ifMatch,
  ifNoneMatch,
  ids = { workspaceId: 'w1' },
  body = '{"name":"a"}',
}: Sent) => {
  const tokens: string[] = [];
  const updates: RecordUpdate[] = [];
  const defects: string[] = [];
  const grants = new Map([
    ['w1', new Set(['workspace.update'])],
    ['w2', new Set(['clients.update'])],
    ['', new Set(['workspace.update'])],
    ['a b', new Set(['workspace.update'])],
  ]);
  const handler = endpointHandler(updateWorkspaceEndpoint, {
    verify: async (token) => {
      tokens.push(token);
      return { subject: 'caller', grants };
    },
    records: {
      update: async (update) => {
        updates.push(update);
        return { version: 4, fields: { name: 'a' } };
      },
    },
    log: { level: 'ERROR', namespace: '', write: (line) => defects.push(line) },
  });
  const headers = {
    ...(authorization !== null && { authorization }),
    ...(contentType !== null && { 'content-type': contentType }),
    ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
  };
  const arrival = { sourceIp: '', port: 443, requestId: 'r', receivedAt: new Date() };
  const event: GatewayEvent = eventOf(
    { method: 'PATCH', target: '/', rawHeaders: Object.entries(headers).flat(), body: Buffer.from(body), ...arrival },
    { route: { method: 'PATCH', path: '' }, parameters: ids },
  );
  const sent = structuredClone(event);
  const result = await Reflect.apply(handler, undefined, [event, { getRemainingTimeInMillis: () => 1000 }]);
  expect(defects).toEqual([]);
  expect(event).toEqual(sent);
  return {
    status: result.statusCode,
    headers: result.headers,
    problem: JSON.parse(result.body),
    tokens,
    updates,
  };
};

const codeOf = ({ type = '' }: { type?: string }) => type.replace('urn:problem-type:patchwork:', '');

describe('the token in the Authorization header', () => {
  test.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER   a.b.c', 'a.b.c'],
    ['Bearer a, Bearer b', 'a, Bearer b'],
  ])('of "%s" is %j', async (authorization, token) => {
    expect(await played({ authorization })).toMatchObject({ status: 200, tokens: [token] });
  });

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer\ta',
    'Bearera',
    'Basic a',
    'xBearer a',
    'x Bearer a',
    'Basic x, Bearer a',
  ])('is missing from %j', async (authorization) => {
    const { status, problem, tokens, updates } = await played({ authorization });
    expect([status, codeOf(problem), tokens, updates]).toEqual([401, 'missing-token', [], []]);
  });
});

describe('the permission', () => {
  test('lets an update pass in its own workspace', async () => {
    expect(await played({})).toMatchObject({ status: 200, updates: [{ ids: { workspaceId: 'w1' } }] });
  });

  test.each(['w2', 'w3', '__proto__', 'constructor'])('lets nothing pass in the workspace %s', async (workspaceId) => {
    const { status, problem, updates } = await played({ ids: { workspaceId } });
    expect([status, codeOf(problem), updates]).toEqual([403, 'forbidden', []]);
  });

  test.each([[{ workspaceId: 'a b' }], [{ workspaceId: '' }], [{}]])('does not make an id of %j', async (ids) => {
    const { status, problem, updates } = await played({ ids });
    expect([status, codeOf(problem), updates]).toEqual([404, 'not-found', []]);
  });
});

describe('the patch', () => {
  test.each([
    'application/json',
    ' Application/JSON\t; charset=utf-8',
    'application/json;charset=utf-8',
    'application/json;',
    'application/merge-patch+json',
  ])('is read from %j, in base64 or not, with white space or not', async (contentType) => {
    const read = { status: 200, updates: [{ patch: { slogan: 'é' }, expected: 'any' }] };
    expect(await played({ contentType, body: '{"slogan":"é"}' })).toMatchObject(read);
    expect(await played({ contentType, body: '{ "slogan": "é" }' })).toMatchObject(read);
  });

  test('carries the versions that are expected', async () => {
    expect(await played({ ifMatch: '"3", "4"' })).toMatchObject({ updates: [{ expected: [3, 4] }] });
    expect(await played({ ifNoneMatch: '*' })).toMatchObject({ updates: [{ expected: 'none' }] });
  });

  test.each(['identity', 'Identity', ' identity , identity', ''])('is read without a coding: "%s"', async (coding) => {
    expect(await played({ contentEncoding: coding })).toMatchObject({ status: 200 });
  });

  test.each(['gzip', 'br', 'identity, gzip', 'identity;q=1', '\u00a0identity'])(
    'in the coding "%s" is refused, with the one that is accepted',
    async (contentEncoding) => {
      const { status, headers, problem, updates } = await played({ contentEncoding });
      expect([status, codeOf(problem), updates]).toEqual([415, 'unsupported-content-encoding', []]);
      expect(headers).toMatchObject({ 'accept-encoding': 'identity' });
      expect(headers).not.toHaveProperty('accept-patch');
    },
  );

  test('of another type is refused for its type, whatever its coding', async () => {
    const { problem, headers } = await played({ contentType: 'text/plain', contentEncoding: 'gzip' });
    expect(codeOf(problem)).toBe('unsupported-media-type');
    expect(headers).toMatchObject({ 'accept-patch': 'application/json, application/merge-patch+json' });
    // RFC 9110 §12.5.3: not unless the coding is at fault.
    expect(headers).not.toHaveProperty('accept-encoding');
  });

  test.each<[string, Sent, number, string]>([
    ['no type', { contentType: null }, 415, 'unsupported-media-type'],
    ['an empty type', { contentType: '' }, 415, 'unsupported-media-type'],
    ['another type', { contentType: 'text/json' }, 415, 'unsupported-media-type'],
    ['a space that is none of HTTP', { contentType: 'application/json\u00a0' }, 415, 'unsupported-media-type'],
    ['such a space at the start', { contentType: '\u00a0application/json' }, 415, 'unsupported-media-type'],
    ['a word after the type', { contentType: 'application/json x' }, 415, 'unsupported-media-type'],
    ['two types', { contentType: 'application/json, application/json' }, 415, 'unsupported-media-type'],
    ['a body of a byte too many', { body: '{"name":"a"}'.padEnd(256 * 1024 + 1) }, 413, 'body-too-large'],
    ['no body', { body: '' }, 400, 'malformed-body'],
    ['a body that is not UTF-8', { body: Buffer.from('{"name":"\xff"}', 'latin1') }, 400, 'malformed-body'],
    ['a body that is not JSON', { body: '{"name":"a"' }, 400, 'malformed-body'],
    ['a name that is not JSON', { body: '{name:"a"}' }, 400, 'malformed-body'],
    ['a list', { body: '[]' }, 400, 'malformed-body'],
    ['null', { body: 'null' }, 400, 'malformed-body'],
    ['text', { body: '"a"' }, 400, 'malformed-body'],
    ['a list with a flaw', { body: '[-0]' }, 400, 'malformed-body'],
    ['a flaw in what is not JSON', { body: '{"a":-0' }, 400, 'malformed-body'],
    ['no field', { body: '{}' }, 400, 'empty-patch'],
    ['no field in an object', { body: '{"labTemplates":{},"sessionTemplates":{}}' }, 400, 'empty-patch'],
    ['an If-Match that is no list of tags', { ifMatch: '3' }, 400, 'malformed-precondition'],
    ['a wrong field', { body: '{"name":1}' }, 422, 'invalid-fields'],
    ['a field given twice', { body: '{"name":"a","name":"b"}' }, 422, 'invalid-fields'],
  ])('is refused for %s', async (_, sent, status, code) => {
    const answered = await played(sent);
    expect([answered.status, codeOf(answered.problem), answered.updates]).toEqual([status, code, []]);
  });

  test('is taken up to the last byte of 256 KiB, and with a field in one of two objects', async () => {
    expect(await played({ body: '{"name":"a"}'.padEnd(256 * 1024) })).toMatchObject({ status: 200 });
    const body = '{"labTemplates":{},"sessionTemplates":{"smsReminderMessage":""}}';
    expect(await played({ body })).toMatchObject({ status: 200 });
  });

  test('is measured in its own bytes, not in characters and not in those of base64', async () => {
    const merge = 'application/merge-patch+json';
    expect(await played({ contentType: merge, body: '{"name":"a"}'.padEnd(256 * 1024) })).toMatchObject({
      status: 200,
    });
    expect(await played({ body: `{"name":"${'é'.repeat(128 * 1024)}"}` })).toMatchObject({ status: 413 });
  });

  test.each([
    ['{"name":1,"colour":1}', ['/name', '/colour']],
    ['{"name":1,"slogan":"a","slogan":"b","colour":-0}', ['/name', '/colour', '/slogan']],
  ])('has every wrong field named, whether a schema or the text tells of it: %s', async (body, pointers) => {
    const { problem } = await played({ body });
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });
});

describe('the update', () => {
  test('is given the kind, the ids, the patch and the expected versions, and nothing else of the request', async () => {
    const { kind } = updateWorkspaceEndpoint;
    const update = { kind, ids: { workspaceId: 'w1' }, patch: { name: 'a' }, expected: [3] };
    expect((await played({ ifMatch: '"3"' })).updates).toEqual([update]);
    expect((await played({ ifMatch: '"3"', body: ' {"name":"a"}' })).updates).toEqual([update]);
  });
});
