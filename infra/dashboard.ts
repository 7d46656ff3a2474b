import { Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms, Watched } from './alarms.ts';
import type { EndpointFunction } from './endpoint-function.ts';
import {
  duration,
  latency,
  minute,
  requests,
  serverErrorRate,
  tableErrors,
  tableLatency,
  tableOperations,
  tableThrottles,
} from './metrics.ts';

const percentiles = ['p50', 'p99'];
const halfWidth = 12;
const fullWidth = 24;

/** One page for whoever is woken at night, the most telling first. Gives its address. */
export const dashboardFor = (scope: Construct, watched: Watched, alarms: Alarms): string => {
  const { settings, api, functions, table } = watched;
  const { stackName } = settings;
  new Dashboard(scope, 'Dashboard', {
    dashboardName: stackName,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.all], width: fullWidth, height: 4 })],
      [
        graph('Answered 5xx, % of requests', [serverErrorRate(api)]),
        graph(
          'Latency at the gateway, ms',
          percentiles.map((one) => latency(api, one).with({ label: one })),
        ),
      ],
      ...functions.map(({ endpoint: { id, problems } }) => [
        graph(
          `${id}: requests by outcome`,
          (['success', ...problems] as const).map((outcome) =>
            requests(stackName, id, outcome).with({ label: outcome }),
          ),
        ),
        graph(
          `${id}: time in the function, ms`,
          percentiles.map((one) => duration(stackName, id, one).with({ label: one })),
        ),
      ]),
      [
        graph(
          'Table: throttled requests and DynamoDB errors',
          tableOperations.flatMap((one) => [
            tableThrottles(table, one).with({ label: `${one} throttled` }),
            tableErrors(table, one).with({ label: `${one} errors` }),
          ]),
        ),
        graph(
          'Table: latency, ms',
          tableOperations.map((one) => tableLatency(table, one).with({ label: `${one} p99` })),
        ),
      ],
      [
        graph('Functions at work at once', functions.map(concurrencyOf)),
        graph('Functions: throttled requests', functions.map(throttlesOf)),
      ],
      [
        query(functions, 'Last defects and time-outs', LogQueryVisualizationType.TABLE, [
          'fields @timestamp, endpoint, requestId, workspaceId, error, at.0',
          'filter level = "ERROR" or record.status = "timeout" or record.status = "error"',
          'sort @timestamp desc',
          'limit 20',
        ]),
        query(functions, 'Cold starts in five minutes', LogQueryVisualizationType.BAR, [
          'filter coldStart = 1',
          'stats count(*) as coldStarts by bin(5m)',
        ]),
      ],
    ],
  });
  return `https://console.aws.amazon.com/cloudwatch/home?region=${Stack.of(scope).region}#dashboards:name=${stackName}`;
};

const graph = (title: string, metrics: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...metrics], leftYAxis: { min: 0, showUnits: false }, width: halfWidth });

const concurrencyOf = ({ live, endpoint }: EndpointFunction): IMetric =>
  live.metric('ConcurrentExecutions', { statistic: 'Maximum', period: minute, label: endpoint.id });

const throttlesOf = ({ live, endpoint }: EndpointFunction): IMetric =>
  live.metricThrottles({ statistic: 'Sum', period: minute, label: endpoint.id });

const query = (
  functions: readonly EndpointFunction[],
  title: string,
  view: LogQueryVisualizationType,
  queryLines: string[],
): LogQueryWidget =>
  new LogQueryWidget({
    title,
    view,
    queryLines,
    logGroupNames: functions.map(({ logGroup }) => logGroup.logGroupName),
    width: halfWidth,
  });
