import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../lib/domain/problem.ts';
import type { Patch } from '../../lib/domain/records.ts';
import { merged } from '../declared/bodies.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import { keyFor } from '../declared/kind.ts';
import { endpoints } from '../faults/changes.ts';
import { startTable, type TestTable } from './table.ts';

/** A field and its new value, as JSON carries it. */
type Change = { field: Field; value: unknown };

/** Mostly the same few values, so that many patches repeat what is stored. */
const changeOf = (field: Field): fc.Arbitrary<Change> => {
  const few = [field.example, ...field.accepted.slice(-1), ...(field.clears === undefined ? [] : [field.clears])];
  return fc
    .oneof({ weight: 4, arbitrary: fc.constantFrom(...few) }, { weight: 1, arbitrary: field.valid })
    .map((value) => ({ field, value: JSON.parse(JSON.stringify(value)) }));
};

/**
 * A request: the fields to change, the clock of the machine that handles it, and how far its expected version is behind the
 * current one; `undefined` without an expected version.
 */
const stepOf = (fields: readonly Field[]) =>
  fc.record({
    changes: fc
      .subarray([...fields], { minLength: 1, maxLength: Math.min(fields.length, 3) })
      .chain((some) => fc.tuple(...some.map(changeOf))),
    clock: fc.nat(10),
    behind: fc.option(fc.nat(2), { nil: undefined }),
  });

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer S> ? S : never;
type Model = { version: number; updatedAt: number; fields: Record<string, unknown> };

/** The outcome of a step according to the contract. */
const modelled = (before: Model, { changes, clock, behind }: Step): Model | 'stale-version' => {
  const changed = changes.map(({ field, value }) => [field.attribute, value]);
  const fields = { ...before.fields, ...Object.fromEntries(changed) };
  if (isDeepStrictEqual(seen(fields), seen(before.fields))) return before;
  if (behind) return 'stale-version';
  return { version: before.version + 1, updatedAt: Math.max(before.updatedAt, clock), fields };
};

/** Fields as a caller sees them: a cleared field looks like one that was never set. */
const seen = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && !isDeepStrictEqual(value, [])));

describe('a record after any sequence of updates', () => {
  let table: TestTable;
  let clock = 0;
  const timeAt = (seconds: number) => Date.UTC(2026, 0, 1, 0, 0, seconds);
  beforeAll(async () => {
    table = await startTable(() => timeAt(clock));
  }, 60_000);
  afterAll(() => table?.close());

  test.for(endpoints)('of $id is as the contract requires', (endpoint) => {
    const { kind } = endpoint;
    const step = stepOf(fieldsOf(endpoint).filter(({ isUnique }) => !isUnique));
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const ids = { ...endpoint.example.ids, workspaceId: randomUUID() };
        const untouched = { 'other-service.by': 'x', 'other-service': ['x'] };
        await table.put({ ...keyFor(endpoint, ids), ...untouched });
        let model: Model = { version: 0, updatedAt: 0, fields: {} };
        for (const each of steps) {
          clock = each.clock;
          const expected = each.behind === undefined ? 'any' : [model.version - each.behind];
          const outcome = modelled(model, each);
          const patch: Patch = { ...merged(each.changes.map(({ field, value }) => field.body(value))) };
          const real = await table.records
            .update({ kind, ids, patch, expected })
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
    );
  });
});
