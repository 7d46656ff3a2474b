import { describe, expect } from 'vitest';
import { test } from './suite.ts';

const noon = Date.UTC(2024, 0, 15, 12);
const minute = 60_000;

test('two machines with clocks five minutes apart write in turn: updatedAt never runs backwards', async ({
  store,
  serve,
}) => {
  let now = noon;
  const onTime = await serve({ now: () => now });
  const behind = await serve({ now: () => now - 5 * minute });
  const client = await store.newClient();
  const workspace = await store.newWorkspace();

  for (const ids of [client, workspace]) {
    const moments: unknown[] = [];
    for (let turn = 1; turn <= 20; turn++) {
      now += minute;
      const machine = turn % 3 === 0 ? onTime : behind;
      const body =
        turn % 4 === 0 && ids === workspace ? { email: `${turn}.${ids.workspaceId}@example.com` } : { name: `${turn}` };
      const answer = await machine.patch({ ids, body });
      expect(answer).toMatchObject({ status: 200, headers: { etag: `"${turn + 1}"` } });
      moments.push(...Object.values(answer.body).map((record) => Object(record).updatedAt));
      expect(await store.item(ids)).toMatchObject({ updatedAt: moments.at(-1) });
    }
    expect(moments).toEqual(moments.toSorted());
    expect(new Set(moments).size).toBeGreaterThan(5);
  }
});

describe('another service stored updatedAt in its own way', () => {
  const before = '2024-01-15T11:00:00.000Z';
  const after = '2024-01-15T13:00:00.000Z';
  const now = new Date(noon).toISOString();
  test.for([
    { stored: undefined, answered: now },
    { stored: null, answered: now },
    { stored: before, answered: now },
    { stored: after, answered: after },
    { stored: '2024-01-15T11:00:00Z', answered: now },
    { stored: '2024-01-15T12:00:00Z', answered: now },
    { stored: '2024-01-15T12:00:01Z', answered: '2024-01-15T12:00:01.000Z' },
    { stored: '2024-01-15T20:00:00+09:00', answered: now },
    { stored: '2024-01-15T22:00:00+09:00', answered: after },
    { stored: Date.parse(before), answered: now },
    { stored: Date.parse(after), answered: after },
  ])('$stored, at noon: $answered', async ({ stored, answered }, { store, serve }) => {
    const service = await serve({ now: () => noon });
    const ids = await store.newWorkspace({ ...(stored !== undefined && { updatedAt: stored }) });

    for (const body of [{ slogan: 'after' }, { email: `${ids.workspaceId}@example.com` }]) {
      expect(await service.patch({ ids, body })).toMatchObject({
        status: 200,
        body: { workspace: { updatedAt: answered } },
      });
    }
  });
});
