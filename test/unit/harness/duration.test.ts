import { expect, test } from 'vitest';
import { secondsIn } from '../../harness/commands/duration.ts';

test.each([
  ['1s', 1],
  ['90s', 90],
  ['15m', 900],
  ['1h', 3600],
  ['30d', 2_592_000],
])('%s has %i seconds', (duration, seconds) => {
  expect(secondsIn(duration)).toBe(seconds);
});

test.each(['', '1', 'h', '0s', '01h', '-1h', '1.5h', '1 h', '1H', '1w', '1h30m', '1h\n', '9999999s'])(
  '%j is not a duration',
  (text) => {
    expect(secondsIn(text)).toBeUndefined();
  },
);
