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

/** When to page the on-call engineer. */
export type AlarmRule = {
  id: string;
  metric: IMetric;
  /** A minute is bad if its value is at or above this. */
  threshold: number;
  /** How many of the last `of` minutes must be bad. */
  minutes: [bad: number, of: number];
  /** What it means and what to do. */
  description: string;
};

/** Symptoms that callers see, whatever the cause. */
export const gatewayRules = (api: Api): AlarmRule[] => [
  {
    id: 'server-errors',
    metric: serverErrors(api),
    threshold: 5,
    minutes: [3, 5],
    description:
      'API Gateway returns 5xx. If the function logs show no cause, check the access log for integration errors.',
  },
  {
    id: 'latency',
    metric: latency(api, 'p99'),
    threshold: 1000,
    minutes: [3, 5],
    description:
      'One percent of requests take at least a second. Compare function duration, table latency and cold starts.',
  },
];

/** DynamoDB's throttles and errors. */
export const tableRules = (table: TableV2): AlarmRule[] =>
  tableOperations.flatMap((operation) => [
    {
      id: `table-${operation}-throttles`,
      metric: tableThrottles(table, operation),
      threshold: 1,
      minutes: [3, 5],
      description:
        'DynamoDB throttles requests, and callers get 503. Look for a hot workspace; otherwise request a quota increase.',
    },
    {
      id: `table-${operation}-errors`,
      metric: tableErrors(table, operation),
      threshold: 1,
      minutes: [3, 5],
      description: 'DynamoDB returns internal errors, and callers get 503. Check the AWS Health Dashboard.',
    },
  ]);

/** Lambda's throttles. */
export const capacityRules = ({ endpoint: { id }, alias }: EndpointFunction): AlarmRule[] => [
  {
    id: `${id}-throttles`,
    metric: alias.metricThrottles({ period: minute, statistic: 'Sum' }),
    threshold: 1,
    minutes: [1, 1],
    description:
      'Lambda throttles requests: the account is at its limit of concurrent executions. Request a quota increase.',
  },
];

/** Faults of a function. If they start during a deployment, the new version is the likely cause. */
export const functionRules = ({ endpoint: { id }, alias }: EndpointFunction, namespace: string): AlarmRule[] => [
  {
    id: `${id}-failures`,
    metric: failed(namespace, id, 'Average'),
    threshold: 0.01,
    minutes: [3, 5],
    description: 'At least one percent of requests get 5xx. The dashboard shows their outcomes.',
  },
  {
    id: `${id}-defects`,
    metric: requests(namespace, id, 'internal'),
    threshold: 1,
    minutes: [1, 1],
    description: 'A request hit a defect and got 500. The function log has the stack trace and the request id.',
  },
  {
    id: `${id}-crashes`,
    metric: alias.metricErrors({ period: minute, statistic: 'Sum' }),
    threshold: 1,
    minutes: [1, 1],
    description: 'The function failed to start, timed out, ran out of memory or crashed. Its log shows which.',
  },
];
