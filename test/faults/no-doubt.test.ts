import { describe, expect } from 'vitest';
import { type Fault, inOrder } from './fault-proxy.ts';
import { loseResponse, refuse } from './faults.ts';
import { engines } from './suite.ts';

/** The database refuses the signature, and says what time it is. */
const refuseSignature: Fault = (wire) => {
  wire.response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
  return refuse(400, 'RequestTimeTooSkewed')(wire);
};

describe.each(engines)('a retry follows what cannot have been carried out, on $engine', ({ testOnIt: test }) => {
  test.for<[string, Fault]>([
    ['throttled', refuse(400, 'ThrottlingException')],
    ['throttled at the table', refuse(400, 'ProvisionedThroughputExceededException')],
    ['refused for its signature', refuseSignature],
  ])('%s once, a stale If-Match is 412 and an absent record 404', async ([, fault], { store, serve }) => {
    const service = await serve();
    const ids = await store.newClient({ version: 7 });
    service.proxy.faultFor = inOrder(fault);
    expect(await service.patch({ ids, body: { name: 'after' }, ifMatch: '"1"' })).toMatchObject({ status: 412 });

    const another = await serve();
    another.proxy.faultFor = inOrder(fault);
    const absent = { workspaceId: crypto.randomUUID(), clientId: 'absent' };
    expect(await another.patch({ ids: absent, body: { name: 'after' } })).toMatchObject({ status: 404 });
  });

  test('a response is lost, and no record could have met If-Match: 412', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newClient();
    service.proxy.faultFor = inOrder(loseResponse);

    expect(await service.patch({ ids, body: { name: 'after' }, ifMatch: 'W/"1"' })).toMatchObject({ status: 412 });
  });

  test('a response to a read is lost, and the address is taken: 409', async ({ store, serve }) => {
    const service = await serve();
    const email = `${crypto.randomUUID()}@example.com`;
    await store.newWorkspace({ email });
    const ids = await store.newWorkspace();
    service.proxy.faultFor = inOrder(loseResponse);

    expect(await service.patch({ ids, body: { email } })).toMatchObject({ status: 409 });
  });
});
