import { describe, expect } from 'vitest';
import { attemptTimes } from '../../lib/table/sdk/document-client.ts';
import { type Fault, inOrder, on, pass } from './fault-proxy.ts';
import { failAfterwards, halfCloseAfterwards, loseResponse, stall } from './faults.ts';
import type { Store } from './faulty-service.ts';
import { test } from './suite.ts';

/** A change of each kind, and the call that makes it. */
const changes = [
  {
    what: 'a client',
    action: 'UpdateItem',
    create: (store: Store) => store.newClient(),
    body: () => ({ name: 'after', customFields: [{ fieldKey: 'k', value: ['v'] }] }),
  },
  {
    what: 'a workspace',
    action: 'UpdateItem',
    create: (store: Store) => store.newWorkspace(),
    body: () => ({ name: 'after', sessionTemplates: { smsReminderMessage: 'soon' } }),
  },
  {
    what: "a workspace's address",
    action: 'TransactWriteItems',
    create: (store: Store) => store.newWorkspace({ email: `${crypto.randomUUID()}@old.example` }),
    body: () => ({ name: 'after', email: `${crypto.randomUUID()}@new.example` }),
  },
];

const losses: [string, Fault][] = [
  ['the connection is reset', loseResponse],
  ['the connection is closed', halfCloseAfterwards],
  ['the response stops halfway', stall],
  ['a 500 is returned instead', failAfterwards],
];

const { attempts } = attemptTimes;

/** How long to wait for responses that never arrive, in milliseconds. */
const responseTimeout = 2_000;

describe.concurrent.each(changes)('the response about $what is lost after $action', ({ action, create, body }) => {
  describe.concurrent.each(losses)('%s', (_, loss) => {
    describe.concurrent.each([undefined, '"1"'])('If-Match %s', (ifMatch) => {
      test.for([1, attempts - 1])('%i times: 200, one version step', async (losses, { store, serve }) => {
        const service = await serve({ responseTimeout });
        const request = { ids: await create(store), body: body(), ifMatch };
        service.proxy.faultFor = on(action, inOrder(...Array<Fault>(losses).fill(loss)));

        const returned = await service.patch(request);

        expect(returned).toMatchObject({ status: 200, headers: { etag: '"2"' } });
        expect(Object.values(returned.body)).toMatchObject([{ name: 'after' }]);
        expect(await store.item(request.ids)).toMatchObject({ version: 2, name: 'after' });
        expect(service.proxy.passages.filter((one) => one.action === action)).toHaveLength(losses + 1);
      });

      test('every time: 503, one version step, and a retry gets 200', async ({ store, serve }) => {
        const service = await serve({ responseTimeout });
        const request = { ids: await create(store), body: body(), ifMatch };
        service.proxy.faultFor = on(action, () => loss);

        const returned = await service.patch(request);

        expect(returned).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
        expect(service.proxy.passages.filter((one) => one.action === action)).toHaveLength(attempts);
        expect(await store.item(request.ids)).toMatchObject({ version: 2, name: 'after' });
        service.proxy.faultFor = () => pass;
        expect(await service.patch(request)).toMatchObject({ status: 200, headers: { etag: '"2"' } });
        expect(service.defects).toEqual([]);
      });
    });
  });
});

describe('the response is lost, and another caller changes the same field before the retry', () => {
  test('with If-Match: 503, because neither 200 nor 412 would be true', async ({ store, serve }) => {
    const service = await serve();
    const another = await serve();
    const ids = await store.newClient();
    service.proxy.faultFor = inOrder(async (wire) => {
      await wire.carryOut();
      await another.patch({ ids, body: { name: 'of another' } });
      wire.socket.resetAndDestroy();
    });

    expect(await service.patch({ ids, body: { name: 'after' }, ifMatch: '"1"' })).toMatchObject({ status: 503 });
    expect(await store.item(ids)).toMatchObject({ version: 3, name: 'of another' });
  });

  test('in a transaction: 200 with what was written, because DynamoDB knows the token', async ({ store, serve }) => {
    const service = await serve();
    const another = await serve();
    const ids = await store.newWorkspace();
    const [first, second] = [`${ids.workspaceId}@first.example`, `${ids.workspaceId}@second.example`];
    service.proxy.faultFor = on(
      'TransactWriteItems',
      inOrder(async (wire) => {
        await wire.carryOut();
        await another.patch({ ids, body: { email: second } });
        wire.socket.resetAndDestroy();
      }),
    );

    expect(await service.patch({ ids, body: { email: first }, ifMatch: '"1"' })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { workspace: { email: first } },
    });
    expect(await store.item(ids)).toMatchObject({ version: 3, email: second });
    expect(await store.ownerOf(first)).toBeUndefined();
    expect(await store.ownerOf(second)).toBe(ids.workspaceId);
  });
});
