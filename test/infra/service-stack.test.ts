import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { partitions } from '../../lib/table/keys.ts';
import { contexts, endpoints, idOf, templateOf, thirdEndpoint } from './synthesise.ts';

const declared = [...endpoints, thirdEndpoint];
const template = await templateOf({}, declared);
const table = idOf(template, 'AWS::DynamoDB::GlobalTable');
const functionOf = (id: string) => idOf(template, 'AWS::Lambda::Function', { FunctionName: `patchwork-sandbox-${id}` });
const aliasOf = (id: string) => idOf(template, 'AWS::Lambda::Alias', { FunctionName: { Ref: functionOf(id) } });

describe('Every declaration, a third one too,', () => {
  test('is a route, and there is no other', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(
      declared.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  test.each(declared)('$id: its route leads to the version of its function that is in use', ({ id, method, path }) => {
    const integration = idOf(template, 'AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { Ref: aliasOf(id) },
      PayloadFormatVersion: '2.0',
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: `${method} ${path}`,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
    });
  });

  test.each(declared)('$id: its function is called by its route alone', ({ id, path }) => {
    const permissions = Object.values(
      template.findResources('AWS::Lambda::Permission', { Properties: { FunctionName: { Ref: aliasOf(id) } } }),
    );
    expect(permissions).toHaveLength(1);
    expect(permissions[0]?.Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', expect.arrayContaining([`/*/*${path}`])] },
    });
  });

  test.each(declared)('$id: its function is small, traced, and told of its table', ({ id, summary }) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `patchwork-sandbox-${id}`,
      Description: summary,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 1024,
      Timeout: 10,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() },
      Environment: { Variables: { TABLE_NAME: { Ref: table }, METRICS_NAMESPACE: 'patchwork-sandbox', PRIMING: 'on' } },
    });
  });

  test.each(declared)('$id: its function may do what it declares, log, trace, and nothing else', (endpoint) => {
    const { Properties } = template.findResources('AWS::Lambda::Function')[functionOf(endpoint.id)] ?? {};
    const log = Properties.LoggingConfig.LogGroup.Ref;
    const [role] = Properties.Role['Fn::GetAtt'];
    const { ManagedPolicyArns, Policies } = template.findResources('AWS::IAM::Role')[role]?.Properties ?? {};
    expect(ManagedPolicyArns).toBeUndefined();
    expect(
      Policies.flatMap((policy: { PolicyDocument: { Statement: unknown } }) => policy.PolicyDocument.Statement),
    ).toEqual([
      {
        Effect: 'Allow',
        Action: oneOrMany(endpoint.tableActions.map((action) => `dynamodb:${action}`).toSorted()),
        Resource: { 'Fn::GetAtt': [table, 'Arn'] },
        Condition: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': endpoint.tablePartitions.map((kind) => `${partitions[kind]}*`),
          },
        },
      },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [log, 'Arn'] },
      },
      { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
    ]);
    const attached = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(attached).toEqual([]);
  });
});

const oneOrMany = (values: string[]) => (values.length === 1 ? values[0] : values);

describe('The table', () => {
  test('has the keys that the functions use, and is paid for by the request', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    });
  });
});

describe('The gateway', () => {
  test('logs every request as JSON, without the address of the caller', () => {
    const stages = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(stages).toHaveLength(1);
    const { AccessLogSettings } = stages[0]?.Properties ?? {};
    expect(JSON.parse(AccessLogSettings.Format)).toMatchObject({
      requestId: '$context.requestId',
      status: '$context.status',
    });
    expect(AccessLogSettings.Format).not.toMatch(/identity|sourceIp|userAgent/);
    expect(AccessLogSettings.DestinationArn).toEqual({ 'Fn::GetAtt': [expect.stringContaining('AccessLog'), 'Arn'] });
  });

  test('lets no page of another origin call it, unless the origin is given', async () => {
    expect(JSON.stringify(template.findResources('AWS::ApiGatewayV2::Api'))).not.toContain('Cors');
    const open = await templateOf({ corsOrigins: 'https://app.example.com https://admin.example.com' });
    open.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://app.example.com', 'https://admin.example.com'],
        AllowMethods: ['PATCH'],
        AllowHeaders: ['authorization', 'content-type', 'if-match'],
        ExposeHeaders: Match.arrayWith(['etag', 'www-authenticate']),
      },
    });
  });
});

describe.each(Object.entries(contexts))('The stage %s', async (name, context) => {
  const stage = await templateOf(context);
  const isSandbox = name === 'sandbox';
  const kept = isSandbox ? 'Delete' : 'Retain';

  test(`${isSandbox ? 'takes its data with it' : 'leaves its data behind'} when it is destroyed`, () => {
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup']) {
      stage.allResources(type, { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: !isSandbox })],
    });
  });

  test('can have its table restored to any second, and forgets its logs in time', () => {
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
    });
    stage.allResourcesProperties('AWS::Logs::LogGroup', {
      RetentionInDays: { sandbox: 7, staging: 30, prod: 365 }[name],
    });
    stage.resourceCountIs('AWS::Logs::LogGroup', 1 + endpoints.length);
  });

  test('is throttled, and shows its requests by route', () => {
    stage.allResourcesProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: {
        DetailedMetricsEnabled: true,
        ThrottlingRateLimit: Match.anyValue(),
        ThrottlingBurstLimit: Match.anyValue(),
      },
    });
  });

  test('tells where it is', () => {
    for (const output of ['ApiUrl', 'TableName', 'DashboardUrl']) stage.hasOutput(output, {});
  });

  test('is marked as its own wherever that can be', () => {
    const tags = JSON.stringify(stage.findResources('AWS::Lambda::Function'));
    expect(tags).toContain(JSON.stringify({ Key: 'stage', Value: name }));
  });
});
