import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedVersions } from '../../lib/domain/records.ts';
import { claimKeyOf } from '../../lib/table/keys.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';
import {
  attributesOf,
  endpoints,
  newIdsOf,
  newValue,
  scopeOf,
  uniqueFields,
  uniqueFieldsOf,
} from '../faults/changes.ts';
import { startTable, type TestTable } from './table.ts';

/** Another service's timestamps may need another round trip. */
const undated = { createdAt: undefined, updatedAt: undefined };

const once = ['UpdateItemCommand'];
const transaction = ['UpdateItemCommand', 'TransactWriteItemsCommand'];

/** Text with upper-case and lower-case letters exchanged. */
const inOtherCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

describe('an update needs', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  const updateOf =
    ({ kind }: Declared, ids: Ids) =>
    (patch: object, expected: ExpectedVersions = 'any') =>
      table.records.update({ kind, ids, patch: { ...patch }, expected });

  /** A record at version 3 with a value of every unique field, and the claims on them. */
  const newRecord = async (endpoint: Declared, given: Ids = {}) => {
    const ids = { ...newIdsOf(endpoint), ...given };
    const values = uniqueFieldsOf(endpoint).map((unique) => ({ unique, value: newValue(unique) }));
    const fields = Object.fromEntries(values.map(({ unique, value }) => [unique.field.attribute, value]));
    const before = attributesOf(numberedPatch(endpoint, 0));
    await table.put(storedItem(endpoint, ids, { ...undated, ...before, ...fields, version: 3 }));
    const claims = values.map(({ unique, value }) => ({ ...claimKeyOf(unique.claim, ids, value), ...ids }));
    if (claims.length > 0) await table.put(...claims);
    table.sent();
    return { ids, fields, update: updateOf(endpoint, ids) };
  };

  describe.each(endpoints)('with $id,', (endpoint) => {
    const [stored, changed] = [numberedPatch(endpoint, 0), numberedPatch(endpoint, 1)];

    test.each([
      ['a change', changed, 'any' as const],
      ['a change with the expected version', changed, [3]],
      ['stored values', stored, 'any' as const],
      ['stored values and a stale version', stored, [2]],
    ])('one round trip for %s', async (_, patch, expected) => {
      const { update } = await newRecord(endpoint);
      const { version } = await update(patch, expected);
      expect(version).toBe(patch === changed ? 4 : 3);
      expect(table.sent()).toEqual(once);
    });

    test('one round trip for a change with a stale version', async () => {
      const { update } = await newRecord(endpoint);
      await expect(update(changed, [2])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
      expect(table.sent()).toEqual(once);
    });

    test('one round trip for a change that matches no version', async () => {
      const { update } = await newRecord(endpoint);
      await expect(update(changed, [])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
      expect(table.sent()).toEqual(once);
    });

    test('one round trip if the record must not exist, even for stored values', async () => {
      const { update } = await newRecord(endpoint);
      for (const patch of [stored, changed]) {
        await expect(update(patch, 'none')).rejects.toMatchObject({ code: 'stale-version', version: 3 });
        expect(table.sent()).toEqual(once);
      }
    });

    test('one round trip for a record that does not exist', async () => {
      const ids = newIdsOf(endpoint);
      await expect(updateOf(endpoint, ids)(changed)).rejects.toMatchObject({ code: 'not-found' });
      expect(table.sent()).toEqual(once);
      expect(await table.items([keyFor(endpoint, ids)])).toEqual([undefined]);
    });

    test('two round trips if the 150th expected version matches', async () => {
      const { update } = await newRecord(endpoint);
      const versions = [...Array.from({ length: 149 }, (_, index) => 1000 + index), 3];
      await update(changed, versions);
      expect(table.sent()).toEqual([...once, ...once]);
    });
  });

  describe.each(uniqueFields)('for $id,', (unique) => {
    const { endpoint, field, claim } = unique;
    const newRecordWithValue = async (given: Ids = {}) => {
      const record = await newRecord(endpoint, given);
      return { ...record, value: String(record.fields[field.attribute]) };
    };
    const ownerOf = async (ids: Ids, value: string) => (await table.items([claimKeyOf(claim, ids, value)]))[0];

    test("one round trip for the record's own value, if nothing else changes", async () => {
      const { update, value } = await newRecordWithValue();
      await update(merged([field.body(value), numberedPatch(endpoint, 0)]));
      expect(table.sent()).toEqual(once);
    });

    test("two round trips for a change that sets the record's own value, which claims it if unclaimed", async () => {
      const { ids, update, value } = await newRecordWithValue();
      await table.remove(claimKeyOf(claim, ids, value));
      await update(merged([field.body(value), numberedPatch(endpoint, 1)]));
      expect(table.sent()).toEqual(transaction);
      expect(await ownerOf(ids, value)).toMatchObject(ids);
    });

    // A value without letters has no other spelling.
    if (/[a-z]/i.test(newValue(unique)))
      test('two round trips for its own value in another letter case, which claims it if unclaimed', async () => {
        const { ids, update, value } = await newRecordWithValue();
        await table.remove(claimKeyOf(claim, ids, value));
        await update(field.body(inOtherCase(value)));
        expect(table.sent()).toEqual(transaction);
        expect(await ownerOf(ids, inOtherCase(value))).toMatchObject(ids);
      });

    test('two round trips for a new value', async () => {
      const { ids, update, value } = await newRecordWithValue();
      const next = newValue(unique);
      await update(field.body(next));
      expect(table.sent()).toEqual(transaction);
      expect(await ownerOf(ids, next)).toMatchObject(ids);
      expect(await ownerOf(ids, value)).toBeUndefined();
    });

    test('two round trips for the value of another record', async () => {
      const { ids, value } = await newRecordWithValue();
      const { update } = await newRecordWithValue(scopeOf(claim, ids));
      await expect(update(field.body(value))).rejects.toMatchObject({ code: claim.problem });
      expect(table.sent()).toEqual(transaction);
    });

    test('two round trips for the first valid value of a record without a version', async () => {
      const ids = newIdsOf(endpoint);
      await table.put(storedItem(endpoint, ids, { ...undated, [field.attribute]: 42 }));
      const value = newValue(unique);
      await expect(updateOf(endpoint, ids)(field.body(value))).resolves.toMatchObject({
        version: 1,
        fields: { [field.attribute]: value },
      });
      expect(await ownerOf(ids, value)).toMatchObject(ids);
      expect(table.sent()).toEqual(transaction);
    });
  });
});
