import { describe, expect } from 'vitest';
import { type Behaviour, newKey, publish, test, times } from './issuer-suite.ts';

const known = await newKey('known');
const next = await newKey('next');
const strangers = await Promise.all(Array.from({ length: 40 }, (_, index) => newKey(`stranger ${index}`)));

const failures: Record<string, Behaviour> = {
  'resets the connection': ({ socket }) => socket?.resetAndDestroy(),
  'closes the connection': ({ socket }) => socket?.end(),
  'responds with 500': (response) => response.writeHead(500).end('{"keys":[]}'),
  'responds with 404': (response) => response.writeHead(404).end(),
  redirects: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  'responds with a page': (response) => response.writeHead(200).end('<h1>Welcome</h1>'),
  'responds with JSON that is not a key set': (response) => response.end('{"keys":"none"}'),
  'responds with an empty key set': (response) => response.end('{"keys":[]}'),
  'responds with a key set without a usable key': (response) =>
    response.end('{"keys":[null,{},{"kty":"EC","crv":"P-256"}]}'),
  'responds with a key set of over 256 KiB': (response) =>
    response.end(JSON.stringify({ keys: ['x'.repeat(262_144)] })),
  'responds without end': (response) => {
    const write = () => response.write(' '.repeat(65_536), () => setImmediate(write));
    write();
  },
  'stops halfway': (response) => response.write('{"keys":['),
  'never responds': () => {},
};

describe.concurrent("the issuer's endpoint", () => {
  test.for(Object.entries(failures))(
    '%s, to a cold function: 503, then 200 within two seconds of recovery',
    async ([_, failure], { withIssuer }) => {
      const { issuer, clock, patchAs, statusFor } = await withIssuer(failure);

      const response = await patchAs(known);
      expect(response).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
      expect(response.headers).not.toHaveProperty('www-authenticate');
      expect(issuer.asked).toBe(1);

      issuer.behaviour = publish(known);
      clock.now += times.retryAfterFailure - 1;
      expect(await statusFor(known)).toBe(503);
      expect(issuer.asked).toBe(1);
      clock.now += 1;
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
      clock.now += times.retryAfterFailure;
      expect(await statusFor(known)).toBe(200);
    },
  );
});

test('concurrent requests to a cold function fetch the keys once', async ({ withIssuer }) => {
  const { issuer, statusFor } = await withIssuer(publish(known));
  const statuses = await Promise.all(strangers.map(() => statusFor(known)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(issuer.asked).toBe(1);
});

test('a new key is accepted immediately, and a removed one is no longer accepted', async ({ withIssuer }) => {
  const { issuer, clock, statusFor } = await withIssuer(publish(known));
  expect(await statusFor(known)).toBe(200);
  clock.now = 1;
  issuer.behaviour = publish(next);

  expect(await statusFor(next)).toBe(200);
  expect(issuer.asked).toBe(2);
  clock.now = 2 + times.coolDown;
  expect(await statusFor(known)).toBe(401);
});

describe('a flood of unknown keys causes one fetch per cool-down', () => {
  test('in a warm function', async ({ withIssuer }) => {
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

  test('in a cold function', async ({ withIssuer }) => {
    const { issuer, clock, statusFor } = await withIssuer(publish(known));
    expect(new Set(await Promise.all(strangers.map(statusFor)))).toEqual(new Set([401]));
    for (const stranger of strangers.slice(0, 5)) expect(await statusFor(stranger)).toBe(401);
    expect(issuer.asked).toBe(1);

    clock.now += times.coolDown;
    expect(await statusFor(strangers[0] ?? known)).toBe(401);
    expect(issuer.asked).toBe(2);
  });

  test('while the issuer is down: 503, because the key may exist', async ({ withIssuer }) => {
    const { issuer, statusFor } = await withIssuer(publish(known));
    expect(await statusFor(known)).toBe(200);
    issuer.behaviour = (response) => response.writeHead(500).end();

    expect(new Set(await Promise.all(strangers.map(statusFor)))).toEqual(new Set([503]));
    for (const stranger of strangers.slice(0, 5)) expect(await statusFor(stranger)).toBe(503);
    expect(issuer.asked).toBe(2);
    expect(await statusFor(known)).toBe(200);
  });
});

test('a flood of unsigned tokens to a function without keys causes one fetch in two seconds', async ({
  withIssuer,
}) => {
  const { issuer, clock, statusFor } = await withIssuer((response) => response.writeHead(500).end());
  for (const round of [1, 2, 3]) {
    expect(new Set(await Promise.all(strangers.map(statusFor)))).toEqual(new Set([503]));
    for (const stranger of strangers) expect(await statusFor(stranger)).toBe(503);
    expect(issuer.asked).toBe(round);
    clock.now += times.retryAfterFailure;
  }
});

test('an empty key set causes no 401 for a valid token, not even after an unknown key', async ({ withIssuer }) => {
  const { issuer, clock, statusFor } = await withIssuer(publish(known));
  expect(await statusFor(known)).toBe(200);
  issuer.behaviour = publish();
  expect(await statusFor(next)).toBe(503);
  expect(await statusFor(known)).toBe(200);
  clock.now = times.fresh;
  expect(await statusFor(known)).toBe(200);
  issuer.behaviour = publish(next);
  clock.now += times.retryAfterFailure;
  expect(await statusFor(next)).toBe(200);
});

test('no request waits for the issuer twice', async ({ withIssuer }) => {
  const { issuer, clock, statusFor } = await withIssuer(publish(known));
  expect(await statusFor(known)).toBe(200);
  clock.now = times.fresh;
  issuer.behaviour = (response) => response.writeHead(500).end();

  expect(await statusFor(next)).toBe(503);
  expect(issuer.asked).toBe(2);
});
