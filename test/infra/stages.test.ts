import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { contexts, endpoints, idOf, stackOf, templateOf } from './synthesise.ts';

/** What a stage promises whoever runs it. */
type Promised = {
  isProtected: boolean;
  retentionDays: number;
  /** Requests per second, steady and in a burst. */
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

/** Kinds of resources that can be tagged; the table carries its tags by replica. */
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

  test(`${isProtected ? 'leaves its data behind' : 'takes its data with it'} when it is destroyed`, () => {
    const kept = isProtected ? 'Retain' : 'Delete';
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup']) {
      stage.allResources(type, { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
  });

  test(`is ${isProtected ? 'protected' : 'not protected'} from being deleted by mistake`, () => {
    expect(stack.terminationProtection).toBe(isProtected);
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: isProtected })],
    });
  });

  test('has one table, with the keys that the functions use, paid for by the request and encrypted', () => {
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

  test('can have its table restored to any second', () => {
    stage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
    });
  });

  test('forgets its logs in time', () => {
    stage.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: promise.retentionDays });
    stage.resourceCountIs('AWS::Logs::LogGroup', 1 + endpoints.length);
  });

  test('is throttled, and measures its requests by route', () => {
    stage.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    stage.allResourcesProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: {
        DetailedMetricsEnabled: true,
        ThrottlingRateLimit: promise.throttle.rate,
        ThrottlingBurstLimit: promise.throttle.burst,
      },
    });
  });

  test(`replaces a version of a function ${promise.isGradual ? 'step by step' : 'at once'}`, () => {
    stage.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', promise.isGradual ? endpoints.length : 0);
    stage.allResources('AWS::Lambda::Alias', {
      UpdatePolicy: promise.isGradual ? { CodeDeployLambdaAliasUpdate: Match.anyValue() } : Match.absent(),
    });
  });

  test('says where its API, its table and its dashboard are', () => {
    const api = idOf(stage, 'AWS::ApiGatewayV2::Api', { Name: `patchwork-${name}` });
    stage.hasOutput('ApiUrl', { Value: { 'Fn::GetAtt': [api, 'ApiEndpoint'] } });
    stage.hasOutput('TableName', { Value: { Ref: table } });
    const dashboard = Object.values(stage.findResources('AWS::CloudWatch::Dashboard'))[0]?.Properties.DashboardName;
    const url = 'https://console.aws.amazon.com/cloudwatch/home?region=';
    stage.hasOutput('DashboardUrl', {
      Value: { 'Fn::Join': ['', [url, { Ref: 'AWS::Region' }, `#dashboards:name=${dashboard}`]] },
    });
  });

  test.each(tagged)('is marked as its own on every %s', (type) => {
    const resources = Object.values(stage.findResources(type));
    expect(resources).not.toEqual([]);
    for (const { Properties } of resources) expect(tagsIn(Properties.Tags)).toEqual(tags);
  });

  test('is marked as its own on the table and on the stack', () => {
    const [{ Properties } = {}] = Object.values(stage.findResources('AWS::DynamoDB::GlobalTable'));
    expect(Properties.Replicas.map(({ Tags }: { Tags: [] }) => tagsIn(Tags))).toEqual([tags]);
    expect(stack.tags.tagValues()).toEqual(tags);
    expect(stack.stackName).toBe(`patchwork-${name}`);
  });
});
