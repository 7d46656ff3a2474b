import { describe, expect } from 'vitest';
import { numberedPatch } from '../declared/bodies.ts';
import { endpoints } from './changes.ts';
import { inOrder } from './fault-proxy.ts';
import { loseResponse } from './faults.ts';
import { test } from './suite.ts';

describe.concurrent('a retry that the database answers with a refusal', () => {
  test.for(endpoints)("of $id gives back what it took of the SDK's retry quota", async (endpoint, { store, serve }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint);

    // The quota is 500, and a retry takes 5 of it or more.
    for (let turn = 0; turn < 110; turn++) {
      service.proxy.faultFor = inOrder(loseResponse);
      const body = numberedPatch(endpoint, turn);
      expect(await service.patch({ ...subject, body }), `request ${turn}`).toMatchObject({ status: 200 });
    }
  });
});
