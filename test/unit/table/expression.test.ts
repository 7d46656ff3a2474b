import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesIn, holdsAll, withChanges } from '../../../lib/table/changes.ts';
import { expressionOf } from '../../../lib/table/expression.ts';

const value = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }));
const field = fc.stringMatching(/^[a-zA-Z]{1,8}$/);
const patch = fc.dictionary(field, fc.oneof(value, fc.dictionary(field, value)));
const changes = patch.map((it) => changesIn(it)).filter((it) => it.length > 0);

describe('changesIn', () => {
  test('gives every leaf of nested objects its dotted name', () => {
    expect(changesIn({ name: 'a', sessionTemplates: { sms: '', whatsapp: 'b' }, empty: {}, list: [{ a: 1 }] })).toEqual(
      [
        { attribute: 'name', value: 'a' },
        { attribute: 'sessionTemplates.sms', value: '' },
        { attribute: 'sessionTemplates.whatsapp', value: 'b' },
        { attribute: 'list', value: [{ a: 1 }] },
      ],
    );
  });

  test('ignores a member that is undefined', () => {
    expect(changesIn({ name: undefined, slogan: 'a' })).toEqual([{ attribute: 'slogan', value: 'a' }]);
  });
});

describe('holdsAll', () => {
  test('does not find the names of the prototype', () => {
    expect(holdsAll({}, [{ attribute: 'toString', value: null }])).toBe(true);
    expect(holdsAll({}, [{ attribute: 'toString', value: 'x' }])).toBe(false);
  });
});

describe('withChanges', () => {
  test('removes what is set to null', () => {
    expect(withChanges({ a: 1, b: 2 }, [{ attribute: 'a', value: null }])).toStrictEqual({ b: 2 });
  });

  test('makes an item that has every change and is otherwise unchanged', () => {
    const item = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(item, changes, (before, wanted) => {
        const after = withChanges(before, wanted);
        expect(holdsAll(after, wanted)).toBe(true);
        const touched = new Set(wanted.map(({ attribute }) => attribute));
        const others = (it: object) => Object.entries(it).filter(([attribute]) => !touched.has(attribute));
        expect(others(after)).toEqual(others(before));
      }),
    );
  });
});

describe('expressionOf', () => {
  const write = fc.record({
    changes,
    stamp: fc.option(fc.constant('2026-01-01T00:00:00.000Z'), { nil: undefined }),
    versions: fc.oneof(fc.constant('any' as const), fc.array(fc.nat(), { maxLength: 100 })),
    unchanged: fc.array(fc.record({ attribute: fc.constant('email'), value: fc.option(fc.string()) }), {
      maxLength: 1,
    }),
  });

  test('defines every alias that it uses, and uses every alias that it defines', () => {
    fc.assert(
      fc.property(write, (it) => {
        const { UpdateExpression, ConditionExpression, ...aliases } = expressionOf(it);
        const used = new Set(`${UpdateExpression} ${ConditionExpression}`.match(/[#:][nv]\d+/g));
        const defined = [
          ...Object.keys(aliases.ExpressionAttributeNames),
          ...Object.keys(aliases.ExpressionAttributeValues),
        ];
        expect(new Set(defined)).toEqual(used);
      }),
    );
  });

  test.each([
    {
      name: 'values, null and an empty list',
      it: {
        changes: [
          { attribute: 'name', value: 'a' },
          { attribute: 'avatarUrl', value: null },
          { attribute: 'slogan', value: null },
          { attribute: 'list', value: [] },
        ],
        stamp: 'now',
        versions: 'any' as const,
        unchanged: [],
      },
      update: 'SET #n0 = :v0, #n3 = :v3, #n6 = :v5 REMOVE #n1, #n2 ADD #n5 :v8',
      condition:
        'attribute_exists(#n4) AND NOT ((#n0 = :v0) AND (attribute_not_exists(#n1) OR #n1 = :v1)' +
        ' AND (attribute_not_exists(#n2) OR #n2 = :v2) AND (attribute_not_exists(#n3) OR #n3 = :v3))' +
        ' AND (attribute_not_exists(#n5) OR attribute_type(#n5, :v4)) AND' +
        ' ((#n6 <= :v5 AND contains(#n6, :v6) AND contains(#n6, :v7)) OR (attribute_not_exists(#n6) AND' +
        ' (attribute_not_exists(#n7) OR (#n7 <= :v5 AND contains(#n7, :v6) AND contains(#n7, :v7)))))',
    },
    {
      name: 'nothing but null, no timestamp, some versions, and an attribute that must be absent',
      it: {
        changes: [{ attribute: 'avatarUrl', value: null }],
        stamp: undefined,
        versions: [3, 0],
        unchanged: [{ attribute: 'email', value: undefined }],
      },
      update: 'REMOVE #n0 ADD #n2 :v3',
      condition:
        'attribute_exists(#n1) AND NOT (attribute_not_exists(#n0) OR #n0 = :v0)' +
        ' AND (attribute_not_exists(#n2) OR #n2 IN (:v1, :v2)) AND attribute_not_exists(#n3)',
    },
    {
      name: 'a timestamp, and another attribute that must be unchanged',
      it: {
        changes: [{ attribute: 'name', value: 'a' }],
        stamp: 'now',
        versions: 'any' as const,
        unchanged: [{ attribute: 'email', value: 'a@example.com' }],
      },
      update: 'SET #n0 = :v0, #n4 = :v3 ADD #n2 :v6',
      condition:
        'attribute_exists(#n1) AND NOT (#n0 = :v0) AND (attribute_not_exists(#n2) OR attribute_type(#n2, :v1))' +
        ' AND #n3 = :v2 AND ((#n4 <= :v3 AND contains(#n4, :v4) AND contains(#n4, :v5)) OR (attribute_not_exists(#n4)' +
        ' AND (attribute_not_exists(#n5) OR (#n5 <= :v3 AND contains(#n5, :v4) AND contains(#n5, :v5)))))',
    },
    {
      name: 'a timestamp that must be unchanged',
      it: {
        changes: [{ attribute: 'name', value: 'a' }],
        stamp: 'now',
        versions: [3],
        unchanged: [{ attribute: 'updatedAt', value: 'then' }],
      },
      update: 'SET #n0 = :v0, #n3 = :v3 ADD #n2 :v4',
      condition: 'attribute_exists(#n1) AND NOT (#n0 = :v0) AND #n2 IN (:v1) AND #n3 = :v2',
    },
    {
      name: 'a version that is not a number and must be unchanged',
      it: {
        changes: [{ attribute: 'name', value: 'a' }],
        stamp: undefined,
        versions: [0],
        unchanged: [{ attribute: 'version', value: null }],
      },
      update: 'SET #n0 = :v0, #n2 = :v2',
      condition: 'attribute_exists(#n1) AND NOT (#n0 = :v0) AND #n2 = :v1',
    },
    {
      name: 'a precondition that no version meets',
      it: { changes: [{ attribute: 'name', value: 'a' }], stamp: undefined, versions: 'none' as const, unchanged: [] },
      update: 'SET #n0 = :v0 ADD #n2 :v1',
      condition: 'attribute_exists(#n1) AND NOT (#n0 = :v0) AND attribute_not_exists(#n1)',
    },
  ])('writes $name', ({ it, update, condition }) => {
    expect(expressionOf(it)).toMatchObject({ UpdateExpression: update, ConditionExpression: condition });
  });

  test('matches a number with any that JavaScript reads as the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-100, max: 1e100 }), (seen) => {
        const { ExpressionAttributeValues, ConditionExpression } = expressionOf({
          changes: [{ attribute: 'name', value: 'a' }],
          versions: [3],
          unchanged: [{ attribute: 'updatedAt', value: seen }],
        });
        const [, low = '', high = ''] = /BETWEEN (:v\d+) AND (:v\d+)$/.exec(ConditionExpression) ?? [];
        expect(ExpressionAttributeValues[low]).toBeLessThan(seen);
        expect(ExpressionAttributeValues[high]).toBeGreaterThan(seen);
      }),
    );
  });

  test('never writes an attribute name into an expression, even if it is not a reserved word', () => {
    fc.assert(
      fc.property(write, (it) => {
        const { UpdateExpression, ConditionExpression } = expressionOf(it);
        const words = `${UpdateExpression} ${ConditionExpression}`.match(/(?<![#:\w])[a-zA-Z_]+/g) ?? [];
        const functions = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'contains'];
        const syntax = ['SET', 'REMOVE', 'ADD', 'AND', 'OR', 'NOT', 'IN', ...functions];
        expect(syntax).toEqual(expect.arrayContaining(words));
      }),
    );
  });
});
