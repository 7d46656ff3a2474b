import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { contexts, endpoints, idOf, stackOf, templateOf } from './synthesise.ts';

/** What a stage promises its operators. */
type Promised = {
  isProtected: boolean;
  retentionDays: number;
  /** Requests per second in the steady state, and burst size. */
  throttle: { rate: number; burst: number };
  isGradual: boolean;
};

const promised: Record<string, Promised> = {
  sandbox: { isProtected: false, retentionDays: 7, throttle: { rate: 50, burst: 100 }, isGradual: false },
  'sandbox-jane': { isProtected: false, retentionDays: 7, throttle: { rate: 50, burst: 100 }, isGradual: false },
  staging: { isProtected: true, retentionDays: 30, throttle: { rate: 200, burst: 400 }, isGradual: false },
  prod: { isProtected: true, retentionDays: 365, throttle: { rate: 1000, burst: 2000 }, isGradual: true },
};

const all: Record<string, Record<string, string>> = { ...contexts, 'sandbox-jane': { stage: 'sandbox-jane' } };

/** Resource types with tags; the table has its tags per replica. */
const tagged = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
];

const tagsIn = (tags: Record<string, string> | { Key: string; Value: string }[]): Record<string, string> =>
  Array.isArray(tags) ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) : tags;

describe.each(Object.entries(promised))('The stage %s', async (name, { isProtected, ...promise }) => {
  const context = all[name];
  const stage = await templateOf(context);
  const { stack } = await stackOf(context);
  const table = idOf(stage, 'AWS::DynamoDB::GlobalTable');
  const tags = { service: 'patchwork', stage: name };

  test(`${isProtected ? 'retains' : 'deletes'} its data when it is destroyed`, () => {
    const kept = isProtected ? 'Retain' : 'Delete';
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup']) {
      stage.allResources(type, { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
  });

  test(`is ${isProtected ? 'protected' : 'not protected'} from accidental deletion`, () => {
    expect(stack.terminationProtection).toBe(isProtected);
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: isProtected })],
    });
  });

  test('has one on-demand, encrypted table with the keys that the functions use', () => {
    stage.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('has point-in-time recovery for its table', () => {
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
    });
  });

  test('has a retention period for all its logs', () => {
    stage.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: promise.retentionDays });
    stage.resourceCountIs('AWS::Logs::LogGroup', 1 + endpoints.length);
  });

  test('is throttled, and has metrics per route', () => {
    stage.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    stage.allResourcesProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: {
        DetailedMetricsEnabled: true,
        ThrottlingRateLimit: promise.throttle.rate,
        ThrottlingBurstLimit: promise.throttle.burst,
      },
    });
  });

  test(`deploys a new version of a function ${promise.isGradual ? 'gradually' : 'all at once'}`, () => {
    stage.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', promise.isGradual ? endpoints.length : 0);
    stage.allResources('AWS::Lambda::Alias', {
      UpdatePolicy: promise.isGradual ? { CodeDeployLambdaAliasUpdate: Match.anyValue() } : Match.absent(),
    });
  });

  test('outputs the URL of its API, the name of its table and the URL of its dashboard', () => {
    const api = idOf(stage, 'AWS::ApiGatewayV2::Api', { Name: `patchwork-${name}` });
    stage.hasOutput('ApiUrl', { Value: { 'Fn::GetAtt': [api, 'ApiEndpoint'] } });
    stage.hasOutput('TableName', { Value: { Ref: table } });
    const dashboard = Object.values(stage.findResources('AWS::CloudWatch::Dashboard'))[0]?.Properties.DashboardName;
    const url = 'https://console.aws.amazon.com/cloudwatch/home?region=';
    stage.hasOutput('DashboardUrl', {
      Value: { 'Fn::Join': ['', [url, { Ref: 'AWS::Region' }, `#dashboards:name=${dashboard}`]] },
    });
  });

  test.each(tagged)('tags every %s with service and stage', (type) => {
    const resources = Object.values(stage.findResources(type));
    expect(resources).not.toEqual([]);
    for (const { Properties } of resources) expect(tagsIn(Properties.Tags)).toEqual(tags);
  });

  test('tags its table and its stack with service and stage', () => {
    const [{ Properties } = {}] = Object.values(stage.findResources('AWS::DynamoDB::GlobalTable'));
    expect(Properties.Replicas.map(({ Tags }: { Tags: [] }) => tagsIn(Tags))).toEqual([tags]);
    expect(stack.tags.tagValues()).toEqual(tags);
    expect(stack.stackName).toBe(`patchwork-${name}`);
  });
});
