import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf } from '../../lib/table/keys.ts';
import type { Declared, Ids } from '../declared/kind.ts';
import { pathOf, storedItem } from '../declared/records.ts';
import { spellingsOf, type Unique, uniqueFieldsOf, uniqueValues } from '../declared/unique-values.ts';
import { endpoints, idsOf, ownIdsOf } from './declared.ts';
import { startTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
}, 60_000);
afterAll(() => target?.close());

/** A record of which there may be only one with a value, as there are others in the scope of the field. */
const recordIn = (endpoint: Declared, { claim }: Unique, name: string): Ids =>
  claim.within === 'platform' ? idsOf(endpoint, name, 'one') : idsOf(endpoint, 'shared', name);

const fields = endpoints.flatMap((endpoint) =>
  uniqueFieldsOf(endpoint)
    .filter(({ claim }) => claim.within === 'platform' || ownIdsOf(endpoint).length > 0)
    .map((unique) => ({ id: endpoint.id, attribute: unique.field.attribute, endpoint, unique })),
);

const statusOf = async (endpoint: Declared, { field }: Unique, ids: Ids, value: string): Promise<number> => {
  const workspaces = { [ids.workspaceId ?? '']: [endpoint.permission] };
  const { status } = await target.send({
    target: pathOf(endpoint, ids),
    headers: [
      ['Authorization', `Bearer ${target.issuer.token({ workspaces })}`],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify(field.body(value)),
  });
  return status;
};

describe.each(fields)('$attribute of $id, if another record has it,', ({ endpoint, unique, attribute }) => {
  const [taken = '', free = ''] = uniqueValues(unique, 2);
  const [holder, rival] = [recordIn(endpoint, unique, 'holder'), recordIn(endpoint, unique, 'rival')];

  beforeAll(() =>
    target.put(
      storedItem(endpoint, holder, { version: 1, [attribute]: taken }),
      { ...claimKeyOf(unique.claim, holder, taken), ...holder },
      storedItem(endpoint, rival, { version: 1 }),
    ),
  );

  test('cannot be taken, in any spelling', async () => {
    const before = await target.stored();
    for (const value of spellingsOf(endpoint, unique, taken)) {
      expect({ value, status: await statusOf(endpoint, unique, rival, value) }).toEqual({ value, status: 409 });
    }
    expect(await target.stored()).toEqual(before);
  });

  test('is not released by a record that has it without a claim', async () => {
    const squatter = recordIn(endpoint, unique, 'squatter');
    await target.put(storedItem(endpoint, squatter, { version: 1, [attribute]: taken }));
    expect(await statusOf(endpoint, unique, squatter, free)).toBe(200);
    expect(await statusOf(endpoint, unique, rival, taken)).toBe(409);
  });
});

const scoped = fields.filter(({ unique }) => unique.claim.within === 'workspace');

describe.each(scoped)('$attribute of $id, if a record of another workspace has it,', ({ endpoint, unique }) => {
  test('can be taken all the same', async () => {
    const [value = ''] = uniqueValues(unique, 1);
    for (const workspaceId of ['here', 'there']) {
      const ids = idsOf(endpoint, workspaceId, 'one');
      await target.put(storedItem(endpoint, ids, { version: 1 }));
      expect(await statusOf(endpoint, unique, ids, value)).toBe(200);
    }
  });
});
