import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flawsIn, plainValueIn } from '../../lib/json-flaws.ts';

const reserved = ['__proto__', 'constructor', 'prototype'];
const shallow = fc.jsonValue({ maxDepth: 5 }).filter((value) => flawless(value));

const flawless = (value: unknown): boolean => {
  if (Object.is(value, -0)) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => !reserved.includes(name) && flawless(member));
};

const nested = (depth: number, value: unknown): unknown => (depth === 0 ? value : [nested(depth - 1, value)]);
const inObjects = (depth: number, value: unknown): unknown =>
  depth === 0 ? value : { a: inObjects(depth - 1, value) };

describe('plainValueIn', () => {
  const objects = shallow.filter((value) => typeof value === 'object' && value !== null);

  test('returns what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(objects, (value) => {
        expect(plainValueIn(JSON.stringify(value))).toEqual(value);
      }),
    );
  });

  test('returns nothing for a text in any other format', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(' ', '\n', '\t'), (value, space) => {
        expect(plainValueIn(JSON.stringify(value) + space)).toBeUndefined();
      }),
    );
  });

  test.each(['', '{', '{}{}', 'null', '1', '"{}"', '{"a":1,"a":1}', '{"a":-0}', '[1e400]', '["\\u0061"]', '\ufeff{}'])(
    'returns nothing for %j',
    (text) => {
      expect(plainValueIn(text)).toBeUndefined();
    },
  );

  test.each([
    [[0, { constructor: 1 }, 0]],
    [{ a: 0, prototype: 1, b: 0 }],
    [{ a: { b: 0 }, c: { d: { constructor: 0 } }, e: 0 }],
    [nested(16, 0)],
    [nested(17, 0)],
    [inObjects(16, 0)],
    [inObjects(17, null)],
    [[0, nested(16, 0), 0]],
    [{ a: 0, b: inObjects(16, 0), c: 0 }],
    [{ a: nested(8, inObjects(8, 'x')) }],
    [[nested(15, null), nested(15, { a: 1 })]],
  ])('returns nothing for %j unless it has no flaw', (value) => {
    const text = JSON.stringify(value);
    expect(plainValueIn(text)).toEqual(flawsIn(text).length === 0 ? value : undefined);
  });
});

describe('flawsIn', () => {
  test('finds nothing in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(shallow, (value) => {
        expect(flawsIn(JSON.stringify(value, null, 1))).toEqual([]);
      }),
    );
  });

  test('finds a repeated member, however it is escaped', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((name) => !reserved.includes(name)),
        shallow,
        shallow,
        (name, first, second) => {
          const spelt = JSON.stringify(name);
          const escaped = `"${[...name].map((it) => escapeOf(it)).join('')}"`;
          const text = `{"list":[{${spelt}:${JSON.stringify(first)},${escaped}:${JSON.stringify(second)}}]}`;
          expect(flawsIn(text)).toEqual([{ kind: 'duplicate', path: ['list', 0, name] }]);
        },
      ),
    );
  });

  test.each(reserved)('finds %s at any depth', (name) => {
    expect(flawsIn(`[{"a":{"${name}":{"${name}":1}}}]`)).toEqual([
      { kind: 'reserved', path: [0, 'a', name] },
      { kind: 'reserved', path: [0, 'a', name, name] },
    ]);
  });

  test('accepts every notation of a number that JavaScript represents exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(20), (number, zeros) => {
        fc.pre(!Object.is(number, -0));
        const plain = String(number);
        const [digits = '', exponent = '0'] = plain.split('e');
        const padded = `${digits}${digits.includes('.') ? '' : '.'}${'0'.repeat(zeros + 1)}`;
        expect(flawsIn(`[${padded}e${exponent},${padded}E${exponent}]`)).toEqual([]);
      }),
    );
  });

  test.each([
    '9007199254740993',
    '0.1000000000000000055511151231257827',
    '1e400',
    '-1e400',
    '1e-400',
    '-0',
    '-0.0e5',
    '123456789012345678901234567890.5',
  ])('finds that %s is not exact', (number) => {
    expect(flawsIn(`{"a":[${number}]}`)).toEqual([{ kind: 'inexact', path: ['a', 0] }]);
  });

  test('accepts leading zeros of a small fraction', () => {
    expect(flawsIn('[0.00000001,1e-8,10000000000000000000000]')).toEqual([]);
  });

  test('reports the index of an item of a list', () => {
    expect(flawsIn('[1,[],{},-0,"a",-0]')).toEqual([
      { kind: 'inexact', path: [3] },
      { kind: 'inexact', path: [5] },
    ]);
  });

  test('accepts 16 levels, but not 17', () => {
    const lists = (depth: number) => JSON.stringify(nested(depth, 0));
    const objects = (depth: number) => JSON.stringify(inObjects(depth, 0));
    expect([flawsIn(lists(16)), flawsIn(objects(16))]).toEqual([[], []]);
    expect([plainValueIn(lists(16)), plainValueIn(objects(16))]).toEqual([nested(16, 0), inObjects(16, 0)]);
    for (const text of [lists(17), objects(17)]) expect(flawsIn(text)).toMatchObject([{ kind: 'deep' }]);
  });

  test('stops at a value that is nested too deep, without recursion', () => {
    const flaws = flawsIn(`{"a":${'['.repeat(100_000)}`);
    expect(flaws.map(({ kind }) => kind)).toEqual(['deep']);
  });

  test('throws nothing but SyntaxError, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          flawsIn(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

const escapeOf = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
