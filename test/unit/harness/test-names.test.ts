import { expect, test } from 'vitest';
import { flawedNames } from '../../harness/test-names.ts';

const file = 'test/a.test.ts';

test('whole names of one test each have no flaw, though another file may have the same', () => {
  expect(
    flawedNames([
      { file, name: 'a' },
      { file, name: 'b' },
      { file: 'test/b.test.ts', name: 'a' },
      { file, name: 'x'.repeat(250) },
    ]),
  ).toEqual([]);
});

test.each([
  ['that two tests share', ['a', 'b', 'a'], 'a names 2 tests'],
  ['that is cut off', ['takes { …(1) }'], 'takes { …(1) } is cut off'],
  ['with a line break', ['a\nb'], 'a?b contains a control character'],
  ['of 251 characters', ['x'.repeat(251)], `${'x'.repeat(250)} is longer than 250 characters`],
])('a name %s is a flaw', (_, names, sentence) => {
  expect(flawedNames(names.map((name) => ({ file, name })))).toEqual([`${file}: ${sentence}`]);
});
