import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Problem } from '../../../lib/domain/problem.ts';
import { failing, linesOf } from './observed.ts';

describe('The line of a request is one that CloudWatch takes metrics from:', () => {
  test('with metrics as CloudWatch wants them', async () => {
    const [line = ''] = await linesOf({});
    const members = JSON.parse(line);
    const directives = members._aws.CloudWatchMetrics;
    // The alarms and the dashboard look for these, by name, unit and dimensions.
    expect(directives).toEqual([
      {
        Namespace: 'patchwork-test',
        Dimensions: [['endpoint', 'outcome']],
        Metrics: [{ Name: 'requests', Unit: 'Count' }],
      },
      {
        Namespace: 'patchwork-test',
        Dimensions: [['endpoint']],
        Metrics: [
          { Name: 'duration', Unit: 'Milliseconds' },
          { Name: 'failed', Unit: 'Count' },
        ],
      },
    ]);
    for (const { Dimensions, Metrics } of directives) {
      for (const name of Dimensions.flat()) expect(members[name]).toEqual(expect.any(String));
      for (const { Name } of Metrics) expect(members[Name]).toEqual(expect.any(Number));
    }
  });

  test('with its time stamp and its duration in milliseconds', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2024, 0, 15, 10) });
    onTestFinished(() => void vi.useRealTimers());
    const update = () => void vi.advanceTimersByTime(250);
    const lines = await linesOf({ update }, {}, { authorization: '' });
    const timestamp = '2024-01-15T10:00:00.250Z';
    const _aws = { Timestamp: Date.parse(timestamp) };
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { timestamp, _aws, duration: 250 },
      { timestamp, _aws, duration: 0 },
      { timestamp, _aws, duration: 0 },
    ]);
  });

  test('that counts as failed if it is a defect or the service was not available', async () => {
    const lines = await linesOf(
      {},
      { authorization: '' },
      { update: failing(new Problem('not-found')) },
      { update: failing(new Problem('unavailable')) },
      { update: failing(new TypeError()) },
    );
    expect(
      lines.map((line) => JSON.parse(line)).map(({ status, failed, requests }) => [status, failed, requests]),
    ).toEqual([
      [200, 0, 1],
      [401, 0, 1],
      [404, 0, 1],
      [503, 1, 1],
      [500, 1, 1],
    ]);
  });

  test('and nothing else: Lambda wraps what goes to the console, and CloudWatch then finds no metrics in it', async () => {
    const spies = [
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
    ];
    onTestFinished(() => void vi.restoreAllMocks());
    const lines = await linesOf({}, { authorization: '' }, { update: failing(new TypeError()) });
    expect(lines).toHaveLength(3);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
