import type { Mistake } from '../mistake.ts';

const responses = { file: 'lib/http/response.ts', tests: ['test/unit/http/responses.test.ts'] };
const problems = { file: 'lib/http/problem-types.ts', tests: ['test/unit/http/responses.test.ts'] };
const readPatch = { file: 'lib/http/read-patch.ts', tests: ['test/unit/http/request-path.test.ts'] };
const mediaTypes = { file: 'lib/http/media-types.ts', tests: ['test/unit/http/request-path.test.ts'] };
const preconditions = { file: 'lib/http/preconditions.ts', tests: ['test/unit/http/preconditions.test.ts'] };
const fieldErrors = { file: 'lib/http/field-errors.ts', tests: ['test/unit/http/field-errors.test.ts'] };
const jsonFlaws = { file: 'lib/json-flaws.ts', tests: ['test/unit/json-flaws.test.ts'] };

export const httpMistakes: readonly Mistake[] = [
  // Headers of every response
  { promise: 'no response is stored', ...responses, find: "'no-store'", replace: "'no-cache'" },
  { promise: 'no response is sniffed', ...responses, find: "  'x-content-type-options': 'nosniff',\n", replace: '' },
  { promise: 'no response is framed', ...responses, find: "'DENY'", replace: "'SAMEORIGIN'" },
  { promise: 'TLS only, for two years', ...responses, find: 'max-age=63072000', replace: 'max-age=63072' },
  {
    promise: 'the request id is the gateway’s',
    ...responses,
    find: "'x-request-id': requestId, ...headers }",
    replace: "'x-request-id': crypto.randomUUID(), ...headers }",
  },
  {
    promise: 'an error names its request',
    ...responses,
    find: 'instance: requestId',
    replace: "instance: ''",
  },
  { promise: 'a 200 has the entity tag', ...responses, find: '{ etag: entityTagOf(version) }', replace: '{}' },
  {
    promise: 'an error is problem details',
    ...responses,
    find: "details.status, 'application/problem+json'",
    replace: "details.status, 'application/json'",
  },
  {
    promise: 'a stale version comes with the stored one',
    ...problems,
    find: '{} : { etag: entityTagOf(problem.version) }',
    replace: '{} : {}',
  },
  {
    promise: 'a refused token is called invalid_token',
    ...problems,
    find: 'error="invalid_token"',
    replace: 'error="invalid_request"',
  },
  {
    promise: 'no error code without credentials',
    ...problems,
    find: "'www-authenticate': 'Bearer' }",
    replace: "'www-authenticate': 'Bearer error=\"invalid_token\"' }",
  },
  {
    promise: 'a 403 names the permission',
    ...problems,
    find: 'error="insufficient_scope", scope=',
    replace: 'error="insufficient_scope", permission=',
  },
  { promise: 'a 503 says when to retry', ...problems, find: "'retry-after': '2'", replace: "'retry-after': '2000'" },
  {
    promise: 'a 415 for the type names the types',
    ...problems,
    find: "{ 'accept-patch': patchMediaTypes.join(', ') }",
    replace: "{ accept: patchMediaTypes.join(', ') }",
  },
  {
    promise: 'a 415 for the coding names the coding',
    ...problems,
    find: "{ 'accept-encoding': 'identity' }",
    replace: "{ 'accept-encoding': 'gzip' }",
  },

  // The order and the limits of what is read
  {
    promise: 'a body may have 256 KiB',
    ...readPatch,
    find: 'Buffer.byteLength(content) > maxBodySize',
    replace: 'Buffer.byteLength(content) >= maxBodySize',
  },
  { promise: 'KiB are 1,024 bytes', ...readPatch, find: '256 * 1024', replace: '256 * 1000' },
  {
    promise: 'the size is counted in bytes of the body itself',
    ...readPatch,
    find: 'if (Buffer.byteLength(content) > maxBodySize)',
    replace: 'if (body.length > maxBodySize)',
  },
  { promise: 'bodies are UTF-8', ...readPatch, find: ' || isUtf8(content)', replace: ' || true' },
  {
    promise: 'compressed bodies are refused',
    ...readPatch,
    find: "  if (!isIdentity(headerOf(event, 'content-encoding') ?? '')) throw new Problem('unsupported-content-encoding');\n",
    replace: '',
  },
  {
    promise: 'If-None-Match is read',
    ...readPatch,
    find: ", headerOf(event, 'if-none-match')",
    replace: '',
  },
  {
    promise: 'an object of empty objects has no field in it',
    ...readPatch,
    find: '.every(isEmpty)',
    replace: '.length === 0',
  },
  {
    promise: 'media types are compared without case',
    ...mediaTypes,
    find: 'mediaType.toLowerCase()',
    replace: 'mediaType',
  },
  {
    promise: 'only space and tab surround a media type',
    ...mediaTypes,
    find: '/^[ \\t]*([^\\s;]+)[ \\t]*(?:;|$)/',
    replace: '/^\\s*([^\\s;]+)\\s*(?:;|$)/',
  },
  { promise: 'codings are compared without case', ...mediaTypes, find: '*$/i', replace: '*$/' },
  {
    promise: 'If-None-Match: * holds whatever If-Match says',
    ...preconditions,
    find: "if (ifNoneMatch !== undefined && star.test(ifNoneMatch)) return 'none';",
    replace: "if (ifMatch === undefined && ifNoneMatch !== undefined && star.test(ifNoneMatch)) return 'none';",
  },
  { promise: 'a weak tag never matches', ...preconditions, find: '(?<!W\\/)', replace: '' },
  { promise: 'a version has one spelling', ...preconditions, find: '(0|[1-9]\\d{0,15})', replace: '(\\d{1,15})' },
  { promise: 'a thousand errors are listed', ...fieldErrors, find: '1_000', replace: '100' },
  {
    promise: 'a pointer has at most 256 characters',
    ...fieldErrors,
    find: 'maxPointerLength = 256',
    replace: 'maxPointerLength = 2_560',
  },
  { promise: 'each field is named once', ...fieldErrors, find: 'if (!first.has(error.pointer)) ', replace: '' },
  {
    promise: 'names in pointers are escaped, ~ first',
    ...fieldErrors,
    find: "name.replaceAll('~', '~0').replaceAll('/', '~1')",
    replace: "name.replaceAll('/', '~1').replaceAll('~', '~0')",
  },
  { promise: 'sixteen levels may be nested', ...jsonFlaws, find: 'maxDepth = 16', replace: 'maxDepth = 15' },
  {
    promise: 'a body of plain JSON may be nested no deeper than any other',
    ...jsonFlaws,
    find: 'if (depth === maxDepth) return false;',
    replace: '',
  },
  { promise: 'prototype is a reserved name', ...jsonFlaws, find: ", 'prototype'", replace: '' },

  // Who may, and what is no request
  {
    promise: 'a permission counts in its workspace only',
    file: 'lib/http/authorize.ts',
    tests: ['test/unit/http/request-path.test.ts'],
    find: 'caller.grants.get(workspaceId)?.has(permission)',
    replace: '[...caller.grants.values()].some((one) => one.has(permission))',
  },
  {
    promise: 'nothing that is undeclared is answered',
    file: 'lib/http/problems.ts',
    tests: ['test/unit/http/observe.test.ts'],
    find: ' && declared.includes(error.code)',
    replace: '',
  },
  {
    promise: 'a foreign event is no request',
    file: 'lib/http/request-path.ts',
    tests: ['test/unit/http/foreign-events.test.ts'],
    find: '    requestStart: ({ event }) => expectGatewayEvent(event),\n',
    replace: '',
  },
  {
    promise: 'payload format 1.0 is foreign',
    file: 'lib/http/expect-gateway-event.ts',
    tests: ['test/unit/http/foreign-events.test.ts'],
    find: "version === '2.0' && ",
    replace: '',
  },
];
