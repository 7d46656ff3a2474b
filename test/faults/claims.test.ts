import { describe, expect } from 'vitest';
import { on } from './fault-proxy.ts';
import { hang } from './faults.ts';
import { contests } from './subjects.ts';
import { test } from './suite.ts';

describe.each(contests)('$title: claims agree with records', (contest) => {
  const { attribute, newValue, respelled, newRecord, newUnclaimed, changeTo, ownerOf } = contest;

  test('leaving a value releases it', async ({ store, serve }) => {
    const service = await serve();
    const value = newValue();
    const subject = await newRecord(store, value);
    const successor = await newRecord(store, undefined, subject);
    const { body } = changeTo(value);
    expect(await service.patch({ ...successor, body })).toMatchObject({ status: 409 });

    expect(await service.patch({ ...subject, body: changeTo(newValue()).body })).toMatchObject({ status: 200 });

    expect(await service.patch({ ...successor, body })).toMatchObject({ status: 200 });
    expect(await ownerOf(store, successor, value)).toEqual(successor.ids);
  });

  test('the old value was never claimed, and another record has claimed it since: that claim stays', async ({
    store,
    serve,
  }) => {
    const service = await serve();
    const value = newValue();
    const subject = await newUnclaimed(store, value);
    const owner = await newRecord(store, value, subject);
    const next = newValue();

    expect(await service.patch({ ...subject, body: changeTo(next).body })).toMatchObject({ status: 200 });

    expect(await ownerOf(store, owner, value)).toEqual(owner.ids);
    expect(await ownerOf(store, subject, next)).toEqual(subject.ids);
  });

  /** A new value in two spellings, if the field has more than one and letter case counts as given. */
  const spelledTwice = (ignoresCase: boolean) => {
    const value = newValue();
    const spelling = respelled(value);
    return spelling !== undefined && contest.ignoresCase === ignoresCase ? [{ value, spelling }] : [];
  };

  test.for(spelledTwice(true))(
    'another spelling of an unclaimed value claims it',
    async ({ value, spelling }, { store, serve }) => {
      const service = await serve();
      const subject = await newUnclaimed(store, value);
      const successor = await newRecord(store, undefined, subject);
      const { body, reply, stored } = changeTo(spelling);

      expect(await service.patch({ ...subject, body })).toMatchObject({ status: 200, body: reply });

      expect(await store.item(subject)).toMatchObject(stored);
      expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
      expect(await service.patch({ ...successor, body: changeTo(value).body })).toMatchObject({ status: 409 });
    },
  );

  test.for(spelledTwice(true))(
    'another spelling of a value that another record has claimed: 409',
    async ({ value, spelling }, { store, serve }) => {
      const service = await serve();
      const subject = await newUnclaimed(store, value);
      const owner = await newRecord(store, value, subject);

      expect(await service.patch({ ...subject, body: changeTo(spelling).body })).toMatchObject({ status: 409 });
      expect(await ownerOf(store, owner, value)).toEqual(owner.ids);
    },
  );

  test.for(spelledTwice(false))(
    'another spelling is another value: both records have theirs',
    async ({ value, spelling }, { store, serve }) => {
      const service = await serve();
      const owner = await newRecord(store, value);
      const subject = await newRecord(store, undefined, owner);

      expect(await service.patch({ ...subject, body: changeTo(spelling).body })).toMatchObject({ status: 200 });
      expect(await ownerOf(store, subject, spelling)).toEqual(subject.ids);
      expect(await ownerOf(store, owner, value)).toEqual(owner.ids);
    },
  );

  const elsewhere = contest.scope === 'workspace' ? [newValue()] : [];

  test.for(elsewhere)('a record of another workspace may have the value too', async (value, { store, serve }) => {
    const service = await serve();
    const [subject, stranger] = [await newRecord(store), await newRecord(store, value)];

    expect(await service.patch({ ...subject, body: changeTo(value).body })).toMatchObject({ status: 200 });
    expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
    expect(await ownerOf(store, stranger, value)).toEqual(stranger.ids);
  });

  test('a transaction without a response: 503, and neither claim nor record', async ({ store, serve }) => {
    const service = await serve({ responseTimeout: 1_000 });
    const value = newValue();
    const subject = await newRecord(store);
    service.proxy.faultFor = on('TransactWriteItems', () => hang);

    expect(await service.patch({ ...subject, body: changeTo(value).body })).toMatchObject({ status: 503 });
    expect(await store.item(subject)).not.toHaveProperty([attribute]);
    expect(await ownerOf(store, subject, value)).toBeUndefined();
  });
});
