import type { Mistake } from '../mistake.ts';

const published = { tests: ['test/unit/openapi/published.test.ts'] };
const checked = { tests: ['test/unit/openapi/document.test.ts'] };
const document = { file: 'lib/openapi/document.ts', ...published };
const headers = { file: 'lib/openapi/headers.ts', ...published };
const jsonSchema = { file: 'lib/openapi/json-schema.ts', tests: [...published.tests, ...checked.tests] };

export const documentMistakes: readonly Mistake[] = [
  {
    promise: 'clients.update is the permission of Update Client',
    file: 'functions/update-client/endpoint.ts',
    ...published,
    find: "'clients.update'",
    replace: "'client.update'",
  },
  {
    promise: 'workspace.update is the permission of Update Workspace',
    file: 'functions/update-workspace/endpoint.ts',
    ...published,
    find: "'workspace.update'",
    replace: "'workspaces.update'",
  },
  {
    promise: 'the path of Update Client is the published one',
    file: 'functions/update-client/endpoint.ts',
    ...published,
    find: '/clients/{clientId}',
    replace: '/client/{clientId}',
  },
  {
    promise: 'Update Workspace can answer 409',
    file: 'lib/endpoint.ts',
    ...published,
    find: '[...commonProblems, ...Object.values(kind.unique).map(({ problem }) => problem)]',
    replace: '[...commonProblems]',
  },
  {
    promise: 'every endpoint can answer 412',
    file: 'lib/endpoint.ts',
    ...published,
    find: "  'stale-version',\n",
    replace: '',
  },
  { promise: 'operation ids are in camel case', ...document, find: 'letter.toUpperCase()', replace: 'letter' },
  { promise: 'operation ids have no hyphen', ...document, find: '/-(\\w)/g', replace: '/-(\\d)/g' },
  {
    promise: 'the body is required',
    ...document,
    find: '      required: true,\n',
    replace: '      required: false,\n',
  },
  {
    promise: 'ids are required',
    ...document,
    find: "in: 'path', required: true",
    replace: "in: 'path', required: false",
  },
  {
    promise: 'an operation needs its permission',
    ...document,
    find: '[{ token: [permission] }]',
    replace: '[{ token: [] }]',
  },
  { promise: 'tokens are bearer tokens', ...document, find: "scheme: 'bearer'", replace: "scheme: 'basic'" },
  {
    promise: 'both media types are documented',
    ...document,
    find: 'patchMediaTypes.map((type) => [type, patch])',
    replace: 'patchMediaTypes.slice(0, 1).map((type) => [type, patch])',
  },
  { promise: 'a patch has a field', ...document, find: '{ ...schema, minProperties: 1 }', replace: '{ ...schema }' },
  {
    promise: 'the example is the declared one',
    ...document,
    find: 'value: example.body }',
    replace: 'value: example.mistakes }',
  },
  {
    promise: 'If-None-Match is documented',
    ...document,
    find: 'ifMatchParameter, ifNoneMatchParameter]',
    replace: 'ifMatchParameter]',
  },
  {
    promise: 'If-Match is optional',
    ...headers,
    find: "  name: 'If-Match',\n  in: 'header',\n  required: false,",
    replace: "  name: 'If-Match',\n  in: 'header',\n  required: true,",
  },
  {
    promise: 'a header that not every cause sends is optional',
    ...headers,
    ...checked,
    find: 'values.length === all.length',
    replace: 'values.length > 0',
  },
  {
    promise: 'the request id is in every response',
    ...headers,
    find: "{ ...headers, 'x-request-id': exampleRequestId }",
    replace: '{ ...headers }',
  },
  {
    promise: 'errors are problem details',
    file: 'lib/openapi/problem-responses.ts',
    ...published,
    find: "'application/problem+json': { schema",
    replace: "'application/json': { schema",
  },
  {
    promise: 'a reply has every member',
    ...jsonSchema,
    find: 'required: Object.keys(jsonSchema.properties ?? {})',
    replace: 'required: []',
  },
  {
    promise: 'a patch has no other members',
    ...jsonSchema,
    find: 'additionalProperties: false }',
    replace: 'additionalProperties: true }',
  },
  {
    promise: 'a text says how long it may be',
    ...jsonSchema,
    find: 'maxLength: Number(requirement)',
    replace: 'maximum: Number(requirement)',
  },
  {
    promise: 'the limit of a body is said in bytes',
    file: 'lib/openapi/prose.ts',
    ...published,
    find: "maxBytes.toLocaleString('en')",
    replace: "(maxBytes / 1024).toLocaleString('en')",
  },
];
