import { describe, expect } from 'vitest';
import { plainChange, together } from '../declared/changes.ts';
import { inOrder, on } from './fault-proxy.ts';
import { after, cancel, loseResponse, refuse } from './faults.ts';
import { contests, endpoints } from './subjects.ts';
import { test } from './suite.ts';

const tokensIn = (passages: readonly { action: string; body: string }[]) =>
  passages
    .filter(({ action }) => action === 'TransactWriteItems')
    .map(({ body }) => JSON.parse(body).ClientRequestToken);

describe.each(contests)('$title: a transaction meets another', ({ newValue, newRecord, changeTo, ownerOf }) => {
  test('it is retried with the same token', async ({ store, serve }) => {
    const service = await serve();
    const value = newValue();
    const subject = await newRecord(store);
    const conflicts = [cancel('TransactionConflict', 'None'), cancel('None', 'TransactionConflict')];
    service.proxy.faultFor = on('TransactWriteItems', inOrder(...conflicts, ...conflicts));

    const response = await service.patch({ ...subject, body: changeTo(value).body });
    expect(response).toMatchObject({ status: 200, headers: { etag: '"2"' } });

    const tokens = tokensIn(service.proxy.passages);
    expect(tokens).toHaveLength(5);
    expect(new Set(tokens).size).toBe(1);
    expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
  });

  test('it was applied, its response lost, and the retry meets a conflict: 200, one version step', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const subject = await newRecord(store);
    service.proxy.faultFor = on(
      'TransactWriteItems',
      inOrder(
        loseResponse,
        refuse(400, 'TransactionInProgressException'),
        cancel('TransactionConflict', 'TransactionConflict'),
      ),
    );

    const response = await service.patch({ ...subject, body: changeTo(newValue()).body, ifMatch: '"1"' });

    expect(response).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(await store.item(subject)).toMatchObject({ version: 2 });
    expect(new Set(tokensIn(service.proxy.passages)).size).toBe(1);
  });
});

describe.each(endpoints)('$id: a plain update meets a transaction', (endpoint) => {
  const { body } = plainChange(endpoint, 1);

  test('it is retried', async ({ store, serve }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint);
    const conflict = refuse(400, 'TransactionConflictException');
    service.proxy.faultFor = inOrder(conflict, conflict, conflict, conflict);

    expect(await service.patch({ ...subject, body, ifMatch: '"1"' })).toMatchObject({ status: 200 });
    expect(service.proxy.passages).toHaveLength(5);
  });

  test('and its If-Match is stale by then: 412, because a conflict means that nothing was written', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint, { version: 7 });
    service.proxy.faultFor = inOrder(refuse(400, 'TransactionConflictException'));

    expect(await service.patch({ ...subject, body, ifMatch: '"1"' })).toMatchObject({
      status: 412,
      headers: { etag: '"7"' },
    });
  });
});

describe.each(contests)(
  '$title: the reasons of a cancelled transaction are read one by one',
  ({ endpoint, newValue, newRecord, changeTo }) => {
    test('the value is taken: 409, and nothing is stored', async ({ store, serve }) => {
      const service = await serve();
      const value = newValue();
      const subject = await newRecord(store, newValue());
      await newRecord(store, value, subject);
      const before = await store.item(subject);
      const { body } = together(plainChange(endpoint, 1), changeTo(value));

      expect(await service.patch({ ...subject, body })).toMatchObject({ status: 409 });
      expect(await store.item(subject)).toEqual(before);
    });

    test('and the record has changed since it was read: 412 takes precedence over 409', async ({ store, serve }) => {
      const service = await serve();
      const another = await serve();
      const value = newValue();
      const subject = await newRecord(store);
      await newRecord(store, value, subject);
      const change = () => another.patch({ ...subject, body: plainChange(endpoint, 1).body });
      service.proxy.faultFor = on('TransactWriteItems', inOrder(after(change)));

      const response = await service.patch({ ...subject, body: changeTo(value).body, ifMatch: '"1"' });

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
        const subject = await newRecord(store, newValue());
        service.proxy.faultFor = on('TransactWriteItems', inOrder(cancel(...codes)));

        expect(await service.patch({ ...subject, body: changeTo(newValue()).body })).toMatchObject({ status: 200 });
        expect(new Set(tokensIn(service.proxy.passages)).size).toBe(1);
      },
    );

    test('the record does not exist: 404 takes precedence over 409', async ({ store, serve }) => {
      const service = await serve();
      const value = newValue();
      const subject = await newRecord(store);
      await newRecord(store, value, subject);
      await store.remove(subject);

      expect(await service.patch({ ...subject, body: changeTo(value).body })).toMatchObject({ status: 404 });
    });

    test('the record has changed in between, without If-Match: both changes last', async ({ store, serve }) => {
      const service = await serve();
      const another = await serve();
      const subject = await newRecord(store);
      const [mine, others] = [changeTo(newValue()), plainChange(endpoint, 1)];
      const change = () => another.patch({ ...subject, body: others.body });
      service.proxy.faultFor = on('TransactWriteItems', inOrder(after(change)));

      const response = await service.patch({ ...subject, body: mine.body });
      expect(response).toMatchObject({ status: 200, headers: { etag: '"3"' } });
      expect(await store.item(subject)).toMatchObject(together(mine, others).stored);
    });
  },
);
