import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { inlineIssuerVariables } from '../../infra/sandbox-issuer.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import { pathOf, storedItem } from '../declared/records.ts';
import { spellingsOf, uniqueFieldsOf, uniqueValues } from '../declared/unique-values.ts';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';
import { type Database, startDatabase } from '../harness/database/database.ts';
import { eventOf } from '../harness/gateway/event.ts';
import { functionEnvironment, startEndpoint } from '../harness/lambda/functions.ts';
import { localIssuer } from '../harness/local-service/issuer.ts';
import { alarmsIn } from './cloudwatch.ts';
import { contexts, endpoints, idOf, templateOf } from './synthesise.ts';

const declared: readonly Declared[] = Object.values(declarations);

const declaredAs = (endpointId: string): Declared => {
  const endpoint = declared.find(({ id }) => id === endpointId);
  if (!endpoint) throw new Error(`No endpoint has the id ${endpointId}`);
  return endpoint;
};

/**
 * Bodies to send one after the other, so that together they cover every access to the table: the declared example twice, then
 * for each unique field a value, all its spellings, another value, and yet another one with another field.
 */
const bodiesFor = (endpoint: Declared): object[] => [
  endpoint.example.body,
  endpoint.example.body,
  ...uniqueFieldsOf(endpoint).flatMap((unique) => {
    const { body } = unique.field;
    const [first = '', second, third] = uniqueValues(unique, 3);
    return [
      ...spellingsOf(endpoint, unique, first).map(body),
      body(second),
      merged([body(third), numberedPatch(endpoint, 0)]),
    ];
  }),
];

const Key = v.looseObject({ pk: v.object({ S: v.string() }) });
const Keyed = v.union([
  v.pipe(
    v.object({ Key }),
    v.transform((one) => one.Key.pk.S),
  ),
  v.pipe(
    v.object({ Item: Key }),
    v.transform((one) => one.Item.pk.S),
  ),
]);

/** What an IAM policy must allow: an action on an item with this partition key. */
type Access = { action: string; pk: string };

/** IAM authorizes a transaction by the actions of its individual operations. */
const transactionActions: Record<string, string> = {
  Update: 'UpdateItem',
  Put: 'PutItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const accessesIn = ({ action, body }: { action: string; body: string }): Access[] => {
  const request = JSON.parse(body);
  if (action !== 'TransactWriteItems') return [{ action, pk: v.parse(Keyed, request) }];
  const { TransactItems } = v.parse(v.object({ TransactItems: v.array(v.record(v.string(), v.unknown())) }), request);
  return TransactItems.flatMap((item) =>
    Object.entries(item).map(([kind, part]) => ({
      action: transactionActions[kind] ?? kind,
      pk: v.parse(Keyed, part),
    })),
  );
};

/** Stores the record of an endpoint's example, as another service may have written it. */
const store = async (database: Database, endpoint: Declared): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const Item = storedItem(endpoint, endpoint.example.ids);
  await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: database.table, Item }));
  client.destroy();
};

/** The requests that a function sends to the table: for priming, changes, repeats, stale versions and new unique values. */
const passagesOf = async (proxy: FaultProxy, database: Database, endpoint: Declared) => {
  await store(database, endpoint);
  const { signToken } = await localIssuer();
  const variables = { ...database.variables, DYNAMODB_ENDPOINT: proxy.url, PRIMING: 'on', LOG_LEVEL: 'SILENT' };
  const environment = functionEnvironment(process.env, { ...(await inlineIssuerVariables()), ...variables });
  const { method, permission, example } = endpoint;
  const token = await signToken({ workspaces: { [example.ids.workspaceId ?? '']: [permission] } });
  const before = proxy.passages.length;
  const lambda = await startEndpoint(endpoint, environment, () => {});
  const statusOf = async (body: unknown, headers: string[]): Promise<number> => {
    const received = {
      method,
      target: pathOf(endpoint, example.ids),
      rawHeaders: ['authorization', `Bearer ${token}`, 'content-type', 'application/json', ...headers],
      body: Buffer.from(JSON.stringify(body)),
      ...{ sourceIp: '', port: 443, requestId: 'request-1', receivedAt: new Date() },
    };
    const reply = await lambda.invoke(eventOf(received, { route: endpoint, parameters: example.ids }));
    return v.parse(v.object({ statusCode: v.number() }), reply).statusCode;
  };
  const statuses = [];
  for (const body of bodiesFor(endpoint)) statuses.push(await statusOf(body, []));
  statuses.push(await statusOf(numberedPatch(endpoint, 1), ['if-match', '"999"']));
  await lambda.close();
  return { statuses, passages: proxy.passages.slice(before) };
};

let database: Database;
let proxy: FaultProxy;
const sent = new Map<string, Awaited<ReturnType<typeof passagesOf>>>();
beforeAll(async () => {
  database = await startDatabase({});
  proxy = await startFaultProxy(database.endpoint);
  for (const { id } of endpoints) sent.set(id, await passagesOf(proxy, database, declaredAs(id)));
}, 60_000);
afterAll(async () => {
  await proxy?.close();
  await database?.close();
});

const Statement = v.object({
  Action: v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((action) => [action]),
    ),
  ]),
  Condition: v.object({
    'ForAllValues:StringLike': v.object({ 'dynamodb:LeadingKeys': v.array(v.string()) }),
  }),
});

const template = await templateOf(contexts.prod);

/** The policy statement on the table in the role of a function. */
const statementOf = (endpointId: string) => {
  const functionId = idOf(template, 'AWS::Lambda::Function', { FunctionName: `patchwork-prod-${endpointId}` });
  const [roleId] = template.findResources('AWS::Lambda::Function')[functionId]?.Properties.Role['Fn::GetAtt'] ?? [];
  const { Policies } = template.findResources('AWS::IAM::Role')[roleId]?.Properties ?? {};
  const { PolicyDocument } = Policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === 'table');
  const { Action, Condition } = v.parse(Statement, PolicyDocument.Statement[0]);
  return { actions: Action, patterns: Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys'] };
};

/** IAM's StringLike for patterns whose only wildcard is a `*` at the end. */
const isLike = (text: string, pattern: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

describe.each(endpoints)('The function of $id', ({ id, tableActions }) => {
  const accesses = () => sent.get(id)?.passages.flatMap(accessesIn) ?? [];

  test('returns the expected status codes', () => {
    expect(sent.get(id)?.statuses).toEqual([...bodiesFor(declaredAs(id)).map(() => 200), 412]);
  });

  test('performs exactly its declared actions', () => {
    expect([...new Set(accesses().map(({ action }) => action))].toSorted()).toEqual([...tableActions].toSorted());
  });

  test('is allowed every access that it makes', () => {
    const { actions, patterns } = statementOf(id);
    const denied = accesses().filter(
      ({ action, pk }) => !actions.includes(`dynamodb:${action}`) || !patterns.some((pattern) => isLike(pk, pattern)),
    );
    expect(denied).toEqual([]);
  });

  test('uses every action and every partition that it is allowed', () => {
    const { actions, patterns } = statementOf(id);
    const unused = [
      ...actions.filter((allowed) => !accesses().some(({ action }) => allowed === `dynamodb:${action}`)),
      ...patterns.filter((pattern) => !accesses().some(({ pk }) => isLike(pk, pattern))),
    ];
    expect(unused).toEqual([]);
  });
});

test('the alarms cover exactly the operations that the functions send to the table', () => {
  const operations = [...sent.values()].flatMap(({ passages }) => passages.map(({ action }) => action));
  const watched = [...alarmsIn(template, 'patchwork-prod').values()].flatMap(({ Dimensions }) =>
    Dimensions.flatMap(({ Name, Value }) => (Name === 'Operation' ? [Value] : [])),
  );
  expect(new Set(watched)).toEqual(new Set(operations));
});
