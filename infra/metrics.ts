import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ProblemCode } from '../lib/domain/problem.ts';
import type { Api } from './http-api.ts';

/** Everything is measured by the minute. */
export const minute = Duration.minutes(1);

/** How many requests to an endpoint had an outcome: `success`, or the code of the problem that was answered. */
export const requests = (namespace: string, endpoint: string, outcome: ProblemCode | 'success'): Metric =>
  new Metric({
    namespace,
    metricName: 'requests',
    dimensionsMap: { endpoint, outcome },
    statistic: 'Sum',
    period: minute,
  });

const ofFunction = (metricName: string) => (namespace: string, endpoint: string, statistic: string) =>
  new Metric({ namespace, metricName, dimensionsMap: { endpoint }, statistic, period: minute });

/** How long the function of an endpoint took for a request, in milliseconds, loading it and the gateway's time aside. */
export const duration = ofFunction('duration');

/** 1 for a request that was answered 5xx, 0 for any other; the average is the rate. */
export const failed = ofFunction('failed');

/** How many requests the gateway answered 5xx, those included that never reached a function. */
export const serverErrors = ({ httpApi }: Api): Metric =>
  httpApi.metricServerError({ statistic: 'Sum', period: minute });

/** The same in percent of all requests; 0 when there are none. */
export const serverErrorRate = (api: Api): IMetric =>
  new MathExpression({
    expression: 'IF(all > 0, 100 * failed / all, 0)',
    usingMetrics: { failed: serverErrors(api), all: api.httpApi.metricCount({ statistic: 'Sum', period: minute }) },
    label: '5xx',
    period: minute,
  });

/** From the gateway's first byte in to its last byte out, in milliseconds, cold starts included. */
export const latency = ({ httpApi }: Api, statistic: string): Metric =>
  httpApi.metricLatency({ statistic, period: minute });

/** What the functions ask of the table, as DynamoDB's metrics call it. */
export const tableOperations = [Operation.UPDATE_ITEM, Operation.TRANSACT_WRITE_ITEMS];

const ofTable = (metricName: string, statistic: string) => (table: TableV2, operation: Operation) =>
  table.metric(metricName, {
    dimensionsMap: { TableName: table.tableName, Operation: operation },
    statistic,
    period: minute,
  });

/** Requests that DynamoDB refused because they came too fast. */
export const tableThrottles = ofTable('ThrottledRequests', 'Sum');

/** Requests that DynamoDB failed by its own fault. */
export const tableErrors = ofTable('SystemErrors', 'Sum');

/** How long DynamoDB took, in milliseconds. */
export const tableLatency = ofTable('SuccessfulRequestLatency', 'p99');
