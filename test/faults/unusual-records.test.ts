import { describe, expect } from 'vitest';
import { engines } from './suite.ts';

const noon = Date.UTC(2026, 0, 15, 12);
const now = new Date(noon).toISOString();
const later = new Date(noon + 60_000).toISOString();

/** What other services store in their own format, and the version and `updatedAt` after an update. */
const records: { what: string; fields: Record<string, unknown>; version?: number; updatedAt?: string }[] = [
  { what: 'updatedAt in nanoseconds, as Go writes it', fields: { updatedAt: 1_768_478_400_123_456_789n } },
  { what: 'updatedAt with 38 digits', fields: { updatedAt: 12_345_678_901_234_567_890_123_456_789_012_345_678n } },
  { what: 'updatedAt in seconds', fields: { updatedAt: 1_768_478_400 } },
  { what: 'updatedAt in lower case', fields: { updatedAt: '2026-01-15t11:00:00.000z' } },
  { what: 'updatedAt in lower case, but for the Z', fields: { updatedAt: '2026-01-15t11:00:00.000Z' } },
  { what: 'updatedAt on a day that is none', fields: { updatedAt: '9999-99-99T00:00:00.000Z' } },
  { what: 'updatedAt that is no timestamp', fields: { updatedAt: 'yesterday' } },
  { what: 'updatedAt that is true', fields: { updatedAt: true } },
  { what: 'updatedAt that is a list', fields: { updatedAt: [2026, 1] } },
  { what: 'updatedAt that is NULL', fields: { updatedAt: null } },
  { what: 'updatedAt that is NULL, createdAt ahead', fields: { updatedAt: null, createdAt: later }, updatedAt: later },
  { what: 'createdAt ahead and no updatedAt', fields: { createdAt: later }, updatedAt: later },
  { what: 'createdAt ahead as a number', fields: { createdAt: noon + 60_000 }, updatedAt: later },
  { what: 'createdAt in nanoseconds', fields: { createdAt: 1_768_478_400_123_456_789n } },
  { what: 'createdAt that is NULL', fields: { createdAt: null } },
  { what: 'a version that is NULL', fields: { version: null }, version: 1 },
  { what: 'a version that is text', fields: { version: '7' }, version: 1 },
  { what: 'a version of many digits', fields: { version: 9_007_199_254_740_000 }, version: 9_007_199_254_740_001 },
  { what: 'an address that is NULL', fields: { email: null } },
];

describe.each(engines)('a record that another service stored in its own format, on $engine', ({ testOnIt: test }) => {
  const changes = [
    { change: 'a field', body: (): Record<string, unknown> => ({ slogan: 'after' }) },
    { change: 'the address', body: () => ({ email: `${crypto.randomUUID()}@example.com` }) },
  ];
  const guards = [
    { guard: 'without If-Match', ifMatch: () => undefined },
    { guard: 'with If-Match', ifMatch: (version: number) => `"${version - 1}"` },
  ];
  const cases = records.flatMap((record) =>
    changes.flatMap((change) => guards.map((guard) => ({ ...record, ...change, ...guard }))),
  );

  test.for(cases)(
    '$what: $change is updated $guard, in a few calls',
    async ({ fields, version = 2, updatedAt = now, body, ifMatch }, { store, serve }) => {
      const service = await serve({ now: () => noon });
      const ids = await store.newWorkspace();
      await store.overwrite(ids, fields);
      const change = body();

      expect(await service.patch({ ids, body: change, ifMatch: ifMatch(version) })).toMatchObject({
        status: 200,
        headers: { etag: `"${version}"` },
        body: { workspace: { ...change, updatedAt } },
      });
      expect(await store.item(ids)).toMatchObject({ ...change, version });
      expect(service.proxy.passages.length).toBeLessThanOrEqual(4);
    },
  );

  test.for([
    { what: 'createdAt', stored: { createdAt: 'yesterday' }, body: { name: 'after' }, version: 2 },
    { what: 'name', stored: { name: 7 }, body: { avatarUrl: 'https://example.com/after.png' }, version: 2 },
    { what: 'updatedAt', stored: { updatedAt: 'yesterday' }, body: { name: 'before' }, version: 1 },
  ])(
    '$what does not fit the response: 500, the log names it, and the record has version $version',
    async ({ what, stored, body, version }, { store, serve }) => {
      const service = await serve();
      const ids = await store.newClient();
      await store.overwrite(ids, stored);

      expect(await service.patch({ ids, body })).toMatchObject({ status: 500 });

      const [line] = service.defects;
      expect(JSON.parse(String(line))).toMatchObject({ attributes: [`client.${what}`] });
      expect(await store.item(ids)).toMatchObject({ ...stored, ...body, version });
    },
  );

  test('an address that is a large number is replaced by a valid one', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newWorkspace();
    await store.overwrite(ids, { email: 1_768_478_400_123_456_789n });
    const email = `${crypto.randomUUID()}@example.com`;

    expect(await service.patch({ ids, body: { email } })).toMatchObject({
      status: 200,
      body: { workspace: { email } },
    });
  });
});
