import { runInNewContext } from 'node:vm';
import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { alarmsIn, measurementsIn } from './cloudwatch.ts';
import { environmentOf, linesOf } from './function-log.ts';
import { contexts, endpoints, newEndpoint, templateOf } from './synthesise.ts';

const Joined = v.object({ 'Fn::Join': v.tuple([v.literal(''), v.array(v.unknown())]) });
const Widget = v.object({
  type: v.picklist(['alarm', 'metric', 'log']),
  properties: v.looseObject({
    title: v.string(),
    alarms: v.optional(v.array(v.string())),
    metrics: v.optional(v.array(v.array(v.unknown()))),
    query: v.optional(v.string()),
  }),
});

/** The widgets, with `<logical id>` for values that are known only after deployment. */
const widgetsOf = (from: Template) => {
  const [{ Properties } = {}] = Object.values(from.findResources('AWS::CloudWatch::Dashboard'));
  const { 'Fn::Join': parts } = v.parse(Joined, Properties.DashboardBody);
  const name = (part: object) => `<${Object.values(part).flat()[0]}>`;
  const text = parts[1].map((part) => (typeof part === 'string' ? part : name(Object(part)))).join('');
  return v.parse(v.object({ widgets: v.array(Widget) }), JSON.parse(text)).widgets;
};

const Options = v.looseObject({
  stat: v.optional(v.string()),
  period: v.literal(60),
  expression: v.optional(v.string()),
  id: v.optional(v.string()),
});

/** The metrics of a graph: name with namespace, dimensions, and rendering options. */
const metricsOf = (metrics: readonly (readonly unknown[])[] = []) =>
  metrics.map((one) => {
    const [namespace, name, ...dimensions] = one.slice(0, -1).map(String);
    const pairs = Array.from({ length: dimensions.length / 2 }, (_, at) => dimensions.slice(2 * at, 2 * at + 2));
    return {
      name: `${namespace} ${name}`,
      dimensions: Object.fromEntries(pairs),
      ...v.parse(Options, one.at(-1)),
    };
  });

const declared = [...endpoints, newEndpoint];
const stackName = 'patchwork-prod';
const template = await templateOf(contexts.prod, declared);
const widgets = widgetsOf(template);
const graphs = widgets.map(({ properties }) => metricsOf(properties.metrics));
const metrics = graphs.flat();
const logged = declared.map(({ id }) => {
  const lines = linesOf(id, environmentOf(template, `${stackName}-${id}`), [
    { outcome: 'success', status: 200 },
    { outcome: 'internal', status: 500 },
  ]);
  return { id, lines, measurements: lines.flatMap(measurementsIn) };
});

describe('The dashboard', () => {
  test('shows every alarm', () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const ids = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    expect(shown.toSorted()).toEqual(ids.map((id) => `<${id}>`).toSorted());
    expect(alarmsIn(template, stackName).size).toBe(shown.length);
  });

  test.each(declared)('counts the requests of $id by each declared outcome', ({ id, problems }) => {
    const counted = metrics.filter(({ name, dimensions }) => name.endsWith(' requests') && dimensions.endpoint === id);
    expect(counted.map(({ dimensions, stat }) => [dimensions.outcome, stat]).toSorted()).toEqual(
      ['success', ...problems].map((outcome) => [outcome, 'Sum']).toSorted(),
    );
  });

  test('graphs only custom metrics that the functions write', () => {
    const names = new Set(
      logged.flatMap(({ measurements }) =>
        measurements.map(({ namespace, name, dimensions }) =>
          [`${namespace} ${name}`, ...Object.keys(dimensions)].join(),
        ),
      ),
    );
    const custom = metrics.filter(({ name }) => name.startsWith(`${stackName} `));
    for (const { name, dimensions } of custom) expect(names).toContain([name, ...Object.keys(dimensions)].join());
    expect(new Set(custom.map(({ name }) => name))).toEqual(
      new Set([`${stackName} requests`, `${stackName} duration`]),
    );
  });

  test.each(logged)(
    'shows the duration of $id in milliseconds, the unit in which it is written',
    ({ id, measurements }) => {
      const drawn = metrics.filter(({ name, dimensions }) => name.endsWith(' duration') && dimensions.endpoint === id);
      expect(drawn.map(({ stat }) => stat)).toEqual(['p50', 'p99']);
      const written = measurements.filter(({ name }) => name === 'duration');
      expect(new Set(written.map(({ unit }) => unit))).toEqual(new Set(['Milliseconds']));
    },
  );

  test.each([
    ['AWS/ApiGateway Latency', ['p50', 'p99']],
    ['AWS/DynamoDB SuccessfulRequestLatency', ['p99', 'p99']],
    ['AWS/DynamoDB ThrottledRequests', ['Sum', 'Sum']],
    ['AWS/DynamoDB SystemErrors', ['Sum', 'Sum']],
    ['AWS/Lambda ConcurrentExecutions', declared.map(() => 'Maximum')],
    ['AWS/Lambda Throttles', declared.map(() => 'Sum')],
  ])('shows %s with the expected statistics', (wanted, expected) => {
    expect(metrics.filter(({ name }) => name === wanted).map(({ stat }) => stat)).toEqual(expected);
  });

  test.each([
    ['no requests', 0, 0, 0],
    ['no failures', 0, 200, 0],
    ['three failures in 200 requests', 3, 200, 1.5],
    ['failures only', 7, 7, 100],
  ])('computes the failure rate in percent for %s', (_, failures, requests, percent) => {
    const [graph = [], ...others] = graphs.filter((one) => one.some(({ expression }) => expression));
    expect(others).toEqual([]);
    const counts: Record<string, number> = { 'AWS/ApiGateway 5xx': failures, 'AWS/ApiGateway Count': requests };
    const values = Object.fromEntries(graph.flatMap(({ id, name }) => (id ? [[id, counts[name]]] : [])));
    const IF = (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise);
    const expression = graph.find((one) => one.expression)?.expression ?? '';
    expect(runInNewContext(expression, { ...values, IF })).toBe(percent);
  });
});

describe('The log queries:', () => {
  const queries = widgets.flatMap(({ properties: { title, query } }) => (query ? [{ title, query }] : []));
  /** Members of Lambda's own log lines, and fields that CloudWatch adds. */
  const external = /^(@timestamp|record\.status)$/;

  test.each(queries)('"$title" reads the log group of every function', ({ query }) => {
    const logs = Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => `SOURCE '<${Properties.LoggingConfig.LogGroup.Ref}>'`,
    );
    expect(
      query
        .split(' | ')
        .filter((part) => part.startsWith('SOURCE'))
        .toSorted(),
    ).toEqual(logs.toSorted());
  });

  test.each(queries)('"$title" uses only members that the functions write', ({ query }) => {
    const written = new Set(logged.flatMap(({ lines }) => lines.flatMap((line) => Object.keys(JSON.parse(line)))));
    const conditions = query.matchAll(/(?:filter|or) ([\w.]+) = /g);
    const listed = /fields ([^|\n]+)/.exec(query)?.[1]?.split(', ') ?? [];
    const used = [...[...conditions].map(([, name = '']) => name), ...listed.map((name) => name.trim())];
    expect(used).not.toEqual([]);
    // `at.0` is the first item of `at`.
    for (const name of used.filter((one) => !external.test(one))) expect(written).toContain(name.split('.')[0]);
  });

  test('their conditions match defects and cold starts', () => {
    const [defect] = logged.map(({ lines }) => JSON.parse(lines.at(-1) ?? ''));
    const text = queries.map(({ query }) => query).join('\n');
    expect(text).toContain(`level = "${defect.level}"`);
    // CloudWatch Logs Insights reads `true` as 1.
    const [first] = logged.map(({ lines }) => JSON.parse(lines[0] ?? ''));
    expect(text).toContain(`coldStart = ${Number(first.coldStart)}`);
  });
});
