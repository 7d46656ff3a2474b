import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { claimKeyOf, keyOf } from '../harness/database/keys.ts';
import type { Sent } from './promises.ts';
import { expectProblem, expectRecord, withScene } from './scene.ts';
import type { Stage } from './stage.ts';
import { stages } from './stages.ts';

const { updateClient: updateClientEndpoint } = declarations;
const { updateWorkspace: updateWorkspaceEndpoint } = declarations;

describe.each(Object.entries(stages))('%s', (_, start) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await start();
  }, 60_000);
  afterAll(() => stage?.close());

  describe.each(Object.values(declarations))('$id', (endpoint) => {
    test('the first error in the order of checks determines the response', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const lastId = Object.keys(endpoint.example.ids).at(-1) ?? '';
        const wrongId = lastId === 'workspaceId' ? {} : { ids: { [lastId]: 'a.b' } };
        const huge = `{"colour":${'1'.repeat(256 * 1024)}}`;
        const everythingWrong = { headers: { 'content-type': 'text/plain', 'if-match': 'x' }, bytes: huge };
        const steps: [number, Sent][] = [
          [401, { ...everythingWrong, ...wrongId, caller: 'expired' }],
          [403, { ...everythingWrong, ...wrongId, caller: 'powerless' }],
          ...('ids' in wrongId ? [[404, { ...everythingWrong, ...wrongId }] satisfies [number, Sent]] : []),
          [415, everythingWrong],
          [415, { headers: { 'content-encoding': 'gzip', 'if-match': 'x' }, bytes: huge }],
          [413, { headers: { 'if-match': 'x' }, bytes: huge }],
          [400, { headers: { 'if-match': 'x' }, body: { colour: 1 } }],
          [422, { headers: { 'if-match': '"1"' }, body: { colour: 1 } }],
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
          ['Ann', 'Eve'].map((name) => send({ headers: { 'if-match': '"3"' }, body: { name } })),
        );
        expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      }));

    test('every change has a new entity tag, which is valid for the next change', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        let tag = '"3"';
        for (const name of ['a', 'b', 'c']) {
          const response = await send({ headers: { 'if-match': tag }, body: { name } });
          expectRecord(response, endpoint);
          expect(response.headers.etag).not.toBe(tag);
          tag = response.headers.etag ?? '';
        }
      }));

    test('a record without a version gets one, and can be protected by If-Match before that', () =>
      withScene(stage, endpoint, { stored: { version: undefined, updatedAt: undefined } }, async ({ send }) => {
        const stale = await send({ headers: { 'if-match': '"5"' }, body: { name: 'a' } });
        expectProblem(stale, 'stale-version');
        const tag = stale.headers.etag ?? '';
        const first = await send({ headers: { 'if-match': tag }, body: { name: 'a' } });
        expectRecord(first, endpoint);
        expectProblem(await send({ headers: { 'if-match': tag }, body: { name: 'b' } }), 'stale-version');
      }));

    test('updatedAt is the time of the change', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const { updatedAt } = expectRecord(await send({ body: { name: 'a' } }), endpoint);
        expect(Math.abs(Date.now() - Date.parse(String(updatedAt)))).toBeLessThan(5 * 60_000);
      }));

    test('updatedAt never runs backwards, even if clocks differ', () =>
      withScene(stage, endpoint, { stored: { updatedAt: '2999-01-01T00:00:00.000Z' } }, async ({ send }) => {
        for (const name of ['a', 'b']) {
          const returned = expectRecord(await send({ body: { name } }), endpoint);
          expect(returned).toMatchObject({ name, updatedAt: '2999-01-01T00:00:00.000Z' });
        }
      }));

    test('what was never set is returned as null or [], and timestamps in one format', () =>
      withScene(stage, endpoint, { stored: { createdAt: '2024-01-15T11:00:00+01:00' } }, async ({ send }) => {
        const returned = expectRecord(await send({ body: { name: 'a' } }), endpoint);
        const unset = { avatarUrl: null, slogan: null, email: null, contactMethods: [], customFields: [] };
        const expected = { ...unset, createdAt: '2024-01-15T10:00:00.000Z' };
        expect(expected).toMatchObject(
          Object.fromEntries(Object.entries(returned).filter(([name]) => name in expected)),
        );
      }));

    test('concurrent changes of different fields all succeed', () =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        const { email: _, ...body }: Record<string, unknown> = { ...endpoint.example.body };
        const responses = await Promise.all(
          Object.entries(body).map(([field, value]) => send({ body: { [field]: value } })),
        );
        expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
        expectRecord(await send({ body }), endpoint);
        expect((await record()).version).toBe(3 + responses.length);
      }));

    test('the declared example gets the declared reply', () =>
      withScene(stage, endpoint, {}, async ({ send, ids, emailOf }) => {
        const returned = expectRecord(await send({}), endpoint);
        const [declared = {}] = Object.values(endpoint.example.reply);
        expect(returned).toEqual({
          ...declared,
          id: Object.values({ ...endpoint.example.ids, ...ids }).at(-1),
          ...('email' in declared && { email: emailOf('own') }),
          ...('createdAt' in declared && { createdAt: expect.any(String) }),
          updatedAt: expect.any(String),
        });
      }));
  });

  describe('update-client', () => {
    const endpoint = updateClientEndpoint;

    test('null clears the picture, and a list is replaced as a whole', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        expectRecord(await send({}), endpoint);
        const cleared = { avatarUrl: null, customFields: [] };
        const returned = expectRecord(await send({ body: cleared }), endpoint);
        expect(returned).toMatchObject({ ...endpoint.example.body, ...cleared });
        const again = await send({ body: cleared });
        expect({ status: again.status, etag: again.headers.etag }).toEqual({ status: 200, etag: '"5"' });
      }));

    test('clearing what was never set changes nothing', () =>
      withScene(stage, endpoint, {}, async ({ send }) => {
        const response = await send({ body: { avatarUrl: null, customFields: [] } });
        expect({ status: response.status, etag: response.headers.etag }).toEqual({ status: 200, etag: '"3"' });
      }));

    test('a client of another workspace is not found in this one', () =>
      withScene(stage, endpoint, {}, async ({ send, ids }) => {
        const foreign = { workspaceId: `${ids.workspaceId}-other`, clientId: 'theirs' };
        await stage.put({ ...keyOf(foreign), name: 'Theirs' });
        try {
          expectProblem(await send({ ids: { clientId: 'theirs' } }), 'not-found');
          expect(await stage.items([keyOf(foreign)])).toEqual([{ ...keyOf(foreign), name: 'Theirs' }]);
        } finally {
          await stage.remove(keyOf(foreign));
        }
      }));
  });

  describe('update-workspace', () => {
    const endpoint = updateWorkspaceEndpoint;

    test('templates are merged one by one, whether or not any existed before', () =>
      withScene(stage, endpoint, {}, async ({ send, record }) => {
        await send({ body: { sessionTemplates: { whatsappReminderMessage: 'a' } } });
        await send({ body: { sessionTemplates: { smsReminderMessage: 'b' }, labTemplates: {} } });
        await send({ body: { labTemplates: { smsDefaultMessage: '' } } });
        expect(await record()).toMatchObject({
          'sessionTemplates.whatsappReminderMessage': 'a',
          'sessionTemplates.smsReminderMessage': 'b',
          'labTemplates.smsDefaultMessage': '',
        });
      }));

    test.each([{ labTemplates: {} }, { labTemplates: {}, sessionTemplates: {} }])(
      '%j counts as a body without fields',
      (body) =>
        withScene(stage, endpoint, {}, async ({ send }) => {
          expectProblem(await send({ body }), 'empty-patch');
        }),
    );

    test('an address is claimed, moved and released', () =>
      withScene(stage, endpoint, {}, async ({ send, ids, emailOf, record }) => {
        const claimOf = async (email: string) => (await stage.items([claimKeyOf(email)]))[0]?.workspaceId;
        const [first, second] = [emailOf('own'), `new-${emailOf('own')}`];
        const { workspaceId } = ids;
        try {
          const claimed = expectRecord(await send({ body: { email: first } }), endpoint);
          expect([claimed.email, await claimOf(first)]).toEqual([first, workspaceId]);
          const moved = expectRecord(await send({ body: { email: second, slogan: 'moved' } }), endpoint);
          expect(moved).toMatchObject({ email: second, slogan: 'moved' });
          expect([await claimOf(first), await claimOf(second)]).toEqual([undefined, workspaceId]);
          expect(await record()).toMatchObject({ email: second, version: 5 });
        } finally {
          await stage.remove(claimKeyOf(second));
        }
      }));

    test('an address in another letter case is the same address, stored as sent', () =>
      withScene(stage, endpoint, {}, async ({ send, emailOf }) => {
        await send({ body: { email: emailOf('own') } });
        const upper = emailOf('own').toUpperCase();
        expect(expectRecord(await send({ body: { email: upper } }), endpoint).email).toBe(upper);
      }));

    test.each<[string, (email: string) => string]>([
      ['as stored', (email) => email],
      ['in another letter case', (email) => email.toUpperCase()],
    ])('the address of another workspace is refused, %s', (_, spelt) =>
      withScene(stage, endpoint, {}, async ({ send, emailOf, everything }) => {
        const before = await everything();
        const response = await send({ body: { email: spelt(emailOf('other')), name: 'Eve' } });
        expectProblem(response, 'email-taken');
        expect(await everything()).toEqual(before);
      }),
    );

    test('404 and 412 take precedence over 409', () =>
      withScene(stage, endpoint, {}, async ({ send, emailOf, ids }) => {
        const body = { email: emailOf('other') };
        expectProblem(await send({ body, headers: { 'if-match': '"2"' } }), 'stale-version');
        await stage.remove(keyOf({ workspaceId: ids.workspaceId ?? '' }));
        expectProblem(await send({ body }), 'not-found');
      }));

    test('a workspace can leave an address that it never claimed, even if another workspace has claimed it', () =>
      withScene(stage, endpoint, {}, async ({ send, emailOf, ids }) => {
        await stage.put({ ...keyOf({ workspaceId: ids.workspaceId ?? '' }), name: 'Old', email: emailOf('other') });
        expectRecord(await send({ body: { email: emailOf('own') } }), endpoint);
        const [claim] = await stage.items([claimKeyOf(emailOf('other'))]);
        expect(claim?.workspaceId).toBe(`${ids.workspaceId}-other`);
      }));
  });
});
