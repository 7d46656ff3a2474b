import { Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRule, capacityRules, functionRules, gatewayRules, tableRules } from './alarm-rules.ts';
import type { EndpointFunction } from './endpoint-function.ts';
import type { Api } from './http-api.ts';
import type { Settings } from './settings.ts';

/** The resources that alarms and dashboard monitor, and the settings of their stage. */
export type Monitored = { settings: Settings; api: Api; functions: readonly EndpointFunction[]; table: TableV2 };

/** The alarms of the service. Missing data never raises one. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  /** The alarms that roll back a new version of a function, by endpoint id. */
  readonly rollback: ReadonlyMap<string, readonly Alarm[]>;

  constructor(scope: Construct, { settings, api, functions, table }: Monitored) {
    super(scope, 'Alarms');
    const { stackName, stage, alarmTopicArn } = settings;
    const action = alarmTopicArn && new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
    if (!action && stage.isProtected) {
      Validations.of(this).addWarning(
        'patchwork-alarms',
        'Alarms notify nobody: set a topic with -c alarmTopic=<ARN>.',
      );
    }
    const alarm = (rule: AlarmRule): Alarm => {
      const created = alarmFor(this, stackName, rule);
      if (action) created.addAlarmAction(action);
      if (action) created.addOkAction(action);
      return created;
    };

    const others = [...gatewayRules(api), ...tableRules(table), ...functions.flatMap(capacityRules)].map(alarm);
    this.rollback = new Map(functions.map((one) => [one.endpoint.id, functionRules(one, stackName).map(alarm)]));
    this.all = [...others, ...[...this.rollback.values()].flat()];
  }
}

const alarmFor = (scope: Construct, stackName: string, rule: AlarmRule): Alarm => {
  const [datapointsToAlarm, evaluationPeriods] = rule.minutes;
  return new Alarm(scope, rule.id, {
    alarmName: `${stackName}-${rule.id}`,
    alarmDescription: rule.description,
    metric: rule.metric,
    threshold: rule.threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    datapointsToAlarm,
    evaluationPeriods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
};
