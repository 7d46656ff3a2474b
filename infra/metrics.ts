import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ProblemCode } from '../lib/domain/problem.ts';
import type { Api } from './http-api.ts';

/** The period of every metric. */
export const minute = Duration.minutes(1);

/** Requests to an endpoint with the given outcome: `success`, or the code of the returned problem. */
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

/** Time spent handling a request in the function, in milliseconds, without cold starts and gateway overhead. */
export const duration = ofFunction('duration');

/** 1 for a 5xx response, 0 for any other; the average is the failure rate. */
export const failed = ofFunction('failed');

/** 5xx responses of the gateway, including requests that never reached a function. */
export const serverErrors = ({ httpApi }: Api): Metric =>
  httpApi.metricServerError({ statistic: 'Sum', period: minute });

/** 5xx responses in percent of all requests; 0 without requests. */
export const serverErrorRate = (api: Api): IMetric =>
  new MathExpression({
    expression: 'IF(all > 0, 100 * failed / all, 0)',
    usingMetrics: { failed: serverErrors(api), all: api.httpApi.metricCount({ statistic: 'Sum', period: minute }) },
    label: '5xx',
    period: minute,
  });

/** Time from the gateway receiving a request to returning the response, in milliseconds, including cold starts. */
export const latency = ({ httpApi }: Api, statistic: string): Metric =>
  httpApi.metricLatency({ statistic, period: minute });

/** The operations that the functions call, as named in DynamoDB's metrics. */
export const tableOperations = [Operation.UPDATE_ITEM, Operation.TRANSACT_WRITE_ITEMS];

const ofTable = (metricName: string, statistic: string) => (table: TableV2, operation: Operation) =>
  table.metric(metricName, {
    dimensionsMap: { TableName: table.tableName, Operation: operation },
    statistic,
    period: minute,
  });

/** Requests that DynamoDB throttled. */
export const tableThrottles = ofTable('ThrottledRequests', 'Sum');

/** Requests that failed with an internal error of DynamoDB. */
export const tableErrors = ofTable('SystemErrors', 'Sum');

/** The 99th percentile of DynamoDB's latency, in milliseconds. */
export const tableLatency = ofTable('SuccessfulRequestLatency', 'p99');
