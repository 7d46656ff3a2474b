import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as functions from '../../../functions/index.ts';
import * as fieldPieces from '../../../lib/domain/fields.ts';
import * as identifiers from '../../../lib/domain/identifiers.ts';
import * as numbers from '../../../lib/domain/numbers.ts';
import * as choices from '../../../lib/domain/one-of.ts';
import * as times from '../../../lib/domain/times.ts';
import { fieldErrorsOf } from '../../../lib/http/field-errors.ts';
import { jsonSchemaOf } from '../../../lib/openapi/json-schema.ts';
import { ownMessagesMissingIn } from './schema-tree.ts';

/** The declared endpoints. */
const endpoints = Object.values(functions);

const pieceModules = { ...fieldPieces, ...identifiers, ...numbers, ...choices, ...times };
const { Id, text, label, HttpUrl, EmailAddress, StorableNumber, list, fields, distinctBy, wellFormed } = fieldPieces;

/** Every piece of `lib/domain` once; one that is missing here does not compile. */
const pieces = {
  Id,
  wellFormed: v.pipe(v.string('must be text'), wellFormed),
  text: text(1, 2),
  label: label(2),
  HttpUrl,
  EmailAddress,
  fields: fields({ id: Id, name: v.exactOptional(text(1, 2)) }),
  StorableNumber,
  list: list(v.union([Id, v.null(), list(StorableNumber, 0, 2)], 'must be an id, null or a list'), 1, 3),
  distinctBy: v.pipe(list(fields({ key: text(1, 9) }), 0, 3), distinctBy('key')),
  distinctIds: identifiers.distinctIds(1, 3),
  LanguageTag: identifiers.LanguageTag,
  wholeNumber: numbers.wholeNumber(1, 10),
  decimal: numbers.decimal(10, 2),
  oneOf: choices.oneOf(['a', 'b']),
  FullDate: times.FullDate,
  DateTime: times.DateTime,
} satisfies Record<keyof typeof pieceModules, v.GenericSchema>;

const schemas: [name: string, schema: v.GenericSchema][] = [
  ...endpoints.map(({ id, body }): [string, v.GenericSchema] => [`the body of ${id}`, body]),
  ['every piece of lib/domain', fields(pieces)],
];

/** In every value that is sent, in some form. */
const marker = 'correct horse';
const markedNumber = 8675309.5;
const leaf = fc.constantFrom<unknown>(
  marker,
  `${marker}\n`,
  '\ud800correct horse',
  markedNumber,
  -markedNumber * 1e300,
  null,
  true,
  '',
  [],
);
const junk = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc.array(leaf, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom(marker, 'key', 'id', 'value', 'type'), leaf, { maxKeys: 3, noNullPrototype: true }),
);

type Shape = { properties?: Record<string, unknown>; items?: unknown; anyOf?: unknown[] };
const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

/** Junk at random places of a value that has the fields, and the nesting, of a schema. */
const junkIn = (shape: unknown): fc.Arbitrary<unknown> => {
  if (!isShape(shape)) return junk;
  const { properties, items, anyOf = [] } = shape;
  const inside = anyOf.map(junkIn);
  if (properties) {
    const members = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, junkIn(inner)]));
    const some = fc.record(members, { requiredKeys: [], noNullPrototype: true });
    const stranger = fc.option(fc.constantFrom(marker, 'Name'), { nil: undefined });
    inside.push(
      fc.tuple(some, stranger, junk).map(([known, name, value]) => (name ? { ...known, [name]: value } : known)),
    );
  }
  if (items) inside.push(fc.array(junkIn(items), { maxLength: 5 }));
  return fc.oneof(junk, ...inside.map((arbitrary) => ({ weight: 9, arbitrary })));
};

/** What a caller would read: every sentence, not only the first about each field. */
const sentencesAbout = (schema: v.GenericSchema, sent: unknown): string[] =>
  (v.safeParse(schema, sent).issues ?? []).flatMap((issue) => fieldErrorsOf([issue]).map(({ detail }) => detail));

const isRevealing = (sentence: string): boolean =>
  /correct|horse|8675309|e\+30|^Invalid|Expected|received/.test(sentence);

describe.each(schemas)('%s', (_, schema) => {
  test('has a message of its own wherever it can refuse something', () => {
    expect(ownMessagesMissingIn(schema)).toEqual([]);
  });

  test('never repeats what was sent, nor uses a message of valibot', () => {
    const sentences = new Set<string>();
    fc.assert(
      fc.property(junkIn(jsonSchemaOf(schema, {})), (sent) => {
        for (const sentence of sentencesAbout(schema, sent)) sentences.add(sentence);
        expect([...sentences].filter(isRevealing)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(sentences.size).toBeGreaterThan(5);
  });
});

/** Schemas that each forget one message, with the place that must be found and a value that shows it. */
const forgetful: [name: string, schema: v.GenericSchema, place: string, sent: unknown][] = [
  ['a type', fields({ a: v.string() }), '/object_with_rest.entries.a/string', { a: markedNumber }],
  ['a check', v.pipe(v.string('must be text'), v.regex(/^a$/)), '/regex', marker],
  ['an item', list(v.number(), 0, 2), '/array.item/number', [marker]],
  ['a choice', v.nullable(v.picklist(['a'])), '/nullable.wrapped/picklist', marker],
  ['a union', v.union([Id, v.null()]), '/union', markedNumber],
  ['the only option', v.union([v.number()], 'must be a number'), '/union.options.0/number', marker],
  [
    'a check of an option',
    v.union([v.null(), v.pipe(v.string(), v.maxLength(3))], 'must be null or text'),
    '/union.options.1/max_length',
    marker,
  ],
  [
    'an item of an option',
    v.union([v.null(), list(v.string(), 0, 2)], 'must be null or a list'),
    '/union.options.1/array.item/string',
    [markedNumber],
  ],
  [
    'an unknown field',
    v.objectWithRest({}, v.never(), 'must be an object'),
    '/object_with_rest.rest/never',
    { a: marker },
  ],
  ['a message that is a function', v.string(({ input }) => `not ${input}`), '/string', markedNumber],
];

test.each(forgetful)('a message that is missing is found: %s', (_, schema, place, sent) => {
  expect(ownMessagesMissingIn(schema)).toContain(place);
  expect(sentencesAbout(schema, sent).some(isRevealing)).toBe(true);
});

test('the type of an option of a union needs no message, because the union reports', () => {
  const schema = v.union([v.null(), v.pipe(v.string(), v.maxLength(3, 'must be short'))], 'must be null or text');
  expect(ownMessagesMissingIn(schema)).toEqual([]);
  expect(sentencesAbout(schema, markedNumber)).toEqual(['must be null or text']);
});
