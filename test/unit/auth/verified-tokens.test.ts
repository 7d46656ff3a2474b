import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { IssuerKeys } from '../../../lib/auth/key-set.ts';
import { tokenVerifier } from '../../../lib/auth/verify-token.ts';
import { keysOf, rules } from './rules.ts';

const start = Date.UTC(2024, 0, 15);
const seconds = start / 1000;

const keyPair = await generateKeyPair('ES256');
const otherPair = await generateKeyPair('ES256');
const publishing = async ({ publicKey }: typeof keyPair, kid: string): Promise<IssuerKeys> =>
  keysOf({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' });

const tokenOf = (jti: number, expiresIn = 3600): Promise<string> =>
  new SignJWT({
    iss: 'issuer',
    aud: 'audience',
    sub: `user-${jti}`,
    iat: seconds,
    exp: seconds + expiresIn,
    jti: `${jti}`,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .sign(keyPair.privateKey);

/** A verifier whose clock and whose issuer's keys can be changed, and how many signatures it checked. */
const scene = async () => {
  const time = { now: start };
  const issuer = { keys: await publishing(keyPair, 'k1') };
  const signatures = vi.spyOn(crypto.subtle, 'verify');
  const verify = tokenVerifier(
    rules,
    { keysFor: (header) => issuer.keys.keysFor(header), holds: (key) => issuer.keys.holds(key) },
    () => time.now,
  );
  return { time, issuer, verify, checked: () => signatures.mock.calls.length };
};

afterEach(() => vi.restoreAllMocks());

describe('a token that was verified a moment ago', () => {
  test('skips the signature check, and identifies the same caller', async () => {
    const { verify, checked } = await scene();
    const token = await tokenOf(1);
    const first = await verify(token);
    expect(await verify(token)).toEqual(first);
    expect(checked()).toBe(1);
  });

  test('is verified again if it differs in a single character', async () => {
    const { verify, checked } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    const other = token.replace(/.(?=.{10}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    await expect(verify(other)).rejects.toMatchObject({ code: 'invalid-token' });
    expect(checked()).toBe(2);
  });

  test('is refused from its expiry on', async () => {
    const { time, verify, checked } = await scene();
    const token = await tokenOf(1, 30);
    await verify(token);
    time.now = start + 34_999;
    await expect(verify(token)).resolves.toMatchObject({ subject: 'user-1' });
    expect(checked()).toBe(1);
    time.now = start + 35_000;
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('is verified again after a minute', async () => {
    const { time, verify, checked } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    time.now = start + 59_999;
    await verify(token);
    expect(checked()).toBe(1);
    time.now = start + 60_000;
    await verify(token);
    expect(checked()).toBe(2);
  });

  test('is verified again when the clock was set back', async () => {
    const { time, verify } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    time.now = start - 60_000;
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('is refused once its issuer has withdrawn the key', async () => {
    const { issuer, verify } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    issuer.keys = await publishing(otherPair, 'k2');
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('is refused once another key has taken over its key id', async () => {
    const { issuer, verify } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    issuer.keys = await publishing(otherPair, 'k1');
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('is verified again when the keys were fetched again', async () => {
    const { issuer, verify, checked } = await scene();
    const token = await tokenOf(1);
    await verify(token);
    issuer.keys = await publishing(keyPair, 'k1');
    await expect(verify(token)).resolves.toMatchObject({ subject: 'user-1' });
    expect(checked()).toBe(2);
  });
});

describe('the cache', () => {
  test('keeps the last 256 tokens', async () => {
    const { verify, checked } = await scene();
    const tokens = await Promise.all(Array.from({ length: 257 }, (_, jti) => tokenOf(jti)));
    for (const token of tokens) await verify(token);
    for (const token of tokens.slice(1)) await verify(token);
    expect(checked()).toBe(257);
    for (const token of tokens.slice(0, 1)) await verify(token);
    expect(checked()).toBe(258);
  });

  test('never keeps a refusal', async () => {
    const { issuer, verify } = await scene();
    const token = await tokenOf(1);
    issuer.keys = await publishing(otherPair, 'k1');
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid-token' });
    issuer.keys = await publishing(keyPair, 'k1');
    await expect(verify(token)).resolves.toMatchObject({ subject: 'user-1' });
  });
});
