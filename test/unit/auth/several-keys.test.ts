import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { tokenVerifier } from '../../../lib/auth/verify-token.ts';
import { keysOf, rules } from './rules.ts';

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = ({ publicKey }: { publicKey: KeyObject }, kid?: string) => ({
  ...publicKey.export({ format: 'jwk' }),
  ...(kid !== undefined && { kid }),
});
const [own, old, stranger] = [newPair(), newPair(), newPair()];

const tokenBy = ({ privateKey }: { privateKey: KeyObject }, kid?: string, claims = {}) =>
  new SignJWT({ iss: 'issuer', aud: 'audience', sub: 'me', ...claims })
    .setProtectedHeader({ alg: 'ES256', ...(kid !== undefined && { kid }) })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

/** A verifier with these keys, and how many signatures it has checked. */
const verifierOf = (...jwks: unknown[]) => {
  const signatures = vi.spyOn(crypto.subtle, 'verify').mockClear();
  return { verify: tokenVerifier(rules, keysOf(...jwks)), checked: () => signatures.mock.calls.length };
};

describe('a token of the issuer is accepted', () => {
  test.each<[string, object[], string | undefined]>([
    ['if its key is listed twice', [jwkOf(own, 'k1'), jwkOf(own, 'k1')], 'k1'],
    ['if another key before it has the same key id', [jwkOf(old, 'k1'), jwkOf(own, 'k1')], 'k1'],
    ['if another key after it has the same key id', [jwkOf(own, 'k1'), jwkOf(old, 'k1')], 'k1'],
    ['if it has no key id, and there are several keys', [jwkOf(old, 'k1'), jwkOf(own, 'k2')], undefined],
    ['if no key has a key id', [jwkOf(old), jwkOf(own)], undefined],
    ['if a broken key has its key id', [{ ...jwkOf(own, 'k1'), x: jwkOf(own).y }, jwkOf(own, 'k1')], 'k1'],
  ])('%s', async (_, jwks, kid) => {
    const { verify } = verifierOf(...jwks);
    await expect(verify(await tokenBy(own, kid))).resolves.toMatchObject({ subject: 'me' });
  });

  test('and cached with the key that verified it', async () => {
    const { verify, checked } = verifierOf(jwkOf(old, 'k1'), jwkOf(own, 'k1'));
    const token = await tokenBy(own, 'k1');
    await verify(token);
    await verify(token);
    expect(checked()).toBe(2);
  });
});

describe('a token is refused', () => {
  test('if none of the matching keys has signed it', async () => {
    const { verify, checked } = verifierOf(jwkOf(old, 'k1'), jwkOf(own, 'k1'));
    await expect(verify(await tokenBy(stranger, 'k1'))).rejects.toMatchObject({ code: 'invalid-token' });
    expect(checked()).toBe(2);
  });

  test('if it has the key id of a key that has not signed it', async () => {
    const { verify, checked } = verifierOf(jwkOf(old, 'k1'), jwkOf(own, 'k2'));
    await expect(verify(await tokenBy(own, 'k1'))).rejects.toMatchObject({ code: 'invalid-token' });
    expect(checked()).toBe(1);
  });

  test('for its claims without trying more keys, once its key is found', async () => {
    const { verify, checked } = verifierOf(jwkOf(own, 'k1'), jwkOf(old, 'k1'));
    const token = await tokenBy(own, 'k1', { iss: 'another' });
    await expect(verify(token)).rejects.toMatchObject({
      code: 'invalid-token',
      cause: { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' },
    });
    expect(checked()).toBe(1);
  });

  test('if it names a key that the set has, but not for signatures', async () => {
    const { verify } = verifierOf(jwkOf(old, 'k1'), { ...jwkOf(own, 'k2'), use: 'enc' });
    await expect(verify(await tokenBy(own, 'k2'))).rejects.toMatchObject({ code: 'invalid-token' });
  });
});
