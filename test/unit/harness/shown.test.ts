import { expect, test } from 'vitest';
import { shown } from '../../harness/shown.ts';

test.each([
  ['plain text', 'plain text'],
  ['', ''],
  ['a\\u0009b\\u0085\\u2028\\u200b', 'a\tb\u0085\u2028\u200b'],
  ['\\ud800', '\ud800'],
  ['名前 👾', '名前 👾'],
  ['aaaaaaa', 'a'.repeat(7)],
  ['xa×2048y', `x${'a'.repeat(2048)}y`],
  ['jane@a.×125com', `jane@${'a.'.repeat(125)}com`],
  ['👾×500', '👾'.repeat(500)],
  ['octets {"a":"\\xff\\x0a"}', Buffer.from('{"a":"\xff\n"}', 'latin1')],
  ['{"list":[1,2,3,4,5]}', { list: [1, 2, 3, 4, 5] }],
  ['{"list":[0,"98 more",99]}', { list: Array.from({ length: 100 }, (_, index) => index) }],
])('a value is shown as "%s"', (expected, value) => {
  expect(shown(value)).toBe(expected);
});
