import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import type { ProblemCode } from '../../lib/domain/problem.ts';
import { commonPromises, type Promised } from './promises.ts';
import { expectProblem, expectRecord, withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { isDeployed, stages } from './stages.ts';

const endpoints = Object.values(declarations);
const uniqueEmail: Promised = {
  says: 'an e-mail address belongs to one workspace',
  sent: { body: {} },
  status: 409,
  problem: 'email-taken',
};

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(endpoints)('$id', (endpoint) => {
    const promises = commonPromises(endpoint);

    test('every declared problem has a promise that provokes it', () => {
      const declared: readonly ProblemCode[] = endpoint.problems;
      const provoked = [...promises, ...(declared.includes('email-taken') ? [uniqueEmail] : [])];
      expect(new Set(provoked.flatMap(({ problem = [] }) => problem))).toEqual(new Set(declared));
    });

    describe.each(promises.filter(({ broken }) => !broken || !isDeployed))('$says', (promise) => {
      test(`${promise.status}`, () =>
        withScene(stage, endpoint, promise, async ({ send, everything }) => {
          const before = await everything();
          const response = await send(promise.sent, promise.broken);
          if (promise.problem) {
            expectProblem(response, promise.problem, promise.wrong?.toSorted());
            // A record that does not fit the reply is found only after it was written.
            if (promise.problem !== 'internal') expect(await everything()).toEqual(before);
          } else {
            expectRecord(response, endpoint);
          }
          expect(response.headers).toMatchObject(promise.headers ?? {});
        }));
    });
  });
});
