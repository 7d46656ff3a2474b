import { is, type ObjectEntries } from 'valibot';
import { describe, expect } from 'vitest';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { attributesOf, changesOf, endpoints, newValue, replyTo, undated, uniqueFieldsOf } from './changes.ts';
import { engines } from './suite.ts';

const noon = Date.UTC(2026, 0, 15, 12);
const now = new Date(noon).toISOString();
const later = new Date(noon + 60_000).toISOString();

/** What another service stored in its own format, and the version and `updatedAt` after an update. */
type Unusual = { what: string; fields: Record<string, unknown>; version?: number; updatedAt?: string };

const records: readonly Unusual[] = [
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
];

/** Those that an endpoint can show: a record whose `createdAt` the reply cannot show is a defect (see below). */
const recordsOf = (endpoint: Declared): Unusual[] => {
  const { createdAt } = endpoint.kind.record.entries;
  return [
    ...records.filter(({ fields }) => !createdAt || !('createdAt' in fields) || is(createdAt, fields.createdAt)),
    ...uniqueFieldsOf(endpoint).map(({ field: { attribute } }) => ({
      what: `${attribute} that is NULL`,
      fields: { [attribute]: null },
    })),
  ];
};

const guards = [
  { guard: 'without If-Match', ifMatch: () => undefined },
  { guard: 'with If-Match', ifMatch: (version: number) => `"${version - 1}"` },
];

/** A member of a reply with a value that it cannot show, and a change of another field. */
type Misfit = { attribute: string; stored: unknown; body: object; version: number };

/** The members of an object in a reply, by attribute, without objects. */
const leavesOf = (entries: ObjectEntries, prefix = ''): [attribute: string, schema: ObjectEntries[string]][] =>
  Object.entries(entries).flatMap(([name, schema]) =>
    isObject(schema) ? leavesOf(schema.entries, `${prefix}${name}.`) : [[prefix + name, schema]],
  );

const isObject = (schema: object): schema is { entries: ObjectEntries } => 'entries' in schema;

const misfitsOf = (endpoint: Declared): Misfit[] =>
  leavesOf(endpoint.kind.record.entries).flatMap(([attribute, schema]) => {
    const stored = [7, 'yesterday'].find((value) => !is(schema, value));
    const [other] = fieldsOf(endpoint)
      .filter((field) => !field.isUnique && field.attribute !== attribute)
      .flatMap(({ body, example, accepted }) => {
        const value = accepted.find((one) => one !== null && JSON.stringify(one) !== JSON.stringify(example));
        return value === undefined ? [] : [{ stored: body(example), changed: body(value) }];
      });
    if (attribute === 'id' || stored === undefined || !other) return [];
    // A change would replace `updatedAt`, so this one is sent what is stored already.
    if (attribute === 'updatedAt') return [{ attribute, stored, body: other.stored, version: 1 }];
    return [{ attribute, stored, body: other.changed, version: 2 }];
  });

const cases = engines.flatMap(({ engine, testOnIt }) =>
  endpoints.map((endpoint) => ({ engine, testOnIt, endpoint, id: endpoint.id })),
);

describe.each(cases)(
  'a record that another service stored in its own format, with $id on $engine',
  ({ testOnIt: test, endpoint }) => {
    const each = recordsOf(endpoint).flatMap((record) =>
      changesOf(endpoint).flatMap((change) => guards.map((guard) => ({ ...record, ...change, ...guard }))),
    );

    test.for(each)(
      '$what: $change is updated $guard, in a few calls',
      async ({ fields, version = 2, updatedAt = now, body: newBody, ifMatch }, { store, serve }) => {
        const service = await serve({ now: () => noon });
        const subject = await store.newRecord(endpoint, { ...undated(endpoint), ...fields });
        const body = newBody();

        expect(await service.patch({ ...subject, body, ifMatch: ifMatch(version) })).toMatchObject({
          status: 200,
          headers: { etag: `"${version}"` },
          body: replyTo(endpoint, body, updatedAt),
        });
        expect(await store.item(subject)).toMatchObject({ ...attributesOf(body), version });
        expect(service.proxy.passages.length).toBeLessThanOrEqual(4);
      },
    );

    test.for(misfitsOf(endpoint))(
      '$attribute does not fit the response: 500, the log names it, and the record has version $version',
      async ({ attribute, stored, body, version }, { store, serve }) => {
        const service = await serve();
        const subject = await store.newRecord(endpoint, { [attribute]: stored });

        expect(await service.patch({ ...subject, body })).toMatchObject({ status: 500 });

        const [line] = service.defects;
        expect(JSON.parse(String(line))).toMatchObject({ attributes: [`${endpoint.kind.name}.${attribute}`] });
        expect(await store.item(subject)).toMatchObject({ [attribute]: stored, ...attributesOf(body), version });
      },
    );

    for (const unique of uniqueFieldsOf(endpoint))
      test(`${unique.field.attribute} that is a large number is replaced by a valid value`, async ({
        store,
        serve,
      }) => {
        const service = await serve();
        const subject = await store.newRecord(endpoint, { [unique.field.attribute]: 1_768_478_400_123_456_789n });
        const body = unique.field.body(newValue(unique));

        expect(await service.patch({ ...subject, body })).toMatchObject({ status: 200, body: replyTo(endpoint, body) });
      });
  },
);
