import { describe, expect, test } from 'vitest';
import { fieldErrorsOf } from '../../../lib/http/field-errors.ts';
import { flawsIn, type JsonFlaw } from '../../../lib/json-flaws.ts';

const inexact = (...path: JsonFlaw['path']): JsonFlaw => ({ kind: 'inexact', path });
const pointersOf = (flaws: readonly JsonFlaw[]) => fieldErrorsOf([], flaws).map(({ pointer }) => pointer);

describe('the list of wrong fields', () => {
  test('writes a name as a JSON pointer does', () => {
    expect(pointersOf([inexact('a/b~c', 0, ''), inexact('~1')])).toEqual(['/a~1b~0c/0/', '/~01']);
  });

  test('names each field once, with the first thing that is wrong with it', () => {
    const flaws: JsonFlaw[] = [inexact('a'), { kind: 'duplicate', path: ['a'] }];
    expect(fieldErrorsOf([], flaws)).toEqual([{ pointer: '/a', detail: expect.stringMatching(/exactly/) }]);
  });

  test('ends after a thousand, so that no answer outgrows what Lambda can send', () => {
    const pointers = pointersOf(Array.from({ length: 2_000 }, (_, index) => inexact('values', index)));
    expect(pointers).toHaveLength(1_000);
    expect(pointers.at(-1)).toBe('/values/999');
  });

  test('names the object around a field whose own name is too long to be repeated', () => {
    expect(fieldErrorsOf([], [inexact('outer', 'n'.repeat(300), 0)])).toEqual([
      { pointer: '/outer', detail: 'has a member whose name is too long for a field of this request' },
    ]);
    expect(pointersOf([inexact('n'.repeat(250))])).toEqual([`/${'n'.repeat(250)}`]);
  });

  test('takes no more of a long name than it says, however many wrong values stand below it', () => {
    const flaws = flawsIn(`{"${'n'.repeat(130_000)}":[${'-0,'.repeat(40_000)}-0]}`);
    expect(flaws).toHaveLength(40_001);
    expect(fieldErrorsOf([], flaws)).toHaveLength(1);
  });
});
