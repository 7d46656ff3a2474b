import type { Mistake } from '../mistake.ts';

const unit = (name: string) => [`test/unit/harness/${name}.test.ts`];
const integration = (name: string) => [`test/integration/harness/${name}.test.ts`];

const reply = { file: 'test/harness/gateway/reply.ts', tests: unit('reply') };
const routes = { file: 'test/harness/gateway/routes.ts', tests: unit('routes') };
const lambda = { file: 'test/harness/lambda/lambda.ts', tests: unit('lambda') };
const issuer = { file: 'test/harness/local-service/issuer.ts', tests: unit('issuer') };

export const harnessMistakes: readonly Mistake[] = [
  {
    ...reply,
    promise: 'A reply without a content type is text/plain',
    find: "'content-type': 'text/plain; charset=utf-8',",
    replace: "'content-type': 'application/json',",
  },
  {
    ...reply,
    promise: 'A reply keeps its own content type',
    find: "      'content-type': 'text/plain; charset=utf-8',\n      ...Object.fromEntries(sent),",
    replace: "      ...Object.fromEntries(sent),\n      'content-type': 'text/plain; charset=utf-8',",
  },
  {
    ...reply,
    promise: 'A result without a status code is the body of a 200 in JSON',
    find: "return { status: 200, headers: { 'content-type': 'application/json' }, body };",
    replace: "return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };",
  },
  {
    ...reply,
    promise: 'A body in base64 is decoded',
    find: "isBase64Encoded ? 'base64' : 'utf8'",
    replace: "'utf8'",
  },
  {
    ...reply,
    promise: 'Every cookie is a Set-Cookie of its own',
    find: "{ 'set-cookie': cookies }",
    replace: "{ 'set-cookie': cookies.join(', ') }",
  },
  {
    ...reply,
    promise: 'A reply cannot set the length of the body',
    find: "'connection', 'content-length', 'keep-alive'",
    replace: "'connection', 'keep-alive'",
  },
  { ...reply, promise: 'A status below 200 is an error', find: 'v.minValue(200)', replace: 'v.minValue(0)' },
  {
    ...routes,
    promise: 'Another method has no route',
    find: 'route.method === method ?',
    replace: "route.method === method || method === 'GET' ?",
  },
  {
    ...routes,
    promise: 'A path parameter is decoded',
    find: 'return decodeURIComponent(path);',
    replace: 'return decodeURI(path);',
  },
  {
    ...routes,
    promise: 'A path parameter is not empty',
    find: "names[index] !== segment : segment === ''",
    replace: 'names[index] !== segment : false',
  },
  {
    ...routes,
    promise: 'A fixed segment goes before a parameter',
    find: 'Object.keys(a.parameters).length - Object.keys(b.parameters).length',
    replace: 'Object.keys(b.parameters).length - Object.keys(a.parameters).length',
  },
  {
    ...routes,
    promise: 'A shorter path has no route',
    find: 'if (names.length !== segments.length)',
    replace: 'if (names.length < segments.length)',
  },
  {
    ...lambda,
    promise: 'A function sees its own environment alone',
    find: 'env: environment,',
    replace: 'env: { ...process.env, ...environment },',
  },
  {
    ...lambda,
    promise: 'A function has its timeout left, in milliseconds',
    find: 'deadline: Date.now() + timeout }',
    replace: 'deadline: Date.now() + timeout * 1000 }',
  },
  {
    ...lambda,
    promise: 'A function that timed out gets no further calls',
    find: '        instance.isUsable = false;\n        call.reject',
    replace: '        call.reject',
  },
  {
    ...lambda,
    promise: 'The timeout of a function comes from the template',
    file: 'test/harness/local-service/blueprint.ts',
    find: 'timeout: Properties.Timeout * 1000,',
    replace: 'timeout: Properties.Timeout,',
    tests: ['test/infra/blueprint.test.ts'],
  },
  { ...issuer, promise: 'A token lasts as long as asked', find: 'now + expiresIn', replace: 'now + expiresIn * 1000' },
  {
    ...issuer,
    promise: 'A token lasts an hour unless asked otherwise',
    find: 'expiresIn = 3600, ...grants',
    replace: 'expiresIn = 60, ...grants',
  },
  {
    ...issuer,
    promise: 'The published key has no private part',
    file: 'infra/sandbox-issuer.ts',
    find: 'const { d: _, ...publicKey } = privateKey;',
    replace: 'const publicKey = privateKey;',
  },
  {
    ...issuer,
    promise: 'The local key is for its owner alone',
    file: 'infra/sandbox-key.ts',
    find: '{ mode: 0o600, flag:',
    replace: '{ mode: 0o644, flag:',
  },
  {
    promise: 'A duration in minutes is in seconds',
    file: 'test/harness/commands/duration.ts',
    find: 'm: 60,',
    replace: 'm: 3600,',
    tests: unit('duration'),
  },
  {
    promise: 'Existing records are never overwritten by the seed',
    file: 'test/harness/database/seed.ts',
    find: "ConditionExpression: 'attribute_not_exists(pk)'",
    replace: "ConditionExpression: 'attribute_not_exists(absent)'",
    tests: unit('seed'),
  },
  {
    promise: 'A claim in the seed belongs to all ids of its record',
    file: 'test/harness/database/seed.ts',
    find: 'Item: { ...key, ...ids },',
    replace: "Item: { ...key, workspaceId: ids.workspaceId ?? '' },",
    tests: unit('seed'),
  },
  {
    promise: 'A misspelled member of a list in a seed is reported',
    file: 'test/harness/database/seed-format.ts',
    find: 'checkNames(item, items, [...path, index], true);',
    replace: '{}',
    tests: unit('seed-format'),
  },
  {
    promise: 'A seed has no record that a response cannot show',
    file: 'test/harness/database/seed-format.ts',
    find: '  checkReply(kind, ids, attributes, path);\n',
    replace: '',
    tests: unit('seed-format'),
  },
  {
    promise: 'The demo data in a seed has what no request sets but a reply shows',
    file: 'test/harness/database/demo-seed.ts',
    find: '{ createdAt, ...others }',
    replace: '{ createdAt }',
    tests: unit('demo-seed'),
  },
  {
    promise: 'An engine that dies is reported',
    file: 'test/harness/database/server.ts',
    find: 'isClosing || resolve(lastLine())',
    replace: 'isClosing && resolve(lastLine())',
    tests: integration('engine'),
  },
  {
    promise: 'npm start stops with a non-zero exit code when its database dies',
    file: 'test/harness/commands/start.ts',
    find: 'await stop(1);',
    replace: 'await stop(0);',
    tests: integration('service'),
  },
  {
    promise: 'An engine ends with its starter',
    file: 'test/harness/database/supervisor.ts',
    find: "process.stdin.resume().once('close', stop);",
    replace: 'process.stdin.unref();',
    tests: integration('engine'),
  },
];
