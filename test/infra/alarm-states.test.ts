import { describe, expect, test } from 'vitest';
import { alarmsIn, measurementsIn, stateOf, valueFor } from './cloudwatch.ts';
import { type Ending, environmentOf, linesOf } from './function-log.ts';
import { contexts, endpoints, newEndpoint, templateOf } from './synthesise.ts';

const declared = [...endpoints, newEndpoint];
const three = { needed: 3, of: 5 };
const one = { needed: 1, of: 1 };

/** The maximum of a good minute, the minimum of a bad one, and how many of the last minutes must be bad. */
const rules: Record<string, { good: number; bad: number; needed: number; of: number }> = {
  'server-errors': { good: 4, bad: 5, ...three },
  latency: { good: 999, bad: 1000, ...three },
  ...Object.fromEntries(
    ['UpdateItem', 'TransactWriteItems'].flatMap((operation) => [
      [`table-${operation}-throttles`, { good: 0, bad: 1, ...three }],
      [`table-${operation}-errors`, { good: 0, bad: 1, ...three }],
    ]),
  ),
  ...Object.fromEntries(
    declared.flatMap(({ id }) => [
      [`${id}-throttles`, { good: 0, bad: 1, ...one }],
      [`${id}-crashes`, { good: 0, bad: 1, ...one }],
      [`${id}-defects`, { good: 0, bad: 1, ...one }],
      [`${id}-failures`, { good: 0.0099, bad: 0.01, ...three }],
    ]),
  ),
};

/** Every sequence of good (false) and bad (true) minutes with the given length. */
const sequencesOf = (length: number): boolean[][] =>
  Array.from({ length: 2 ** length }, (_, bits) => Array.from({ length }, (__, index) => ((bits >> index) & 1) === 1));

const many = (count: number, ending: Ending): Ending[] => Array.from({ length: count }, () => ending);
const success: Ending = { outcome: 'success', status: 200 };
const rejected: Ending = { outcome: 'invalid-fields', status: 422 };
const unavailable: Ending = { outcome: 'unavailable', status: 503 };
const defect: Ending = { outcome: 'internal', status: 500 };

const traffic: [string, Ending[], { failures: string; defects: string }][] = [
  ['successes', many(200, success), { failures: 'OK', defects: 'OK' }],
  ['invalid requests', many(200, rejected), { failures: 'OK', defects: 'OK' }],
  ['one 503 in 200', [...many(199, success), unavailable], { failures: 'OK', defects: 'OK' }],
  ['one 503 in 100', [...many(99, success), unavailable], { failures: 'ALARM', defects: 'OK' }],
  ['503 to every request', many(200, unavailable), { failures: 'ALARM', defects: 'OK' }],
  ['one 500 in 1,000', [...many(999, success), defect], { failures: 'OK', defects: 'ALARM' }],
  ['one 500 in 100', [...many(50, success), ...many(49, rejected), defect], { failures: 'ALARM', defects: 'ALARM' }],
];

describe.each(Object.entries(contexts))('In %s', async (stage, context) => {
  const stackName = `patchwork-${stage}`;
  const template = await templateOf(context, declared);
  const alarms = alarmsIn(template, stackName);
  const alarmNamed = (name: string) => {
    const alarm = alarms.get(name);
    if (!alarm) throw new Error(`No alarm is named ${name}`);
    return alarm;
  };

  test.each(Object.entries(rules))('the alarm %s goes off after enough bad minutes and no earlier', (name, rule) => {
    const alarm = alarmNamed(name);
    for (const sequence of sequencesOf(rule.of)) {
      const minutes = sequence.map((isBad) => (isBad ? rule.bad : rule.good));
      const enough = sequence.filter(Boolean).length >= rule.needed;
      expect([minutes, stateOf(alarm, minutes)]).toEqual([minutes, enough ? 'ALARM' : 'OK']);
      const others = sequence.map((isBad) => (isBad ? rule.bad : undefined));
      expect([others, stateOf(alarm, others)]).toEqual([others, enough ? 'ALARM' : 'OK']);
    }
  });

  test.each(Object.keys(rules))('the alarm %s clears when data stops after bad minutes', (name) => {
    const silence = Array.from({ length: 5 }, () => undefined);
    expect(stateOf(alarmNamed(name), [1e6, 1e6, 1e6, 1e6, 1e6, ...silence])).toBe('OK');
  });

  describe.each(declared)('the alarms of $id, given the log of the function,', ({ id }) => {
    const environment = environmentOf(template, `${stackName}-${id}`);

    test.each(traffic)('are in the expected state after five minutes of %s', (_, endings, states) => {
      const measurements = linesOf(id, environment, endings).flatMap(measurementsIn);
      for (const [what, state] of Object.entries(states)) {
        const alarm = alarmNamed(`${id}-${what}`);
        const value = valueFor(alarm, measurements);
        expect([what, stateOf(alarm, [value, value, value, value, value])]).toEqual([what, state]);
      }
    });

    test('ignore other functions', () => {
      const others = linesOf('another-endpoint', environment, many(10, defect)).flatMap(measurementsIn);
      for (const what of ['failures', 'defects']) expect(valueFor(alarmNamed(`${id}-${what}`), others)).toBeUndefined();
    });
  });
});
