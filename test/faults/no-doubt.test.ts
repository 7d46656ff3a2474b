import { describe, expect } from 'vitest';
import { plainChange } from '../declared/changes.ts';
import { type Fault, inOrder } from './fault-proxy.ts';
import { loseResponse, refuse } from './faults.ts';
import { contests, endpoints } from './subjects.ts';
import { engines } from './suite.ts';

/** The database refuses the signature, and says what time it is. */
const refuseSignature: Fault = (wire) => {
  wire.response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
  return refuse(400, 'RequestTimeTooSkewed')(wire);
};

describe.each(engines)('a retry follows what cannot have been carried out, on $engine', ({ testOnIt: test }) => {
  describe.each(endpoints)('$id', (endpoint) => {
    const { body } = plainChange(endpoint, 1);

    test.for<[string, Fault]>([
      ['throttled', refuse(400, 'ThrottlingException')],
      ['throttled at the table', refuse(400, 'ProvisionedThroughputExceededException')],
      ['refused for its signature', refuseSignature],
    ])('%s once, a stale If-Match is 412 and an absent record 404', async ([, fault], { store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint, { version: 7 });
      service.proxy.faultFor = inOrder(fault);
      expect(await service.patch({ ...subject, body, ifMatch: '"1"' })).toMatchObject({ status: 412 });

      const another = await serve();
      another.proxy.faultFor = inOrder(fault);
      const absent = await store.newRecord(endpoint);
      await store.remove(absent);
      expect(await another.patch({ ...absent, body })).toMatchObject({ status: 404 });
    });

    test('a response is lost, and no record could have met If-Match: 412', async ({ store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint);
      service.proxy.faultFor = inOrder(loseResponse);

      expect(await service.patch({ ...subject, body, ifMatch: 'W/"1"' })).toMatchObject({ status: 412 });
    });
  });

  test.for(contests)(
    '$title: a response to a read is lost, and the value is taken: 409',
    async ({ newValue, newRecord, changeTo }, { store, serve }) => {
      const service = await serve();
      const value = newValue();
      const owner = await newRecord(store, value);
      const subject = await newRecord(store, undefined, owner);
      service.proxy.faultFor = inOrder(loseResponse);

      expect(await service.patch({ ...subject, body: changeTo(value).body })).toMatchObject({ status: 409 });
    },
  );
});
