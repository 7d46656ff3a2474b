import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedVersions } from '../../lib/domain/records.ts';
import { claimKeyOf, keyOf } from '../../lib/table/keys.ts';
import { startTable, type TestTable } from './table.ts';

const once = ['UpdateItemCommand'];
const transaction = ['UpdateItemCommand', 'TransactWriteItemsCommand'];

describe('the round trips of an update', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  /** A workspace with an address, at version 3. */
  const newWorkspace = async () => {
    const workspaceId = randomUUID();
    const email = `${workspaceId}@example.com`;
    await table.put({ ...keyOf({ workspaceId }), name: 'Before', email, version: 3 });
    await table.put({ ...claimKeyOf(email), workspaceId });
    const update = (patch: object, expected: ExpectedVersions = 'any') =>
      table.records.update({ key: { workspaceId }, patch: { ...patch }, expected, unique: 'email' });
    table.sent();
    return { workspaceId, email, update };
  };

  test.each([
    ['a change', { name: 'After' }, 'any' as const],
    ['a change that is guarded', { name: 'After' }, [3]],
    ['a change of nothing', { name: 'Before' }, 'any' as const],
    ['a repeat whose version is stale', { name: 'Before' }, [2]],
  ])('one for %s', async (_, patch, expected) => {
    const { update } = await newWorkspace();
    await update(patch, expected);
    expect(table.sent()).toEqual(once);
  });

  test('one for a change that is stale', async () => {
    const { update } = await newWorkspace();
    await expect(update({ name: 'After' }, [2])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
    expect(table.sent()).toEqual(once);
  });

  test('one for a change that no version could let pass', async () => {
    const { update } = await newWorkspace();
    await expect(update({ name: 'After' }, [])).rejects.toMatchObject({ code: 'stale-version', version: 3 });
    expect(table.sent()).toEqual(once);
  });

  test('one for a change to a record that must not exist, even if it changes nothing', async () => {
    const { update } = await newWorkspace();
    for (const name of ['Before', 'After']) {
      await expect(update({ name }, 'none')).rejects.toMatchObject({ code: 'stale-version', version: 3 });
      expect(table.sent()).toEqual(once);
    }
  });

  test('one for a record that is not there', async () => {
    const key = { workspaceId: randomUUID(), clientId: 'none' };
    const update = table.records.update({ key, patch: { name: 'After' }, expected: 'any' });
    await expect(update).rejects.toMatchObject({ code: 'not-found' });
    expect(table.sent()).toEqual(once);
    expect(await table.items([keyOf(key)])).toEqual([undefined]);
  });

  test('one when the address is sent that the workspace has', async () => {
    const { update, email } = await newWorkspace();
    await update({ email, name: 'After' });
    expect(table.sent()).toEqual(once);
  });

  test('two for another spelling of the same address, which is claimed in case nobody did', async () => {
    const { update, email, workspaceId } = await newWorkspace();
    await update({ email: email.toUpperCase() });
    expect(table.sent()).toEqual(transaction);
    expect(await table.items([claimKeyOf(email)])).toMatchObject([{ workspaceId }]);
  });

  test('two for a new address', async () => {
    const { update, email } = await newWorkspace();
    await update({ email: `new-${email}` });
    expect(table.sent()).toEqual(transaction);
  });

  test('two for an address that is taken', async () => {
    const { email } = await newWorkspace();
    const { update } = await newWorkspace();
    await expect(update({ email })).rejects.toMatchObject({ code: 'email-taken' });
    expect(table.sent()).toEqual(transaction);
  });

  test('two for the first address of a workspace that has no version yet, whatever stands in place of one', async () => {
    const workspaceId = randomUUID();
    const email = `${workspaceId}@example.com`;
    await table.put({ ...keyOf({ workspaceId }), name: 'Before', email: 42 });
    const update = table.records.update({ key: { workspaceId }, patch: { email }, expected: 'any', unique: 'email' });
    await expect(update).resolves.toMatchObject({ version: 1, fields: { email } });
    expect(await table.items([claimKeyOf(email)])).toMatchObject([{ workspaceId }]);
    expect(table.sent()).toEqual(transaction);
  });

  test('two when the version is only the 150th that is expected', async () => {
    const { update } = await newWorkspace();
    const versions = [...Array.from({ length: 149 }, (_, index) => 1000 + index), 3];
    await update({ name: 'After' }, versions);
    expect(table.sent()).toEqual([...once, ...once]);
  });
});
