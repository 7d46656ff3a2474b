import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ProblemCode } from '../lib/domain/problem.ts';
import type { Api } from './http-api.ts';

/** What is measured, by the minute. */
export const minute = Duration.minutes(1);

/** How many requests to an endpoint had an outcome: `success`, or the code of the problem that was answered. */
export const requests = (namespace: string, endpoint: string, outcome: ProblemCode | 'success'): Metric =>
  new Metric({
    namespace,
    metricName: 'requests',
    dimensionsMap: { endpoint, outcome },
    statistic: 'Sum',
    period: minute,
    label: `${endpoint} ${outcome}`,
  });

/** How long the function of an endpoint took, in milliseconds, without a cold start and without the gateway's own time. */
export const duration = (namespace: string, endpoint: string, statistic: string): Metric =>
  new Metric({
    namespace,
    metricName: 'duration',
    dimensionsMap: { endpoint },
    statistic,
    period: minute,
    label: `${endpoint} ${statistic}`,
  });

/** Server errors in percent of all requests; 0 when there are none. */
export const serverErrorRate = ({ httpApi }: Api): IMetric =>
  new MathExpression({
    expression: 'IF(all > 0, 100 * failed / all, 0)',
    usingMetrics: {
      failed: httpApi.metricServerError({ statistic: 'Sum', period: minute }),
      all: httpApi.metricCount({ statistic: 'Sum', period: minute }),
    },
    label: '5xx %',
    period: minute,
  });

/** From the gateway's first byte in to its last byte out, in milliseconds, cold starts included. */
export const latency = ({ httpApi }: Api, statistic: string): Metric =>
  httpApi.metricLatency({ statistic, period: minute, label: statistic });

/** Writes that DynamoDB refused because they came too fast. */
export const tableThrottles = (table: TableV2): Metric =>
  table.metric('WriteThrottleEvents', { statistic: 'Sum', period: minute, label: 'throttled writes' });

/** What the functions ask of the table, as DynamoDB's metrics call it. */
const operations = [Operation.UPDATE_ITEM, Operation.TRANSACT_WRITE_ITEMS];

const byOperation = (table: TableV2, name: string, statistic: string): Metric[] =>
  operations.map((Operation) =>
    table.metric(name, {
      dimensionsMap: { TableName: table.tableName, Operation },
      statistic,
      period: minute,
      label: `${Operation} ${statistic}`,
    }),
  );

/** Requests that DynamoDB failed by its own fault. It measures none while there are none, so none counts as 0. */
export const tableErrors = (table: TableV2): IMetric => {
  const metrics = byOperation(table, 'SystemErrors', 'Sum');
  return new MathExpression({
    expression: metrics.map((_, index) => `FILL(e${index}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`e${index}`, metric])),
    label: 'DynamoDB 5xx',
    period: minute,
  });
};

/** How long DynamoDB took, in milliseconds. */
export const tableLatencies = (table: TableV2): Metric[] => byOperation(table, 'SuccessfulRequestLatency', 'p99');
