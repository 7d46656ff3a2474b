import { describe, expect } from 'vitest';
import { attemptTimes } from '../../lib/table/sdk/document-client.ts';
import { plainChange, together, wholeChange } from '../declared/changes.ts';
import { type Fault, inOrder, on, pass } from './fault-proxy.ts';
import { failAfterwards, halfCloseAfterwards, loseResponse, stall } from './faults.ts';
import type { Store } from './faulty-service.ts';
import { contests, endpoints } from './subjects.ts';
import { test } from './suite.ts';

/** A change of every kind, and the call that makes it. */
const calls = [
  ...endpoints.map((endpoint) => ({
    what: endpoint.id,
    action: 'UpdateItem',
    create: (store: Store) => store.newRecord(endpoint),
    change: () => wholeChange(endpoint, 1),
  })),
  ...contests.map(({ title, endpoint, newRecord, newValue, changeTo }) => ({
    what: title,
    action: 'TransactWriteItems',
    create: (store: Store) => newRecord(store, newValue()),
    change: () => together(plainChange(endpoint, 1), changeTo(newValue())),
  })),
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

describe.concurrent.each(calls)('$what: the response is lost after $action', ({ action, create, change }) => {
  describe.concurrent.each(losses)('%s', (_, loss) => {
    describe.concurrent.each([undefined, '"1"'])('If-Match %s', (ifMatch) => {
      test.for([1, attempts - 1])('%i times: 200, one version step', async (losses, { store, serve }) => {
        const service = await serve({ responseTimeout });
        const subject = await create(store);
        const { body, stored, reply } = change();
        const request = { ...subject, body, ifMatch };
        service.proxy.faultFor = on(action, inOrder(...Array<Fault>(losses).fill(loss)));

        const returned = await service.patch(request);

        expect(returned).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: reply });
        expect(await store.item(subject)).toMatchObject({ version: 2, ...stored });
        expect(service.proxy.passages.filter((one) => one.action === action)).toHaveLength(losses + 1);
      });

      test('every time: 503, one version step, and a retry gets 200', async ({ store, serve }) => {
        const service = await serve({ responseTimeout });
        const subject = await create(store);
        const { body, stored } = change();
        const request = { ...subject, body, ifMatch };
        service.proxy.faultFor = on(action, () => loss);

        const returned = await service.patch(request);

        expect(returned).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
        expect(service.proxy.passages.filter((one) => one.action === action)).toHaveLength(attempts);
        expect(await store.item(subject)).toMatchObject({ version: 2, ...stored });
        service.proxy.faultFor = () => pass;
        expect(await service.patch(request)).toMatchObject({ status: 200, headers: { etag: '"2"' } });
        expect(service.defects).toEqual([]);
      });
    });
  });
});

describe('the response is lost, and another caller changes the same field before the retry', () => {
  test.for(endpoints)(
    '$id, with If-Match: 503, because neither 200 nor 412 would be true',
    async (endpoint, { store, serve }) => {
      const service = await serve();
      const another = await serve();
      const subject = await store.newRecord(endpoint);
      const [mine, ofAnother] = [plainChange(endpoint, 1), plainChange(endpoint, 2)];
      service.proxy.faultFor = inOrder(async (wire) => {
        await wire.carryOut();
        await another.patch({ ...subject, body: ofAnother.body });
        wire.socket.resetAndDestroy();
      });

      expect(await service.patch({ ...subject, body: mine.body, ifMatch: '"1"' })).toMatchObject({ status: 503 });
      expect(await store.item(subject)).toMatchObject({ version: 3, ...ofAnother.stored });
    },
  );

  test.for(contests)(
    '$title, in a transaction: 200 with what was written, because DynamoDB knows the token',
    async ({ newRecord, newValue, changeTo, ownerOf }, { store, serve }) => {
      const service = await serve();
      const another = await serve();
      const subject = await newRecord(store);
      const [first, second] = [newValue(), newValue()];
      service.proxy.faultFor = on(
        'TransactWriteItems',
        inOrder(async (wire) => {
          await wire.carryOut();
          await another.patch({ ...subject, body: changeTo(second).body });
          wire.socket.resetAndDestroy();
        }),
      );

      expect(await service.patch({ ...subject, body: changeTo(first).body, ifMatch: '"1"' })).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
        body: changeTo(first).reply,
      });
      expect(await store.item(subject)).toMatchObject({ version: 3, ...changeTo(second).stored });
      expect(await ownerOf(store, subject, first)).toBeUndefined();
      expect(await ownerOf(store, subject, second)).toEqual(subject.ids);
    },
  );
});
