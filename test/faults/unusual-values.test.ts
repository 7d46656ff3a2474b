import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { FaultyService, ServiceOptions, Store } from './faulty-service.ts';
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

describe.each(engines)('an attribute of any type where we keep ours, on $engine', ({ testOnIt: test }) => {
  const body = (workspaceId = '') => ({ slogan: 'after', email: `${workspaceId}@example.com` });
  const updated = async (
    { store, serve }: { store: Store; serve: (options: ServiceOptions) => Promise<FaultyService> },
    fields: Record<string, unknown>,
  ) => {
    const service = await serve({ timeout });
    const ids = await store.newWorkspace();
    await store.overwrite(ids, fields);
    const { status } = await service.patch({ ids, body: body(ids.workspaceId) });
    return { status, calls: service.proxy.passages.length };
  };

  test.for([
    { updatedAt: { nanoseconds } },
    { updatedAt: [nanoseconds] },
    { updatedAt: new Set([nanoseconds]) },
    { version: { nanoseconds } },
    { email: [nanoseconds] },
  ])('%o: the record can be updated', async (fields, { store, serve }) => {
    expect(await updated({ store, serve }, fields)).toMatchObject({ status: 200 });
  });

  test('no update goes on until its deadline', async ({ store, serve }) => {
    const attribute = fc.constantFrom('updatedAt', 'createdAt', 'version', 'email');
    await fc.assert(
      fc.asyncProperty(attribute, value, async (name, stored) => {
        const { status, calls } = await updated({ store, serve }, { [name]: stored });
        expect(status).not.toBe(503);
        expect(calls).toBeLessThanOrEqual(4);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
