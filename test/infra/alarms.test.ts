import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Alarm, alarmsIn } from './cloudwatch.ts';
import { alarmTopic, contexts, endpoints, idOf, issuer, newEndpoint, stackOf, templateOf } from './synthesise.ts';

const declared = [...endpoints, newEndpoint];
const template = await templateOf(contexts.prod, declared);
const alarms = alarmsIn(template, 'patchwork-prod');
const api = { Ref: idOf(template, 'AWS::ApiGatewayV2::Api') };
const table = { Ref: idOf(template, 'AWS::DynamoDB::GlobalTable') };

type Watched = [metric: string, statistic: string, dimensions: Record<string, unknown>];

/** The metric of each alarm, with the names and dimensions that the AWS service documents. */
const gateway: Record<string, Watched> = {
  'server-errors': ['AWS/ApiGateway 5xx', 'Sum', { ApiId: api }],
  latency: ['AWS/ApiGateway Latency', 'p99', { ApiId: api }],
};

const ofTable = (operation: string): Record<string, Watched> => {
  const dimensions = { TableName: table, Operation: operation };
  return {
    [`table-${operation}-throttles`]: ['AWS/DynamoDB ThrottledRequests', 'Sum', dimensions],
    [`table-${operation}-errors`]: ['AWS/DynamoDB SystemErrors', 'Sum', dimensions],
  };
};

/** Lambda's metrics of an alias have the dimensions FunctionName and Resource (function:alias). */
const ofFunction = (id: string): Record<string, Watched> => {
  const name = { Ref: idOf(template, 'AWS::Lambda::Function', { FunctionName: `patchwork-prod-${id}` }) };
  const dimensions = { FunctionName: name, Resource: { 'Fn::Join': ['', [name, ':live']] } };
  return {
    [`${id}-throttles`]: ['AWS/Lambda Throttles', 'Sum', dimensions],
    [`${id}-crashes`]: ['AWS/Lambda Errors', 'Sum', dimensions],
    [`${id}-failures`]: ['patchwork-prod failed', 'Average', { endpoint: id }],
    [`${id}-defects`]: ['patchwork-prod requests', 'Sum', { endpoint: id, outcome: 'internal' }],
  };
};

const watched: Record<string, Watched> = {
  ...gateway,
  ...ofTable('UpdateItem'),
  ...ofTable('TransactWriteItems'),
  ...Object.assign({}, ...declared.map(({ id }) => ofFunction(id))),
};

const metricOf = ({ Namespace, MetricName, Statistic, ExtendedStatistic, Dimensions }: Alarm): Watched => [
  `${Namespace} ${MetricName}`,
  Statistic ?? ExtendedStatistic ?? '',
  Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
];

describe('Alarms', () => {
  test('cover the gateway, the table and every function, including a new one', () => {
    expect([...alarms.keys()].toSorted()).toEqual(Object.keys(watched).toSorted());
  });

  test.each(Object.entries(watched))('include %s with its metric, statistic and dimensions', (name, metric) => {
    expect([...alarms].filter(([one]) => one === name).map(([, alarm]) => metricOf(alarm))).toEqual([metric]);
  });

  test('have a description of what happened and what to do', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('\\..+\\.$'),
    });
  });

  test('notify the configured topic when they go off and when they clear', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopic], OKActions: [alarmTopic] });
  });

  test('have no actions without a topic, and synthesis warns about that', async () => {
    const { app, stack } = await stackOf({ stage: 'prod', ...issuer });
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const withoutTopic = Template.fromStack(stack);
    expect(
      app
        .synth()
        .getStackByName('patchwork-prod')
        .messages.map(({ entry }) => entry.data),
    ).toContainEqual(expect.stringContaining('Alarms notify nobody: set a topic with -c alarmTopic=<ARN>.'));
    expect(JSON.stringify(withoutTopic.findResources('AWS::CloudWatch::Alarm'))).not.toContain('AlarmActions');
  });
});

describe('A new version of a function', () => {
  test.each(declared)('of $id is deployed gradually in prod, and rolled back by its own alarms', ({ id }) => {
    const alarmRef = (name: string) => ({
      Name: { Ref: idOf(template, 'AWS::CloudWatch::Alarm', { AlarmName: `patchwork-prod-${name}` }) },
    });
    const [group, ...others] = Object.entries(template.findResources('AWS::Lambda::Alias')).flatMap(
      ([, { Properties, UpdatePolicy }]) => {
        const { Ref } = Properties.FunctionName;
        const isOurs = template.findResources('AWS::Lambda::Function')[Ref]?.Properties.FunctionName.endsWith(`-${id}`);
        return isOurs ? [UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref] : [];
      },
    );
    expect(others).toEqual([]);
    const { Properties } = template.findResources('AWS::CodeDeploy::DeploymentGroup')[group] ?? {};
    expect(Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AlarmConfiguration: {
        Enabled: true,
        Alarms: [`${id}-failures`, `${id}-defects`, `${id}-crashes`].map(alarmRef),
      },
      AutoRollbackConfiguration: { Enabled: true },
    });
    expect(Properties.AutoRollbackConfiguration.Events.toSorted()).toEqual([
      'DEPLOYMENT_FAILURE',
      'DEPLOYMENT_STOP_ON_ALARM',
      'DEPLOYMENT_STOP_ON_REQUEST',
    ]);
  });

  test.each(Object.entries({ ...contexts, 'prod with rollout=at-once': { ...contexts.prod, rollout: 'at-once' } }))(
    'is deployed in %s as configured',
    async (stage, context) => {
      const groups = stage === 'prod' ? endpoints.length : 0;
      (await templateOf(context)).resourceCountIs('AWS::CodeDeploy::DeploymentGroup', groups);
    },
  );
});
