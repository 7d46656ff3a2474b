import { describe, expect } from 'vitest';
import { otherChange, plainChange, together } from '../declared/changes.ts';
import { type Fault, inOrder, on } from './fault-proxy.ts';
import { after, holdUp, loseResponse, refuse } from './faults.ts';
import { fill, largeChangesOf } from './large-change.ts';
import { contests, endpoints } from './subjects.ts';
import { engines } from './suite.ts';

/** The request is applied, something else happens, and only then is its response lost. */
const loseResponseAfter =
  (change: () => Promise<unknown>): Fault =>
  async (wire) => {
    await wire.carryOut();
    await change();
    wire.socket.resetAndDestroy();
  };

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };

describe.each(engines)(
  'a response is lost, and what follows cannot say what became of it, on $engine',
  ({ testOnIt: test }) => {
    describe.each(endpoints)('$id', (endpoint) => {
      test.for(largeChangesOf(endpoint))(
        'another service has enlarged the record since: 503, not 422',
        async (change, { store, serve }) => {
          const service = await serve();
          const subject = await store.newRecord(endpoint);
          service.proxy.faultFor = inOrder(loseResponseAfter(() => fill(store, subject, change)));
          const request = { ...subject, body: change.large.body };

          expect(await service.patch(request)).toMatchObject(unavailable);
          expect(await service.patch(request)).toMatchObject({ status: 422 });
        },
      );

      test('the record has been removed since: 503, not 404', async ({ store, serve }) => {
        const service = await serve();
        const subject = await store.newRecord(endpoint);
        service.proxy.faultFor = inOrder(loseResponseAfter(() => store.remove(subject)));
        const request = { ...subject, body: plainChange(endpoint, 1).body };

        expect(await service.patch(request)).toMatchObject(unavailable);
        expect(await service.patch(request)).toMatchObject({ status: 404 });
      });

      test('the retries meet a conflict, and then another version: 503, not 412', async ({ store, serve }) => {
        const [service, another] = [await serve(), await serve()];
        const subject = await store.newRecord(endpoint);
        service.proxy.faultFor = inOrder(
          loseResponseAfter(() => another.patch({ ...subject, body: plainChange(endpoint, 2).body })),
          refuse(400, 'TransactionConflictException'),
        );
        const request = { ...subject, body: plainChange(endpoint, 1).body, ifMatch: '"1"' };

        expect(await service.patch(request)).toMatchObject(unavailable);
        expect(await service.patch(request)).toMatchObject({ status: 412 });
      });
    });

    describe.each(contests)('$title', ({ endpoint, newValue, changeTo, newRecord, ownerOf }) => {
      test('another record has taken the value in between: 200 with what was written, not 409', async ({
        store,
        serve,
      }) => {
        const [service, another] = [await serve(), await serve()];
        const [value, elsewhere] = [newValue(), newValue()];
        const subject = await newRecord(store, value);
        const successor = await newRecord(store, undefined, subject);
        service.proxy.faultFor = on(
          'TransactWriteItems',
          inOrder(
            loseResponseAfter(async () => {
              await another.patch({ ...subject, body: changeTo(elsewhere).body });
              await another.patch({ ...successor, body: changeTo(value).body });
            }),
          ),
        );
        const plain = plainChange(endpoint, 1);
        const { body, reply } = together(plain, changeTo(value));
        const request = { ...subject, body };

        expect(await service.patch(request)).toMatchObject({ status: 200, body: reply });

        expect(await store.item(subject)).toMatchObject({ ...plain.stored, ...changeTo(elsewhere).stored });
        expect(await service.patch(request)).toMatchObject({ status: 409 });
      });

      test.for(largeChangesOf(endpoint))(
        'another service has enlarged the record during a change of the value: 503, not 422',
        async (change, { store, serve }) => {
          const service = await serve();
          const subject = await newRecord(store);
          const enlarge = () => fill(store, subject, change);
          service.proxy.faultFor = on('TransactWriteItems', inOrder(after(enlarge, loseResponse)));
          const { body } = together(changeTo(newValue()), change.large);

          expect(await service.patch({ ...subject, body })).toMatchObject(unavailable);
          expect(await service.patch({ ...subject, body })).toMatchObject({ status: 422 });
        },
      );

      test('a transaction is delayed, its retry finds the value taken, and then it is applied: 503, not 409', async ({
        store,
        serve,
      }) => {
        const [service, another] = [await serve(), await serve()];
        const value = newValue();
        const owner = await newRecord(store, value);
        const subject = await newRecord(store, undefined, owner);
        const { promise: responded, resolve: respond } = Promise.withResolvers<void>();
        const { fault, delivered } = holdUp(responded);
        service.proxy.faultFor = on('TransactWriteItems', inOrder(fault));

        expect(await service.patch({ ...subject, body: changeTo(value).body })).toMatchObject(unavailable);

        const left = await another.patch({ ...owner, body: changeTo(newValue()).body });
        expect(left).toMatchObject({ status: 200 });
        respond();
        await delivered;
        expect(await store.item(subject)).toMatchObject(changeTo(value).stored);
        expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
      });

      test('a transaction is refused for its version after a retry: 503, not 412', async ({ store, serve }) => {
        const [service, another] = [await serve(), await serve()];
        const subject = await newRecord(store);
        const change = () => another.patch({ ...subject, body: plainChange(endpoint, 1).body });
        service.proxy.faultFor = on('TransactWriteItems', inOrder(after(change, loseResponse)));
        const { body } = changeTo(newValue());

        expect(await service.patch({ ...subject, body, ifMatch: '"1"' })).toMatchObject(unavailable);
      });
    });
  },
);

describe.each(engines)('nothing is in doubt, on $engine', ({ testOnIt: test }) => {
  describe.each(endpoints)('$id', (endpoint) => {
    test('a response is lost, and the retry finds the change: 200', async ({ store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint);
      const change = () => store.overwrite(subject, otherChange(endpoint, 2).stored);
      service.proxy.faultFor = inOrder(loseResponseAfter(change));
      const { body, reply } = plainChange(endpoint, 1);

      expect(await service.patch({ ...subject, body })).toMatchObject({ status: 200, body: reply });
    });

    test('the next request of the same function is refused as usual: 412', async ({ store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint);
      service.proxy.faultFor = inOrder(loseResponse);
      const [first, second] = [plainChange(endpoint, 1), plainChange(endpoint, 2)];
      expect(await service.patch({ ...subject, body: first.body })).toMatchObject({ status: 200 });

      expect(await service.patch({ ...subject, body: second.body, ifMatch: '"1"' })).toMatchObject({ status: 412 });
    });
  });
});
