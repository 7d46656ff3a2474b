import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Alarm, alarmsIn } from './cloudwatch.ts';
import { alarmTopic, contexts, endpoints, idOf, issuer, stackOf, templateOf, thirdEndpoint } from './synthesise.ts';

const declared = [...endpoints, thirdEndpoint];
const template = await templateOf(contexts.prod, declared);
const alarms = alarmsIn(template, 'patchwork-prod');
const api = { Ref: idOf(template, 'AWS::ApiGatewayV2::Api') };
const table = { Ref: idOf(template, 'AWS::DynamoDB::GlobalTable') };

type Watched = [metric: string, statistic: string, dimensions: Record<string, unknown>];

/** What the alarms read of AWS, by the service's own names and dimensions. */
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

/** Lambda counts by alias under the function's name and that of the alias. */
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
  test('watch the gateway, the table and every function, a third one too', () => {
    expect([...alarms.keys()].toSorted()).toEqual(Object.keys(watched).toSorted());
  });

  test.each(Object.entries(watched))('%s reads the metric that it is about', (name, metric) => {
    expect([...alarms].filter(([one]) => one === name).map(([, alarm]) => metricOf(alarm))).toEqual([metric]);
  });

  test('say what they mean and what to do', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('\\..+\\.$'),
    });
  });

  test('tell the topic that is given', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopic], OKActions: [alarmTopic] });
  });

  test('stay on the dashboard if none is given, and say so', async () => {
    const { app, stack } = await stackOf({ stage: 'prod', ...issuer });
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const quiet = Template.fromStack(stack);
    expect(
      app
        .synth()
        .getStackByName('patchwork-prod')
        .messages.map(({ entry }) => entry.data),
    ).toContainEqual(expect.stringContaining('Alarms tell nobody: give a topic with -c alarmTopic=<ARN>.'));
    expect(JSON.stringify(quiet.findResources('AWS::CloudWatch::Alarm'))).not.toContain('AlarmActions');
  });
});

describe('A new version of a function', () => {
  test.each(declared)('$id: takes over in prod step by step, and back on an alarm of its own', ({ id }) => {
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

  test.each(Object.entries({ ...contexts, 'prod, if it must,': { ...contexts.prod, rollout: 'at-once' } }))(
    'takes over as %s says',
    async (stage, context) => {
      const groups = stage === 'prod' ? endpoints.length : 0;
      (await templateOf(context)).resourceCountIs('AWS::CodeDeploy::DeploymentGroup', groups);
    },
  );
});
