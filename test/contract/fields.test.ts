import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { changesIn, holdsAll } from '../../lib/table/changes.ts';
import { shown } from '../harness/shown.ts';
import { fieldTables } from './fields.ts';
import { expectProblem, expectRecord, withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { stages } from './stages.ts';

const endpoints = Object.values(declarations);

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  test('every endpoint has a table of its fields', () => {
    expect(Object.keys(fieldTables).toSorted()).toEqual(endpoints.map(({ id }) => id).toSorted());
  });

  describe.each(endpoints)('$id', (endpoint) => {
    const { takes = [], refuses = [] } = fieldTables[endpoint.id] ?? {};

    test.each(takes.map((body) => [shown(body), body] as const))(
      'accepts %s, stores it and returns it as sent',
      (_, body) =>
        withScene(stage, endpoint, {}, async ({ send, record }) => {
          const before = await record();
          const returned = expectRecord(await send({ body }), endpoint);
          expect(returned).toMatchObject(Object.fromEntries(Object.entries(body).filter(([name]) => name in returned)));

          const after = await record();
          const changes = changesIn(Object.fromEntries(Object.entries(body)));
          expect(holdsAll(after, changes)).toBe(true);
          const touched = ['version', 'updatedAt', ...changes.map(({ attribute }) => attribute)];
          const others = (item: object) => Object.entries(item).filter(([name]) => !touched.includes(name));
          expect(Object.fromEntries(others(after))).toEqual(Object.fromEntries(others(before)));
        }),
    );

    test.each(refuses.map(({ body, bytes, wrong }) => [shown(bytes ?? body), { body, bytes, wrong }] as const))(
      'refuses %s, and names every invalid field',
      (_, { body, bytes, wrong }) =>
        withScene(stage, endpoint, {}, async ({ send, everything }) => {
          const before = await everything();
          const response = await send(bytes === undefined ? { body } : { bytes });
          expectProblem(response, 'invalid-fields', wrong.toSorted());
          expect(await everything()).toEqual(before);
        }),
    );
  });
});
