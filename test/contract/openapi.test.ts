import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { openApiText } from '../../functions/openapi.ts';
import type { ProblemCode } from '../../lib/domain/problem.ts';
import { patchMediaTypes } from '../../lib/http/media-types.ts';
import { problemTypes } from '../../lib/http/problem-types.ts';
import { exampleRequestId } from '../../lib/openapi/headers.ts';
import { near, textNear } from '../declared/near-schema.ts';
import { keyOf } from '../harness/database/keys.ts';
import { allows, operationAt, resolved, responseOf } from './documented.ts';
import { commonPromises, type Promised } from './promises.ts';
import { withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { inProcess } from './stages.ts';

const endpoints = Object.values(declarations);
type Declared = (typeof endpoints)[number];

let stage: Stage;
beforeAll(async () => {
  stage = await inProcess();
}, 60_000);
afterAll(() => stage?.close());

/** The record before the examples of the document. */
const stored = { version: 7 };

/** The request that provokes the example of each problem. */
const provoking = (endpoint: Declared, code: ProblemCode, otherEmail: string): Pick<Promised, 'sent' | 'broken'> => {
  switch (code) {
    case 'invalid-fields':
      return { sent: { body: endpoint.example.mistakes } };
    case 'stale-version':
      return { sent: { headers: { 'if-match': '"6"' } } };
    case 'email-taken':
      return { sent: { body: { email: otherEmail } } };
    default:
      return commonPromises(endpoint).find(({ problem }) => problem === code) ?? { sent: {} };
  }
};

describe.each(endpoints)('the document of $id has the response', (endpoint) => {
  const operation = operationAt(endpoint.path);

  test.each(patchMediaTypes)('to its example, sent as %s', async (type) => {
    const [[name = '', example = {}] = []] = Object.entries(endpoint.example.reply);
    const { headers } = responseOf(endpoint.path, 200);
    expect(operation.requestBody.content[type]?.examples?.example?.value).toEqual(endpoint.example.body);
    await withScene(stage, endpoint, { stored }, async ({ ids, emailOf, send }) => {
      const response = await send({ headers: { 'content-type': type } });
      const id = Object.values(ids).at(-1);
      const email = 'email' in example && { email: emailOf('own') };
      expect(JSON.parse(response.text)).toEqual({
        [name]: { ...example, id, ...email, updatedAt: expect.any(String) },
      });
      expect(response.headers.etag).toBe(headers.ETag?.example);
    });
  });

  const problems = endpoint.problems.map((code: ProblemCode) => {
    const { headers, content } = responseOf(endpoint.path, problemTypes[code].status);
    return { code, headers, example: content['application/problem+json']?.examples?.[code]?.value };
  });

  test.each(problems)('of the problem $code', async ({ code, example, headers }) => {
    const promised = commonPromises(endpoint).find(({ problem }) => problem === code);
    const found =
      code === 'stale-version' ? { stored: { version: 8 } } : { stored: { ...stored, ...promised?.stored } };
    await withScene(stage, endpoint, { ...found, absent: promised?.absent === true }, async ({ emailOf, send }) => {
      const { sent, broken } = provoking(endpoint, code, emailOf('other'));
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

/** A value and every value within it. */
const within = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(within)] : [value];

type Rule = { says: string; isBroken: (body: unknown, text: string) => boolean };

const member = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)).get(name) : undefined;

/** Rules that no keyword of JSON Schema expresses, and how the document words them. */
const rulesInWords: Rule[] = [
  { says: 'at most 262,144 bytes', isBroken: (_, text) => Buffer.byteLength(text) > 262_144 },
  {
    says: 'strings must be well-formed Unicode',
    isBroken: (body) => within(body).some((value) => typeof value === 'string' && !value.isWellFormed()),
  },
  {
    says: 'No two fields in a list may have the same.',
    isBroken: (body) => {
      const keys = [member(body, 'customFields')].flat().map((field) => member(field, 'fieldKey'));
      return new Set(keys).size < keys.length;
    },
  },
  {
    says: 'It must be an absolute http or https URL',
    isBroken: (body) => {
      const url = member(body, 'avatarUrl');
      return typeof url === 'string' && !URL.canParse(url);
    },
  },
];

const runs = { numRuns: 400 };

describe.each(endpoints)('the document of $id says', (endpoint) => {
  const operation = operationAt(endpoint.path);
  const parameterCalled = (name: string) => {
    const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema;
    if (!schema) throw new Error(`The document has no parameter ${name}.`);
    return schema;
  };

  test('in words what no schema can express', () => {
    for (const { says } of rulesInWords) expect(openApiText).toContain(says);
  });

  test('exactly which bodies are accepted', { timeout: 300_000 }, async () => {
    const schema = operation.requestBody.content['application/json']?.schema ?? {};
    const isAllowed = allows(schema);
    const seen = { taken: 0, refused: 0 };
    await withScene(stage, endpoint, { stored }, async ({ send }) => {
      const property = fc.asyncProperty(near(schema, resolved), async (body) => {
        const text = JSON.stringify(body);
        const isTaken = isAllowed(body) && !rulesInWords.some(({ isBroken }) => isBroken(body, text));
        seen[isTaken ? 'taken' : 'refused']++;
        const response = await send({ bytes: text });
        if (isTaken) expect(response, response.text).toMatchObject({ status: 200 });
        else expect([400, 413, 422], JSON.stringify(isAllowed.errors)).toContain(response.status);
      });
      await fc.assert(property, runs);
    });
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(runs.numRuns / 10);
  });

  test('exactly which ids are valid', { timeout: 300_000 }, async () => {
    const [name = ''] = Object.keys(endpoint.example.ids).slice(-1);
    const schema = parameterCalled(name);
    const isAllowed = allows(schema);
    const [sample = ''] = [Object.values(endpoint.example.ids).at(-1)];
    // An id that contains a slash or only dots results in another path, which is not that of this operation.
    const ids = textNear({ ...schema, maxLength: 64, examples: [sample] }).filter(
      (id) => /^[^/]+$/.test(id) && !/^\.+$/.test(id),
    );
    await withScene(stage, endpoint, { stored }, async ({ ids: own, send }) => {
      const property = fc.asyncProperty(ids, async (id) => {
        const key = keyOf({ workspaceId: 'x', ...own, [name]: id });
        await stage.put({ ...key, name: 'Before', ...stored });
        const response = await send({ ids: { [name]: encodeURIComponent(id) }, body: { name: 'After' } });
        await stage.remove(key);
        expect(response.status).toBe(isAllowed(id) ? 200 : 404);
      });
      await fc.assert(property, { numRuns: 150 });
    });
  });

  test('exactly which values of If-Match are valid', { timeout: 300_000 }, async () => {
    const schema = parameterCalled('If-Match');
    const isAllowed = allows(schema);
    const headers = textNear({ ...schema, maxLength: 20, examples: ['"7"', '*', 'W/"x"', '"1", "7"'] });
    await withScene(stage, endpoint, { stored }, async ({ send }) => {
      const property = fc.asyncProperty(headers, async (header) => {
        const response = await send({ headers: { 'if-match': header }, body: { name: 'After' } });
        expect([response.status === 400, response.status]).toEqual([
          !isAllowed(header),
          expect.toBeOneOf([200, 400, 412]),
        ]);
      });
      await fc.assert(property, { numRuns: 150 });
    });
  });
});
