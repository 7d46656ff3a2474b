import type { Mistake } from '../mistake.ts';

const file = 'lib/api-client.ts';
const requests = ['test/unit/client/requests.test.ts'];
const responses = ['test/unit/client/responses.test.ts'];

export const clientMistakes: readonly Mistake[] = [
  {
    promise: 'Every id is encoded',
    file,
    find: 'return encodeURIComponent(id);',
    replace: 'return id;',
    tests: requests,
  },
  {
    promise: 'An id stays in its segment of the path',
    file,
    find: 'return encodeURIComponent(id);',
    replace: 'return encodeURI(id);',
    tests: requests,
  },
  {
    promise: 'A missing id is refused',
    file,
    find: 'if (/^\\.{0,2}$/.test(id))',
    replace: 'if (/^\\.{1,2}$/.test(id))',
    tests: requests,
  },
  {
    promise: 'An id that is a dot segment is refused',
    file,
    find: 'if (/^\\.{0,2}$/.test(id))',
    replace: "if (id === '')",
    tests: requests,
  },
  {
    promise: 'An id that is not Unicode is a TypeError',
    file,
    find: 'if (/\\p{Surrogate}/u.test(id))',
    replace: 'if (/\\p{Surrogate}/u.test(name))',
    tests: requests,
  },
  {
    promise: 'baseUrl may end with a slash',
    file,
    find: "String(baseUrl).replace(/\\/+$/, '')",
    replace: 'String(baseUrl)',
    tests: requests,
  },
  {
    promise: 'baseUrl may have a path',
    file,
    find: "`${String(baseUrl).replace(/\\/+$/, '')}${filled}`",
    replace: 'new URL(filled, baseUrl).href',
    tests: requests,
  },
  {
    promise: 'The token is asked for before every attempt',
    file,
    find: `    for (let attempt = 0; ; attempt++) {
      const mayRetry = attempt < retries;
      const token = await tokenOf(client, signal);
`,
    replace: `    const token = await tokenOf(client, signal);
    for (let attempt = 0; ; attempt++) {
      const mayRetry = attempt < retries;
`,
    tests: requests,
  },
  {
    promise: 'The token is a bearer token',
    file,
    find: 'authorization: `Bearer ${token}`',
    replace: 'authorization: token',
    tests: requests,
  },
  {
    promise: 'A request is a PATCH',
    file,
    find: "method: 'PATCH'",
    replace: "method: 'PUT'",
    tests: requests,
  },
  {
    promise: 'The body is sent as JSON',
    file,
    find: "'content-type': 'application/json',\n",
    replace: '',
    tests: requests,
  },
  {
    promise: 'ifMatch is sent',
    file,
    find: "...(ifMatch !== undefined && { 'if-match': ifMatch }),",
    replace: '',
    tests: requests,
  },
  {
    promise: 'Without ifMatch there is no If-Match',
    file,
    find: "...(ifMatch !== undefined && { 'if-match': ifMatch }),",
    replace: "'if-match': ifMatch ?? '*',",
    tests: requests,
  },
  {
    promise: 'Several versions are a list',
    file,
    find: ".flat().join(', ')",
    replace: ".flat().join(' ')",
    tests: requests,
  },
  {
    promise: 'fetch can be replaced',
    file,
    find: '{ fetch = globalThis.fetch }: ClientOptions,',
    replace: '_: ClientOptions,',
    tests: requests,
  },
  {
    promise: 'What the API answers after the last attempt is returned',
    file,
    find: 'if (response && !(mayRetry && isTransient(response)))',
    replace: 'if (response && !isTransient(response))',
    tests: responses,
  },
  {
    promise: 'A success has the entity tag of the record',
    file,
    find: 'reply: content.value, etag, requestId }',
    replace: "reply: content.value, etag: etag.replaceAll('\"', ''), requestId }",
    tests: responses,
  },
  {
    promise: 'A 412 has the stored version',
    file,
    find: '    ...(etag !== null && { etag }),\n',
    replace: '',
    tests: responses,
  },
  {
    promise: 'A 503 says when to try again',
    file,
    find: '    ...(retryAfter !== undefined && { retryAfter }),\n',
    replace: '',
    tests: responses,
  },
  {
    promise: 'A response has the id of its request',
    file,
    find: "headers.get('x-request-id')",
    replace: "headers.get('apigw-requestid')",
    tests: responses,
  },
  {
    promise: 'A problem is not ok',
    file,
    find: 'ok: false,\n    status: content',
    replace: 'ok: true,\n    status: content',
    tests: responses,
  },
  {
    promise: 'A 200 that is not the API’s is unexpected',
    file,
    find: "content?.type === 'application/json' && etag",
    replace: 'content && etag',
    tests: responses,
  },
  {
    promise: 'A 200 without an entity tag is unexpected',
    file,
    find: ' && etag !== null) {\n    return { ok: true, status, reply: content.value, etag, requestId };',
    replace: ") {\n    return { ok: true, status, reply: content.value, etag: etag ?? '', requestId };",
    tests: responses,
  },
  {
    promise: 'A gateway’s own {"message"} is unexpected',
    file,
    find: "if (content?.type !== 'application/problem+json' || !isOwnProblem(content.value, status)) {",
    replace: 'if (!content) {',
    tests: responses,
  },
  {
    promise: 'A problem of another service is unexpected',
    file,
    find: "String(type).startsWith('urn:problem-type:patchwork:') && status === received",
    replace: 'status === received',
    tests: responses,
  },
  {
    promise: 'An unexpected response has its status',
    file,
    find: 'throw new UnexpectedResponseError(status);',
    replace: 'throw new UnexpectedResponseError(502);',
    tests: responses,
  },
  {
    promise: 'A response that is cut short is unexpected, and no SyntaxError',
    file,
    find: '  } catch {\n    return undefined;\n  }\n};\n\nconst isOwnProblem',
    replace: '  } catch (error) {\n    throw error;\n  }\n};\n\nconst isOwnProblem',
    tests: responses,
  },
  {
    promise: 'A client changes the client that it names',
    file: 'functions/paths.ts',
    find: "'/v1/workspace/{workspaceId}/clients/{clientId}'",
    replace: "'/v1/workspace/{workspaceId}/client/{clientId}'",
    tests: requests,
  },
];
