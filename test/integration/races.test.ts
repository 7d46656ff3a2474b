import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf, keyOf, kindOf } from '../harness/database/keys.ts';
import { startTable, type TestTable } from './table.ts';

describe('concurrent updates', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  const newWorkspace = async () => {
    const workspaceId = randomUUID();
    await table.put({ ...keyOf({ workspaceId }), name: 'Before' });
    return workspaceId;
  };
  const update = (workspaceId: string, patch: Record<string, string>) =>
    table.records.update({ kind: kindOf({}), ids: { workspaceId }, patch, expected: 'any' });
  const storedEmail = async (workspaceId: string) => (await table.items([keyOf({ workspaceId })]))[0]?.email;
  const ownerOf = async (email: string) => (await table.items([claimKeyOf(email)]))[0]?.workspaceId;

  test('of different fields all persist, each with its own version', async () => {
    const workspaceId = await newWorkspace();
    const fields = Array.from({ length: 100 }, (_, index) => `field${index}`);
    const versions = await Promise.all(
      fields.map(async (field) => (await update(workspaceId, { [field]: field })).version),
    );
    expect(versions.toSorted((a, b) => a - b)).toEqual(fields.map((_, index) => index + 1));
    const [item] = await table.items([keyOf({ workspaceId })]);
    expect(item).toMatchObject(Object.fromEntries(fields.map((field) => [field, field])));
  });

  test('of two workspaces to one address: one succeeds and owns the claim, the other fails', async () => {
    for (let round = 0; round < 10; round++) {
      const email = `${randomUUID()}@example.com`;
      const workspaces = [await newWorkspace(), await newWorkspace()];
      const outcomes = await Promise.allSettled(workspaces.map((id) => update(id, { email })));
      const winner = workspaces[outcomes.findIndex(({ status }) => status === 'fulfilled')];
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'email-taken' } });
      expect(await ownerOf(email)).toBe(winner);
      expect(await Promise.all(workspaces.map(storedEmail))).toEqual(
        workspaces.map((id) => (id === winner ? email : undefined)),
      );
    }
  });

  test('of one workspace to different addresses leave one address and one claim', async () => {
    const workspaceId = await newWorkspace();
    const emails = Array.from({ length: 5 }, () => `${randomUUID()}@example.com`);
    await Promise.all(emails.map((email) => update(workspaceId, { email })));
    const kept = await storedEmail(workspaceId);
    expect(emails).toContain(kept);
    expect(await Promise.all(emails.map(ownerOf))).toEqual(
      emails.map((email) => (email === kept ? workspaceId : undefined)),
    );
  });
});
