import { expect } from 'vitest';
import { inOrder } from './fault-proxy.ts';
import { loseResponse } from './faults.ts';
import { test } from './suite.ts';

test("a retry that the database answers with a refusal gives back what it took of the SDK's retry quota", async ({
  store,
  serve,
}) => {
  const service = await serve();
  const ids = await store.newClient();

  // The quota is 500, and a retry takes 5 of it or more.
  for (let turn = 0; turn < 110; turn++) {
    service.proxy.faultFor = inOrder(loseResponse);
    expect(await service.patch({ ids, body: { name: `${turn}` } }), `request ${turn}`).toMatchObject({ status: 200 });
  }
});
