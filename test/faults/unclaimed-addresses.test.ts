import { describe, expect } from 'vitest';
import { engines } from './suite.ts';

describe.each(engines)('a workspace whose address another service stored without a claim, on $engine', (on) => {
  const { testOnIt: test } = on;

  test('a write that sets that very address claims it', async ({ store, serve }) => {
    const service = await serve();
    const ids = { workspaceId: crypto.randomUUID() };
    const email = `${ids.workspaceId}@example.com`;
    await store.overwrite(ids, { name: 'of another service', email });
    const successor = await store.newWorkspace();

    expect(await service.patch({ ids, body: { name: 'after', email } })).toMatchObject({ status: 200 });

    expect(await store.ownerOf(email)).toBe(ids.workspaceId);
    expect(await service.patch({ ids: successor, body: { email } })).toMatchObject({ status: 409 });
  });

  test("a write that sets that very address is 409 if the claim is another workspace's", async ({ store, serve }) => {
    const service = await serve();
    const ids = { workspaceId: crypto.randomUUID() };
    const email = `${ids.workspaceId}@example.com`;
    await store.newWorkspace({ email });
    await store.overwrite(ids, { name: 'of another service', email });

    expect(await service.patch({ ids, body: { name: 'after', email } })).toMatchObject({ status: 409 });
  });
});
