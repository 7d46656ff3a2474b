import { setTimeout } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { type Fault, on, pass } from './fault-proxy.ts';
import { after } from './faults.ts';
import type { FaultyService, PatchResponse } from './faulty-service.ts';
import { engines } from './suite.ts';

const address = () => `${crypto.randomUUID()}@example.com`;

/** The latency of a table in the same region, in milliseconds. */
const distance = 5;
const distant: Fault = async (wire) => {
  await setTimeout(distance);
  await pass(wire);
};

const versionIn = ({ headers }: PatchResponse) => Number(headers.etag?.replaceAll('"', ''));

describe.each(engines)('a workspace with concurrent writers, on $engine', ({ testOnIt: test }) => {
  test('another field is written before every transaction: the address changes anyway', async ({ store, serve }) => {
    const [service, another] = [await serve(), await serve()];
    const ids = await store.newWorkspace({ email: address() });
    let turn = 0;
    const change = () => another.patch({ ids, body: { slogan: `${turn++}` } });
    service.proxy.faultFor = on('TransactWriteItems', () => after(change));
    const email = address();

    expect(await service.patch({ ids, body: { email, name: 'after' } })).toMatchObject({
      status: 200,
      headers: { etag: '"4"' },
      body: { workspace: { email, name: 'after', slogan: '1' } },
    });
    expect(await store.item(ids)).toMatchObject({ version: 4, email, name: 'after', slogan: '1' });
    expect(await store.ownerOf(email)).toBe(ids.workspaceId);
  });

  test('another field is written after the transaction: the response has the record as read after that', async ({
    store,
    serve,
  }) => {
    const [service, another] = [await serve(), await serve()];
    const ids = await store.newWorkspace();
    let turn = 0;
    const change = () => another.patch({ ids, body: { name: `${turn++}` } });
    const changeAround: Fault = async (wire) => {
      await change();
      await wire.carryOut();
      await change();
      wire.response.writeHead(200, { 'x-amzn-requestid': 'id' }).end('{}');
    };
    const email = address();
    const faults = [after(change), changeAround];
    service.proxy.faultFor = on('TransactWriteItems', () => faults.shift() ?? pass);

    expect(await service.patch({ ids, body: { email, name: 'after' } })).toMatchObject({
      status: 200,
      headers: { etag: '"5"' },
      body: { workspace: { email, name: '2' } },
    });
  });

  test('and its If-Match is stale by then: 412', async ({ store, serve }) => {
    const [service, another] = [await serve(), await serve()];
    const ids = await store.newWorkspace();
    const change = () => another.patch({ ids, body: { slogan: 'of another' } });
    service.proxy.faultFor = on('TransactWriteItems', () => after(change));

    expect(await service.patch({ ids, body: { email: address() }, ifMatch: '"1"' })).toMatchObject({
      status: 412,
      headers: { etag: '"2"' },
    });
  });

  test('another function writes it, then another service removes it, after a transaction: 503, not 404', async ({
    store,
    serve,
  }) => {
    const [service, another] = [await serve(), await serve()];
    const ids = await store.newWorkspace();
    const faults: Fault[] = [
      after(() => another.patch({ ids, body: { slogan: 'of another' } })),
      async ({ carryOut, response }) => {
        await carryOut();
        await store.remove(ids);
        response.writeHead(200, { 'x-amzn-requestid': 'id' }).end('{}');
      },
    ];
    service.proxy.faultFor = on('TransactWriteItems', () => faults.shift() ?? pass);

    expect(await service.patch({ ids, body: { email: address() } })).toMatchObject({ status: 503 });
  });

  /** Writes one field repeatedly until stopped, and returns the responses. */
  const keepWriting = async (
    { patch }: FaultyService,
    ids: { workspaceId: string },
    body: (turn: number) => object,
  ) => {
    const responses: Promise<PatchResponse>[] = [];
    const state = { isOver: false };
    const written = (async () => {
      for (let turn = 0; !state.isOver; turn++) {
        const response = patch({ ids, body: { ...body(turn) } });
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

  test('32 changes of address while four others write continuously: no request fails', async ({ store, serve }) => {
    const [service, ...others] = await Promise.all(Array.from({ length: 5 }, () => serve()));
    if (!service) throw new Error('There are five.');
    for (const { proxy } of [service, ...others]) proxy.faultFor = () => distant;
    const ids = await store.newWorkspace({ email: address() });
    const bodies = [
      (turn: number) => ({ name: `${turn}` }),
      (turn: number) => ({ slogan: `${turn}` }),
      (turn: number) => ({ labTemplates: { smsDefaultMessage: `${turn}` } }),
      (turn: number) => ({ sessionTemplates: { smsReminderMessage: `${turn}` } }),
    ];
    const writers = await Promise.all(
      others.map((other, index) => keepWriting(other, ids, bodies[index] ?? (() => ({})))),
    );

    const moved: PatchResponse[] = [];
    for (let turn = 0; turn < 32; turn++) moved.push(await service.patch({ ids, body: { email: address() } }));
    const written = (await Promise.all(writers.map(({ stop }) => stop()))).flat();

    expect(moved.map(({ status }) => status)).toEqual(moved.map(() => 200));
    expect(written.map(({ status }) => status)).toEqual(written.map(() => 200));
    expect(written.length).toBeGreaterThan(moved.length);
    expect(await store.item(ids)).toMatchObject({ version: 1 + moved.length + written.length });
    const versions = written.map(versionIn);
    expect(new Set(versions).size).toBe(versions.length);
  });
});
