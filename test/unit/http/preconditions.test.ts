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

  test.each([undefined, '*', ' * '])('accepts any version for %j', (header) => {
    expect(expectedVersionsIn(header)).toBe('any');
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
  ])('refuses %j', (header) => {
    expect(() => expectedVersionsIn(header)).toThrow('malformed-precondition');
  });
});
