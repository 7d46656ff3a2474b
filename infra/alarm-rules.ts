import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
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

/** When to wake somebody. */
export type AlarmRule = {
  id: string;
  metric: IMetric;
  /** From this value on, a minute is bad. */
  threshold: number;
  /** Of how many minutes how many must be bad. */
  minutes: [bad: number, of: number];
  /** What it means and what to do, for whoever is woken. */
  meaning: string;
};

/** What callers see, whatever the cause. */
export const gatewayRules = (api: Api): AlarmRule[] => [
  {
    id: 'server-errors',
    metric: serverErrors(api),
    threshold: 5,
    minutes: [3, 5],
    meaning: 'The gateway answers 5xx. If no function says why, see the access log: the functions may be out of reach.',
  },
  {
    id: 'latency',
    metric: latency(api, 'p99'),
    threshold: 1000,
    minutes: [3, 5],
    meaning: 'One request in a hundred takes a second or more. Compare the functions, the table and the cold starts.',
  },
];

/** What the table does to us. */
export const tableRules = (table: TableV2): AlarmRule[] =>
  tableOperations.flatMap((operation) => [
    {
      id: `table-${operation}-throttles`,
      metric: tableThrottles(table, operation),
      threshold: 1,
      minutes: [3, 5],
      meaning: 'DynamoDB throttles, and callers get 503. Look for one workspace that takes all; else ask AWS for more.',
    },
    {
      id: `table-${operation}-errors`,
      metric: tableErrors(table, operation),
      threshold: 1,
      minutes: [3, 5],
      meaning: 'DynamoDB fails by its own fault, and callers get 503. See the AWS Health Dashboard.',
    },
  ]);

/** What Lambda does to a function. */
export const capacityRules = ({ endpoint: { id }, live }: EndpointFunction): AlarmRule[] => [
  {
    id: `${id}-throttles`,
    metric: live.metricThrottles({ period: minute, statistic: 'Sum' }),
    threshold: 1,
    minutes: [1, 1],
    meaning: 'Lambda refuses requests: the account runs as many functions at once as it may. Ask AWS for more.',
  },
];

/** What a function does wrong; after a deployment, the new version is to blame. */
export const functionRules = ({ endpoint: { id }, live }: EndpointFunction, namespace: string): AlarmRule[] => [
  {
    id: `${id}-failures`,
    metric: failed(namespace, id, 'Average'),
    threshold: 0.01,
    minutes: [3, 5],
    meaning: 'At least one request in a hundred is answered 5xx. See on the dashboard with which outcome.',
  },
  {
    id: `${id}-defects`,
    metric: requests(namespace, id, 'internal'),
    threshold: 1,
    minutes: [1, 1],
    meaning: 'A request met a defect and was answered 500. The function logs where, with the request id.',
  },
  {
    id: `${id}-crashes`,
    metric: live.metricErrors({ period: minute, statistic: 'Sum' }),
    threshold: 1,
    minutes: [1, 1],
    meaning: 'The function did not start, ran out of time or memory, or crashed. Its log says which.',
  },
];
