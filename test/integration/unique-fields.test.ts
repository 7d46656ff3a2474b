import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordKind } from '../../lib/domain/record-kind.ts';
import type { Patch } from '../../lib/domain/records.ts';
import { claimKeyOf, keyOf } from '../../lib/table/keys.ts';
import { startTable, type TestTable } from './table.ts';

const problem = 'value-taken';

/** A kind with a unique field of each scope, one of them in a nested object. */
const badges = recordKind({
  name: 'badge',
  sortKey: 'BADGE#{badgeId}',
  ids: { workspaceId: 'The workspace.', badgeId: 'The badge.' },
  record: v.object({ id: v.string() }),
  unique: {
    serial: { within: 'platform', ignoresCase: true, claim: 'SERIAL', problem },
    'holder.number': { within: 'workspace', ignoresCase: false, claim: 'HOLDER_NUMBER', problem },
  },
});

describe('a kind with several unique fields', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable();
  }, 60_000);
  afterAll(() => table?.close());

  const newBadge = async (fields: Record<string, unknown> = {}, workspaceId: string = randomUUID()) => {
    const ids = { workspaceId, badgeId: randomUUID() };
    await table.put({ ...keyOf(badges, ids), version: 1, ...fields });
    return {
      ids,
      update: (patch: Patch) => table.records.update({ kind: badges, ids, patch, expected: 'any' }),
      item: async () => (await table.items([keyOf(badges, ids)]))[0],
      ownerOf: async (attribute: keyof typeof badges.unique, value: string) => {
        const [claim] = await table.items([claimKeyOf(badges.unique[attribute], ids, value)]);
        return claim?.badgeId;
      },
    };
  };

  test('claims each value under the ids of the record, and releases those that it leaves', async () => {
    const badge = await newBadge();
    const [first, second] = [randomUUID(), randomUUID()];
    await badge.update({ serial: first, holder: { number: 'n1' } });
    await badge.update({ serial: second, holder: { number: 'n2' } });

    expect(await badge.item()).toMatchObject({ serial: second, 'holder.number': 'n2', version: 3 });
    expect(await badge.ownerOf('serial', first)).toBeUndefined();
    expect(await badge.ownerOf('holder.number', 'n1')).toBeUndefined();
    const claims = await table.items([
      claimKeyOf(badges.unique.serial, badge.ids, second),
      claimKeyOf(badges.unique['holder.number'], badge.ids, 'n2'),
    ]);
    expect(claims).toMatchObject([badge.ids, badge.ids]);
  });

  test('releases the claim on a value that is cleared', async () => {
    const badge = await newBadge();
    await badge.update({ holder: { number: 'n1' } });
    await badge.update({ holder: { number: null } });
    expect(await badge.item()).not.toHaveProperty(['holder.number']);
    expect(await badge.ownerOf('holder.number', 'n1')).toBeUndefined();
    await badge.update({ holder: { number: null }, serial: randomUUID() });
    expect(await badge.item()).toMatchObject({ version: 4 });
  });

  test('refuses a value that another record in the scope has, names its field, and changes nothing', async () => {
    const owner = await newBadge();
    const serial = randomUUID();
    await owner.update({ serial, holder: { number: 'n1' } });
    const neighbour = await newBadge({}, owner.ids.workspaceId);
    const stranger = await newBadge();

    await expect(neighbour.update({ serial: randomUUID(), holder: { number: 'n1' } })).rejects.toMatchObject({
      code: problem,
      errors: [{ pointer: '/holder/number' }],
    });
    await expect(stranger.update({ serial: serial.toUpperCase(), holder: { number: 'n1' } })).rejects.toMatchObject({
      code: problem,
      errors: [{ pointer: '/serial' }],
    });
    expect(await neighbour.item()).toMatchObject({ version: 1 });
    expect(await stranger.ownerOf('holder.number', 'n1')).toBeUndefined();
    expect(await stranger.update({ holder: { number: 'n1' } })).toMatchObject({ version: 2 });
    expect(await neighbour.update({ holder: { number: 'N1' } })).toMatchObject({ version: 2 });
  });

  test('leaves a claim alone that another record has on a value stored here', async () => {
    const serial = randomUUID();
    const owner = await newBadge();
    await owner.update({ serial });
    const copy = await newBadge({ serial });
    const next = randomUUID();
    expect(await copy.update({ serial: next })).toMatchObject({ version: 2 });
    expect(await owner.ownerOf('serial', serial)).toBe(owner.ids.badgeId);
    expect(await copy.ownerOf('serial', next)).toBe(copy.ids.badgeId);
  });

  test('moves away from a value that is too long for a key, or not text', async () => {
    for (const stored of ['x'.repeat(3000), 42, null]) {
      const badge = await newBadge({ serial: stored, 'holder.number': stored });
      const serial = randomUUID();
      expect(await badge.update({ serial, holder: { number: 'n1' } })).toMatchObject({ version: 2 });
      expect(await badge.ownerOf('serial', serial)).toBe(badge.ids.badgeId);
    }
  });

  test('of concurrent claims on one value, one succeeds', async () => {
    const workspaceId = randomUUID();
    const racers = await Promise.all([1, 2, 3, 4].map(() => newBadge({}, workspaceId)));
    const outcomes = await Promise.allSettled(racers.map(({ update }) => update({ holder: { number: 'n1' } })));
    const winners = racers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await winners[0]?.ownerOf('holder.number', 'n1')).toBe(winners[0]?.ids.badgeId);
  });
});
