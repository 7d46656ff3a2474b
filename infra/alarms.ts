import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EndpointFunction } from './endpoint-function.ts';
import type { Api } from './http-api.ts';
import {
  failed,
  latency,
  minute,
  requests,
  serverErrors,
  tableErrors,
  tableOperations,
  tableThrottles,
} from './metrics.ts';
import type { Settings } from './settings.ts';

/** What the alarms watch. */
export type Watched = { settings: Settings; api: Api; functions: readonly EndpointFunction[]; table: TableV2 };

export type Alarms = {
  all: readonly Alarm[];
  /** Those that say of a new version of a function that it is worse than the last, by endpoint id. */
  againstRollout: ReadonlyMap<string, readonly Alarm[]>;
};

type AlarmRule = {
  id: string;
  metric: IMetric;
  threshold: number;
  /** Of how many minutes how many must be bad. */
  minutes: [bad: number, of: number];
  /** What it means and what to do, for whoever is woken by it. */
  meaning: string;
};

/** The alarms of the service. Each is quiet while nothing is measured. */
export const alarmsFor = (scope: Construct, { settings, api, functions, table }: Watched): Alarms => {
  const group = new Construct(scope, 'Alarms');
  const { stackName, alarmTopicArn } = settings;
  const action = alarmTopicArn && new SnsAction(Topic.fromTopicArn(group, 'Topic', alarmTopicArn));
  const alarm = ({ id, metric, threshold, minutes: [bad, of], meaning }: AlarmRule): Alarm => {
    const one = new Alarm(group, id, {
      alarmName: `${stackName}-${id}`,
      alarmDescription: meaning,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: bad,
      evaluationPeriods: of,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (action) {
      one.addAlarmAction(action);
      one.addOkAction(action);
    }
    return one;
  };

  const ofGateway = [
    alarm({
      id: 'server-errors',
      metric: serverErrors(api),
      threshold: 5,
      minutes: [3, 5],
      meaning:
        'The gateway answers 5xx. If no function says why, see the access log: the functions may be out of reach.',
    }),
    alarm({
      id: 'latency',
      metric: latency(api, 'p99'),
      threshold: 1000,
      minutes: [3, 5],
      meaning: 'One request in a hundred takes a second or more. Compare the functions, the table and the cold starts.',
    }),
  ];
  const ofTable = tableOperations.flatMap((operation) => [
    alarm({
      id: `table-${operation}-throttles`,
      metric: tableThrottles(table, operation),
      threshold: 1,
      minutes: [3, 5],
      meaning: 'DynamoDB throttles, and callers get 503. Look for one workspace that takes all; else ask AWS for more.',
    }),
    alarm({
      id: `table-${operation}-errors`,
      metric: tableErrors(table, operation),
      threshold: 1,
      minutes: [3, 5],
      meaning: 'DynamoDB fails by its own fault, and callers get 503. See the AWS Health Dashboard.',
    }),
  ]);
  const ofFunctions = functions.map(({ endpoint: { id }, live }) => ({
    id,
    throttles: alarm({
      id: `${id}-throttles`,
      metric: live.metricThrottles({ period: minute, statistic: 'Sum' }),
      threshold: 1,
      minutes: [1, 1],
      meaning: 'Lambda refuses requests: the account runs as many functions at once as it may. Ask AWS for more.',
    }),
    worse: [
      alarm({
        id: `${id}-failures`,
        metric: failed(stackName, id, 'Average'),
        threshold: 0.01,
        minutes: [3, 5],
        meaning: 'At least one request in a hundred is answered 5xx. See on the dashboard with which outcome.',
      }),
      alarm({
        id: `${id}-defects`,
        metric: requests(stackName, id, 'internal'),
        threshold: 1,
        minutes: [1, 1],
        meaning: 'A request met a defect and was answered 500. The function logs where, with the request id.',
      }),
      alarm({
        id: `${id}-crashes`,
        metric: live.metricErrors({ period: minute, statistic: 'Sum' }),
        threshold: 1,
        minutes: [1, 1],
        meaning: 'The function did not start, ran out of time or memory, or crashed. Its log says which.',
      }),
    ],
  }));
  return {
    all: [...ofGateway, ...ofTable, ...ofFunctions.flatMap(({ throttles, worse }) => [throttles, ...worse])],
    againstRollout: new Map(ofFunctions.map(({ id, worse }) => [id, worse])),
  };
};
