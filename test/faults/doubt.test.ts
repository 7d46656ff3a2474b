import { describe, expect } from 'vitest';
import { type Fault, inOrder, on } from './fault-proxy.ts';
import { after, holdUp, loseResponse, refuse } from './faults.ts';
import type { Store } from './faulty-service.ts';
import { engines } from './suite.ts';

const address = () => `${crypto.randomUUID()}@example.com`;

/** The request is applied, something else happens, and only then is its response lost. */
const loseAnswerAfter =
  (change: () => Promise<unknown>): Fault =>
  async (wire) => {
    await wire.carryOut();
    await change();
    wire.socket.resetAndDestroy();
  };

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };

/** Fields whose values do not fit into a record that another service has enlarged. */
const large = { slogan: 'y'.repeat(160), labTemplates: { smsDefaultMessage: 'z'.repeat(2000) } };

/** Fills a record up to a few bytes below DynamoDB's 400 KB, with an attribute that the API does not know. */
const grow = (store: Store, ids: { workspaceId: string }) =>
  store.overwrite(ids, { slogan: '', 'labTemplates.smsDefaultMessage': '', notes: 'x'.repeat(408_500) });

describe.each(engines)(
  'a response is lost, and what follows cannot say what became of it, on $engine',
  ({ testOnIt: test }) => {
    test('another workspace has taken the address in between: 200 with what was written, not 409', async ({
      store,
      serve,
    }) => {
      const [service, another] = [await serve(), await serve()];
      const [email, elsewhere] = [address(), address()];
      const ids = await store.newWorkspace({ email });
      const successor = await store.newWorkspace();
      service.proxy.faultFor = on(
        'TransactWriteItems',
        inOrder(
          loseAnswerAfter(async () => {
            await another.patch({ ids, body: { email: elsewhere } });
            await another.patch({ ids: successor, body: { email } });
          }),
        ),
      );
      const request = { ids, body: { name: 'after', email } };

      expect(await service.patch(request)).toMatchObject({
        status: 200,
        body: { workspace: { name: 'after', email } },
      });

      expect(await store.item(ids)).toMatchObject({ name: 'after', email: elsewhere });
      expect(await service.patch(request)).toMatchObject({ status: 409 });
    });

    test('another service has enlarged the record since: 503, not 422', async ({ store, serve }) => {
      const service = await serve();
      const ids = await store.newWorkspace();
      service.proxy.faultFor = inOrder(loseAnswerAfter(() => grow(store, ids)));
      const request = { ids, body: large };

      expect(await service.patch(request)).toMatchObject(unavailable);
      expect(await service.patch(request)).toMatchObject({ status: 422 });
    });

    test('another service has enlarged the record during a change of address: 503, not 422', async ({
      store,
      serve,
    }) => {
      const service = await serve();
      const ids = await store.newWorkspace();
      service.proxy.faultFor = on('TransactWriteItems', inOrder(after(() => grow(store, ids), loseResponse)));
      const body = { email: address(), ...large };

      expect(await service.patch({ ids, body })).toMatchObject(unavailable);
      expect(await service.patch({ ids, body })).toMatchObject({ status: 422 });
    });

    test('the record has been removed since: 503, not 404', async ({ store, serve }) => {
      const service = await serve();
      const ids = await store.newClient();
      service.proxy.faultFor = inOrder(loseAnswerAfter(() => store.remove(ids)));
      const request = { ids, body: { name: 'after' } };

      expect(await service.patch(request)).toMatchObject(unavailable);
      expect(await service.patch(request)).toMatchObject({ status: 404 });
    });

    test('the retries meet a conflict, and then another version: 503, not 412', async ({ store, serve }) => {
      const [service, another] = [await serve(), await serve()];
      const ids = await store.newClient();
      service.proxy.faultFor = inOrder(
        loseAnswerAfter(() => another.patch({ ids, body: { name: 'of another' } })),
        refuse(400, 'TransactionConflictException'),
      );
      const request = { ids, body: { name: 'after' }, ifMatch: '"1"' };

      expect(await service.patch(request)).toMatchObject(unavailable);
      expect(await service.patch(request)).toMatchObject({ status: 412 });
    });

    test('a transaction is delayed, its retry finds the address taken, and then it is applied: 503, not 409', async ({
      store,
      serve,
    }) => {
      const [service, another] = [await serve(), await serve()];
      const email = address();
      const owner = await store.newWorkspace({ email });
      const ids = await store.newWorkspace();
      const { promise: responded, resolve: respond } = Promise.withResolvers<void>();
      const { fault, delivered } = holdUp(responded);
      service.proxy.faultFor = on('TransactWriteItems', inOrder(fault));

      expect(await service.patch({ ids, body: { email } })).toMatchObject(unavailable);

      expect(await another.patch({ ids: owner, body: { email: address() } })).toMatchObject({ status: 200 });
      respond();
      await delivered;
      expect(await store.item(ids)).toMatchObject({ email });
      expect(await store.ownerOf(email)).toBe(ids.workspaceId);
    });

    test('a transaction is refused for its version after a retry: 503, not 412', async ({ store, serve }) => {
      const [service, another] = [await serve(), await serve()];
      const ids = await store.newWorkspace();
      const change = () => another.patch({ ids, body: { slogan: 'of another' } });
      service.proxy.faultFor = on('TransactWriteItems', inOrder(after(change, loseResponse)));

      expect(await service.patch({ ids, body: { email: address() }, ifMatch: '"1"' })).toMatchObject(unavailable);
    });
  },
);

describe.each(engines)('nothing is in doubt, on $engine', ({ testOnIt: test }) => {
  test('a response is lost, and the retry finds the change: 200', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newWorkspace({ email: address() });
    service.proxy.faultFor = inOrder(loseAnswerAfter(() => store.overwrite(ids, { slogan: 'of another service' })));

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject({ status: 200 });
  });

  test('the next request of the same function is refused as usual: 412', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newClient();
    service.proxy.faultFor = inOrder(loseResponse);
    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject({ status: 200 });

    expect(await service.patch({ ids, body: { name: 'later' }, ifMatch: '"1"' })).toMatchObject({ status: 412 });
  });
});
