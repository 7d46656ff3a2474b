import { describe, expect, test } from 'vitest';
import { tableDefinition } from '../harness/database/table.ts';
import { blueprintOf } from '../harness/local-service/blueprint.ts';
import { contexts, endpoints, localVariables, newEndpoint, templateOf } from './synthesise.ts';

const declared = [...endpoints, newEndpoint];
const template = (await templateOf(contexts.sandbox, declared)).toJSON();
/** The `cdk` command adds this metadata: where the code of a function is. */
for (const [id, resource] of Object.entries<{ Type: string; Metadata?: object }>(template.Resources)) {
  if (resource.Type === 'AWS::Lambda::Function') resource.Metadata = { 'aws:asset:path': `code-of-${id}` };
}

describe('A blueprint', () => {
  const { routes, table } = blueprintOf(template, (folder, name) => `${folder}/${name}`);

  test('has exactly the declared routes', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      declared.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  test.each(declared)('has the function, timeout and environment of $id', ({ id, path }) => {
    const route = routes.find((one) => one.path === path);
    expect(route?.function).toMatchObject({
      name: `patchwork-sandbox-${id}`,
      file: expect.stringMatching(new RegExp(`^code-of-${id.replace('-', '')}\\w+/handler$`)),
      timeout: 10_000,
    });
    expect(route?.function.environment('records')).toEqual({
      ...localVariables,
      TABLE_NAME: 'records',
      METRICS_NAMESPACE: 'patchwork-sandbox',
      PRIMING: 'on',
      NODE_OPTIONS: '--max-semi-space-size=16 --max-old-space-size=921',
    });
  });

  test('has the table definition that tests without a template use', () => {
    expect(table).toEqual(tableDefinition);
  });

  test('is not created from a template that the local gateway cannot serve', () => {
    const unsupported = structuredClone(template);
    for (const resource of Object.values<{ Type: string; Properties: Record<string, unknown> }>(
      unsupported.Resources,
    )) {
      if (resource.Type === 'AWS::ApiGatewayV2::Integration') resource.Properties.PayloadFormatVersion = '1.0';
    }
    expect(() => blueprintOf(unsupported, () => '')).toThrow('2.0');
  });
});
