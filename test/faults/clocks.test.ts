import { describe, expect } from 'vitest';
import { type Fault, inOrder } from './fault-proxy.ts';
import { refuse } from './faults.ts';
import { test } from './suite.ts';

const noon = Date.UTC(2024, 0, 15, 12);
const minute = 60_000;

test('two machines with clocks five minutes apart write in turn: updatedAt never runs backwards', async ({
  store,
  serve,
}) => {
  let now = noon;
  const onTime = await serve({ now: () => now });
  const behind = await serve({ now: () => now - 5 * minute });
  const client = await store.newClient();
  const workspace = await store.newWorkspace();

  for (const ids of [client, workspace]) {
    const timestamps: unknown[] = [];
    for (let turn = 1; turn <= 20; turn++) {
      now += minute;
      const machine = turn % 3 === 0 ? onTime : behind;
      const body =
        turn % 4 === 0 && ids === workspace ? { email: `${turn}.${ids.workspaceId}@example.com` } : { name: `${turn}` };
      const response = await machine.patch({ ids, body });
      expect(response).toMatchObject({ status: 200, headers: { etag: `"${turn + 1}"` } });
      timestamps.push(...Object.values(response.body).map((record) => Object(record).updatedAt));
      expect(await store.item(ids)).toMatchObject({ updatedAt: timestamps.at(-1) });
    }
    expect(timestamps).toEqual(timestamps.toSorted());
    expect(new Set(timestamps).size).toBeGreaterThan(5);
  }
});

describe('another service stored updatedAt in its own format', () => {
  const before = '2024-01-15T11:00:00.000Z';
  const after = '2024-01-15T13:00:00.000Z';
  const now = new Date(noon).toISOString();
  test.for([
    { stored: undefined, returned: now },
    { stored: null, returned: now },
    { stored: before, returned: now },
    { stored: after, returned: after },
    { stored: '2024-01-15T11:00:00Z', returned: now },
    { stored: '2024-01-15T12:00:00Z', returned: now },
    { stored: '2024-01-15T12:00:01Z', returned: '2024-01-15T12:00:01.000Z' },
    { stored: '2024-01-15T20:00:00+09:00', returned: now },
    { stored: '2024-01-15T22:00:00+09:00', returned: after },
    { stored: '2024-01-15T04:00:00-09:00', returned: after },
    { stored: '2024-01-15T04:00:00-0900', returned: after },
    { stored: '2024-01-15 13:00:00.000Z', returned: after },
    { stored: '2024-01-15t13:00:00.000z', returned: after },
    { stored: Date.parse(before), returned: now },
    { stored: Date.parse(after), returned: after },
  ])('$stored, at noon: $returned', async ({ stored, returned }, { store, serve }) => {
    const service = await serve({ now: () => noon });
    const ids = await store.newWorkspace({ ...(stored !== undefined && { updatedAt: stored }) });

    for (const body of [{ slogan: 'after' }, { email: `${ids.workspaceId}@example.com` }]) {
      expect(await service.patch({ ids, body })).toMatchObject({
        status: 200,
        body: { workspace: { updatedAt: returned } },
      });
    }
  });
});

describe("the clock of the machine differs from the database's", () => {
  const off = [-300_000, -241_000, 241_000, 300_000, 3_600_000];
  const shiftDates =
    (milliseconds: number): Fault =>
    async ({ carryOut, response }) => {
      const { status, headers, body } = await carryOut();
      const date = new Date(Date.now() + milliseconds).toUTCString();
      response.writeHead(status, { ...headers, date }).end(body);
    };

  test.for(off)(
    'by %i ms: a stale If-Match gets 412 immediately, every time',
    async (milliseconds, { store, serve }) => {
      const service = await serve();
      const ids = await store.newClient({ version: 7 });
      service.proxy.faultFor = () => shiftDates(milliseconds);

      for (let request = 1; request <= 20; request++) {
        expect(await service.patch({ ids, body: { name: 'after' }, ifMatch: '"1"' })).toMatchObject({ status: 412 });
        expect(service.proxy.passages).toHaveLength(request);
      }
    },
  );

  test.for(off)(
    'by %i ms: an address that is taken gets 409 after two calls',
    async (milliseconds, { store, serve }) => {
      const service = await serve();
      const email = `${crypto.randomUUID()}@example.com`;
      await store.newWorkspace({ email });
      const ids = await store.newWorkspace();
      service.proxy.faultFor = () => shiftDates(milliseconds);

      expect(await service.patch({ ids, body: { email } })).toMatchObject({ status: 409 });
      expect(service.proxy.passages).toHaveLength(2);
    },
  );

  test('and it reports that as an error: the SDK corrects its clock and retries', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newClient();
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const refuseSignature: Fault = (wire) => {
      wire.response.setHeader('date', date);
      return refuse(400, 'RequestTimeTooSkewed')(wire);
    };
    service.proxy.faultFor = inOrder(refuseSignature);

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject({ status: 200 });
  });
});
