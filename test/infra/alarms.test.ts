import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { contexts, endpoints, idOf, templateOf, thirdEndpoint } from './synthesise.ts';

const declared = [...endpoints, thirdEndpoint];
const alarmTopic = 'arn:aws:sns:eu-west-1:123456789012:night';
const template = await templateOf({ ...contexts.prod, alarmTopic }, declared);

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

  test('stay on the dashboard if none is given', async () => {
    const quiet = await templateOf(contexts.prod);
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
