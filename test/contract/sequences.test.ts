import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import type { Field } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { expectProblem, expectRecord } from './expectations.ts';
import { attributesOf, isNothing, requiredAttributes, shownAttributes } from './item-before.ts';
import type { Sent } from './promised.ts';
import { exampleWith } from './requests.ts';
import { groupsOf, plainFields, shownPart, unknownName } from './sample-bodies.ts';
import { withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { stages } from './stages.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

type Clearable = Field & { clears: null | [] };

const isClearable = (field: Field): field is Clearable => field.clears !== undefined;

/** The record in the reply of the example. */
const exampleReply = ({ example }: Declared): object => Object.values(example.reply)[0] ?? {};

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(endpoints)('$id', (endpoint) => {
    const patch = (number: number): object => numberedPatch(endpoint, number);
    const fields = plainFields(endpoint);
    const clearable = fields.filter(isClearable).map((field) => [field.pointer, field] as const);
    const nested = fields.filter(({ attribute }) => attribute.includes('.'));
    const emptyGroups = groupsOf(endpoint).map(({ body }) => body({}));

    test('the first error in the order of checks determines the response', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const { ownId } = endpoint.kind;
        const name = unknownName(endpoint);
        const wrongId = ownId === 'workspaceId' ? {} : { ids: { [ownId]: 'a.b' } };
        const huge = `{"${name}":${'1'.repeat(256 * 1024)}}`;
        const everythingWrong = { headers: { 'content-type': 'text/plain', 'if-match': 'x' }, bytes: huge };
        const steps: [number, Sent][] = [
          [401, { ...everythingWrong, ...wrongId, caller: 'expired' }],
          [403, { ...everythingWrong, ...wrongId, caller: 'powerless' }],
          ...('ids' in wrongId ? [[404, { ...everythingWrong, ...wrongId }] satisfies [number, Sent]] : []),
          [415, everythingWrong],
          [415, { headers: { 'content-encoding': 'gzip', 'if-match': 'x' }, bytes: huge }],
          [413, { headers: { 'if-match': 'x' }, bytes: huge }],
          [400, { headers: { 'if-match': 'x' }, body: { [name]: 1 } }],
          [422, { headers: { 'if-match': '"1"' }, body: { [name]: 1 } }],
          [412, { headers: { 'if-match': '"1"' } }],
          [200, { headers: { 'if-match': '"3"' } }],
        ];
        for (const [status, sent] of steps) expect((await send(sent)).status).toBe(status);
      }));

    test('a request that is sent twice makes one change', () =>
      withScene(stage, endpoint, {}, async ({ send, everything }) => {
        const first = await send({});
        const stored = await everything();
        const second = await send({});
        expect(expectRecord(second, endpoint)).toEqual(expectRecord(first, endpoint));
        expect(second.headers.etag).toBe(first.headers.etag);
        expect(await everything()).toEqual(stored);
      }));

    test('a retry whose If-Match is stale because of its own change gets 200', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const sent = { headers: { 'if-match': '"3"' } };
        const first = await send(sent);
        const second = await send(sent);
        expect({ status: second.status, etag: second.headers.etag }).toEqual({ status: 200, etag: '"4"' });
        expect(second.text).toBe(first.text);
        expect(second.headers.etag).toBe(first.headers.etag);
      }));

    test('of two callers with the same If-Match, one gets 412', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const responses = await Promise.all(
          [1, 2].map((number) => send({ headers: { 'if-match': '"3"' }, body: patch(number) })),
        );
        expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      }));

    test('every change has a new entity tag, which is valid for the next change', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        let tag = '"3"';
        for (const number of [1, 2, 3]) {
          const response = await send({ headers: { 'if-match': tag }, body: patch(number) });
          expectRecord(response, endpoint);
          expect(response.headers.etag).not.toBe(tag);
          tag = response.headers.etag ?? '';
        }
      }));

    test('a record without a version gets one, and can be protected by If-Match before that', () =>
      withScene(stage, endpoint, { stored: { version: undefined, updatedAt: undefined } }, async ({ send }) => {
        const stale = await send({ headers: { 'if-match': '"5"' }, body: patch(1) });
        expectProblem(stale, 'stale-version');
        const tag = stale.headers.etag ?? '';
        const first = await send({ headers: { 'if-match': tag }, body: patch(1) });
        expectRecord(first, endpoint);
        expectProblem(await send({ headers: { 'if-match': tag }, body: patch(2) }), 'stale-version');
      }));

    test('updatedAt is the time of the change', () =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        const returned = expectRecord(await send({ body: patch(1) }), endpoint);
        const { updatedAt } = await record();
        expect(Math.abs(Date.now() - Date.parse(String(updatedAt)))).toBeLessThan(5 * 60_000);
        expect({ updatedAt, ...returned }).toMatchObject({ updatedAt });
      }));

    test('updatedAt never runs backwards, even if clocks differ', () =>
      withScene(stage, endpoint, { stored: { updatedAt: '2999-01-01T00:00:00.000Z' } }, async ({ send, record }) => {
        for (const number of [1, 2]) {
          const returned = expectRecord(await send({ body: patch(number) }), endpoint);
          expect(returned).toMatchObject(shownPart(endpoint, patch(number)));
          const { updatedAt } = await record();
          expect([updatedAt, { updatedAt, ...returned }.updatedAt]).toEqual(Array(2).fill('2999-01-01T00:00:00.000Z'));
        }
      }));

    test('what was never set is returned as null or [], and timestamps in one format', () => {
      const sent = shownPart(endpoint, patch(1));
      const required = requiredAttributes(endpoint);
      const unset = shownAttributes(endpoint).filter(({ attribute }) => !required.has(attribute));
      const never = Object.fromEntries(unset.map(({ attribute }) => [attribute, undefined]));
      const stored = { ...never, createdAt: '2024-01-15T11:00:00+01:00' };
      return withScene(stage, endpoint, { stored }, async ({ send }) => {
        const returned = attributesOf(expectRecord(await send({ body: patch(1) }), endpoint));
        const stamps = { createdAt: '2024-01-15T10:00:00.000Z', updatedAt: returned.updatedAt };
        const nothing = unset.map(({ attribute, value }) => [attribute, Array.isArray(value) ? [] : null]);
        const expected = { ...Object.fromEntries(nothing), ...stamps, ...attributesOf(sent) };
        for (const { attribute } of unset)
          expect([attribute, returned[attribute]]).toEqual([attribute, expected[attribute]]);
      });
    });

    test('concurrent changes of different fields all succeed', () =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        const bodies = fields.filter(({ example }) => !isNothing(example)).map(({ body, example }) => body(example));
        const responses = await Promise.all(bodies.map((body) => send({ body })));
        expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
        const returned = expectRecord(await send({ body: merged(bodies) }), endpoint);
        expect(returned).toMatchObject(shownPart(endpoint, merged(bodies)));
        expect(await record()).toMatchObject({ ...attributesOf(merged(bodies)), version: 3 + responses.length });
      }));

    test('the declared example gets the declared reply', () =>
      withScene(stage, endpoint, {}, async ({ send, ids, values }) => {
        const returned = expectRecord(await send({}), endpoint);
        const declared = exampleReply(endpoint);
        expect(returned).toEqual({
          ...merged([declared, shownPart(endpoint, exampleWith(endpoint, values))]),
          ...('id' in declared && { id: ids[endpoint.kind.ownId] }),
          ...('updatedAt' in declared && { updatedAt: expect.any(String) }),
        });
      }));

    test('a record of another workspace is not found in this one', () =>
      withScene(stage, endpoint, { absent: true }, async ({ send, neighbours, everything }) => {
        const before = await everything();
        expect(neighbours.map(({ place }) => place)).toContain('another workspace');
        expectProblem(await send({ body: patch(1) }), 'not-found');
        expect(await everything()).toEqual(before);
      }));

    test.each(clearable)('%s is cleared, and nothing else', (_, { attribute, body, clears }) =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        const all = merged(fields.map((field) => field.body(field.example)));
        expectRecord(await send({ body: all }), endpoint);
        const before = await record();
        const returned = expectRecord(await send({ body: body(clears) }), endpoint);
        expect(returned).toMatchObject(shownPart(endpoint, merged([all, body(clears)])));
        const { version: _, updatedAt: __, [attribute]: ___, ...others } = before;
        expect(await record()).toMatchObject(others);
        const again = await send({ body: body(clears) });
        expect({ status: again.status, etag: again.headers.etag }).toEqual({ status: 200, etag: '"5"' });
      }),
    );

    test.each(clearable)('%s is not changed by clearing what was never set', (_, { attribute, body, clears }) =>
      withScene(stage, endpoint, { stored: { [attribute]: undefined } }, async ({ send }) => {
        const response = await send({ body: body(clears) });
        expect({ status: response.status, etag: response.headers.etag }).toEqual({ status: 200, etag: '"3"' });
      }),
    );

    const lists = fields
      .filter(({ example }) => Array.isArray(example))
      .map((field) => [field.pointer, field] as const);
    test.each(lists)('%s is replaced as a whole', (_, { attribute, body, accepted }) =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        for (const value of accepted.slice(0, 4)) {
          const returned = expectRecord(await send({ body: body(value) }), endpoint);
          expect(returned).toMatchObject(shownPart(endpoint, body(value)));
          expect((await record())[attribute]).toEqual(value);
        }
      }),
    );

    test.each(nested.length > 0 ? [nested] : [])('fields of objects are merged one by one', (...leaves) =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        for (const { body, example } of leaves) {
          expectRecord(await send({ body: merged([...emptyGroups, body(example)]) }), endpoint);
        }
        const all = leaves.map(({ attribute, example }) => [attribute, example]);
        expect(await record()).toMatchObject(Object.fromEntries(all));
      }),
    );

    const emptyBodies = [...emptyGroups, merged(emptyGroups), {}].map((body) => JSON.stringify(body));
    test.each([...new Set(emptyBodies)])('%s counts as a body without fields', (bytes) =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        expectProblem(await send({ bytes }), 'empty-patch');
      }),
    );
  });
});
