import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { holdsAll } from '../../lib/table/changes.ts';
import { type Declared, uniqueOf } from '../declared/kind.ts';
import { shown } from '../harness/shown.ts';
import { corners, type Refused } from './corners.ts';
import { expectProblem, expectRecord, pointersIn } from './expectations.ts';
import { fieldTableOf } from './fields.ts';
import { attributesOf, changesOf } from './item-before.ts';
import { labelled } from './labelled.ts';
import { shownPart } from './sample-bodies.ts';
import { withScene } from './scene.ts';
import type { Stage, StageResponse } from './stage.ts';
import { isDeployed, stages } from './stages.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

/** On a deployed stage, a record of somebody else may have the same unique value. */
const isRisky = (endpoint: Declared, body: object): boolean =>
  isDeployed && changesOf(body).some(({ attribute }) => uniqueOf(endpoint).includes(attribute));

const labelOf = ({ bytes, body }: Refused): string => shown(bytes ?? body);

test('every corner is that of an endpoint', () => {
  expect(endpoints.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(corners)));
});

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(endpoints)('$id', (endpoint) => {
    const { takes, refuses } = fieldTableOf(endpoint);

    const accepted = takes.filter((body) => !isRisky(endpoint, body));
    test.each(labelled(accepted, (body) => body))('accepts %s, stores it and returns it as sent', (_, body) =>
      withScene(stage, endpoint, {}, async ({ send, everything }) => {
        const before = await everything();
        const returned = attributesOf(expectRecord(await send({ body }), endpoint));
        expect(returned).toMatchObject(attributesOf(shownPart(endpoint, body)));

        const { record: after = {}, others } = await everything();
        const changes = changesOf(body);
        expect(holdsAll(after, changes)).toBe(true);
        const touched = ['version', 'updatedAt', ...changes.map(({ attribute }) => attribute)];
        const untouched = (item = {}) => Object.entries(item).filter(([name]) => !touched.includes(name));
        expect(Object.fromEntries(untouched(after))).toEqual(Object.fromEntries(untouched(before.record)));
        expect(others).toEqual(before.others);
      }),
    );

    const refusedAt = Map.groupBy(refuses, ({ wrong: [pointer = ''] }) => pointer.split('/')[1]);
    test.each([...refusedAt])('refuses what is not valid at /%s, and names every invalid field', (_, all) =>
      withScene(stage, endpoint, {}, async ({ send, everything }) => {
        const before = await everything();
        const received: [StageResponse, Refused][] = [];
        for (const one of all) received.push([await send(one.bytes === undefined ? { body: one.body } : one), one]);
        // All of them at once, so that a failure shows which values are accepted or reported at another place.
        const pointers = received.map(([response, one]) => [labelOf(one), pointersIn(response)]);
        expect(pointers).toEqual(all.map((one) => [labelOf(one), one.wrong.toSorted()]));
        for (const [response, { wrong }] of received) expectProblem(response, 'invalid-fields', wrong);
        expect(await everything()).toEqual(before);
      }),
    );
  });
});
