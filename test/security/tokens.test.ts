import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../lib/table/keys.ts';
import { type RawAnswer, withoutId } from './raw-http.ts';
import { startTarget, type Target } from './target.ts';
import { type Attack, tokenAttacks, type Verdict } from './token-attacks.ts';

/** A server to which a header may point. It takes every connection, and counts them. */
const startTrap = async (): Promise<{ url: string; visits: () => number; server: Server }> => {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"keys":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, visits: () => visits, server };
};

let target: Target;
let trap: Awaited<ReturnType<typeof startTrap>>;
let attacks: Record<string, Attack[]>;

const attempt = async ({ headers, query = '' }: Pick<Attack, 'headers' | 'query'>): Promise<RawAnswer> =>
  withoutId(
    await target.send({
      target: `/v1/workspace/own/clients/mine${query}`,
      headers: [['Content-Type', 'application/json'], ...headers],
      body: '{"name":"Mallory"}',
    }),
  );

/** What each verdict looks like, from the plainest request of its kind. */
const referenceFor = (verdict: Verdict): Promise<RawAnswer> => {
  const good = target.issuer.token({ workspaces: { own: ['clients.update'] } });
  const authorization = { 'missing-token': undefined, 'invalid-token': 'Bearer x', accepted: `Bearer ${good}` }[
    verdict
  ];
  return attempt({ headers: authorization === undefined ? [] : [['Authorization', authorization]] });
};

beforeAll(async () => {
  trap = await startTrap();
  target = await startTarget();
  await target.put({ ...keyOf({ workspaceId: 'own', clientId: 'mine' }), name: 'Mallory', version: 1 });
  attacks = tokenAttacks(target.issuer, trap.url);
}, 60_000);
afterAll(async () => {
  trap?.server.close();
  await target?.close();
});

describe('a token', () => {
  test.each<[Verdict, number, string | undefined]>([
    ['missing-token', 401, 'Bearer'],
    ['invalid-token', 401, 'Bearer error="invalid_token"'],
    ['accepted', 200, undefined],
  ])('is answered as %s by %d', async (verdict, status, challenge) => {
    const answer = await referenceFor(verdict);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([status, challenge]);
  });

  // Named one by one here, because the tokens themselves are signed only once the issuer is there.
  test.each(['algorithm', 'signature', 'header of the token', 'claims', 'spelling', 'header field'])(
    'opens nothing by its %s, and no refusal says more than another',
    async (aspect) => {
      const rows = attacks[aspect] ?? [];
      expect(rows.length).toBeGreaterThan(20);
      const before = await target.stored();
      const owed = new Map<Verdict, RawAnswer>();
      for (const verdict of ['missing-token', 'invalid-token', 'accepted'] as const) {
        owed.set(verdict, await referenceFor(verdict));
      }
      for (const attack of rows) {
        expect({ attack: attack.says, answer: await attempt(attack) }).toEqual({
          attack: attack.says,
          answer: owed.get(attack.owed),
        });
      }
      expect(await target.stored()).toEqual(before);
    },
  );

  test('makes the service ask nobody but its issuer, and that one twice at most', async () => {
    for (const attack of attacks['header of the token'] ?? []) await attempt(attack);
    expect(trap.visits()).toBe(0);
    // For the keys themselves, and for the first of many unknown key ids; the next would have to wait for the cool-down.
    expect(target.issuer.fetches()).toBe(2);
  });
});
