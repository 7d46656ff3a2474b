import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { endpoints, newValue, undated, uniqueFieldsOf } from './changes.ts';
import type { FaultyService, Store } from './faulty-service.ts';
import { engines } from './suite.ts';

/** In milliseconds: long enough for the four calls that an update may take, and short for one that never ends. */
const timeout = 4_000;

/** As Go writes the time in nanoseconds: more digits than JavaScript keeps. */
const nanoseconds = 1_768_478_400_123_456_789n;

/** Any value that DynamoDB stores, as the document client writes it. */
const { value } = fc.letrec<{ value: unknown; nested: unknown }>((tie) => {
  const digits = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
  const fraction = fc.double({ noNaN: true, min: 1e-100, max: 1e100 });
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
  const setOf = <Member>(member: fc.Arbitrary<Member>) =>
    fc.uniqueArray(member, { minLength: 1, maxLength: 3 }).map((members) => new Set(members));
  const scalar = fc.oneof(digits, fraction, text, bytes, fc.boolean(), fc.constant(null));
  const set = fc.oneof(
    setOf(digits),
    setOf(fc.string({ minLength: 1 })),
    bytes.map((it) => new Set([it])),
  );
  const key = fc.stringMatching(/^[a-z]{1,8}$/);
  return {
    value: fc.oneof(scalar, set, tie('nested')),
    nested: fc.oneof(
      { maxDepth: 3 },
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    ),
  };
});

const cases = engines.flatMap(({ engine, testOnIt }) =>
  endpoints.map((endpoint) => ({ engine, testOnIt, endpoint, id: endpoint.id })),
);

describe.each(cases)('an attribute of any type where $id keeps its own, on $engine', ({ testOnIt: test, endpoint }) => {
  const uniqueFields = uniqueFieldsOf(endpoint);
  const attributes = uniqueFields.map(({ field }) => field.attribute);
  const newBody = () =>
    merged([numberedPatch(endpoint, 1), ...uniqueFields.map((unique) => unique.field.body(newValue(unique)))]);

  const updated = async (store: Store, service: FaultyService, fields: Record<string, unknown>) => {
    const subject = await store.newRecord(endpoint, { ...undated(endpoint), ...fields });
    const before = service.proxy.passages.length;
    const { status } = await service.patch({ ...subject, body: newBody() });
    return { status, calls: service.proxy.passages.length - before };
  };

  test.for<Record<string, unknown>>([
    { updatedAt: { nanoseconds } },
    { updatedAt: [nanoseconds] },
    { updatedAt: new Set([nanoseconds]) },
    { version: { nanoseconds } },
    ...attributes.map((attribute) => ({ [attribute]: [nanoseconds] })),
  ])('%o: the record can be updated', async (fields, { store, serve }) => {
    expect(await updated(store, await serve({ timeout }), fields)).toMatchObject({ status: 200 });
  });

  test('no update goes on until its deadline', async ({ store, serve }) => {
    const service = await serve({ timeout });
    const attribute = fc.constantFrom('updatedAt', 'createdAt', 'version', ...attributes);
    await fc.assert(
      fc.asyncProperty(attribute, value, async (name, stored) => {
        const { status, calls } = await updated(store, service, { [name]: stored });
        expect(status).not.toBe(503);
        expect(calls).toBeLessThanOrEqual(4);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
