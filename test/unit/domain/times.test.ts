import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Timestamp } from '../../../lib/domain/replies.ts';
import { DateTime, FullDate } from '../../../lib/domain/times.ts';
import { documented, expectPiece, patternOf } from './pieces.ts';

const digits = (number: number, length = 2): string => `${number}`.padStart(length, '0');

/** Whether `Date` has this day: it carries what is too much into the next month. */
const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

describe('FullDate', () => {
  test('accepts exactly the days of the calendar, of all years from 0000 to 9999', { timeout: 120_000 }, () => {
    const pattern = patternOf(FullDate);
    const wrong: string[] = [];
    for (let year = 0; year < 10_000; year++) {
      for (const month of year % 100 < 30 ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] : [2]) {
        for (const day of [0, 1, 9, 10, 19, 20, 28, 29, 30, 31, 32]) {
          const sent = `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
          const isReal = isDay(year, month, day);
          if (v.is(FullDate, sent) !== isReal || pattern.test(sent) !== isReal) wrong.push(sent);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    '',
    '2024-1-15',
    '24-01-15',
    '2024/01/15',
    '20240115',
    '2024-01-15T',
    '2024-01-15\n',
    ' 2024-01-15',
    '+002024-01-15',
    '-2024-01-15',
    '2024-W03-1',
    '٢٠٢٤-01-15',
    '2024-01-15Z',
  ])('refuses %j', (sent) => expectPiece(FullDate, sent, false));

  test.each([0, 20240115, null, true, ['2024-01-15'], {}])('refuses %j', (sent) => expectPiece(FullDate, sent, false));

  test('is documented as a date', () => expect(documented(FullDate)).toMatchObject({ type: 'string', format: 'date' }));
});

/** Mostly within the limits, and just beyond them. */
const part = (max: number) => fc.oneof({ weight: 9, arbitrary: fc.nat(max) }, fc.constantFrom(max, max + 1, 99));

describe('DateTime', () => {
  const parts = fc.record({
    year: fc.oneof(fc.nat(9_999), fc.constantFrom(1900, 2000, 2023, 2024)),
    month: part(12),
    day: part(31),
    hour: part(23),
    minute: part(59),
    second: part(59),
    fraction: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, fc.stringMatching(/^\.[0-9]{0,11}$/)),
    offset: fc.oneof(
      fc.constantFrom('Z', '+00:00', '-00:00'),
      fc
        .tuple(fc.constantFrom('+', '-'), part(23), part(59))
        .map(([sign, hour, minute]) => `${sign}${digits(hour)}:${digits(minute)}`),
    ),
  });

  test('accepts every time of every day with every offset as sent, and documents the same', () => {
    const pattern = patternOf(DateTime);
    fc.assert(
      fc.property(parts, ({ year, month, day, hour, minute, second, fraction, offset }) => {
        const date = `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
        const sent = `${date}T${digits(hour)}:${digits(minute)}:${digits(second)}${fraction}${offset}`;
        const isTime = hour < 24 && minute < 60 && second < 60 && (fraction === '' || /^.\d{1,9}$/.test(fraction));
        const isOffset = offset === 'Z' || (Number(offset.slice(1, 3)) < 24 && Number(offset.slice(4)) < 60);
        const isAccepted = isDay(year, month, day) && isTime && isOffset;
        expectPiece(DateTime, sent, isAccepted);
        expect(pattern.test(sent)).toBe(isAccepted);
      }),
      { numRuns: 2_000 },
    );
  });

  test('accepts what Date writes, and only what Date and a reply can represent', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(date, (one) => expectPiece(DateTime, one.toISOString(), true)));
    fc.assert(
      fc.property(parts, ({ offset, fraction, second }) => {
        const sent = `2024-02-29T23:59:${digits(second)}${fraction}${offset}`;
        if (v.is(DateTime, sent)) expect(v.is(Timestamp, sent)).toBe(true);
      }),
    );
  });

  test.each([
    '2024-01-15T11:00:00Z',
    '2024-01-15T12:30:00.5+01:30',
    '2024-02-29T00:00:00.000000001-00:00',
    '0000-02-29T23:59:59+23:59',
  ])('accepts %s', (sent) => expectPiece(DateTime, sent, true));

  test.each([
    '',
    '2024-01-15',
    '2024-01-15T11:00:00',
    '2024-01-15T11:00Z',
    '2024-01-15t11:00:00Z',
    '2024-01-15T11:00:00z',
    '2024-01-15 11:00:00Z',
    '2024-01-15T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2023-02-29T11:00:00Z',
    '1900-02-29T11:00:00Z',
    '2024-01-15T11:00:00,5Z',
    '2024-01-15T11:00:00.Z',
    '2024-01-15T11:00:00.0000000001Z',
    '2024-01-15T11:00:00+0100',
    '2024-01-15T11:00:00+01',
    '2024-01-15T11:00:00+24:00',
    '2024-01-15T11:00:00\u221201:00',
    '2024-01-15T11:00:00Z\n',
    ' 2024-01-15T11:00:00Z',
  ])('refuses %j', (sent) => expectPiece(DateTime, sent, false));

  test.each([0, 1705316400000, null, true, [], {}])('refuses %j', (sent) => expectPiece(DateTime, sent, false));

  test('is documented as a timestamp', () => {
    expect(documented(DateTime)).toMatchObject({ type: 'string', format: 'date-time' });
  });

  test.each(['0', '2024-02-', '2024-01-15T11:00:00.0', 'Z'])(
    'takes time in proportion to the text: many of %j',
    (unit) => {
      expect(v.safeParse(DateTime, unit.repeat(250_000)).success).toBe(false);
      expect(v.safeParse(FullDate, unit.repeat(250_000)).success).toBe(false);
    },
  );
});
