import { setTimeout } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { otherChange, plainChange, plainChanges, together } from '../declared/changes.ts';
import { type Fault, on, pass } from './fault-proxy.ts';
import { after } from './faults.ts';
import type { FaultyService, PatchResponse, Subject } from './faulty-service.ts';
import { contests } from './subjects.ts';
import { engines } from './suite.ts';

/** The latency of a table in the same region, in milliseconds. */
const distance = 5;
const distant: Fault = async (wire) => {
  await setTimeout(distance);
  await pass(wire);
};

const versionIn = ({ headers }: PatchResponse) => Number(headers.etag?.replaceAll('"', ''));

/** Writes repeatedly until stopped, and returns the responses. */
const keepWriting = async ({ patch }: FaultyService, subject: Subject, bodyOf: (turn: number) => object) => {
  const responses: Promise<PatchResponse>[] = [];
  const state = { isOver: false };
  const written = (async () => {
    for (let turn = 0; !state.isOver; turn++) {
      const response = patch({ ...subject, body: bodyOf(turn) });
      responses.push(response);
      await response;
    }
  })();
  return {
    stop: async () => {
      state.isOver = true;
      await written;
      return Promise.all(responses);
    },
  };
};

describe.each(engines)('a record with concurrent writers, on $engine', ({ testOnIt: test }) => {
  describe.each(contests)('$title', ({ endpoint, newValue, changeTo, newRecord, ownerOf }) => {
    test('another field is written before every transaction: the value changes anyway', async ({ store, serve }) => {
      const [service, another] = [await serve(), await serve()];
      const subject = await newRecord(store, newValue());
      let turn = 0;
      const change = () => another.patch({ ...subject, body: otherChange(endpoint, turn++).body });
      service.proxy.faultFor = on('TransactWriteItems', () => after(change));
      const value = newValue();
      const mine = together(changeTo(value), plainChange(endpoint, 1));
      const both = together(mine, otherChange(endpoint, 1));

      expect(await service.patch({ ...subject, body: mine.body })).toMatchObject({
        status: 200,
        headers: { etag: '"4"' },
        body: both.reply,
      });
      expect(await store.item(subject)).toMatchObject({ version: 4, ...both.stored });
      expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
    });

    test('another field is written after the transaction: the response has the record as read after that', async ({
      store,
      serve,
    }) => {
      const [service, another] = [await serve(), await serve()];
      const subject = await newRecord(store);
      let turn = 0;
      const change = () => another.patch({ ...subject, body: plainChange(endpoint, turn++).body });
      const changeAround: Fault = async (wire) => {
        await change();
        await wire.carryOut();
        await change();
        wire.response.writeHead(200, { 'x-amzn-requestid': 'id' }).end('{}');
      };
      const faults = [after(change), changeAround];
      service.proxy.faultFor = on('TransactWriteItems', () => faults.shift() ?? pass);
      const unique = changeTo(newValue());

      const { body } = together(unique, plainChange(endpoint, 9));
      expect(await service.patch({ ...subject, body })).toMatchObject({
        status: 200,
        headers: { etag: '"5"' },
        body: together(unique, plainChange(endpoint, 2)).reply,
      });
    });

    test('and its If-Match is stale by then: 412', async ({ store, serve }) => {
      const [service, another] = [await serve(), await serve()];
      const subject = await newRecord(store);
      const change = () => another.patch({ ...subject, body: plainChange(endpoint, 1).body });
      service.proxy.faultFor = on('TransactWriteItems', () => after(change));

      const { body } = changeTo(newValue());
      expect(await service.patch({ ...subject, body, ifMatch: '"1"' })).toMatchObject({
        status: 412,
        headers: { etag: '"2"' },
      });
    });

    test('another function writes it, then another service removes it, after a transaction: 503, not 404', async ({
      store,
      serve,
    }) => {
      const [service, another] = [await serve(), await serve()];
      const subject = await newRecord(store);
      const faults: Fault[] = [
        after(() => another.patch({ ...subject, body: plainChange(endpoint, 1).body })),
        async ({ carryOut, response }) => {
          await carryOut();
          await store.remove(subject);
          response.writeHead(200, { 'x-amzn-requestid': 'id' }).end('{}');
        },
      ];
      service.proxy.faultFor = on('TransactWriteItems', () => faults.shift() ?? pass);

      expect(await service.patch({ ...subject, body: changeTo(newValue()).body })).toMatchObject({ status: 503 });
    });

    test('32 changes of the value while four others write continuously: no request fails', async ({ store, serve }) => {
      const [service, ...others] = await Promise.all(Array.from({ length: 5 }, () => serve()));
      if (!service) throw new Error('There are five.');
      for (const { proxy } of [service, ...others]) proxy.faultFor = () => distant;
      const subject = await newRecord(store, newValue());
      const writers = await Promise.all(
        others.map((other, index) =>
          keepWriting(other, subject, (turn) => {
            // One that shares a field with another writer has numbers of its own.
            const changes = plainChanges(endpoint, others.length * turn + index);
            return changes[index % changes.length]?.body ?? {};
          }),
        ),
      );

      const moved: PatchResponse[] = [];
      for (let turn = 0; turn < 32; turn++) {
        moved.push(await service.patch({ ...subject, body: changeTo(newValue()).body }));
      }
      const written = (await Promise.all(writers.map(({ stop }) => stop()))).flat();

      expect(moved.map(({ status }) => status)).toEqual(moved.map(() => 200));
      expect(written.map(({ status }) => status)).toEqual(written.map(() => 200));
      expect(written.length).toBeGreaterThan(moved.length);
      expect(await store.item(subject)).toMatchObject({ version: 1 + moved.length + written.length });
      const versions = written.map(versionIn);
      expect(new Set(versions).size).toBe(versions.length);
    });
  });
});
