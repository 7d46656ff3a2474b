import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { Id } from '../../../lib/domain/fields.ts';
import { distinctIds, LanguageTag } from '../../../lib/domain/identifiers.ts';
import { documented, expectPiece, patternOf } from './pieces.ts';

const isId = (sent: string): boolean => sent.length <= 64 && /^\w[\w-]*$|^-[\w-]*$/.test(sent);

test('Id accepts 1 to 64 letters, digits, _ and -, and documents the same', () => {
  const id = fc.string({ unit: fc.constantFrom(...'aZ09_-aZ09_-aZ09_- é/\n'), maxLength: 70, size: 'max' });
  fc.assert(
    fc.property(id, (sent) => {
      expectPiece(Id, sent, isId(sent));
      expect(patternOf(Id).test(sent)).toBe(isId(sent));
    }),
  );
});

describe('distinctIds', () => {
  test('accepts a list of distinct ids, within its limits', () => {
    const id = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'A', '__proto__') },
      fc.constantFrom('', 'a b', 1, null),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 6 }), (sent) => {
        const isDistinct = new Set(sent).size === sent.length;
        const areIds = sent.every((one) => typeof one === 'string' && isId(one));
        expectPiece(distinctIds(1, 4), sent, isDistinct && areIds && sent.length >= 1 && sent.length <= 4);
      }),
    );
  });

  test('reports every id that repeats an earlier one, at its place', () => {
    const { issues = [] } = v.safeParse(distinctIds(0, 9), ['a', 'b', 'a', 'c', 'a', 'b']);
    expect(issues.map(({ path }) => path?.map(({ key }) => key))).toEqual([[2], [4], [5]]);
  });

  test('is documented by its limits, and that its items are distinct', () => {
    expect(documented(distinctIds(1, 4))).toMatchObject({ type: 'array', minItems: 1, maxItems: 4, uniqueItems: true });
  });

  test('refuses a list that is too long without comparing its items', () => {
    expectPiece(
      distinctIds(0, 100),
      Array.from({ length: 200_000 }, (_, index) => `${index}`),
      false,
    );
  });
});

/** The `langtag` of RFC 5646 §2.1, read subtag by subtag, without what the piece says that it refuses. */
const isLangtag = (tag: string): boolean => {
  const subtags = tag.toLowerCase().split('-');
  if (!subtags.every((one) => /^[a-z0-9]{1,8}$/.test(one))) return false;
  const [language = '', ...rest] = subtags;
  if (!/^[a-z]+$/.test(language) || language.length < 2 || language.length === 4) return false;
  const next = (is: RegExp): boolean => is.test(rest[0] ?? '') && rest.shift() !== undefined;
  next(/^[a-z]{4}$/);
  next(/^([a-z]{2}|[0-9]{3})$/);
  while (next(/^(.{5,8}|[0-9].{3})$/));
  while (next(/^[a-wyz0-9]$/)) {
    if (!next(/^.{2,8}$/)) return false;
    while (next(/^.{2,8}$/));
  }
  if (next(/^x$/)) return rest.length > 0;
  return rest.length === 0;
};

const isLocale = (tag: string): boolean => {
  try {
    return new Intl.Locale(tag).baseName !== '';
  } catch {
    return false;
  }
};

describe('LanguageTag', () => {
  const subtag = fc.constantFrom(
    ...[
      'de',
      'en',
      'zh',
      'cmn',
      'abcd',
      'abcde',
      'Hans',
      'LATN',
      'CH',
      '419',
      '1996',
      'fonipa',
      'a',
      'u',
      'U',
      't',
      'x',
      'ca',
    ],
    ...['buddhist', 'm0', '0', 'bb', '', 'ninechars', 'é', 'e_n', ' '],
  );

  test('accepts what both RFC 5646 and Intl do, as sent', () => {
    const pattern = patternOf(LanguageTag);
    const tag = fc.oneof(
      fc
        .tuple(fc.constantFrom('de', 'EN', 'gsw', 'abcde'), fc.array(subtag, { maxLength: 4 }))
        .map(([one, more]) => [one, ...more]),
      fc.array(subtag, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(tag, (subtags) => {
        const sent = subtags.join('-');
        expectPiece(LanguageTag, sent, isLangtag(sent) && isLocale(sent));
        expect(pattern.test(sent)).toBe(isLangtag(sent));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    'de',
    'de-CH',
    'DE-ch',
    'gsw',
    'zh-Hans-CN',
    'es-419',
    'sl-rozaj-biske',
    'de-1996',
    'en-u-ca-gregory',
    'en-x-a',
  ])('accepts %s', (sent) => expectPiece(LanguageTag, sent, true));

  test.each([
    '',
    'd',
    'de_CH',
    'de-',
    '-de',
    'de--CH',
    'zh-yue',
    'i-klingon',
    'x-private',
    'de-1996-1996',
    'en-a-bb-a-cc',
    'en-x',
    'deutsch-land-',
    'dé',
    'de\n',
    `de-x${'-abcdefgh'.repeat(7)}`,
  ])('refuses %j', (sent) => expectPiece(LanguageTag, sent, false));

  test.each([0, null, true, ['de'], {}])('refuses %j', (sent) => expectPiece(LanguageTag, sent, false));

  test('a tag of 64 characters is the longest', () => {
    expectPiece(LanguageTag, `de-x${'-abcd'.repeat(12)}`, true);
    expectPiece(LanguageTag, `de-x${'-abcd'.repeat(11)}-abcde`, false);
  });

  test('does not ask Intl about a text that is too long, which would take seconds', () => {
    const ask = vi.spyOn(Intl, 'getCanonicalLocales');
    // Unlike `is`, `safeParse` runs every check, as the service does.
    expect(v.safeParse(LanguageTag, `de-x${'-abcd'.repeat(12)}-a`).success).toBe(false);
    expect(ask).not.toHaveBeenCalled();
    expect(v.safeParse(LanguageTag, `de-x${'-abcd'.repeat(12)}`).success).toBe(true);
    expect(ask).toHaveBeenCalledOnce();
    ask.mockRestore();
  });

  test.each(['-a', '-aa', '-abcde', '-x', '-x-a', 'a', '-'])(
    'takes time in proportion to the text: many of %j',
    (unit) => {
      expect(v.safeParse(LanguageTag, `de${unit.repeat(100_000)}!`).success).toBe(false);
    },
  );
});
