import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';

const Alarm = v.object({
  AlarmName: v.string(),
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.array(v.object({ Name: v.string(), Value: v.unknown() })),
  Statistic: v.optional(v.picklist(['Average', 'Maximum', 'Minimum', 'Sum'])),
  ExtendedStatistic: v.optional(v.string()),
  Period: v.literal(60),
  Threshold: v.number(),
  ComparisonOperator: v.picklist([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanOrEqualToThreshold',
    'LessThanThreshold',
  ]),
  DatapointsToAlarm: v.number(),
  EvaluationPeriods: v.number(),
  TreatMissingData: v.picklist(['breaching', 'notBreaching', 'ignore', 'missing']),
});

/** An alarm in a template, without its actions and description. Its period is one minute. */
export type Alarm = v.InferOutput<typeof Alarm>;

/** The alarms of a stack, by name without the stack's prefix. */
export const alarmsIn = (template: Template, stackName: string): Map<string, Alarm> =>
  new Map(
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => {
      const alarm = v.parse(Alarm, Properties);
      return [alarm.AlarmName.replace(`${stackName}-`, ''), alarm];
    }),
  );

const comparisons: Record<Alarm['ComparisonOperator'], (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * The state of an alarm in CloudWatch after these minutes; `undefined` is a minute without data.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * @throws Error if CloudWatch would reject the alarm
 */
export const stateOf = (alarm: Alarm, minutes: readonly (number | undefined)[]): 'ALARM' | 'OK' | 'unknown' => {
  const { DatapointsToAlarm: needed, EvaluationPeriods: evaluated, TreatMissingData: missing } = alarm;
  if (needed > evaluated) throw new Error(`${needed} of ${evaluated} datapoints is not possible`);
  const window = minutes.slice(-evaluated);
  const hasNoData = window.every((value) => value === undefined);
  if (hasNoData && (missing === 'ignore' || missing === 'missing')) return 'unknown';
  const bad = window.filter((value) =>
    value === undefined ? missing === 'breaching' : comparisons[alarm.ComparisonOperator](value, alarm.Threshold),
  );
  return bad.length >= needed ? 'ALARM' : 'OK';
};

const EmbeddedMetrics = v.looseObject({
  _aws: v.object({
    CloudWatchMetrics: v.array(
      v.object({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string(), Unit: v.string() })),
      }),
    ),
  }),
});

/** One value of a metric, with its dimensions. */
export type Measurement = {
  namespace: string;
  name: string;
  unit: string;
  dimensions: Record<string, unknown>;
  value: number;
};

/**
 * The measurements that CloudWatch extracts from a log line.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const measurementsIn = (line: string): Measurement[] => {
  const { _aws, ...members } = v.parse(EmbeddedMetrics, JSON.parse(line));
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name, Unit }) => ({
        namespace: Namespace,
        name: Name,
        unit: Unit,
        dimensions: Object.fromEntries(names.map((name) => [name, members[name]])),
        value: Number(members[Name]),
      })),
    ),
  );
};

const statistics: Record<NonNullable<Alarm['Statistic']>, (values: readonly number[]) => number> = {
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
};

/** The value of an alarm's metric in a minute with these measurements; `undefined` if none belongs to the metric. */
export const valueFor = (alarm: Alarm, measurements: readonly Measurement[]): number | undefined => {
  const dimensions = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const values = measurements
    .filter(({ namespace, name }) => namespace === alarm.Namespace && name === alarm.MetricName)
    .filter((one) => isSame(one.dimensions, dimensions))
    .map(({ value }) => value);
  if (values.length === 0 || alarm.Statistic === undefined) return undefined;
  return statistics[alarm.Statistic](values);
};

const isSame = (one: Record<string, unknown>, other: Record<string, unknown>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);
