import { is } from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { type Declared, keyFor } from '../declared/kind.ts';
import { expectProblem, expectRecord } from './expectations.ts';
import { attributesOf, itemBefore } from './item-before.ts';
import { isRival, type Neighbour, newValue, type Place, placesOf, type Unique, uniqueFields } from './neighbours.ts';
import { shownPart } from './sample-bodies.ts';
import { withScene } from './scene.ts';
import type { Stage, StageResponse } from './stage.ts';
import { stages } from './stages.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

const cases = endpoints.flatMap((endpoint) =>
  uniqueFields(endpoint).map((one) => ({ ...one, ...one.field, endpoint, id: endpoint.id })),
);

/** A text in the other letter case. */
const recased = (text: string): string => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

/** Whether the schema has values that differ only in letter case. */
const hasCases = ({ body }: Declared, { field }: Unique): boolean => {
  const value = newValue(field);
  return recased(value) !== value && is(body, field.body(recased(value)));
};

const neighbourAt = (neighbours: readonly Neighbour[], place: Place): Neighbour => {
  const one = neighbours.find((neighbour) => neighbour.place === place);
  if (!one) throw new Error(`The scene has no record in ${place}.`);
  return one;
};

const expectTaken = (response: StageResponse, { field, unique: { problem } }: Unique): void =>
  expectProblem(response, problem, problem === 'value-taken' ? [field.pointer] : undefined);

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(cases)('$id: a value of $attribute', ({ endpoint, field, unique, attribute, body, clears }) => {
    const one = { field, unique };
    const cased = hasCases(endpoint, one) ? [unique.ignoresCase ? 'the same claim' : 'a claim of its own'] : [];
    const places = placesOf(endpoint);
    const rivals = places.filter((place) => isRival(unique, place));

    test('is claimed, moved and released', () =>
      withScene(stage, endpoint, {}, async ({ send, ids, ownerOf, record }) => {
        const [first, second] = [newValue(field), newValue(field)];
        const shown = (sent: object) => shownPart(endpoint, sent);
        expect(expectRecord(await send({ body: body(first) }), endpoint)).toMatchObject(shown(body(first)));
        expect(await ownerOf(attribute, first)).toEqual(ids);

        const patch = numberedPatch(endpoint, 1);
        const both = merged([body(second), patch]);
        expect(expectRecord(await send({ body: both }), endpoint)).toMatchObject(shown(both));
        expect([await ownerOf(attribute, first), await ownerOf(attribute, second)]).toEqual([undefined, ids]);
        expect(await record()).toMatchObject({ ...attributesOf(patch), [attribute]: second, version: 5 });
      }));

    test.each(clears === undefined ? [] : [clears])('is released when it is cleared with %j', (cleared) =>
      withScene(stage, endpoint, {}, async ({ send, ownerOf, record }) => {
        const value = newValue(field);
        expectRecord(await send({ body: body(value) }), endpoint);
        expectRecord(await send({ body: body(cleared) }), endpoint);
        expect(await ownerOf(attribute, value)).toBe(undefined);
        expect(await record()).not.toHaveProperty([attribute]);
      }),
    );

    test.each(cased)('in another letter case is stored as sent and has %s', () =>
      withScene(stage, endpoint, {}, async ({ send, ids, ownerOf, record }) => {
        const value = newValue(field);
        await send({ body: body(value) });
        expectRecord(await send({ body: body(recased(value)) }), endpoint);
        expect(await record()).toMatchObject({ [attribute]: recased(value) });
        expect(await ownerOf(attribute, recased(value))).toEqual(ids);
        expect(await ownerOf(attribute, value)).toEqual(unique.ignoresCase ? ids : undefined);
      }),
    );

    test.each(rivals)('that a record of %s has is refused', (place) =>
      withScene(stage, endpoint, {}, async ({ send, neighbours, everything }) => {
        const before = await everything();
        const { values } = neighbourAt(neighbours, place);
        expectTaken(await send({ body: merged([body(values[attribute]), numberedPatch(endpoint, 1)]) }), one);
        expect(await everything()).toEqual(before);
      }),
    );

    test.each(cased.length > 0 ? rivals : [])(
      `that a record of %s has in another letter case is ${unique.ignoresCase ? 'refused' : 'another value'}`,
      (place) =>
        withScene(stage, endpoint, {}, async ({ send, neighbours, everything }) => {
          const before = await everything();
          const value = recased(neighbourAt(neighbours, place).values[attribute] ?? '');
          const response = await send({ body: merged([body(value), numberedPatch(endpoint, 1)]) });
          if (unique.ignoresCase) expectTaken(response, one);
          else expectRecord(response, endpoint);
          const after = await everything();
          expect(after.others).toEqual(before.others);
          if (unique.ignoresCase) expect(after).toEqual(before);
        }),
    );

    test.each(places.filter((place) => !rivals.includes(place)))('that a record of %s has is free', (place) =>
      withScene(stage, endpoint, {}, async ({ send, ids, neighbours, ownerOf, everything }) => {
        const before = await everything();
        const value = neighbourAt(neighbours, place).values[attribute] ?? '';
        expectRecord(await send({ body: body(value) }), endpoint);
        expect(await ownerOf(attribute, value)).toEqual(ids);
        expect((await everything()).others).toEqual(before.others);
      }),
    );

    test('that is taken is reported after 404 and 412', () =>
      withScene(stage, endpoint, {}, async ({ send, ids }) => {
        expectProblem(await send({ taken: attribute, headers: { 'if-match': '"2"' } }), 'stale-version');
        await stage.remove(keyFor(endpoint, ids));
        expectProblem(await send({ taken: attribute }), 'not-found');
      }));

    test.each(rivals)('that was never claimed can be left, even if a record of %s has claimed it', (place) =>
      withScene(stage, endpoint, {}, async ({ send, ids, neighbours, ownerOf, everything }) => {
        const before = await everything();
        const theirs = neighbourAt(neighbours, place).values[attribute] ?? '';
        await stage.put({ ...itemBefore(endpoint), [attribute]: theirs, ...keyFor(endpoint, ids) });
        const value = newValue(field);
        expectRecord(await send({ body: body(value) }), endpoint);
        expect(await ownerOf(attribute, value)).toEqual(ids);
        expect((await everything()).others).toEqual(before.others);
      }),
    );
  });
});
