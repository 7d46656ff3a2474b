import { describe, expect, test } from 'vitest';
import * as endpoints from '../../../functions/index.ts';
import { openApi } from '../../../functions/openapi.ts';
import { endpoint as updateClientEndpoint } from '../../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import type { JsonSchema } from '../../../lib/openapi/json-schema.ts';

/** What generated clients and policies depend on, written out: any change here breaks somebody. */
const published = [
  {
    endpoint: updateClientEndpoint,
    operationId: 'updateClient',
    path: '/v1/workspace/{workspaceId}/clients/{clientId}',
    permission: 'clients.update',
    ids: ['workspaceId', 'clientId'],
    body: 'ClientPatch',
    fields: ['name', 'avatarUrl', 'contactMethods', 'customFields'],
    reply: ['client', ['id', 'name', 'avatarUrl', 'contactMethods', 'customFields', 'createdAt', 'updatedAt']] as const,
    statuses: [200, 400, 401, 403, 404, 412, 413, 415, 422, 500, 503],
  },
  {
    endpoint: updateWorkspaceEndpoint,
    operationId: 'updateWorkspace',
    path: '/v1/workspace/{workspaceId}',
    permission: 'workspace.update',
    ids: ['workspaceId'],
    body: 'WorkspacePatch',
    fields: ['name', 'slogan', 'labTemplates', 'sessionTemplates', 'email'],
    reply: ['workspace', ['id', 'name', 'slogan', 'email', 'updatedAt']] as const,
    statuses: [200, 400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503],
  },
];

const { schemas, securitySchemes } = openApi.components;
const schemaCalled = (name: string): JsonSchema => Object.entries(schemas).find(([one]) => one === name)?.[1] ?? {};
const propertiesOf = ({ $ref = '', ...schema }: JsonSchema): [string, JsonSchema][] => {
  const { properties = {} } = $ref === '' ? schema : schemaCalled($ref.replace('#/components/schemas/', ''));
  return Object.entries(properties).map(([name, inner]) => [name, typeof inner === 'object' ? inner : {}]);
};

test('the document has these operations, and one for each endpoint', () => {
  expect(Object.keys(openApi.paths)).toEqual(expect.arrayContaining(published.map(({ path }) => path)));
  expect(Object.keys(openApi.paths).toSorted()).toEqual(
    Object.values(endpoints)
      .map(({ path }) => path)
      .toSorted(),
  );
  for (const operations of Object.values(openApi.paths)) expect(Object.keys(operations)).toEqual(['patch']);
  expect(securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } });
});

describe.each(published)('$operationId', (owed) => {
  const operation = openApi.paths[owed.path]?.patch;
  if (!operation) throw new Error(`There is no PATCH ${owed.path}.`);
  const { parameters, requestBody, responses } = operation;

  test('has its name and requires its permission, in the declaration and in the document', () => {
    expect(operation).toMatchObject({ operationId: owed.operationId, security: [{ token: [owed.permission] }] });
    expect(operation.description).toContain(`\`${owed.permission}\``);
    expect(owed.endpoint).toMatchObject({ method: 'PATCH', path: owed.path, permission: owed.permission });
  });

  test('requires the ids of its path, and accepts preconditions', () => {
    expect(parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ...owed.ids.map((name) => [name, 'path', true]),
      ['If-Match', 'header', false],
      ['If-None-Match', 'header', false],
    ]);
    for (const { name, schema, example } of parameters.filter(({ in: place }) => place === 'path')) {
      expect(example, name).toMatch(new RegExp(schema.pattern ?? 'no pattern'));
    }
  });

  test('requires a body with at least one field, in either media type', () => {
    expect(requestBody.required).toBe(true);
    expect(requestBody.description).toContain('262,144 bytes');
    expect(Object.keys(requestBody.content)).toEqual(['application/json', 'application/merge-patch+json']);
    for (const { schema, examples } of Object.values(requestBody.content)) {
      const { minProperties, additionalProperties, required } = schemaCalled(owed.body);
      expect({ $ref: schema.$ref, minProperties, additionalProperties, required }).toEqual({
        $ref: `#/components/schemas/${owed.body}`,
        minProperties: 1,
        additionalProperties: false,
        required: undefined,
      });
      expect(propertiesOf(schema).map(([name]) => name)).toEqual(owed.fields);
      expect(examples).toMatchObject({ example: { value: owed.endpoint.example.body } });
    }
  });

  test('has the response of the published page, with all members required', () => {
    const [record, members] = owed.reply;
    const { content } = responses[200] ?? {};
    const { schema = {}, example } = content?.['application/json'] ?? {};
    expect(schema.required).toEqual([record]);
    const [[name, inner = {}] = []] = propertiesOf(schema);
    expect(name).toBe(record);
    expect(propertiesOf(inner).map(([member]) => member)).toEqual(members);
    expect(schemaCalled(inner.$ref?.replace('#/components/schemas/', '') ?? '').required).toEqual(members);
    expect(example).toEqual(owed.endpoint.example.reply);
  });

  test('has these statuses, with problem details for errors', () => {
    expect(Object.keys(responses).map(Number)).toEqual(owed.statuses);
    for (const [status, { content }] of Object.entries(responses)) {
      expect(Object.keys(content)).toEqual([status === '200' ? 'application/json' : 'application/problem+json']);
    }
  });

  test('has the request id in every response', () => {
    for (const { headers } of Object.values(responses)) expect(headers['X-Request-Id']?.required).toBe(true);
  });
});

test('the document states the limits of the lists of a client', () => {
  expect(Object.fromEntries(propertiesOf(schemaCalled('ClientPatch')))).toMatchObject({
    contactMethods: { minItems: 1, maxItems: 50 },
    customFields: { minItems: 0, maxItems: 100 },
  });
});
