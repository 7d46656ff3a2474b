import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { decimal, wholeNumber } from '../../../lib/domain/numbers.ts';
import { documented, expectPiece, patternOf } from './pieces.ts';

const notANumber = fc.constantFrom<unknown>(null, true, '', '1', [], [1], {}, Number.NaN, Number.POSITIVE_INFINITY);

describe('wholeNumber', () => {
  const range = fc
    .tuple(fc.maxSafeInteger(), fc.maxSafeInteger())
    .map((ends): [number, number] => [Math.min(...ends), Math.max(...ends)]);
  const near = ([min, max]: [number, number]) =>
    fc.tuple(
      fc.constant([min, max] as const),
      fc.oneof(
        fc.integer({ min: Math.max(min, -(2 ** 52)), max: Math.max(min, -(2 ** 52)) + 9 }),
        fc.constantFrom(min, max, min - 1, max + 1, min + 0.5, -0, 0.1, 1e300),
        fc.double({ noNaN: true }),
      ),
    );

  test('accepts the whole numbers of its range, ends included, and no others', () => {
    fc.assert(
      fc.property(range.chain(near), ([[min, max], sent]) => {
        expectPiece(wholeNumber(min, max), sent, Number.isInteger(sent) && sent >= min && sent <= max);
      }),
    );
  });

  test('refuses what is not a number', () => {
    fc.assert(fc.property(notANumber, (sent) => expectPiece(wholeNumber(-5, 5), sent, false)));
  });

  test('is documented by its type and limits', () => {
    expect(documented(wholeNumber(1, 600))).toMatchObject({ type: 'integer', minimum: 1, maximum: 600 });
  });
});

describe('decimal', () => {
  const limits = fc
    .nat(20)
    .chain((scale) => fc.tuple(fc.integer({ min: Math.max(1, scale), max: 38 }), fc.constant(scale)));

  /** The text of a number of units of 10^-scale: BigInt writes neither leading zeros nor a negative zero. */
  const textOf = (units: bigint, scale: number): string => {
    if (scale === 0) return `${units}`;
    const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  };

  test('accepts every number of at most so many digits, in its one text', () => {
    const value = limits.chain(([maxDigits, scale]) => {
      const end = 10n ** BigInt(maxDigits);
      const units = fc.oneof(
        fc.bigInt({ min: -2n * end, max: 2n * end }),
        fc.bigInt({ min: -20n, max: 20n }),
        fc.constantFrom(end - 1n, end, 1n - end, -end),
      );
      return fc.tuple(fc.constant([maxDigits, scale] as const), units);
    });
    fc.assert(
      fc.property(value, ([[maxDigits, scale], units]) => {
        const isAccepted = units > -(10n ** BigInt(maxDigits)) && units < 10n ** BigInt(maxDigits);
        expectPiece(decimal(maxDigits, scale), textOf(units, scale), isAccepted);
      }),
    );
  });

  test('refuses every other text, and documents the same', () => {
    const unit = fc.constantFrom(...'0001259-+..e,x ');
    fc.assert(
      fc.property(limits, fc.string({ unit, maxLength: 9 }), ([maxDigits, scale], sent) => {
        const units = /^-?[0-9]+(?:\.[0-9]+)?$/.test(sent) ? BigInt(sent.replace('.', '')) : undefined;
        const isAccepted =
          units !== undefined && textOf(units, scale) === sent && units ** 2n < 100n ** BigInt(maxDigits);
        expectPiece(decimal(maxDigits, scale), sent, isAccepted);
        expect(patternOf(decimal(maxDigits, scale)).test(sent)).toBe(isAccepted);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['0.00', '-0.01', '12345678.90', '99999999.99', '-99999999.99'])('decimal(10, 2) accepts %s', (sent) => {
    expectPiece(decimal(10, 2), sent, true);
  });

  test.each([
    '',
    '-',
    '.50',
    '1',
    '1.',
    '1.5',
    '1.500',
    '+1.00',
    '01.00',
    '-0.00',
    '1e2',
    '1,00',
    ' 1.00',
    '1.00\n',
    '١.٠٠',
    '100000000.00',
  ])('decimal(10, 2) refuses %j', (sent) => expectPiece(decimal(10, 2), sent, false));

  test('refuses what is not text', () => {
    fc.assert(
      fc.property(fc.constantFrom<unknown>(0, 1.5, null, true, ['0.00'], {}), (sent) =>
        expectPiece(decimal(4, 2), sent, false),
      ),
    );
  });

  test.each([
    [2, 3],
    [-1, 0],
    [1.5, 0],
    [4, 0.5],
    [4, -1],
    [Number.NaN, 0],
  ])('cannot be declared with the limits %d and %d', (maxDigits, scale) => {
    expect(() => decimal(maxDigits, scale)).toThrow();
  });

  test('takes time in proportion to the text', () => {
    for (const unit of ['0', '-', '0.', '9'])
      expect(v.safeParse(decimal(38, 10), `-${unit.repeat(250_000)}`).success).toBe(false);
  });
});
