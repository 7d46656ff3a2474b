import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { medianOf, ratioOf } from './statistics.ts';

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the 95 % interval of a median', () => {
  // Ranks from tables of the sign test: the largest k with P(Bin(n, ½) < k) ≤ 0.025.
  test.each([
    { count: 6, low: 1, high: 6 },
    { count: 8, low: 1, high: 8 },
    { count: 9, low: 2, high: 8 },
    { count: 20, low: 6, high: 15 },
    { count: 30, low: 10, high: 21 },
    { count: 100, low: 40, high: 61 },
  ])('reaches from value $low to value $high of $count', ({ count, low, high }) => {
    expect(medianOf(oneTo(count).toReversed())).toEqual({ low, median: (count + 1) / 2, high });
  });

  test('is endless with five values or fewer, which say too little', () => {
    expect(medianOf(oneTo(5))).toEqual({ low: -Infinity, median: 3, high: Infinity });
  });

  test('is right for 40,000 values too, where 0.5 to that power is 0 for a computer', () => {
    const { low, high } = medianOf(oneTo(40_000));
    expect([low, high]).toEqual([19_805, 20_196].map((rank) => expect.closeTo(rank, -1)));
  });

  test('has the median inside, and as many values below it as above', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 6, maxLength: 200 }), (values) => {
        const { low, median, high } = medianOf(values);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(values.filter((value) => value < low)).toHaveLength(values.filter((value) => value > high).length);
      }),
    );
  });

  test('contains the true median in at least 95 of 100 samples', () => {
    // The values of one sample after another, evenly mixed by a linear congruential generator: the median of all is ½.
    let state = 1;
    const next = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const samples = Array.from({ length: 2_000 }, () => medianOf(Array.from({ length: 25 }, next)));
    const hits = samples.filter(({ low, high }) => low <= 0.5 && 0.5 <= high).length;
    expect(hits / samples.length).toBeGreaterThan(0.945);
    expect(hits / samples.length).toBeLessThan(0.97);
  });
});

test('a ratio compares each value with the one beside it, so that what slows both down cancels out', () => {
  const beside = [1, 50, 3, 200, 5, 6, 9, 2];
  const values = beside.map((value) => value * 1.5);
  expect(ratioOf(values, beside)).toEqual({ low: 1.5, median: 1.5, high: 1.5 });
  expect(() => ratioOf([1, 2], [1])).toThrow('2 values are not beside 1');
});
