import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { tokenVerifier } from '../../../lib/auth/verify-token.ts';
import { keysOf, rules } from './rules.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const keys = keysOf({ ...(await exportJWK(publicKey)), kid: 'k1' });

/** Seconds since 1970. */
const now = Date.UTC(2024, 0, 15) / 1000;
const tolerance = rules.clockTolerance;

/** Whether a token with these times is accepted at a time in seconds, by a verifier that has not seen it before. */
const isAccepted = async (times: { iat?: number; exp?: number; nbf?: number }, at = now): Promise<boolean> => {
  const claims = { iss: 'issuer', aud: 'audience', sub: 'me', iat: now - 60, exp: now + 60, ...times };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
  try {
    await tokenVerifier(rules, keys, () => at * 1000)(token);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-token' });
    return false;
  }
};

describe('clocks may differ by the tolerance, to the second', () => {
  test.each([
    ['exp', 'the tolerance ago', { exp: now - tolerance }, false],
    ['exp', 'a second less ago', { exp: now - tolerance + 1 }, true],
    ['iat', 'ahead by the tolerance', { iat: now + tolerance }, true],
    ['iat', 'ahead by a second more', { iat: now + tolerance + 1 }, false],
    ['nbf', 'ahead by the tolerance', { nbf: now + tolerance }, true],
    ['nbf', 'ahead by a second more', { nbf: now + tolerance + 1 }, false],
  ])('%s: %s', async (_, __, times, accepted) => {
    expect(await isAccepted(times)).toBe(accepted);
  });

  test('a tolerance of 0 seconds allows none', async () => {
    const strict = { ...rules, clockTolerance: 0 };
    const claims = { iss: 'issuer', aud: 'audience', sub: 'me', iat: now, exp: now + 1 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    const at = (seconds: number) => tokenVerifier(strict, keys, () => seconds * 1000)(token);
    await expect(at(now)).resolves.toMatchObject({ subject: 'me' });
    await expect(at(now - 1)).rejects.toMatchObject({ code: 'invalid-token' });
    await expect(at(now + 1)).rejects.toMatchObject({ code: 'invalid-token' });
  });
});

test('a token that is a year old is accepted if it has not expired', async () => {
  expect(await isAccepted({ iat: now - 31_536_000 })).toBe(true);
});

test('fractions of a second count', async () => {
  expect(await isAccepted({ iat: now + tolerance + 0.5 })).toBe(false);
  expect(await isAccepted({ iat: now + tolerance + 0.5 }, now + 0.5)).toBe(true);
});
