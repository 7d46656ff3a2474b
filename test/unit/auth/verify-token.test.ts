import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { tokenVerifier } from '../../../lib/auth/verify-token.ts';
import { keysOf, rules } from './rules.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const keySet = keysOf({ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' });
/** Verifies a token with a new verifier. */
const verify = (token: string) => tokenVerifier(rules, keySet)(token);

const now = Math.floor(Date.now() / 1000);
const good = { iss: 'issuer', aud: 'audience', sub: 'me', iat: now, exp: now + 60, workspaces: { w1: ['a'] } };
const signed = (claims: JWTPayload, header: object = {}, key = privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
const without = (name: keyof typeof good) => ({ ...good, [name]: undefined });

describe('tokenVerifier', () => {
  test('returns the subject and its permissions', async () => {
    const caller = await verify(await signed(good));
    expect(caller).toEqual({ subject: 'me', grants: new Map([['w1', new Set(['a'])]]) });
  });

  test.each([
    ['an audience that is one of several', { ...good, aud: ['other', 'audience'] }],
    ['clocks that are within tolerance', { ...good, iat: now + 3, nbf: now + 3, exp: now - 2 }],
    ['a subject of 255 characters', { ...good, sub: 'me'.padEnd(255) }],
    ['an expiry far in the future', { ...good, exp: 253_402_300_799 }],
  ])('accepts %s', async (_, claims) => {
    await expect(verify(await signed(claims))).resolves.toMatchObject({ subject: expect.stringMatching(/^me/) });
  });

  test('accepts a token with other claims that no JavaScript number can represent', async () => {
    const claims = JSON.stringify(good).replace('{', '{"balance":12345678901234567890,"constructor":1,');
    await expect(verify(await signedText(claims))).resolves.toMatchObject({ subject: 'me' });
  });

  test('accepts a token whose claims contain white space', async () => {
    await expect(verify(await signedText(JSON.stringify(good, null, 2)))).resolves.toMatchObject({ subject: 'me' });
  });

  test.each([
    ['', undefined],
    [', written with white space', 1],
  ])('accepts claims nested 16 levels deep, including the outermost object%s', async (_, space) => {
    const claims = deeply(JSON.stringify(good, null, space), 15);
    await expect(verify(await signedText(claims))).resolves.toMatchObject({ subject: 'me' });
  });

  test.each<[string, (header: string) => string]>([
    ['with white space', (header) => header.replace('{', '{ ')],
    ['with other members', (header) => header.replace('{', '{"typ":"at+jwt","nested":{"a":[1]},')],
  ])('accepts a header %s', async (_, change) => {
    const header = change('{"alg":"ES256","kid":"k1"}');
    await expect(verify(await signedText(JSON.stringify(good), header))).resolves.toMatchObject({ subject: 'me' });
  });

  test.each<[string, string]>([
    ['a byte-order mark before it', '\uFEFF{"alg":"ES256","kid":"k1"}'],
    ['a byte-order mark and white space', '\uFEFF {"alg":"ES256","kid":"k1"}'],
    ['the algorithm given twice', '{"alg":"ES256","alg":"ES256","kid":"k1"}'],
    ['no algorithm', '{"kid":"k1"}'],
    ['an algorithm in a list', '{"alg":["ES256"],"kid":"k1"}'],
    ['a key id that is not text', '{"alg":"ES256","kid":1}'],
    ['17 levels', `{"alg":"ES256","kid":"k1","x":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['a critical extension', '{"alg":"ES256","kid":"k1","crit":["exp"],"exp":1}'],
    ['an unencoded payload', '{"alg":"ES256","kid":"k1","crit":["b64"],"b64":false}'],
    ['a list', '["ES256"]'],
  ])('refuses a header with %s', async (_, header) => {
    await expect(verify(await signedText(JSON.stringify(good), header))).rejects.toMatchObject({
      code: 'invalid-token',
    });
  });

  test.each([
    ['another issuer', { ...good, iss: 'other' }],
    ['another audience', { ...good, aud: 'other' }],
    ['expired', { ...good, exp: now - 60 }],
    ['not yet valid', { ...good, nbf: now + 60 }],
    ['issued in the future', { ...good, iat: now + 60 }],
    ['no iss', without('iss')],
    ['no aud', without('aud')],
    ['no sub', without('sub')],
    ['no iat', without('iat')],
    ['no exp', without('exp')],
    ['an empty sub', { ...good, sub: '' }],
    ['an overlong sub', { ...good, sub: 'x'.repeat(256) }],
  ])('refuses a token with %s', async (_, claims) => {
    await expect(verify(await signed(claims))).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test.each([
    ['sub', 7],
    ['exp', String(now + 60)],
    ['iat', String(now)],
    ['nbf', 'soon'],
    ['aud', { audience: true }],
    ['iss', ['issuer']],
  ])('refuses a %s of another type', async (name, value) => {
    await expect(verify(await signedText(JSON.stringify({ ...good, [name]: value })))).rejects.toMatchObject({
      code: 'invalid-token',
    });
  });

  test.each([
    ['a claim given twice', JSON.stringify(good).replace('{', '{"sub":"you",')],
    [
      'a claim given twice behind one that is nested deeply',
      deeply(JSON.stringify(good)).replace(/}$/, ',"sub":"you"}'),
    ],
    ['a byte-order mark before the claims', `\uFEFF${JSON.stringify(good)}`],
    ['a no-break space before the claims', `\u00A0${JSON.stringify(good)}`],
    ['claims nested 17 levels deep', deeply(JSON.stringify(good), 16)],
    ['claims nested 17 levels deep, with white space', deeply(JSON.stringify(good, null, 1), 16)],
    ['an infinite issue time', JSON.stringify(good).replace(/"iat":\d+/, '"iat":-1e999')],
    ['an infinite expiry', JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e999')],
    ['claims that are a list', JSON.stringify([good])],
    ['claims that are not JSON', 'sub=me'],
    ['a name that is not JSON', '{sub:1}'],
  ])('refuses %s', async (_, claims) => {
    await expect(verify(await signedText(claims))).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('refuses a key that is not the issuer’s', async () => {
    await expect(verify(await signed(good, {}, stranger.privateKey))).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('refuses a key id that is not in the set', async () => {
    await expect(verify(await signed(good, { kid: 'k2' }))).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test.each<[string, (token: string) => string]>([
    ['padding', (token) => `${token}=`],
    ['white space inside', (token) => token.replace('.', ' .')],
    ['a line break', (token) => `${token}\n`],
    ['the other base64 alphabet', (token) => token.replace(/[-_]|(.)$/, (it) => (it === '-' ? '+' : '/'))],
    ['two parts', (token) => token.split('.').slice(0, 2).join('.')],
    ['four parts', (token) => `${token}.`],
    ['an empty signature', (token) => token.replace(/[^.]+$/, '')],
    ['nothing', () => ''],
  ])('refuses a token with %s', async (_, change) => {
    await expect(verify(change(await signed(good)))).rejects.toMatchObject({ code: 'invalid-token' });
  });

  test('refuses stray bits at the end of a part, which the decoder ignores', async () => {
    const token = await signed(good);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // A signature of 64 bytes ends in a character with four bits to spare.
    const last = alphabet.indexOf(token.slice(-1));
    await expect(verify(token)).resolves.toBeDefined();
    await expect(verify(token.slice(0, -1) + alphabet[last + 1])).rejects.toMatchObject({ code: 'invalid-token' });
  });
});

/** Claims with an additional one in front that is nested deeper than the body of a request may be. */
function deeply(claims: string, lists = 20): string {
  return claims.replace('{', `{"deep":${'['.repeat(lists)}${']'.repeat(lists)},`);
}

/** Signs claims as text, which no JSON library would write. */
const signedText = async (claims: string, header = '{"alg":"ES256","kid":"k1"}'): Promise<string> => {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const input = `${part(header)}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
};
