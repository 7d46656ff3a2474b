import { afterEach, describe, expect, vi } from 'vitest';
import { pass } from './fault-proxy.ts';
import { hang, refuse, stall } from './faults.ts';
import { test } from './suite.ts';

const unavailable = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };
const patience = 300;

afterEach(() => void vi.useRealTimers());

describe('the patience of an update ends', () => {
  test('while the database is silent: 503, and the connection is closed', async ({ store, serve }) => {
    const service = await serve({ patience });
    const ids = await store.newClient();
    service.proxy.faultFor = () => hang;

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);

    const [passage, ...others] = service.proxy.passages;
    await passage?.over;
    expect(others).toEqual([]);
  });

  test('in the middle of an answer: 503', async ({ store, serve }) => {
    const service = await serve({ patience });
    const ids = await store.newClient();
    service.proxy.faultFor = () => stall;

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);
    expect(service.proxy.passages).toHaveLength(1);
  });

  test("during the SDK's pause between attempts: 503, and nothing is sent when the pause is over", async ({
    store,
    serve,
  }) => {
    const service = await serve({ patience });
    const ids = await store.newClient();
    service.proxy.faultFor = () => refuse(400, 'ThrottlingException');
    // The SDK pauses with setTimeout. As long as this one stands still, the pause does not end.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject(unavailable);

    service.proxy.faultFor = () => pass;
    vi.runAllTimers();
    vi.useRealTimers();
    expect(await service.patch({ ids, body: { slogan: 'x' } })).toMatchObject({ status: 422 });
    expect(await service.patch({ ids, body: { name: 'next' } })).toMatchObject({ headers: { etag: '"2"' } });
    expect(service.proxy.passages.map(({ status }) => status)).toEqual([undefined, 200]);
  });
});
