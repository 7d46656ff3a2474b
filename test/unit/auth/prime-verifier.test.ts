import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { primeVerifier, tokenVerifier } from '../../../lib/auth/verify-token.ts';
import { type Fetched, failing, issuerScene, newJwk, publishing } from './issuer.ts';
import { keysOf, rules } from './rules.ts';

/** RS256 comes first, although the issuer may have no key for it. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const [known, next] = [newJwk('known'), newJwk('next')];

const primedScene = async (fetched: Fetched) => {
  const issuer = issuerScene(fetched, { algorithms });
  const signatures = vi.spyOn(crypto.subtle, 'verify');
  const verify = tokenVerifier({ ...rules, algorithms }, issuer.keys, () => issuer.now);
  await primeVerifier({ ...rules, algorithms }, issuer.keys, verify);
  return { issuer, signatures: signatures.mock.calls.length };
};
afterEach(() => vi.restoreAllMocks());

describe('priming', () => {
  test.each<[string, object]>([
    ['ES256 only', known],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
  ])('fetches the keys of an issuer with %s, and checks a signature', async (_, jwk) => {
    const { issuer, signatures } = await primedScene(publishing({ ...jwk, kid: 'known' }));
    expect(issuer.fetches).toBe(1);
    expect(signatures).toBe(1);
  });

  test('leaves the first request nothing to fetch', async () => {
    const { issuer } = await primedScene(publishing(known));
    expect(await issuer.outcomeOf('known')).toBe('found');
    expect(issuer.fetches).toBe(1);
  });

  test('starts no cool-down for unknown keys', async () => {
    const { issuer } = await primedScene(publishing(known));
    issuer.fetched = publishing(next);
    expect(await issuer.outcomeOf('next')).toBe('found');
    expect(issuer.fetches).toBe(2);
  });

  test.each<[string, Fetched]>([
    ['is down', failing],
    ['has no usable key', publishing()],
  ])('starts no cool-down after a failure if the issuer %s', async (_, fetched) => {
    const { issuer, signatures } = await primedScene(fetched);
    expect(signatures).toBe(0);
    issuer.fetched = publishing(known);
    expect(await issuer.outcomeOf('known')).toBe('found');
    expect(issuer.fetches).toBe(2);
  });

  test('fetches nothing if keys are loaded already', async () => {
    const { issuer } = await primedScene(publishing(known));
    await issuer.keys.load();
    expect(issuer.fetches).toBe(1);
  });

  test('shares its fetch with concurrent requests', async () => {
    const issuer = issuerScene(publishing(known));
    const [, outcome] = await Promise.all([issuer.keys.load(), issuer.outcomeOf('known')]);
    expect(outcome).toBe('found');
    expect(issuer.fetches).toBe(1);
  });

  test('checks a signature with configured keys, too', async () => {
    const signatures = vi.spyOn(crypto.subtle, 'verify');
    const keys = keysOf(known);
    await primeVerifier(rules, keys, tokenVerifier(rules, keys));
    expect(signatures).toHaveBeenCalledOnce();
  });
});
