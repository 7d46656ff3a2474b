import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../lib/domain/problem.ts';
import { keyOf, kindOf } from '../harness/database/keys.ts';
import { startTable, type TestTable } from './table.ts';

/**
 * A request: the patch, the clock of the machine that handles it, and how far its expected version is behind the current one;
 * `undefined` without an expected version.
 */
const step = fc.record({
  patch: fc
    .record(
      {
        name: fc.constantFrom('a', 'b'),
        avatarUrl: fc.constantFrom(null, 'https://example.com/'),
        customFields: fc.constantFrom([], [{ fieldKey: 'k', value: 1e21 }], [{ fieldKey: 'k', value: ['x'] }]),
        templates: fc.record({ sms: fc.constantFrom('', 'x'), mail: fc.constantFrom('', 'y') }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    .filter((patch) => Object.values(patch).some((value) => JSON.stringify(value) !== '{}')),
  clock: fc.nat(10),
  behind: fc.option(fc.nat(2), { nil: undefined }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Model = { version: number; updatedAt: number; fields: Record<string, unknown> };

/** The outcome of a step according to the contract. */
const modelled = (before: Model, { patch, clock, behind }: Step): Model | 'stale-version' => {
  const { templates = {}, ...flat } = patch;
  const leaves = Object.entries(templates).map(([name, value]) => [`templates.${name}`, value]);
  const fields = { ...before.fields, ...flat, ...Object.fromEntries(leaves) };
  if (JSON.stringify(seen(fields)) === JSON.stringify(seen(before.fields))) return before;
  if (behind) return 'stale-version';
  return { version: before.version + 1, updatedAt: Math.max(before.updatedAt, clock), fields };
};

/** Fields as a caller sees them: a cleared field looks like one that was never set. */
const seen = (fields: Record<string, unknown>) =>
  Object.entries(fields)
    .filter(([name, value]) => value !== null && !(name === 'customFields' && JSON.stringify(value) === '[]'))
    .toSorted();

describe('a record after any sequence of updates', () => {
  let table: TestTable;
  let clock = 0;
  const timeAt = (seconds: number) => Date.UTC(2026, 0, 1, 0, 0, seconds);
  beforeAll(async () => {
    table = await startTable(() => timeAt(clock));
  }, 60_000);
  afterAll(() => table?.close());

  test('is as the contract requires', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const key = { workspaceId: randomUUID(), clientId: 'c' };
        const untouched = { 'made.by': 'another service', tags: ['x'] };
        await table.put({ ...keyOf(key), ...untouched });
        let model: Model = { version: 0, updatedAt: 0, fields: {} };
        for (const each of steps) {
          clock = each.clock;
          const expected = each.behind === undefined ? 'any' : [model.version - each.behind];
          const outcome = modelled(model, each);
          const real = await table.records
            .update({ kind: kindOf(key), ids: key, patch: each.patch, expected })
            .catch((problem: Problem) => problem.code);
          if (typeof outcome === 'string' || typeof real === 'string') {
            expect(real).toBe(outcome);
            continue;
          }
          model = outcome;
          const { pk, sk, version, updatedAt, ...fields } = real.fields;
          expect(real.version).toBe(model.version);
          expect(seen(fields)).toEqual(seen({ ...model.fields, ...untouched }));
          expect(updatedAt).toBe(model.version === 0 ? undefined : new Date(timeAt(model.updatedAt)).toISOString());
        }
      }),
      { numRuns: 60 },
    ));
});
