import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Problem } from '../../lib/domain/problem.ts';
import { observe } from '../../lib/http/observe.ts';
import { alarmTopic, contexts, endpoints, idOf, issuer, stackOf, templateOf, thirdEndpoint } from './synthesise.ts';

const declared = [...endpoints, thirdEndpoint];
const template = await templateOf(contexts.prod, declared);

type Line = Record<string, string> & {
  _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
};

/** The metrics that CloudWatch takes out of a line. */
const metricsIn = (line: Line) =>
  line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => ({
        name: Name,
        dimensions: Object.fromEntries(names.map((name) => [name, line[name]])),
      })),
    ),
  );

const alarmNamesIn = (from: Template): string[] =>
  Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);

describe('Alarms', () => {
  test('watch the gateway, the table and every function, a third one too', () => {
    expect(alarmNamesIn(template).toSorted()).toEqual(
      [
        ...['server-errors', 'latency'],
        ...['UpdateItem', 'TransactWriteItems'].flatMap((one) => [`table-${one}-throttles`, `table-${one}-errors`]),
        ...declared.flatMap(({ id }) => ['throttles', 'failures', 'defects', 'crashes'].map((what) => `${id}-${what}`)),
      ]
        .map((name) => `patchwork-prod-${name}`)
        .toSorted(),
    );
  });

  test('say what they mean and what to do, and are quiet while nothing is measured', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('\\..+\\.$'),
      TreatMissingData: 'notBreaching',
    });
  });

  test('tell the topic that is given', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopic], OKActions: [alarmTopic] });
  });

  test('watch no metric of ours that the functions do not write', async () => {
    const written: unknown[] = [];
    const { onError } = observe(
      { id: 'update-client' },
      { level: 'INFO', namespace: 'patchwork-prod', write: (line) => written.push(...metricsIn(JSON.parse(line))) },
    );
    const event = { requestContext: { requestId: '' }, pathParameters: {} };
    onError?.({ event, context: {}, internal: { startedAt: 0 }, error: new Problem('internal') } as never);
    const watched = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .filter(({ Namespace }) => Namespace === 'patchwork-prod')
      .filter(({ Dimensions }) => Dimensions[0].Value === 'update-client');
    expect(watched).toHaveLength(2);
    for (const { MetricName, Dimensions } of watched) {
      expect(written).toContainEqual({
        name: MetricName,
        dimensions: Object.fromEntries(Dimensions.map((one: { Name: string; Value: string }) => [one.Name, one.Value])),
      });
    }
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

describe('The dashboard', () => {
  const { Properties } = Object.values(template.findResources('AWS::CloudWatch::Dashboard'))[0] ?? {};
  const body = JSON.stringify(Properties);

  test('shows every alarm', () => {
    for (const id of Object.keys(template.findResources('AWS::CloudWatch::Alarm'))) expect(body).toContain(id);
  });

  test.each(declared)('shows every outcome that $id declares', ({ id, problems }) => {
    for (const outcome of ['success', ...problems])
      expect(body).toContain(`\\"${id}\\",\\"outcome\\",\\"${outcome}\\"`);
  });
});

describe('A new version of a function', () => {
  test.each(declared)('$id: takes over in prod step by step, and back on an alarm of its own', ({ id }) => {
    const alarmRef = (name: string) => ({
      Name: { Ref: idOf(template, 'AWS::CloudWatch::Alarm', { AlarmName: `patchwork-prod-${name}` }) },
    });
    const alarms = [`${id}-failures`, `${id}-defects`, `${id}-crashes`].map(alarmRef);
    const groups = Object.entries(template.findResources('AWS::CodeDeploy::DeploymentGroup')).filter(
      ([, { Properties }]) => JSON.stringify(Properties.AlarmConfiguration.Alarms) === JSON.stringify(alarms),
    );
    expect(groups).toHaveLength(1);
    const [group = '', { Properties }] = groups[0] ?? ['', {}];
    expect(Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: { Enabled: true },
      AlarmConfiguration: { Enabled: true },
    });
    expect(Properties.AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
    const aliases = Object.values(template.findResources('AWS::Lambda::Alias')).filter(
      ({ UpdatePolicy }) => UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName?.Ref === group,
    );
    expect(aliases).toHaveLength(1);
  });

  test('takes over at once elsewhere', async () => {
    (await templateOf(contexts.sandbox)).resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    (await templateOf(contexts.staging)).resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    (await templateOf({ ...contexts.prod, rollout: 'at-once' })).resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
  });
});
