import type { Mistake } from '../mistake.ts';

const observe = { file: 'lib/http/observe.ts', tests: ['test/unit/http/observe.test.ts'] };
const responses = { file: 'lib/http/answer.ts', tests: ['test/unit/http/responses.test.ts'] };
const problems = { file: 'lib/http/problem-answers.ts', tests: ['test/unit/http/responses.test.ts'] };
const readPatch = { file: 'lib/http/read-patch.ts', tests: ['test/unit/http/way-of-a-request.test.ts'] };
const mediaTypes = { file: 'lib/http/media-types.ts', tests: ['test/unit/http/way-of-a-request.test.ts'] };
const preconditions = { file: 'lib/http/preconditions.ts', tests: ['test/unit/http/preconditions.test.ts'] };
const fieldErrors = { file: 'lib/http/field-errors.ts', tests: ['test/unit/http/field-errors.test.ts'] };
const jsonFlaws = { file: 'lib/json-flaws.ts', tests: ['test/unit/json-flaws.test.ts'] };
const fields = { file: 'lib/domain/fields.ts', tests: ['test/unit/domain/fields.test.ts'] };
const limits = { tests: ['test/unit/domain/limits.test.ts'] };
const client = { file: 'functions/update-client/client.ts', ...limits };
const workspace = { file: 'functions/update-workspace/workspace.ts', ...limits };
const replies = { tests: ['test/unit/domain/replies.test.ts'] };
const lineWriter = { file: 'lib/http/line-writer.ts', tests: ['test/unit/http/line-writer.test.ts'] };

export const httpMistakes: readonly Mistake[] = [
  // What CloudWatch needs
  {
    promise: 'the time stamp of the metrics is in milliseconds',
    ...observe,
    find: 'Timestamp: now,',
    replace: 'Timestamp: Math.round(now / 1000),',
  },
  {
    promise: 'the duration is in milliseconds',
    ...observe,
    find: 'Math.round((performance.now() - event.startedAt) * 10) / 10',
    replace: 'Math.round(performance.now() - event.startedAt) / 1000',
  },
  {
    promise: 'CloudWatch takes the duration for milliseconds',
    ...observe,
    find: "'Milliseconds'",
    replace: "'Seconds'",
  },
  {
    promise: 'requests are a count',
    ...observe,
    find: "{ Name: 'requests', Unit: 'Count' }",
    replace: "{ Name: 'requests', Unit: 'None' }",
  },
  {
    promise: 'requests are counted by outcome',
    ...observe,
    find: "[['endpoint', 'outcome']]",
    replace: "[['endpoint'], ['outcome']]",
  },
  { promise: 'duration has the dimension endpoint', ...observe, find: "[['endpoint']]", replace: "[['function']]" },
  {
    promise: 'the metric of failures is called failed',
    ...observe,
    find: "Name: 'failed'",
    replace: "Name: 'failures'",
  },
  {
    promise: 'a 503 counts as failed',
    ...observe,
    find: "failed: level === 'INFO' ? 0 : 1",
    replace: "failed: level === 'ERROR' ? 1 : 0",
  },
  { promise: 'a 503 is a warning', ...observe, find: "if (status === 503) return 'WARN';", replace: '' },
  { promise: 'a 500 is an error', ...observe, find: 'status >= 500', replace: 'status > 500' },
  {
    promise: 'LOG_LEVEL ERROR leaves out warnings',
    ...observe,
    find: "level !== 'ERROR'",
    replace: "level === 'INFO'",
  },
  {
    promise: 'LOG_LEVEL SILENT writes nothing',
    ...observe,
    find: "threshold === 'SILENT' ||",
    replace: '',
  },
  { promise: 'only the first request is a cold start', ...observe, find: '    isColdStart = false;\n', replace: '' },
  {
    promise: 'the line has the request id of the gateway',
    ...observe,
    find: 'requestId: event.requestContext.requestId',
    replace: "requestId: event.headers['x-request-id'] ?? event.requestContext.requestId",
  },
  {
    promise: 'no id that is none is logged',
    ...observe,
    find: 'workspaceId: is(Id, workspaceId) ? workspaceId : undefined',
    replace: 'workspaceId',
  },
  {
    promise: 'no message of an error is logged',
    ...observe,
    find: 'cause.name : typeof',
    replace: 'cause.message : typeof',
  },
  {
    promise: 'a line that cannot be written costs no response',
    ...observe,
    find: '    } catch {',
    replace: '    } finally {',
  },
  {
    promise: 'the log names the attribute that cannot be returned',
    ...observe,
    find: '...(isValiError(cause) && { attributes: attributesIn(cause.issues) })',
    replace: '',
  },
  {
    promise: 'functions do not log through the console',
    file: 'lib/live.ts',
    tests: ['test/unit/http/line-writer.test.ts'],
    find: 'lineWriter(1)',
    replace: 'console.log',
  },
  {
    promise: 'lines go to standard output',
    file: 'lib/live.ts',
    tests: ['test/unit/http/line-writer.test.ts'],
    find: 'lineWriter(1)',
    replace: 'lineWriter(2)',
  },
  {
    promise: 'a line that was cut is ended',
    ...lineWriter,
    find: 'isCut = written < bytes.byteLength',
    replace: 'isCut = false',
  },
  {
    promise: 'the rest of a line goes on where it was cut',
    ...lineWriter,
    find: 'bytes.subarray(written)',
    replace: 'bytes',
  },
  {
    promise: 'a write that would block ends in time',
    ...lineWriter,
    find: 'maxRetries = 10',
    replace: 'maxRetries = 100',
  },

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
    find: 'bytes.byteLength > largestBody',
    replace: 'bytes.byteLength >= largestBody',
  },
  { promise: 'KiB are 1,024 bytes', ...readPatch, find: '256 * 1024', replace: '256 * 1000' },
  {
    promise: 'the size is counted in bytes of the body itself',
    ...readPatch,
    find: 'if (bytes.byteLength > largestBody)',
    replace: 'if ((event.body ?? "").length > largestBody)',
  },
  { promise: 'bodies are UTF-8', ...readPatch, find: ' || !isUtf8(bytes)', replace: '' },
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
  { promise: 'a version has one spelling', ...preconditions, find: '(0|[1-9]\\d{0,14})', replace: '(\\d{1,15})' },
  { promise: 'a thousand errors are listed', ...fieldErrors, find: '1_000', replace: '100' },
  {
    promise: 'a pointer has at most 256 characters',
    ...fieldErrors,
    find: 'longestPointer = 256',
    replace: 'longestPointer = 2_560',
  },
  { promise: 'each field is named once', ...fieldErrors, find: 'if (!first.has(error.pointer)) ', replace: '' },
  {
    promise: 'names in pointers are escaped, ~ first',
    ...fieldErrors,
    find: "name.replaceAll('~', '~0').replaceAll('/', '~1')",
    replace: "name.replaceAll('/', '~1').replaceAll('~', '~0')",
  },
  { promise: 'sixteen levels may be nested', ...jsonFlaws, find: 'deepest = 16', replace: 'deepest = 15' },
  {
    promise: 'a body of plain JSON may be nested no deeper than any other',
    ...jsonFlaws,
    find: 'if (depth === deepest) return false;',
    replace: '',
  },
  { promise: 'prototype is a reserved name', ...jsonFlaws, find: ", 'prototype'", replace: '' },

  // Limits of the fields
  { promise: 'ids have at most 64 characters', ...fields, find: '{1,64}$/));', replace: '{1,63}$/));' },
  {
    promise: 'ids are ASCII',
    ...fields,
    find: 'v.regex(/^[A-Za-z0-9_-]{1,64}$/)',
    replace: 'v.regex(/^[\\p{L}0-9_-]{1,64}$/u)',
  },
  { promise: 'length is counted in code points', ...fields, find: 'v.maxCodePoints(max', replace: 'v.maxLength(max' },
  {
    promise: 'an e-mail address has at most 254 characters',
    ...fields,
    ...limits,
    find: 'text(1, 254)',
    replace: 'text(1, 255)',
  },
  {
    promise: 'a local part has at most 64 characters',
    ...fields,
    ...limits,
    find: '[^@]{1,64}@',
    replace: '[^@]{1,63}@',
  },
  {
    promise: 'a URL has at most 2,048 characters',
    ...fields,
    ...limits,
    find: 'text(1, 2048)',
    replace: 'text(1, 2000)',
  },
  {
    promise: 'a URL has no user name',
    ...fields,
    find: '[^\\[\\]@:/?#',
    replace: '[^\\[\\]:/?#',
  },
  {
    promise: 'percent-encoding is intact',
    ...fields,
    find: '(?:%[0-9A-Fa-f]{2}[',
    replace: '(?:%[',
  },
  { promise: 'a URL can be parsed', ...fields, find: 'URL.canParse(url)', replace: 'url.length > 0' },
  { promise: 'a number is below 1e126', ...fields, find: 'magnitude < beyond', replace: 'magnitude <= beyond' },
  {
    promise: 'a blank of Braille is not visible',
    file: 'lib/domain/characters.ts',
    tests: fields.tests,
    find: '\\u2800',
    replace: '',
  },
  {
    promise: 'a name is one line',
    file: 'lib/domain/characters.ts',
    tests: fields.tests,
    find: '\\u2028\\u2029`;',
    replace: '`;',
  },
  { promise: 'a client’s name has at most 500 characters', ...client, find: 'label(500)', replace: 'label(50)' },
  {
    promise: 'at most 50 contact methods',
    ...client,
    find: 'list(ContactMethod, 1, 50)',
    replace: 'list(ContactMethod, 1, 51)',
  },
  {
    promise: 'at least one contact method',
    file: client.file,
    tests: ['test/unit/openapi/published.test.ts'],
    find: 'list(ContactMethod, 1, 50)',
    replace: 'list(ContactMethod, 0, 50)',
  },
  { promise: 'a contact value is not empty', ...client, find: 'text(1, 500)', replace: 'text(0, 500)' },
  { promise: 'exactly one is preferred', ...client, find: '.length === 1', replace: '.length >= 1' },
  { promise: 'faxes are known', ...client, find: "'email', 'fax', 'other'],", replace: "'email', 'other']," },
  { promise: 'a field key has at most 100 characters', ...client, find: 'text(1, 100)', replace: 'text(1, 101)' },
  {
    promise: 'a list of texts has at most 100',
    ...client,
    find: 'list(text(0, 5000), 0, 100)]',
    replace: 'list(text(0, 5000), 0, 1000)]',
  },
  {
    promise: 'at most 100 custom fields',
    ...client,
    find: 'list(CustomField, 0, 100)',
    replace: 'list(CustomField, 0, 50)',
  },
  { promise: 'field keys are unique', ...client, find: ", distinctBy('fieldKey')", replace: '' },
  { promise: 'a workspace’s name has at most 120 characters', ...workspace, find: 'label(120)', replace: 'label(160)' },
  { promise: 'a slogan has at most 160 characters', ...workspace, find: 'label(160)', replace: 'label(120)' },
  { promise: 'a template may be empty', ...workspace, find: 'text(0, 2000)', replace: 'text(1, 2000)' },

  // Records of other services
  {
    promise: 'a NULL list is empty',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: 'v.nullish(v.array(item), () => [])',
    replace: 'v.optional(v.array(item), () => [])',
  },
  {
    promise: 'a NULL value is null',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: 'v.nullish(schema, null)',
    replace: 'v.optional(schema, null)',
  },
  {
    promise: 'a time that cannot be is no exception',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: '  v.check(isDate),\n',
    replace: '',
  },
  {
    promise: 'a client is known by the id of the path',
    file: client.file,
    ...replies,
    find: '{ ...fields, id: ids.clientId, updatedAt }',
    replace: '{ id: ids.clientId, updatedAt, ...fields }',
  },
  {
    promise: 'a client’s id is not the workspace’s',
    file: client.file,
    ...replies,
    find: 'id: ids.clientId',
    replace: 'id: ids.workspaceId',
  },
  {
    promise: 'a workspace that was never updated has the time of its creation',
    file: workspace.file,
    ...replies,
    find: 'fields.updatedAt ?? fields.createdAt',
    replace: 'fields.updatedAt',
  },
  {
    promise: 'wider kinds of contact are returned',
    file: client.file,
    ...replies,
    find: "type: v.pipe(v.string(), v.description('The kind of contact.'))",
    replace:
      "type: v.pipe(v.picklist(['whatsapp', 'phone', 'email', 'fax', 'other']), v.description('The kind of contact.'))",
  },

  // Who may, and what is no request
  {
    promise: 'a permission counts in its workspace only',
    file: 'lib/http/authorize.ts',
    tests: ['test/unit/http/way-of-a-request.test.ts'],
    find: 'event.caller.grants.get(workspaceId)?.has(permission)',
    replace: '[...event.caller.grants.values()].some((one) => one.has(permission))',
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
    file: 'lib/http/handle.ts',
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
