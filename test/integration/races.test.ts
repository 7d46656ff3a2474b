import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf } from '../../lib/table/keys.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';
import { endpoints, newIdsOf, newValue, scopeOf, type Unique, uniqueFields } from '../faults/changes.ts';
import { startTable, type TestTable } from './table.ts';

describe('concurrent updates', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  const newRecord = async (endpoint: Declared, given: Ids = {}) => {
    const ids = { ...newIdsOf(endpoint), ...given };
    await table.put(storedItem(endpoint, ids));
    return {
      ids,
      update: (patch: object) =>
        table.records.update({ kind: endpoint.kind, ids, patch: { ...patch }, expected: 'any' }),
      item: async () => (await table.items([keyFor(endpoint, ids)]))[0],
    };
  };
  const ownerOf = async ({ claim }: Unique, ids: Ids, value: string) => {
    const [item] = await table.items([claimKeyOf(claim, ids, value)]);
    if (!item) return undefined;
    const { pk: _, sk: __, ...owner } = item;
    return owner;
  };

  test.for(endpoints)('of different fields with $id all persist, each with its own version', async (endpoint) => {
    const { update, item } = await newRecord(endpoint);
    const fields = Array.from({ length: 100 }, (_, index) => `field-${index}`);
    const versions = await Promise.all(fields.map(async (field) => (await update({ [field]: field })).version));
    expect(versions.toSorted((a, b) => a - b)).toEqual(fields.map((_, index) => index + 1));
    expect(await item()).toMatchObject(Object.fromEntries(fields.map((field) => [field, field])));
  });

  describe.each(uniqueFields)('of $id', (unique) => {
    const { endpoint, field, claim } = unique;

    test('in two records to one value: one succeeds and owns the claim, the other fails', async () => {
      for (let round = 0; round < 10; round++) {
        const value = newValue(unique);
        const one = await newRecord(endpoint);
        const records = [one, await newRecord(endpoint, scopeOf(claim, one.ids))];
        const outcomes = await Promise.allSettled(records.map(({ update }) => update(field.body(value))));
        const winner = records[outcomes.findIndex(({ status }) => status === 'fulfilled')];
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: claim.problem } });
        expect(await ownerOf(unique, one.ids, value)).toEqual(winner?.ids);
        expect(await Promise.all(records.map(async ({ item }) => (await item())?.[field.attribute]))).toEqual(
          records.map((record) => (record === winner ? value : undefined)),
        );
      }
    });

    test('in one record to different values leave one value and one claim', async () => {
      const { ids, update, item } = await newRecord(endpoint);
      const values = Array.from({ length: 5 }, () => newValue(unique));
      await Promise.all(values.map((value) => update(field.body(value))));
      const kept = (await item())?.[field.attribute];
      expect(values).toContain(kept);
      expect(await Promise.all(values.map((value) => ownerOf(unique, ids, value)))).toEqual(
        values.map((value) => (value === kept ? ids : undefined)),
      );
    });
  });
});
