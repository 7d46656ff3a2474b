import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { algorithmNames, publicKeysIn } from '../../../lib/auth/public-keys.ts';

const jwkOf = ({ publicKey }: { publicKey: KeyObject }): JsonWebKey => publicKey.export({ format: 'jwk' });
const rsaOf = (modulusLength: number) => jwkOf(generateKeyPairSync('rsa', { modulusLength }));
const ecOf = (namedCurve: string) => jwkOf(generateKeyPairSync('ec', { namedCurve }));

const rsa = rsaOf(2048);
const ec = ecOf('P-256');
const ed = jwkOf(generateKeyPairSync('ed25519'));
const bytes = (...values: number[]) => Buffer.from(values).toString('base64url');
/** A modulus with a given first byte: of 2,048 bits with 0x80, and of 2,047 bits with 0x7f. */
const modulus = (first: number) => bytes(first, ...Array.from({ length: 254 }, () => 0x5a), 0x5b);

const matching = (members: unknown, header: { alg?: string; kid?: string }, algorithms = algorithmNames) =>
  publicKeysIn({ keys: members }, algorithms)?.matching(header) ?? [];

describe('a member of a key set', () => {
  test.each<[string, JsonWebKey, string]>([
    ['RSA', rsa, 'RS256'],
    ['RSA, for PSS', rsa, 'PS512'],
    ['RSA with 2,048 bits', { ...rsa, n: modulus(0x80) }, 'RS256'],
    ['RSA with an exponent of 3', { ...rsa, e: bytes(3) }, 'RS384'],
    ['RSA with 4,096 bits', rsaOf(4096), 'RS512'],
    ['P-256', ec, 'ES256'],
    ['P-384', ecOf('P-384'), 'ES384'],
    ['P-521', ecOf('P-521'), 'ES512'],
    ['Ed25519', ed, 'EdDSA'],
    ['for signatures by its use', { ...ec, use: 'sig' }, 'ES256'],
    ['for verification by its operations', { ...ec, key_ops: ['verify'] }, 'ES256'],
    ['with members that are ignored', { ...ec, x5c: ['MII'], ext: true, nbf: 0 }, 'ES256'],
  ])('is a key: %s', (_, jwk, alg) => {
    expect(matching([jwk], { alg })).toHaveLength(1);
  });

  const unusable: [string, unknown][] = [
    ['null', null],
    ['text', 'key'],
    ['a list', [ec]],
    ['an empty object', {}],
    ['no key type', { ...ec, kty: undefined }],
    ['a key type that is not text', { ...ec, kty: 7 }],
    ['an unknown key type', { ...ec, kty: 'ec' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['an unsupported curve', ecOf('secp256k1')],
    ['a key for key agreement', jwkOf(generateKeyPairSync('x25519'))],
    [
      'an EC private key',
      { ...ec, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) },
    ],
    ['an RSA private key', { ...rsa, d: rsa.n }],
    ['an empty private part', { ...ec, d: '' }],
    ['for encryption', { ...ec, use: 'enc' }],
    ['use null', { ...ec, use: null }],
    ['for signing, not for verification', { ...ec, key_ops: ['sign'] }],
    ['no operations', { ...ec, key_ops: [] }],
    ['operations that are not a list', { ...ec, key_ops: 'verify' }],
    ['a key id that is not text', { ...ec, kid: 7 }],
    ['an algorithm of another kind of key', { ...ec, alg: 'RS256' }],
    ['an algorithm that is not text', { ...ec, alg: 7 }],
    ['no x', { ...ec, x: undefined }],
    ['no modulus', { ...rsa, n: undefined }],
    ['an empty modulus', { ...rsa, n: '' }],
    ['a modulus that is not base64url', { ...rsa, n: '***' }],
    ['RSA with 1,024 bits', rsaOf(1024)],
    ['RSA with 2,047 bits', { ...rsa, n: modulus(0x7f) }],
    [
      'RSA with 1,024 bits behind zeros',
      {
        ...rsa,
        n: Buffer.concat([Buffer.alloc(128), Buffer.from(String(rsaOf(1024).n), 'base64url')]).toString('base64url'),
      },
    ],
    ['RSA with an exponent of 0', { ...rsa, e: bytes(0) }],
    ['RSA with an exponent of 1', { ...rsa, e: bytes(1) }],
    ['RSA with an exponent of 2', { ...rsa, e: bytes(2) }],
    ['RSA with an even exponent', { ...rsa, e: bytes(4) }],
    ['a point off P-256', { ...ec, x: ec.y }],
    ['a point of P-384 labelled P-256', { ...ecOf('P-384'), crv: 'P-256' }],
    [
      'the point at infinity',
      { ...ec, x: Buffer.alloc(32).toString('base64url'), y: Buffer.alloc(32).toString('base64url') },
    ],
    ['an Ed25519 key of small order', { ...ed, x: bytes(1, ...Array.from({ length: 31 }, () => 0)) }],
  ];

  test.each(unusable)('is not a key: %s', (_, member) => {
    const anyAlgorithm = algorithmNames.flatMap((alg) => matching([member], { alg }));
    expect(anyAlgorithm).toEqual([]);
    expect(publicKeysIn({ keys: [member] }, algorithmNames)).toBeUndefined();
  });

  test('is a key, whatever else is in the set', () => {
    const members = unusable.map(([, member]) => member);
    const good = { ...ec, kid: 'good' };
    const keySet = [...members, good, ...members];
    expect(matching(keySet, { alg: 'ES256', kid: 'good' })).toHaveLength(1);
    expect(matching(keySet, { alg: 'ES256' })).toHaveLength(1);
  });
});

test.each([null, 7, 'keys', [], {}, { keys: {} }, { keys: 'none' }, { keys: [] }, { Keys: [ec] }])(
  'a key set that is %j has no keys',
  (keySet) => {
    expect(publicKeysIn(keySet, algorithmNames)).toBeUndefined();
  },
);

describe('the keys for a token', () => {
  const other = ecOf('P-256');

  test.each<[string, JsonWebKey[], { alg?: string; kid?: string }, number]>([
    [
      'the one with its key id',
      [
        { ...ec, kid: 'a' },
        { ...other, kid: 'b' },
      ],
      { alg: 'ES256', kid: 'b' },
      1,
    ],
    ['none if its key id is unknown', [{ ...ec, kid: 'a' }, other], { alg: 'ES256', kid: 'c' }, 0],
    ['every key of its algorithm if it has no key id', [{ ...ec, kid: 'a' }, other, rsa], { alg: 'ES256' }, 2],
    [
      'every one that has its key id',
      [
        { ...ec, kid: 'a' },
        { ...other, kid: 'a' },
      ],
      { alg: 'ES256', kid: 'a' },
      2,
    ],
    ['none for another algorithm', [{ ...ec, kid: 'a' }, rsa], { alg: 'ES384', kid: 'a' }, 0],
    ['none if the key is for another algorithm of its kind', [{ ...rsa, alg: 'RS256' }, ec], { alg: 'PS256' }, 0],
    ['none if it has no algorithm', [ec], {}, 0],
    ['none for an algorithm without keys', [ec], { alg: 'HS256' }, 0],
  ])('are %s', (_, members, header, count) => {
    expect(matching(members, header)).toHaveLength(count);
  });

  test('are only those of the accepted algorithms', () => {
    expect(publicKeysIn({ keys: [ec] }, ['RS256', 'ES384'])).toBeUndefined();
    expect(publicKeysIn({ keys: [{ ...rsa, alg: 'RS512' }] }, ['RS256'])).toBeUndefined();
  });

  test('are the same objects every time, and known to that set only', () => {
    const keys = publicKeysIn({ keys: [ec] }, ['ES256']);
    const [key] = keys?.matching({ alg: 'ES256' }) ?? [];
    const [again] = keys?.matching({ alg: 'ES256' }) ?? [];
    const [stranger] = matching([ec], { alg: 'ES256' });
    if (!key || !stranger) throw new Error('These are keys.');
    expect(again).toBe(key);
    expect(keys?.holds(key)).toBe(true);
    expect(keys?.holds(stranger)).toBe(false);
  });
});
