import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedVersions } from '../../lib/domain/records.ts';
import { claimKeyOf, keyOf, kindOf } from '../harness/database/keys.ts';
import { startTable, type TestTable } from './table.ts';

const once = ['UpdateItemCommand'];
const transaction = ['UpdateItemCommand', 'TransactWriteItemsCommand'];

describe('an update needs', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  /** A workspace with an e-mail address, at version 3. */
  const newWorkspace = async () => {
    const workspaceId = randomUUID();
    const email = `${workspaceId}@example.com`;
    await table.put({ ...keyOf({ workspaceId }), name: 'Before', email, version: 3 });
    await table.put({ ...claimKeyOf(email), workspaceId });
    const update = (patch: object, expected: ExpectedVersions = 'any') =>
      table.records.update({ kind: kindOf({}), ids: { workspaceId }, patch: { ...patch }, expected });
    table.sent();
    return { workspaceId, email, update };
  };

  test.each([
    ['a change', { name: 'After' }, 'any' as const],
    ['a change with the expected version', { name: 'After' }, [3]],
    ['stored values', { name: 'Before' }, 'any' as const],
    ['stored values and a stale version', { name: 'Before' }, [2]],
  ])('one round trip for %s', async (_, patch, expected) => {
    const { update } = await newWorkspace();
    await update(patch, expected);
    expect(table.sent()).toEqual(once);
  });

  test('one round trip for a change with a stale version', async () => {
    const { update } = await newWorkspace();
    await expect(update({ name: 'After' }, [2])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
    expect(table.sent()).toEqual(once);
  });

  test('one round trip for a change that matches no version', async () => {
    const { update } = await newWorkspace();
    await expect(update({ name: 'After' }, [])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
    expect(table.sent()).toEqual(once);
  });

  test('one round trip if the record must not exist, even for stored values', async () => {
    const { update } = await newWorkspace();
    for (const name of ['Before', 'After']) {
      await expect(update({ name }, 'none')).rejects.toMatchObject({ code: 'stale-version', version: 3 });
      expect(table.sent()).toEqual(once);
    }
  });

  test('one round trip for a record that does not exist', async () => {
    const key = { workspaceId: randomUUID(), clientId: 'none' };
    const update = table.records.update({ kind: kindOf(key), ids: key, patch: { name: 'After' }, expected: 'any' });
    await expect(update).rejects.toMatchObject({ code: 'not-found' });
    expect(table.sent()).toEqual(once);
    expect(await table.items([keyOf(key)])).toEqual([undefined]);
  });

  test("one round trip for the workspace's own address, if nothing else changes", async () => {
    const { update, email } = await newWorkspace();
    await update({ email, name: 'Before' });
    expect(table.sent()).toEqual(once);
  });

  test("two round trips for a change that sets the workspace's own address, which claims it if unclaimed", async () => {
    const { update, email, workspaceId } = await newWorkspace();
    await update({ email, name: 'After' });
    expect(table.sent()).toEqual(transaction);
    expect(await table.items([claimKeyOf(email)])).toMatchObject([{ workspaceId }]);
  });

  test('two round trips for its own address in another letter case, which claims it if unclaimed', async () => {
    const { update, email, workspaceId } = await newWorkspace();
    await update({ email: email.toUpperCase() });
    expect(table.sent()).toEqual(transaction);
    expect(await table.items([claimKeyOf(email)])).toMatchObject([{ workspaceId }]);
  });

  test('two round trips for a new address', async () => {
    const { update, email } = await newWorkspace();
    await update({ email: `new-${email}` });
    expect(table.sent()).toEqual(transaction);
  });

  test('two round trips for the address of another workspace', async () => {
    const { email } = await newWorkspace();
    const { update } = await newWorkspace();
    await expect(update({ email })).rejects.toMatchObject({ code: 'email-taken' });
    expect(table.sent()).toEqual(transaction);
  });

  test('two round trips for the first valid address of a workspace without a version', async () => {
    const workspaceId = randomUUID();
    const email = `${workspaceId}@example.com`;
    await table.put({ ...keyOf({ workspaceId }), name: 'Before', email: 42 });
    const update = table.records.update({ kind: kindOf({}), ids: { workspaceId }, patch: { email }, expected: 'any' });
    await expect(update).resolves.toMatchObject({ version: 1, fields: { email } });
    expect(await table.items([claimKeyOf(email)])).toMatchObject([{ workspaceId }]);
    expect(table.sent()).toEqual(transaction);
  });

  test('two round trips if the 150th expected version matches', async () => {
    const { update } = await newWorkspace();
    const versions = [...Array.from({ length: 149 }, (_, index) => 1000 + index), 3];
    await update({ name: 'After' }, versions);
    expect(table.sent()).toEqual([...once, ...once]);
  });
});
