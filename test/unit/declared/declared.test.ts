import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as declarations from '../../../functions/index.ts';
import { fieldErrorsOf } from '../../../lib/http/field-errors.ts';
import { changesIn } from '../../../lib/table/changes.ts';
import { merged, numberedPatch, twoFields, validBodies } from '../../declared/bodies.ts';
import { fieldsOf } from '../../declared/fields.ts';
import type { Declared } from '../../declared/kind.ts';
import { otherIds, pathOf, storedItem } from '../../declared/records.ts';
import { shown } from '../../harness/shown.ts';
import { invented } from './invented.ts';

const real: readonly Declared[] = Object.values(declarations);
const endpoints = [...real, invented];

const pointersIn = ({ body }: Declared, sent: object): string[] =>
  fieldErrorsOf(v.safeParse(body, sent).issues)
    .map(({ pointer }) => pointer)
    .toSorted();

/** The attributes that the JSON text of a body changes. */
const changesSent = (body: object) => changesIn(JSON.parse(JSON.stringify(body)));

/** The members of an object's schema, whatever is wrapped around it. */
const entriesIn = (schema: unknown): object | undefined => {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if ('entries' in schema && typeof schema.entries === 'object') return schema.entries ?? undefined;
  if ('wrapped' in schema) return entriesIn(schema.wrapped);
  return 'pipe' in schema && Array.isArray(schema.pipe)
    ? schema.pipe
        .filter((part) => part !== schema)
        .map(entriesIn)
        .find((entries) => entries !== undefined)
    : undefined;
};

/** The leaves of a body's schema, found without its JSON Schema. */
const leavesIn = (schema: unknown, path: readonly string[] = []): string[] => {
  const entries = entriesIn(schema);
  if (!entries) return [path.join('.')];
  return Object.entries(entries).flatMap(([name, inner]) => leavesIn(inner, [...path, name]));
};

describe.each(endpoints)('the values declared by $id', (endpoint) => {
  const fields = fieldsOf(endpoint);

  test('cover every leaf of the body', () => {
    expect(fields.map(({ attribute }) => attribute)).toEqual(leavesIn(endpoint.body));
  });

  describe.each(fields)('$pointer', ({ pointer, attribute, body, example, accepted, refused, valid, ...field }) => {
    test('has a valid example and a body of its own', () => {
      expect(pointersIn(endpoint, body(example))).toEqual([]);
      expect(changesSent(body('x'))).toEqual([{ attribute, value: 'x' }]);
      expect(
        pointersIn(
          endpoint,
          body(() => undefined),
        ),
      ).toEqual([pointer]);
    });

    test('accepts the values at its limits, with the example and those that clear it', () => {
      expect(accepted).toContainEqual(example);
      for (const value of accepted) expect(pointersIn(endpoint, body(value)), shown(value)).toEqual([]);
      for (const value of [null, []]) {
        const isAccepted = v.is(endpoint.body, body(value));
        expect(accepted.some((one) => JSON.stringify(one) === JSON.stringify(value))).toBe(isAccepted);
        if (isAccepted) expect(field.clears).toEqual(value);
      }
    });

    test('refuses the values beyond its limits, naming them', () => {
      expect(refused.length).toBeGreaterThan(3);
      for (const { value, pointers } of refused) {
        expect(pointersIn(endpoint, body(value)), shown(value)).toEqual(pointers);
      }
    });

    test('numbers valid values, all of them different', () => {
      const { numbered } = field;
      if (!numbered) return;
      const values = fc.uniqueArray(fc.nat(1e9), { minLength: 2, maxLength: 20 });
      fc.assert(
        fc.property(values, (numbers) => {
          const all = numbers.map(numbered);
          expect(all.flatMap((value) => pointersIn(endpoint, body(value)))).toEqual([]);
          expect(new Set(all.map((value) => JSON.stringify(value))).size).toBe(numbers.length);
        }),
      );
    });

    test('generates valid values of more than one kind', () => {
      const values = fc.sample(valid, { numRuns: 100, seed: 1 });
      expect(values.flatMap((value) => pointersIn(endpoint, body(value)))).toEqual([]);
      expect(new Set(values.map((value) => JSON.stringify(value))).size).toBeGreaterThan(1);
    });
  });

  test('make valid patches', () => {
    fc.assert(
      fc.property(validBodies(endpoint), (body) => {
        expect(pointersIn(endpoint, body)).toEqual([]);
        expect(changesSent(body).length).toBeGreaterThan(0);
      }),
    );
  });

  test('make numbered patches of one and the same plain attribute', () => {
    const attributes = [0, 1, 77].flatMap((number) => {
      const patch = numberedPatch(endpoint, number);
      expect(pointersIn(endpoint, patch)).toEqual([]);
      return changesSent(patch).map(({ attribute }) => attribute);
    });
    const [attribute] = attributes;
    expect(attributes).toEqual([attribute, attribute, attribute]);
    expect(fields.find((field) => field.attribute === attribute)?.isUnique).toBe(false);
  });

  test('name two independent plain fields', () => {
    const [one, other] = twoFields(endpoint);
    expect(one.isUnique || other.isUnique).toBe(false);
    const both = changesSent(merged([one.body(one.example), other.body(other.example)]));
    expect(both.map(({ attribute }) => attribute)).toEqual([one.attribute, other.attribute]);
  });

  test('make other records of the same workspace, if the record has an id of its own', () => {
    const ids = [0, 1, 2].map((number) => otherIds(endpoint, number));
    for (const one of ids) expect(v.is(endpoint.ids, one)).toBe(true);
    const paths = [endpoint.example.ids, ...ids].map((one) => pathOf(endpoint, one));
    expect(new Set(paths).size).toBe(4);
    expect(paths.join()).not.toMatch(/[{}]/);
    const isShared = Object.keys(endpoint.example.ids).length > 1;
    expect(ids[0]?.workspaceId === endpoint.example.ids.workspaceId).toBe(isShared);
  });

  test('make a stored record that shows what the reply requires, and no unique value', () => {
    const item = storedItem(endpoint, endpoint.example.ids, { more: 1 });
    expect(item).toMatchObject({ pk: expect.any(String), sk: expect.any(String), more: 1 });
    for (const { attribute, isUnique, example } of fields) {
      if (isUnique) expect(item).not.toHaveProperty([attribute]);
      else expect(item[attribute]).toEqual(example);
    }
  });
});

test('the longest value of a text with a pattern is found, if its form can be extended', () => {
  const lengths = real.flatMap((endpoint) =>
    fieldsOf(endpoint).flatMap(({ accepted, isUnique }) =>
      isUnique ? [Math.max(...accepted.map((value) => String(value).length))] : [],
    ),
  );
  expect(lengths).toContain(254);
});

test('a value that no two records may share is one that the reply shows', () => {
  const unique = real.flatMap((endpoint) => fieldsOf(endpoint).filter(({ isUnique }) => isUnique));
  expect(unique.map(({ inReply }) => inReply)).not.toContain(false);
});

test('a stored record has the key of its ids', () => {
  const items = real.flatMap((endpoint) => [0, 1].map((number) => storedItem(endpoint, otherIds(endpoint, number))));
  expect(new Set(items.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(items.length);
});

/** The size of a value: items, code points, or the number itself. */
const sizeOf = (value: unknown): unknown =>
  typeof value === 'string' || Array.isArray(value) ? [...value].length : value;

test.each([
  ['/title', [1, 80], [0, 81]],
  ['/minutes', [5, 480], [4, 481, 0.5]],
  ['/attendees', [0, 20], [21]],
  ['/note', [1, 200, null], [0, 201]],
  ['/state', [7, 4, 9], [0]],
  ['/reminder/wording/opening', [0, 300], [301]],
  ['/reminder/wording/closing', [1, 40], [0, 41]],
])('the limits of %s are accepted, and what is just beyond them is not', (pointer, inside, beyond) => {
  const field = fieldsOf(invented).find((one) => one.pointer === pointer);
  expect(field?.accepted.map(sizeOf)).toEqual(expect.arrayContaining(inside));
  expect(field?.refused.map(({ value }) => sizeOf(value))).toEqual(expect.arrayContaining(beyond));
});
