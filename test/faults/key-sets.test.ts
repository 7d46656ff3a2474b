import type { ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect } from 'vitest';
import { fetchJson } from '../../lib/auth/fetch-json.ts';
import { keySetTimes, remoteKeySet } from '../../lib/auth/key-set.ts';
import { tokenVerifier } from '../../lib/auth/verify-token.ts';
import { startLocalServer } from './local-server.ts';
import { test as base } from './suite.ts';

const rules = {
  issuer: 'https://issuer.example/',
  audience: 'patchwork',
  algorithms: ['ES256'],
  clockTolerance: 5,
  claimNames: { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' },
};

const newKey = async (kid: string) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    tokenFor: (workspaceId: string) =>
      new SignJWT({ workspaces: { [workspaceId]: ['clients.update', 'workspace.update'] } })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(rules.issuer)
        .setAudience(rules.audience)
        .setSubject('tester')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
  };
};
type Key = Awaited<ReturnType<typeof newKey>>;

type Behaviour = (response: ServerResponse) => unknown;
const publish =
  (...keys: Key[]): Behaviour =>
  (response) =>
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));

/** An issuer's endpoint that behaves as it is told to, and counts how often it is asked. */
const startIssuer = async (behaviour: Behaviour) => {
  const issuer = { behaviour, asked: 0 };
  const { url, close } = await startLocalServer((_, response) => {
    issuer.asked++;
    issuer.behaviour(response);
  });
  return Object.assign(issuer, { url: new URL(url), close });
};

/** The service's own times, but for a longer wait: a busy machine must not change what comes of a request. */
const times = { ...keySetTimes, timeout: 4_000 };

/** A service whose tokens are of an issuer, and whose clock only moves when it is told to. */
const test = base.extend('withIssuer', ({ serve, store }, { onCleanup }) => {
  const closers: (() => Promise<void>)[] = [];
  onCleanup(async () => void (await Promise.all(closers.map((close) => close()))));
  return async (behaviour: Behaviour) => {
    const issuer = await startIssuer(behaviour);
    closers.push(issuer.close);
    const clock = { now: 0 };
    const keySet = remoteKeySet(issuer.url, times, fetchJson, () => clock.now);
    const service = await serve({ verify: tokenVerifier(rules, keySet) });
    const ids = await store.newClient();
    let turn = 0;
    const patchAs = async (key: Key) =>
      service.patch({ ids, body: { name: `${turn++}` }, token: await key.tokenFor(ids.workspaceId) });
    const statusFor = async (key: Key) => (await patchAs(key)).status;
    return { issuer, clock, patchAs, statusFor };
  };
});

const known = await newKey('known');
const next = await newKey('next');
const strangers = await Promise.all(Array.from({ length: 40 }, (_, index) => newKey(`stranger ${index}`)));

const failures: Record<string, Behaviour> = {
  'resets the connection': ({ socket }) => socket?.resetAndDestroy(),
  'closes the connection': ({ socket }) => socket?.end(),
  'answers 500': (response) => response.writeHead(500).end('{"keys":[]}'),
  'answers 404': (response) => response.writeHead(404).end(),
  redirects: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  'answers a page': (response) => response.writeHead(200).end('<h1>Welcome</h1>'),
  'answers JSON that is no key set': (response) => response.end('{"keys":"none"}'),
  'answers without end': (response) => {
    const write = () => response.write(' '.repeat(65_536), () => setImmediate(write));
    write();
  },
  'stops halfway': (response) => response.write('{"keys":['),
  'never answers': () => {},
};

describe.concurrent("the issuer's endpoint", () => {
  test.for(Object.entries(failures))(
    '%s, to a cold function: 503, then 200 as soon as it is well',
    async ([_, failure], { withIssuer }) => {
      const { issuer, patchAs, statusFor } = await withIssuer(failure);

      const answer = await patchAs(known);
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(issuer.asked).toBe(1);

      issuer.behaviour = publish(known);
      expect(await statusFor(known)).toBe(200);
    },
  );

  test.for(Object.entries(failures))(
    '%s, to a warm one: 200 with the known keys for an hour',
    async ([_, failure], { withIssuer }) => {
      const { issuer, clock, statusFor } = await withIssuer(publish(known));
      expect(await statusFor(known)).toBe(200);
      issuer.behaviour = failure;

      clock.now = times.fresh - 1;
      expect(await statusFor(known)).toBe(200);
      expect(issuer.asked).toBe(1);
      clock.now = times.fresh;
      for (let request = 0; request < 5; request++) expect(await statusFor(known)).toBe(200);
      expect(issuer.asked).toBe(2);
      clock.now += times.coolDown;
      for (let request = 0; request < 5; request++) expect(await statusFor(known)).toBe(200);
      expect(issuer.asked).toBe(3);
      expect(await statusFor(next)).toBe(503);

      clock.now = times.usable - 1;
      expect(await statusFor(known)).toBe(200);
      clock.now = times.usable;
      expect(await statusFor(known)).toBe(503);
      issuer.behaviour = publish(known);
      expect(await statusFor(known)).toBe(200);
    },
  );
});

test('many requests to a cold function ask once', async ({ withIssuer }) => {
  const { issuer, statusFor } = await withIssuer(publish(known));
  const statuses = await Promise.all(strangers.map(() => statusFor(known)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(issuer.asked).toBe(1);
});

test('a new key is taken at once, and one that is gone is taken no more', async ({ withIssuer }) => {
  const { issuer, clock, statusFor } = await withIssuer(publish(known));
  expect(await statusFor(known)).toBe(200);
  clock.now = 1;
  issuer.behaviour = publish(next);

  expect(await statusFor(next)).toBe(200);
  expect(issuer.asked).toBe(2);
  clock.now = 2 + times.coolDown;
  expect(await statusFor(known)).toBe(401);
});

describe('a flood of unknown keys asks once per cool-down', () => {
  test('of a warm function', async ({ withIssuer }) => {
    const { issuer, clock, statusFor } = await withIssuer(publish(known));
    expect(await statusFor(known)).toBe(200);
    for (const round of [1, 2, 3]) {
      clock.now += times.coolDown;
      const atOnce = await Promise.all(strangers.map(statusFor));
      expect(new Set(atOnce)).toEqual(new Set([401]));
      for (const stranger of strangers.slice(0, 5)) expect(await statusFor(stranger)).toBe(401);
      expect(issuer.asked).toBe(1 + round);
    }
    expect(await statusFor(known)).toBe(200);
  });

  test('of a cold one', async ({ withIssuer }) => {
    const { issuer, clock, statusFor } = await withIssuer(publish(known));
    expect(new Set(await Promise.all(strangers.map(statusFor)))).toEqual(new Set([401]));
    for (const stranger of strangers.slice(0, 5)) expect(await statusFor(stranger)).toBe(401);
    expect(issuer.asked).toBe(1);

    clock.now += times.coolDown;
    expect(await statusFor(strangers[0] ?? known)).toBe(401);
    expect(issuer.asked).toBe(2);
  });

  test('while the issuer is down: 503, since the key may exist', async ({ withIssuer }) => {
    const { issuer, statusFor } = await withIssuer(publish(known));
    expect(await statusFor(known)).toBe(200);
    issuer.behaviour = (response) => response.writeHead(500).end();

    expect(new Set(await Promise.all(strangers.map(statusFor)))).toEqual(new Set([503]));
    for (const stranger of strangers.slice(0, 5)) expect(await statusFor(stranger)).toBe(503);
    expect(issuer.asked).toBe(2);
    expect(await statusFor(known)).toBe(200);
  });
});

test('no request waits for the issuer twice', async ({ withIssuer }) => {
  const { issuer, clock, statusFor } = await withIssuer(publish(known));
  expect(await statusFor(known)).toBe(200);
  clock.now = times.fresh;
  issuer.behaviour = (response) => response.writeHead(500).end();

  expect(await statusFor(next)).toBe(503);
  expect(issuer.asked).toBe(2);
});
