import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import type { Declared } from '../declared/kind.ts';
import { expectProblem, expectRecord } from './expectations.ts';
import { promisesOf } from './promises.ts';
import { withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { isDeployed, stages } from './stages.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(endpoints)('$id', (endpoint) => {
    const promises = promisesOf(endpoint);

    test('every declared problem has a promise that provokes it', () => {
      expect(new Set(promises.flatMap(({ problem = [] }) => problem))).toEqual(new Set(endpoint.problems));
    });

    describe.each(promises.filter(({ broken }) => !broken || !isDeployed))('$says', (promise) => {
      test(`${promise.status}`, () =>
        withScene(stage, endpoint, promise, async ({ send, everything }) => {
          const before = await everything();
          const response = await send(promise.sent, promise.broken);
          if (promise.problem) expectProblem(response, promise.problem, promise.wrong);
          else expectRecord(response, endpoint);
          expect(response.headers).toMatchObject(promise.headers ?? {});
          const after = await everything();
          expect(after.others).toEqual(before.others);
          // A record that does not fit the reply is found only after it was written.
          if (promise.problem && promise.problem !== 'internal') expect(after).toEqual(before);
        }));
    });
  });
});
