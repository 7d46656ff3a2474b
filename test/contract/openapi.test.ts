import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { openApiText } from '../../functions/openapi.ts';
import type { ProblemCode } from '../../lib/domain/problem.ts';
import { patchMediaTypes } from '../../lib/http/media-types.ts';
import { problemTypes } from '../../lib/http/problem-types.ts';
import { exampleRequestId } from '../../lib/openapi/headers.ts';
import { merged, numberedPatch, validBodies } from '../declared/bodies.ts';
import { type Declared, keyFor } from '../declared/kind.ts';
import { near, textNear } from '../declared/near-schema.ts';
import { allows, operationAt, resolved, responseOf } from './documented.ts';
import { itemBefore } from './item-before.ts';
import type { Promised } from './promised.ts';
import { promisesOf } from './promises.ts';
import { exampleWith } from './requests.ts';
import { breaksRuleInWords, isWorded, wordedRules } from './rules-in-words.ts';
import { shownPart } from './sample-bodies.ts';
import { withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { inProcess } from './stages.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

let stage: Stage;
beforeAll(async () => {
  stage = await inProcess();
}, 60_000);
afterAll(() => stage?.close());

/** The record before the examples of the document. */
const stored = { version: 7 };

/** The promise whose request provokes the example of each problem. */
const provoking = (
  endpoint: Declared,
  code: ProblemCode,
): Pick<Promised, 'sent' | 'stored' | 'isFull' | 'absent' | 'broken'> => {
  switch (code) {
    case 'invalid-fields':
      return { stored, sent: { body: endpoint.example.mistakes } };
    case 'stale-version':
      return { stored: { version: 8 }, sent: { headers: { 'if-match': '"6"' } } };
    default: {
      const promise = promisesOf(endpoint).find(({ problem }) => problem === code);
      return { sent: {}, ...promise, stored: { ...stored, ...promise?.stored } };
    }
  }
};

describe.each(endpoints)('the document of $id has the response', (endpoint) => {
  const operation = operationAt(endpoint.path);

  test.each(patchMediaTypes)('to its example, sent as %s', async (type) => {
    const [[name = '', example = {}] = []] = Object.entries(endpoint.example.reply);
    const { headers } = responseOf(endpoint.path, 200);
    expect(operation.requestBody.content[type]?.examples?.example?.value).toEqual(endpoint.example.body);
    await withScene(stage, endpoint, { stored }, async ({ ids, values, send }) => {
      const response = await send({ headers: { 'content-type': type } });
      expect(JSON.parse(response.text)).toEqual({
        [name]: {
          ...merged([example, shownPart(endpoint, exampleWith(endpoint, values))]),
          ...('id' in example && { id: ids[endpoint.kind.ownId] }),
          ...('updatedAt' in example && { updatedAt: expect.any(String) }),
        },
      });
      expect(response.headers.etag).toBe(headers.ETag?.example);
    });
  });

  const problems = endpoint.problems.map((code: ProblemCode) => {
    const { headers, content } = responseOf(endpoint.path, problemTypes[code].status);
    return { code, headers, example: content['application/problem+json']?.examples?.[code]?.value };
  });

  test.each(problems)('of the problem $code', async ({ code, example, headers }) => {
    const { sent, broken, ...found } = provoking(endpoint, code);
    await withScene(stage, endpoint, found, async ({ send }) => {
      const response = await send(sent, broken);
      const requestId = response.headers['x-request-id'];
      expect({ ...JSON.parse(response.text), instance: exampleRequestId }).toEqual(example);
      for (const [name, { examples, example: only = examples?.[code]?.value }] of Object.entries(headers)) {
        const expected = name === 'X-Request-Id' ? requestId : only;
        expect(response.headers[name.toLowerCase()], name).toBe(expected === undefined ? undefined : String(expected));
      }
    });
  });
});

test('the document words what no schema can express', () => {
  for (const words of wordedRules) expect(openApiText).toContain(words);
});

const runs = { numRuns: 400 };

describe.each(endpoints)('the document of $id says', (endpoint) => {
  const operation = operationAt(endpoint.path);
  const parameterCalled = (name: string) => {
    const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema;
    if (!schema) throw new Error(`The document has no parameter ${name}.`);
    return schema;
  };

  test('exactly which bodies are accepted', { timeout: 300_000 }, async () => {
    const schema = operation.requestBody.content['application/json']?.schema ?? {};
    const isAllowed = allows(schema);
    const whole = near(schema, resolved);
    // At random, hardly any body with many fields would have only valid ones.
    const almostValid = fc.tuple(validBodies(endpoint), whole, fc.nat()).map(([valid, some, number]) => {
      const members = Object.entries(Object(some));
      return { ...valid, ...Object.fromEntries(members.slice(number % (members.length || 1)).slice(0, 1)) };
    });
    const seen = { taken: 0, refused: 0 };
    await withScene(stage, endpoint, { stored }, async ({ send }) => {
      const property = fc.asyncProperty(fc.oneof(whole, almostValid), async (body) => {
        const isTaken = isAllowed(body) && !breaksRuleInWords(schema, body);
        const response = await send({ body });
        const isRefusedInWords = isTaken && response.status === 422 && isWorded(schema, response.text);
        seen[isTaken && !isRefusedInWords ? 'taken' : 'refused']++;
        if (isTaken && !isRefusedInWords) expect(response, response.text).toMatchObject({ status: 200 });
        else expect([400, 413, 422], JSON.stringify(isAllowed.errors)).toContain(response.status);
      });
      await fc.assert(property, runs);
    });
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(runs.numRuns / 10);
  });

  test.each(Object.entries(endpoint.example.ids))(
    'exactly which values of %s are valid',
    { timeout: 300_000 },
    async (name, sample) => {
      const schema = parameterCalled(name);
      const isAllowed = allows(schema);
      // An id that contains a slash or only dots results in another path, which is not that of this operation.
      const ids = textNear({ ...schema, maxLength: 64, examples: [sample] }).filter(
        (id) => /^[^/]+$/.test(id) && !/^\.+$/.test(id),
      );
      await withScene(stage, endpoint, { stored }, async ({ ids: own, send }) => {
        const property = fc.asyncProperty(ids, async (id) => {
          const key = keyFor(endpoint, { ...own, [name]: id });
          await stage.put({ ...itemBefore(endpoint), ...stored, ...key });
          const response = await send({ ids: { [name]: encodeURIComponent(id) }, body: numberedPatch(endpoint, 1) });
          await stage.remove(key);
          expect(response.status).toBe(isAllowed(id) ? 200 : 404);
        });
        await fc.assert(property, { numRuns: 150 });
      });
    },
  );

  test('exactly which values of If-Match are valid', { timeout: 300_000 }, async () => {
    const schema = parameterCalled('If-Match');
    const isAllowed = allows(schema);
    const headers = textNear({ ...schema, maxLength: 20, examples: ['"7"', '*', 'W/"x"', '"1", "7"'] });
    await withScene(stage, endpoint, { stored }, async ({ send }) => {
      const property = fc.asyncProperty(headers, async (header) => {
        const response = await send({ headers: { 'if-match': header }, body: numberedPatch(endpoint, 1) });
        expect([response.status === 400, response.status]).toEqual([
          !isAllowed(header),
          expect.toBeOneOf([200, 400, 412]),
        ]);
      });
      await fc.assert(property, { numRuns: 150 });
    });
  });
});
