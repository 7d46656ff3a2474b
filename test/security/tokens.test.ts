import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import { pathOf } from '../declared/records.ts';
import { endpoints, idsOf, storedWith } from './declared.ts';
import { type RawResponse, withoutId } from './raw-http.ts';
import { startTarget, type Target } from './target.ts';
import { type Attack, tokenAttacks, type Verdict } from './token-attacks.ts';

/** A server to which a header may point. It accepts every connection, and counts them. */
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

/** The request changes nothing, so that the responses to all accepted tokens are identical. */
const patchOf = (endpoint: Declared) => numberedPatch(endpoint, 0);
const mine = (endpoint: Declared) => idsOf(endpoint, 'own', 'mine');

const attempt = async (
  endpoint: Declared,
  { headers, query = '' }: Pick<Attack, 'headers' | 'query'>,
): Promise<RawResponse> =>
  withoutId(
    await target.send({
      target: pathOf(endpoint, mine(endpoint)) + query,
      headers: [['Content-Type', 'application/json'], ...headers],
      body: JSON.stringify(patchOf(endpoint)),
    }),
  );

/** The response for each verdict, from the simplest request of its kind. */
const referenceFor = (endpoint: Declared, verdict: Verdict): Promise<RawResponse> => {
  const good = target.issuer.token({ workspaces: { own: [endpoint.permission] } });
  const authorization = { 'missing-token': undefined, 'invalid-token': 'Bearer x', accepted: `Bearer ${good}` }[
    verdict
  ];
  return attempt(endpoint, { headers: authorization === undefined ? [] : [['Authorization', authorization]] });
};

beforeAll(async () => {
  trap = await startTrap();
  target = await startTarget();
  attacks = tokenAttacks(target.issuer, trap.url);
}, 60_000);
afterAll(async () => {
  trap?.server.close();
  await target?.close();
});

describe.each(endpoints)('a token for $id', (endpoint) => {
  beforeAll(() => target.put(storedWith(endpoint, mine(endpoint), patchOf(endpoint))));

  test.each<[Verdict, number, string | undefined]>([
    ['missing-token', 401, 'Bearer'],
    ['invalid-token', 401, 'Bearer error="invalid_token"'],
    ['accepted', 200, undefined],
  ])('whose verdict is %s gets %d', async (verdict, status, challenge) => {
    const response = await referenceFor(endpoint, verdict);
    expect([response.status, response.headers['www-authenticate']]).toEqual([status, challenge]);
  });

  // Listed here, because the tokens themselves are signed only once the issuer is running.
  test.each(['algorithm', 'signature', 'header of the token', 'claims', 'spelling', 'header field'])(
    'gains nothing by its %s, and all refusals of a kind are identical',
    async (aspect) => {
      const rows = attacks[aspect] ?? [];
      expect(rows.length).toBeGreaterThan(20);
      const before = await target.stored();
      const owed = new Map<Verdict, RawResponse>();
      for (const verdict of ['missing-token', 'invalid-token', 'accepted'] as const) {
        owed.set(verdict, await referenceFor(endpoint, verdict));
      }
      for (const attack of rows) {
        expect({ attack: attack.says, response: await attempt(endpoint, attack) }).toEqual({
          attack: attack.says,
          response: owed.get(attack.owed),
        });
      }
      expect(await target.stored()).toEqual(before);
    },
  );
});

test('no token makes the service contact anything but its issuer, and that at most twice', async () => {
  for (const endpoint of endpoints) {
    for (const attack of attacks['header of the token'] ?? []) await attempt(endpoint, attack);
  }
  expect(trap.visits()).toBe(0);
  // Once for the keys, and once for the first of many unknown key ids; the next would be after the cool-down.
  expect(target.issuer.fetches()).toBe(2);
});
