import fc from 'fast-check';
import { is } from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonSchemaOf } from '../../lib/openapi/json-schema.ts';
import { allows } from '../declared/allows.ts';
import { merged, numberedPatch, validBodies } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { near } from '../declared/near-schema.ts';
import { storedItem } from '../declared/records.ts';
import { endpoints, idsOf } from './declared.ts';
import { linesOf } from './examples.ts';
import { bodyCorners, lineCorners } from './json-corners.ts';
import { brokenText, naughtyText } from './naughty-text.ts';
import { numberCorners } from './number-corners.ts';
import { type Checks, checksOf } from './send-and-check.ts';
import { numberSpots, type Spot, textSpots, validText } from './spots.ts';
import { startTarget, type Target } from './target.ts';

let target: Target;
let checks: Checks;
beforeAll(async () => {
  target = await startTarget();
  checks = checksOf(target);
  for (const endpoint of endpoints) {
    for (const workspaceId of ['own', 'foreign']) {
      await checks.put(storedItem(endpoint, idsOf(endpoint, workspaceId, 'mine'), { 'made.by': 'another service' }));
    }
  }
}, 60_000);
afterAll(() => target?.close());

const statusOf = (endpoint: Declared, body: string | Uint8Array, contentType?: string): Promise<number> =>
  checks.sendAndCheck({ endpoint, ids: idsOf(endpoint, 'own', 'mine') }, body, contentType);

const statusFor = (endpoint: Declared, body: object): Promise<number> => statusOf(endpoint, JSON.stringify(body));

describe.each(endpoints)('a body for $id', (endpoint) => {
  test.each(bodyCorners(endpoint))('$says gets $owed', async ({ text, owed }) => {
    expect(await statusOf(endpoint, text)).toBe(owed);
  });

  test.each(linesOf(endpoint).flatMap(lineCorners))('$says gets $owed', async ({ text, owed }) => {
    expect(await statusOf(endpoint, text)).toBe(owed);
  });

  test('may be base64-encoded in the event, which makes no difference', async () => {
    // The gateway encodes bodies of all other media types in base64.
    const mergePatch = 'application/merge-patch+json';
    const text = JSON.stringify(numberedPatch(endpoint, 3));
    expect(await statusOf(endpoint, text, mergePatch)).toBe(200);
    expect(await statusOf(endpoint, Buffer.from(text.replace('"', '"\xff'), 'latin1'), mergePatch)).toBe(400);
    expect(await statusOf(endpoint, '', mergePatch)).toBe(400);
    expect(await statusOf(endpoint, Buffer.from(text).toString('base64'))).toBe(400);
    for (const { body } of textSpots(endpoint).filter(isFree)) {
      expect(await statusOf(endpoint, JSON.stringify(body('Zoë 👾')), mergePatch)).toBe(200);
    }
  });

  test.each(fieldsOf(endpoint))('with an invalid $pointer gets 422', async ({ body, refused }) => {
    const operators = [{ $ne: 1 }, { $set: 1 }, [{ $gt: '' }]].map((value) => ({ value }));
    for (const { value } of [...refused, ...operators]) {
      expect({ value, status: await statusFor(endpoint, body(value)) }).toEqual({ value, status: 422 });
    }
  });
});

/** Tests of `title` for every place of a kind in the bodies of all endpoints. */
const spotsOf = (spots: (endpoint: Declared) => Spot[]) =>
  endpoints.flatMap((endpoint) => spots(endpoint).map((spot) => ({ ...spot, id: endpoint.id, endpoint })));

describe.each(spotsOf(numberSpots))('the number $pointer of $id', ({ endpoint, schema, body }) => {
  const mark = '"the number"';

  test.each(numberCorners)('$says gets $owed unless its own limits exclude it', async ({ text, owed }) => {
    const isAllowed = owed === 200 && allows(schema, Number(text));
    const status = await statusOf(
      endpoint,
      JSON.stringify(body(JSON.parse(mark))).replace(mark, () => String(text)),
    );
    expect(status).toBe(isAllowed ? 200 : 422);
  });
});

/** Whether a place is for text of any form. */
const isFree = ({ schema }: Spot): boolean => schema.pattern === undefined && (schema.maxLength ?? 0) > 20;

const isLabel = (text: string) =>
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);

/** A text inserted before, after the first delimiter of, and behind a valid one. */
const insertedIn = (text: string, valid: string): string[] => {
  const [delimiter] = valid.matchAll(/[^A-Za-z0-9]+/g);
  const places = [0, delimiter ? delimiter.index + delimiter[0].length : 0, valid.length];
  return [...new Set(places)].map((at) => valid.slice(0, at) + text + valid.slice(at));
};

describe.each(spotsOf(textSpots))('text in $pointer of $id', ({ endpoint, pointer, schema, body }) => {
  const isLine = linesOf(endpoint).some((field) => pointer === `/${field}`);
  // The published pattern is not all that a text with a pattern must meet.
  const isMore = (value: string) => schema.pattern === undefined || is(endpoint.body, body(value));

  test('of any kind is stored as sent, or refused if it is excluded', async () => {
    for (const text of [...naughtyText, ...brokenText]) {
      const isAllowed = isLine ? isLabel(text) : allows(schema, text) && isMore(text);
      const status = await statusFor(endpoint, body(text));
      expect({ text, status }).toEqual({ text, status: text.isWellFormed() && isAllowed ? 200 : 422 });
    }
  });
});

/** Texts that must have some form. */
const formatSpots = (endpoint: Declared): Spot[] =>
  textSpots(endpoint).filter(({ schema }) => schema.pattern !== undefined && !allows(schema, 'some text'));

describe.each(spotsOf(formatSpots))('text within $pointer of $id', (spot) => {
  const { endpoint, body } = spot;

  test('of any kind is stored as sent or refused', async () => {
    for (const text of [...naughtyText, ...brokenText]) {
      for (const value of insertedIn(text, validText(spot))) {
        const isAllowed = allows(spot.schema, value) && is(endpoint.body, body(value));
        const status = await statusFor(endpoint, body(value));
        expect({ value, status }).toEqual({ value, status: value.isWellFormed() && isAllowed ? 200 : 422 });
      }
    }
  });
});

const anyString = fc.string({ unit: 'binary', maxLength: 30 });
const garbage = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.double(),
  fc.constantFrom(...naughtyText),
  fc.constantFrom('a', 'https://example.com/a', 'a@example.com', true, null, [], {}),
);

/** Mostly valid fields, so that most bodies are valid and the others are invalid in one place. */
const mostlyValid = (endpoint: Declared): fc.Arbitrary<object> =>
  fc
    .subarray([...fieldsOf(endpoint)], { minLength: 1 })
    .chain((fields) =>
      fc.tuple(
        ...fields.map(({ body, valid }) =>
          fc.oneof({ arbitrary: valid, weight: 20 }, { arbitrary: garbage, weight: 1 }).map(body),
        ),
      ),
    )
    .map(merged);

/** Some field with text that nobody would think of, deep in it. */
const anyText = (endpoint: Declared): fc.Arbitrary<object>[] =>
  textSpots(endpoint).map(({ body }) => fc.oneof(anyString, fc.string({ unit: 'grapheme' })).map(body));

const bodiesOf = (endpoint: Declared): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: mostlyValid(endpoint), weight: 3 },
    { arbitrary: validBodies(endpoint), weight: 1 },
    { arbitrary: near(jsonSchemaOf(endpoint.body, endpoint.example.body)), weight: 1 },
    ...anyText(endpoint).map((arbitrary) => ({ arbitrary, weight: 1 })),
  );

describe.each(endpoints)('whatever is sent to $id', (endpoint) => {
  test('a 200 stores exactly what was sent, and any other response changes nothing', () =>
    fc.assert(
      fc.asyncProperty(bodiesOf(endpoint), async (body) => {
        await statusOf(endpoint, JSON.stringify(body));
      }),
      { numRuns: 250 },
    ));

  test('a valid body is accepted', async () => {
    // Bodies of other tests may have left a record to which little can be added.
    await checks.put(storedItem(endpoint, idsOf(endpoint, 'own', 'mine')));
    await fc.assert(
      fc.asyncProperty(
        validBodies(endpoint).filter((body) => JSON.stringify(body).length < 10_000),
        async (body) => {
          expect(await statusFor(endpoint, body)).toBe(200);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a damaged body gets a 200 or a documented 4xx', () =>
    fc.assert(
      fc.asyncProperty(
        bodiesOf(endpoint),
        fc.nat(),
        fc.uint8Array({ maxLength: 3 }),
        fc.nat(3),
        async (body, at, bytes, cut) => {
          const text = Buffer.from(JSON.stringify(body));
          const start = at % (text.byteLength + 1);
          await statusOf(endpoint, Buffer.concat([text.subarray(0, start), bytes, text.subarray(start + cut)]));
        },
      ),
      { numRuns: 250 },
    ));
});
