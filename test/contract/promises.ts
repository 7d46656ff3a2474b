import type { ProblemCode } from '../../lib/domain/problem.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import type { CallerKind } from './stage.ts';

/** What is sent: the declared example, except for what a promise changes. */
export type Sent = {
  caller?: CallerKind | 'nobody';
  ids?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  /** Additional headers, which may repeat existing ones. */
  repeated?: readonly (readonly [string, string])[];
  /** A JSON value, or the bytes themselves. */
  body?: unknown;
  bytes?: Buffer | string;
};

/** One promise of the contract: what is stored, what is sent, and the response. */
export type Promised = {
  says: string;
  /** The attributes of the stored record, without its key. */
  stored?: Record<string, unknown>;
  /** Leaves the record out of the table. */
  absent?: boolean;
  sent: Sent;
  status: number;
  problem?: ProblemCode;
  /** Required headers of the response. */
  headers?: Record<string, string>;
  /** The pointers of all invalid fields. */
  wrong?: readonly string[];
  /** Needs a stage on which this is broken. */
  broken?: 'database' | 'keys';
};

type Declared = Pick<Endpoint, 'permission' | 'path'> & { example: { body: object } };

const kibibytes256 = 256 * 1024;
const json = 'application/json';
const exactly = (size: number, body: unknown): string => JSON.stringify(body).padEnd(size);

/** The promises of every endpoint. */
export const commonPromises = ({ permission, path, example }: Declared): Promised[] => {
  const good = without('email', example.body);
  const lastId = path.match(/\w+(?=\}$)/)?.[0] ?? '';
  const refusedToken = {
    status: 401,
    problem: 'invalid-token',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  } as const;
  const noToken = { status: 401, problem: 'missing-token', headers: { 'www-authenticate': 'Bearer' } } as const;
  const noPermission = {
    status: 403,
    problem: 'forbidden',
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${permission}"` },
  } as const;
  const wrongType = {
    status: 415,
    problem: 'unsupported-media-type',
    headers: { 'accept-patch': 'application/json, application/merge-patch+json' },
  } as const;
  const wrongCoding = {
    status: 415,
    problem: 'unsupported-content-encoding',
    headers: { 'accept-encoding': 'identity' },
  } as const;
  const malformed = { status: 400, problem: 'malformed-body' } as const;
  const stale = { status: 412, problem: 'stale-version', headers: { etag: '"3"' } } as const;

  return [
    { says: 'a token is required', sent: { caller: 'nobody' }, ...noToken },
    {
      says: 'a token of another scheme counts as missing',
      sent: { caller: 'nobody', headers: { authorization: 'Basic YTpi' } },
      ...noToken,
    },
    {
      says: 'a scheme without a token counts as missing',
      sent: { caller: 'nobody', headers: { authorization: 'Bearer' } },
      ...noToken,
    },
    { says: 'a token must not have expired', sent: { caller: 'expired' }, ...refusedToken },
    {
      says: 'a token must be well-formed',
      sent: { caller: 'nobody', headers: { authorization: 'Bearer x' } },
      ...refusedToken,
    },
    { says: 'a second token is refused', sent: { repeated: [['authorization', 'Bearer x']] }, ...refusedToken },

    { says: 'the token must grant the permission', sent: { caller: 'powerless' }, ...noPermission },
    { says: 'the token must grant it in this workspace', sent: { caller: 'stranger' }, ...noPermission },
    {
      says: 'a workspace that does not exist is refused like one that does',
      absent: true,
      sent: { caller: 'stranger' },
      ...noPermission,
    },

    { says: 'the record must exist', absent: true, sent: {}, status: 404, problem: 'not-found' },
    ...['a.b', 'a%20b', 'x'.repeat(65), '%C3%A9', 'a%23b', '%00'].map(
      (id): Promised => ({
        says: `an id must be valid, unlike ${id.slice(0, 8)}`,
        sent: { ids: { [lastId]: id } },
        status: 404,
        problem: 'not-found',
      }),
    ),

    ...['text/plain', 'application/json5', 'application/vnd.api+json', 'application/jsonx', 'json', ''].map(
      (type): Promised => ({
        says: `a body must not be sent as "${type}"`,
        sent: { headers: { 'content-type': type } },
        ...wrongType,
      }),
    ),
    { says: 'the media type of the body is required', sent: { headers: { 'content-type': undefined } }, ...wrongType },
    ...[`${json}; charset=utf-8`, 'Application/JSON', 'application/merge-patch+json', `${json};charset="utf-8"`].map(
      (type): Promised => ({
        says: `a body may be sent as ${type}`,
        sent: { headers: { 'content-type': type } },
        status: 200,
      }),
    ),

    ...['gzip', 'identity, br'].map(
      (coding): Promised => ({
        says: `a body must not be sent with the coding ${coding}`,
        sent: { headers: { 'content-encoding': coding } },
        ...wrongCoding,
      }),
    ),
    {
      says: 'a body may be sent with the coding identity',
      sent: { headers: { 'content-encoding': 'identity' } },
      status: 200,
    },

    { says: 'a body of 256 KiB is accepted', sent: { bytes: exactly(kibibytes256, good) }, status: 200 },
    {
      says: 'a body of one byte more is refused',
      sent: { bytes: exactly(kibibytes256 + 1, good) },
      status: 413,
      problem: 'body-too-large',
    },

    { says: 'a body is required', sent: { bytes: '' }, ...malformed },
    { says: 'a body must not be only white space', sent: { bytes: ' \n' }, ...malformed },
    { says: 'a body must be JSON', sent: { bytes: '{"name":' }, ...malformed },
    { says: 'a body must be JSON without comments', sent: { bytes: '{"name":"a"}//' }, ...malformed },
    { says: 'a body must not have a byte-order mark', sent: { bytes: '\ufeff{"name":"a"}' }, ...malformed },
    { says: 'a body must be UTF-8', sent: { bytes: Buffer.from('7b226e616d65223a22ff227d', 'hex') }, ...malformed },
    ...['[]', '[{"name":"a"}]', '"name"', 'null', '7', 'true'].map(
      (bytes): Promised => ({
        says: `a body must be an object, unlike ${bytes}`,
        sent: { bytes },
        ...malformed,
      }),
    ),
    { says: 'a body must have a field', sent: { body: {} }, status: 400, problem: 'empty-patch' },

    ...['', '3', '"3', "'3'", '"3" "4"', '*, "3"', 'w/"3"'].map(
      (header): Promised => ({
        says: `If-Match must be a list of entity tags, unlike ${header || 'nothing'}`,
        sent: { headers: { 'if-match': header } },
        status: 400,
        problem: 'malformed-precondition',
      }),
    ),
    {
      says: 'a malformed If-Match is reported before invalid fields',
      sent: { headers: { 'if-match': '3' }, bytes: '{"name":1,"name":2}' },
      status: 400,
      problem: 'malformed-precondition',
    },
    { says: 'without If-Match, any version is accepted', sent: {}, status: 200, headers: { etag: '"4"' } },
    ...['"3"', '*', '"7", "3"', '"x","3"', 'W/"3", "3"', `"9",${'"1",'.repeat(200)}"3"`].map(
      (header): Promised => ({
        says: `If-Match allows a write if it names the version: ${header.slice(0, 12)}`,
        sent: { headers: { 'if-match': header } },
        status: 200,
        headers: { etag: '"4"' },
      }),
    ),
    ...['"2"', '"4"', 'W/"3"', '"x"', '""', '"03"', '"3 "']
      .filter((header) => header !== '"3 "')
      .map(
        (header): Promised => ({
          says: `If-Match refuses a write if it names another version: ${header}`,
          sent: { headers: { 'if-match': header } },
          ...stale,
        }),
      ),

    ...[undefined, '*', '"3"', '"2"'].map(
      (ifMatch): Promised => ({
        says: `If-None-Match: * refuses a write to an existing record, with If-Match ${ifMatch ?? 'absent'}`,
        sent: { headers: { 'if-none-match': '*', 'if-match': ifMatch } },
        ...stale,
      }),
    ),
    {
      says: 'If-None-Match: * refuses a write even if the record already has the change',
      stored: { name: 'Stored' },
      sent: { headers: { 'if-none-match': '*' }, body: { name: 'Stored' } },
      ...stale,
    },
    {
      says: 'If-None-Match: * does not create a record',
      absent: true,
      sent: { headers: { 'if-none-match': '*' } },
      status: 404,
      problem: 'not-found',
    },
    {
      says: 'If-None-Match with a tag is ignored',
      sent: { headers: { 'if-none-match': '"3"' } },
      status: 200,
      headers: { etag: '"4"' },
    },

    {
      says: 'an unknown field is refused by name',
      sent: { body: { ...good, colour: 1 } },
      status: 422,
      problem: 'invalid-fields',
      wrong: ['/colour'],
    },
    {
      says: 'a field that only the service sets is refused by name',
      sent: { body: { id: 'x', createdAt: 'x', updatedAt: 'x' } },
      status: 422,
      problem: 'invalid-fields',
      wrong: ['/id', '/createdAt', '/updatedAt'],
    },
    ...['__proto__', 'constructor', 'prototype'].map(
      (name): Promised => ({
        says: `${name} is refused`,
        sent: { bytes: `{"name":"Ann","${name}":{"name":"Eve"}}` },
        status: 422,
        problem: 'invalid-fields',
        wrong: [`/${name}`],
      }),
    ),
    {
      says: 'names in a pointer are escaped',
      sent: { bytes: '{"a/b~c":1,"":2}' },
      status: 422,
      problem: 'invalid-fields',
      wrong: ['/a~1b~0c', '/'],
    },
    {
      says: 'every invalid field is reported, even those that a parser would lose',
      sent: { bytes: '{"name":"a","name":"","colour":1,"__proto__":{}}' },
      status: 422,
      problem: 'invalid-fields',
      wrong: ['/name', '/colour', '/__proto__'],
    },
    {
      says: 'a body must not be nested without limit',
      sent: { bytes: `{"name":${'['.repeat(60_000)}${']'.repeat(60_000)}}` },
      status: 422,
      problem: 'invalid-fields',
    },

    {
      says: 'the record must fit into 400 KB',
      stored: { ballast: 'x'.repeat(409_300) },
      sent: { body: { ...good, name: 'x'.repeat(110) } },
      status: 422,
      problem: 'record-too-large',
      wrong: [''],
    },
    {
      says: 'a stored record that does not fit the reply is a defect',
      stored: { name: 7 },
      sent: { body: without('name', good) },
      status: 500,
      problem: 'internal',
    },
    {
      says: 'without its database, the service is unavailable',
      sent: {},
      status: 503,
      problem: 'unavailable',
      headers: { 'retry-after': '2' },
      broken: 'database',
    },
    {
      says: 'without the keys of the issuer, the service is unavailable',
      sent: {},
      status: 503,
      problem: 'unavailable',
      headers: { 'retry-after': '2' },
      broken: 'keys',
    },
  ];
};

const without = (field: string, body: object): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
