import { describe, expect } from 'vitest';
import { type Fault, inOrder, on, pass } from './fault-proxy.ts';
import { cancel, hang, refuse } from './faults.ts';
import type { Store } from './faulty-service.ts';
import { test } from './suite.ts';

const address = (name = 'new') => `${crypto.randomUUID()}@${name}.example`;

const tokensIn = (passages: readonly { action: string; body: string }[]) =>
  passages
    .filter(({ action }) => action === 'TransactWriteItems')
    .map(({ body }) => JSON.parse(body).ClientRequestToken);

describe('a transaction meets another', () => {
  test('it is retried with the same token', async ({ store, serve }) => {
    const service = await serve();
    const email = address();
    const ids = await store.newWorkspace();
    const conflicts = [cancel('TransactionConflict', 'None'), cancel('None', 'TransactionConflict')];
    service.proxy.faultFor = on('TransactWriteItems', inOrder(...conflicts, ...conflicts));

    expect(await service.patch({ ids, body: { email } })).toMatchObject({ status: 200, headers: { etag: '"2"' } });

    const tokens = tokensIn(service.proxy.passages);
    expect(tokens).toHaveLength(5);
    expect(new Set(tokens).size).toBe(1);
    expect(await store.ownerOf(email)).toBe(ids.workspaceId);
  });

  test('it was applied, its response lost, and the retry meets a conflict: 200, one version step', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const ids = await store.newWorkspace();
    service.proxy.faultFor = on(
      'TransactWriteItems',
      inOrder(
        async ({ carryOut, socket }) => {
          await carryOut();
          socket.resetAndDestroy();
        },
        refuse(400, 'TransactionInProgressException'),
        cancel('TransactionConflict', 'TransactionConflict'),
      ),
    );

    const response = await service.patch({ ids, body: { email: address() }, ifMatch: '"1"' });

    expect(response).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(await store.item(ids)).toMatchObject({ version: 2 });
    expect(new Set(tokensIn(service.proxy.passages)).size).toBe(1);
  });

  test('a plain update that meets one is retried', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newWorkspace();
    const conflict = refuse(400, 'TransactionConflictException');
    service.proxy.faultFor = inOrder(conflict, conflict, conflict, conflict);

    expect(await service.patch({ ids, body: { slogan: 'after' }, ifMatch: '"1"' })).toMatchObject({ status: 200 });
    expect(service.proxy.passages).toHaveLength(5);
  });

  test('and its If-Match is stale by then: 412, because a conflict means that nothing was written', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const ids = await store.newWorkspace({ version: 7 });
    service.proxy.faultFor = inOrder(refuse(400, 'TransactionConflictException'));

    expect(await service.patch({ ids, body: { slogan: 'after' }, ifMatch: '"1"' })).toMatchObject({
      status: 412,
      headers: { etag: '"7"' },
    });
  });
});

describe('the reasons of a cancelled transaction are read one by one', () => {
  const taken = async (store: Store) => {
    const email = address('taken');
    await store.newWorkspace({ email });
    return email;
  };
  const between =
    (change: () => Promise<unknown>): Fault =>
    async (wire) => {
      await change();
      await pass(wire);
    };

  test('the address is taken: 409, and nothing is stored', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newWorkspace({ email: address('old') });
    const before = await store.item(ids);

    expect(await service.patch({ ids, body: { email: await taken(store), name: 'x' } })).toMatchObject({ status: 409 });
    expect(await store.item(ids)).toEqual(before);
  });

  test('and the workspace has changed since it was read: 412 takes precedence over 409', async ({ store, serve }) => {
    const service = await serve();
    const another = await serve();
    const ids = await store.newWorkspace();
    const change = () => another.patch({ ids, body: { slogan: 'of another' } });
    service.proxy.faultFor = on('TransactWriteItems', inOrder(between(change)));

    const response = await service.patch({ ids, body: { email: await taken(store) }, ifMatch: '"1"' });

    expect(response).toMatchObject({ status: 412, headers: { etag: '"2"' } });
  });

  test.for([
    ['TransactionConflict', 'ConditionalCheckFailed', 'None'],
    ['None', 'ConditionalCheckFailed', 'TransactionConflict'],
    ['None', 'ThrottlingError', 'ConditionalCheckFailed'],
    ['None', 'ConditionalCheckFailed', 'ProvisionedThroughputExceeded'],
  ])(
    '%s, %s, %s: it is sent again, since what was refused may have been the other transaction',
    async (codes, { store, serve }) => {
      const service = await serve();
      const ids = await store.newWorkspace({ email: address('old') });
      service.proxy.faultFor = on('TransactWriteItems', inOrder(cancel(...codes)));

      expect(await service.patch({ ids, body: { email: address() } })).toMatchObject({ status: 200 });
      expect(new Set(tokensIn(service.proxy.passages)).size).toBe(1);
    },
  );

  test('the workspace does not exist: 404 takes precedence over 409', async ({ store, serve }) => {
    const service = await serve();
    const ids = { workspaceId: crypto.randomUUID() };

    expect(await service.patch({ ids, body: { email: await taken(store) } })).toMatchObject({ status: 404 });
  });

  test('the workspace has changed in between, without If-Match: both changes last', async ({ store, serve }) => {
    const service = await serve();
    const another = await serve();
    const ids = await store.newWorkspace();
    const email = address();
    const change = () => another.patch({ ids, body: { slogan: 'of another' } });
    service.proxy.faultFor = on('TransactWriteItems', inOrder(between(change)));

    expect(await service.patch({ ids, body: { email } })).toMatchObject({ status: 200, headers: { etag: '"3"' } });
    expect(await store.item(ids)).toMatchObject({ slogan: 'of another', email });
  });
});

describe('claims agree with records', () => {
  test('leaving an address releases it', async ({ store, serve }) => {
    const service = await serve();
    const email = address('old');
    const ids = await store.newWorkspace({ email });
    const successor = await store.newWorkspace();
    expect(await service.patch({ ids: successor, body: { email } })).toMatchObject({ status: 409 });

    expect(await service.patch({ ids, body: { email: address() } })).toMatchObject({ status: 200 });

    expect(await service.patch({ ids: successor, body: { email } })).toMatchObject({ status: 200 });
    expect(await store.ownerOf(email)).toBe(successor.workspaceId);
  });

  test('the old address was never claimed, and another workspace has claimed it since: that claim stays', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const email = address('old');
    const ids = await store.newWorkspace({ email });
    const owner = await store.newWorkspace({ email });
    const next = address();

    expect(await service.patch({ ids, body: { email: next } })).toMatchObject({ status: 200 });

    expect(await store.ownerOf(email)).toBe(owner.workspaceId);
    expect(await store.ownerOf(next)).toBe(ids.workspaceId);
  });

  test('another spelling of an unclaimed address claims it', async ({ store, serve }) => {
    const service = await serve();
    const email = address('unclaimed');
    const ids = { workspaceId: crypto.randomUUID() };
    await store.overwrite(ids, { name: 'of another service', email });
    const successor = await store.newWorkspace();
    const spelling = email.toUpperCase();

    expect(await service.patch({ ids, body: { email: spelling } })).toMatchObject({
      status: 200,
      body: { workspace: { email: spelling } },
    });

    expect(await store.ownerOf(email)).toBe(ids.workspaceId);
    expect(await service.patch({ ids: successor, body: { email } })).toMatchObject({ status: 409 });
  });

  test('another spelling of an address that another workspace has claimed: 409', async ({ store, serve }) => {
    const service = await serve();
    const email = address('shared');
    const ids = await store.newWorkspace({ email });
    const owner = await store.newWorkspace({ email });

    expect(await service.patch({ ids, body: { email: email.toUpperCase() } })).toMatchObject({ status: 409 });
    expect(await store.ownerOf(email)).toBe(owner.workspaceId);
  });

  test('a transaction without a response: 503, and neither claim nor record', async ({ store, serve }) => {
    const service = await serve({ responseTimeout: 1_000 });
    const email = address();
    const ids = await store.newWorkspace();
    service.proxy.faultFor = on('TransactWriteItems', () => hang);

    expect(await service.patch({ ids, body: { email } })).toMatchObject({ status: 503 });
    expect(await store.item(ids)).not.toHaveProperty('email');
    expect(await store.ownerOf(email)).toBeUndefined();
  });
});
