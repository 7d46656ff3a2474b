import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityTagOf, expectedVersionsIn } from '../../../lib/http/preconditions.ts';

describe('expectedVersionsIn', () => {
  test('reads back the tags it writes, in any list', () => {
    const versions = fc.array(fc.nat(), { minLength: 1 });
    const separator = fc.constantFrom(',', ' , ', ',,', '\t,\t ');
    fc.assert(
      fc.property(versions, separator, (list, between) => {
        expect(expectedVersionsIn(list.map(entityTagOf).join(between))).toEqual(list);
      }),
    );
  });

  test.each([undefined, '*', ' *\t'])('accepts any version for %j', (header) => {
    expect(expectedVersionsIn(header)).toBe('any');
  });

  test.each([undefined, '*', '"3"', 'W/"3"'])('accepts none for If-None-Match: *, If-Match being %j', (ifMatch) => {
    expect(expectedVersionsIn(ifMatch, '*')).toBe('none');
    expect(expectedVersionsIn(ifMatch, ' *\t')).toBe('none');
  });

  test.each(['"3"', 'W/"3"', '*, "3"', '', 'x', '\u00a0*'])('ignores If-None-Match: %s', (ifNoneMatch) => {
    expect(expectedVersionsIn('"3"', ifNoneMatch)).toEqual([3]);
    expect(expectedVersionsIn(undefined, ifNoneMatch)).toBe('any');
  });

  test('refuses a malformed If-Match whatever If-None-Match says', () => {
    expect(() => expectedVersionsIn('3', '*')).toThrow('malformed-precondition');
  });

  test.each(['W/"1"', '"a"', '""', '"01"', '"-1"', '"1.0"', 'W/"1", W/"2"', '"9999999999999999999"', '"é"'])(
    'never matches %s',
    (header) => {
      expect(expectedVersionsIn(header)).toEqual([]);
    },
  );

  test('leaves the weak tags of a list aside', () => {
    expect(expectedVersionsIn('W/"1", "2",W/"3","4"')).toEqual([2, 4]);
  });

  test.each([
    '',
    ' ',
    ',',
    '1',
    '"1',
    "'1'",
    '"1" "2"',
    '*, "1"',
    '"1", *',
    'w/"1"',
    'W/ "1"',
    '"1",x',
    '"a"b"',
    '"1 "',
    '\u00a0*',
    '*\u2003',
  ])('refuses %j', (header) => {
    expect(() => expectedVersionsIn(header)).toThrow('malformed-precondition');
  });
});
