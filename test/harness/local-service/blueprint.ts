import * as v from 'valibot';
import type { TableDefinition } from '../database/table.ts';
import type { Route } from '../gateway/routes.ts';

/** A function in a template. */
export type FunctionPlan = {
  name: string;
  /** The module that exports `handler`. */
  file: string;
  /** In milliseconds. */
  timeout: number;
  /** Its environment variables, given the table's name. */
  environment: (table: string) => Record<string, string>;
};

/** The part of a template that runs locally. */
export type Blueprint = {
  routes: readonly (Route & { function: FunctionPlan })[];
  table: TableDefinition;
};

const Ref = v.object({ Ref: v.string() });
const refTo = (id: string) => v.object({ Ref: v.literal(id) });

const Table = v.object({
  Type: v.literal('AWS::DynamoDB::GlobalTable'),
  Properties: v.object({
    BillingMode: v.picklist(['PAY_PER_REQUEST', 'PROVISIONED']),
    KeySchema: v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) })),
    AttributeDefinitions: v.array(v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) })),
  }),
});

const FunctionResource = v.object({
  Type: v.literal('AWS::Lambda::Function'),
  Properties: v.object({
    FunctionName: v.string(),
    Handler: v.pipe(v.string(), v.regex(/^[\w-]+\.handler$/)),
    Timeout: v.number(),
    Environment: v.object({ Variables: v.record(v.string(), v.union([v.string(), Ref])) }),
  }),
  Metadata: v.object({ 'aws:asset:path': v.string() }),
});

const Alias = v.object({ Type: v.literal('AWS::Lambda::Alias'), Properties: v.object({ FunctionName: Ref }) });

const Integration = v.object({
  Type: v.literal('AWS::ApiGatewayV2::Integration'),
  Properties: v.object({
    IntegrationType: v.literal('AWS_PROXY'),
    IntegrationUri: Ref,
    PayloadFormatVersion: v.literal('2.0'),
  }),
});

const RouteResource = v.object({
  Type: v.literal('AWS::ApiGatewayV2::Route'),
  Properties: v.object({
    RouteKey: v.pipe(v.string(), v.regex(/^[A-Z]+ \/\S*$/)),
    Target: v.object({ 'Fn::Join': v.tuple([v.literal(''), v.tuple([v.literal('integrations/'), Ref])]) }),
  }),
});

const Template = v.object({ Resources: v.record(v.string(), v.looseObject({ Type: v.string() })) });

/**
 * Reads a template. `moduleOf` returns a function's module, given the folder of its code and the module's name.
 *
 * @throws ValiError if the template uses a feature that the local gateway does not support
 */
export const blueprintOf = (template: unknown, moduleOf: (folder: string, name: string) => string): Blueprint => {
  const { Resources } = v.parse(Template, template);
  const all = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const [[tableId = '', tableResource] = []] = all('AWS::DynamoDB::GlobalTable');
  const Variable = v.union([
    v.string(),
    v.pipe(
      refTo(tableId),
      v.transform(() => undefined),
    ),
  ]);

  const functionBehind = (integrationId: string): FunctionPlan => {
    const integration = v.parse(Integration, Resources[integrationId]);
    const alias = v.parse(Alias, Resources[integration.Properties.IntegrationUri.Ref]);
    const { Properties, Metadata } = v.parse(FunctionResource, Resources[alias.Properties.FunctionName.Ref]);
    const [name = ''] = Properties.Handler.split('.');
    const variables = v.parse(v.record(v.string(), Variable), Properties.Environment.Variables);
    return {
      name: Properties.FunctionName,
      file: moduleOf(Metadata['aws:asset:path'], name),
      timeout: Properties.Timeout * 1000,
      environment: (table) =>
        Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, value ?? table])),
    };
  };

  return {
    routes: all('AWS::ApiGatewayV2::Route').map(([, resource]) => {
      const { RouteKey, Target } = v.parse(RouteResource, resource).Properties;
      const [method = '', path = ''] = RouteKey.split(' ');
      const [, [, { Ref: integrationId }]] = Target['Fn::Join'];
      return { method, path, function: functionBehind(integrationId) };
    }),
    table: v.parse(Table, tableResource).Properties,
  };
};
