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
import type { Alarms, Monitored } from './alarms.ts';
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

/** Creates the dashboard for the on-call engineer, most important widgets first. Returns its URL. */
export const dashboardFor = (scope: Construct, monitored: Monitored, alarms: Alarms): string => {
  const { settings, api, functions, table } = monitored;
  const { stackName } = settings;
  new Dashboard(scope, 'Dashboard', {
    dashboardName: stackName,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.all], width: fullWidth, height: 4 })],
      [
        graph('5xx responses, % of requests', [serverErrorRate(api)]),
        graph(
          'Latency at the gateway, ms',
          percentiles.map((percentile) => latency(api, percentile).with({ label: percentile })),
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
          `${id}: duration in the function, ms`,
          percentiles.map((percentile) => duration(stackName, id, percentile).with({ label: percentile })),
        ),
      ]),
      [
        graph(
          'Table: throttled requests and DynamoDB errors',
          tableOperations.flatMap((operation) => [
            tableThrottles(table, operation).with({ label: `${operation} throttled` }),
            tableErrors(table, operation).with({ label: `${operation} errors` }),
          ]),
        ),
        graph(
          'Table: latency, ms',
          tableOperations.map((operation) => tableLatency(table, operation).with({ label: `${operation} p99` })),
        ),
      ],
      [
        graph('Functions: concurrent executions', functions.map(concurrencyOf)),
        graph('Functions: throttled requests', functions.map(throttlesOf)),
      ],
      [
        query(functions, 'Latest defects and timeouts', LogQueryVisualizationType.TABLE, [
          'fields @timestamp, endpoint, requestId, workspaceId, error, at.0',
          'filter level = "ERROR" or record.status = "timeout" or record.status = "error"',
          'sort @timestamp desc',
          'limit 20',
        ]),
        query(functions, 'Cold starts per five minutes', LogQueryVisualizationType.BAR, [
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

const concurrencyOf = ({ alias, endpoint }: EndpointFunction): IMetric =>
  alias.metric('ConcurrentExecutions', { statistic: 'Maximum', period: minute, label: endpoint.id });

const throttlesOf = ({ alias, endpoint }: EndpointFunction): IMetric =>
  alias.metricThrottles({ statistic: 'Sum', period: minute, label: endpoint.id });

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
