import { describe, expect } from 'vitest';
import { numberedPatch } from '../declared/bodies.ts';
import { changes, changesOf, endpoints, newValue, replyTo, scopeOf, undated, uniqueFields } from './changes.ts';
import { type Fault, inOrder } from './fault-proxy.ts';
import { refuse } from './faults.ts';
import { test } from './suite.ts';

const noon = Date.UTC(2024, 0, 15, 12);
const minute = 60_000;

test.for(endpoints)(
  'two machines with clocks five minutes apart change a record with $id in turn: updatedAt never runs backwards',
  async (endpoint, { store, serve }) => {
    let now = noon;
    const onTime = await serve({ now: () => now });
    const behind = await serve({ now: () => now - 5 * minute });
    const subject = await store.newRecord(endpoint, undated(endpoint));
    const [plain, ...others] = changesOf(endpoint);

    const timestamps: unknown[] = [];
    for (let turn = 1; turn <= 20; turn++) {
      now += minute;
      const machine = turn % 3 === 0 ? onTime : behind;
      const change = (turn % 4 === 0 ? others[(turn / 4) % others.length] : undefined) ?? plain;
      const body = change.body(turn);
      const response = await machine.patch({ ...subject, body });
      const updatedAt = (await store.item(subject))?.updatedAt;
      expect(response).toMatchObject({
        status: 200,
        headers: { etag: `"${turn + 1}"` },
        body: replyTo(endpoint, body, String(updatedAt)),
      });
      timestamps.push(updatedAt);
    }
    expect(timestamps).toEqual(timestamps.toSorted());
    expect(new Set(timestamps).size).toBeGreaterThan(5);
  },
);

describe.each(endpoints)('another service stored updatedAt of a record of $id in its own format', (endpoint) => {
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
    const subject = await store.newRecord(endpoint, { ...undated(endpoint), updatedAt: stored });

    for (const change of changesOf(endpoint)) {
      const body = change.body();
      expect(await service.patch({ ...subject, body }), change.change).toMatchObject({
        status: 200,
        body: replyTo(endpoint, body, returned),
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
  const each = <Case extends object>(cases: readonly Case[]) =>
    off.flatMap((milliseconds) => cases.map((one) => ({ milliseconds, ...one })));

  test.for(each(changes))(
    'by $milliseconds ms: a stale If-Match for $change gets 412 immediately, every time',
    async ({ milliseconds, endpoint, body }, { store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint, { version: 7 });
      service.proxy.faultFor = () => shiftDates(milliseconds);

      for (let request = 1; request <= 20; request++) {
        expect(await service.patch({ ...subject, body: body(), ifMatch: '"1"' })).toMatchObject({ status: 412 });
        expect(service.proxy.passages).toHaveLength(request);
      }
    },
  );

  const cases = each(uniqueFields);
  if (cases.length > 0)
    test.for(cases)(
      'by $milliseconds ms: a value of $id that is taken gets 409 after two calls',
      async ({ milliseconds, endpoint, field, claim }, { store, serve }) => {
        const service = await serve();
        const value = newValue({ endpoint, field, claim });
        const { ids } = await store.newRecord(endpoint, { [field.attribute]: value });
        const subject = await store.newRecord(endpoint, {}, scopeOf(claim, ids));
        service.proxy.faultFor = () => shiftDates(milliseconds);

        expect(await service.patch({ ...subject, body: field.body(value) })).toMatchObject({
          status: 409,
          body: { type: `urn:problem-type:patchwork:${claim.problem}` },
        });
        expect(service.proxy.passages).toHaveLength(2);
      },
    );

  test.for(endpoints)(
    'and it reports that to $id as an error: the SDK corrects its clock and retries',
    async (endpoint, { store, serve }) => {
      const service = await serve();
      const subject = await store.newRecord(endpoint);
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      const refuseSignature: Fault = (wire) => {
        wire.response.setHeader('date', date);
        return refuse(400, 'RequestTimeTooSkewed')(wire);
      };
      service.proxy.faultFor = inOrder(refuseSignature);

      expect(await service.patch({ ...subject, body: numberedPatch(endpoint, 1) })).toMatchObject({ status: 200 });
    },
  );
});
