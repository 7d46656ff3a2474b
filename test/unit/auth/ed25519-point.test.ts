import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isEd25519Key } from '../../../lib/auth/ed25519-point.ts';

const p = 2n ** 255n - 19n;
/** 32 bytes, in little-endian order, whose last bit is the sign of x (RFC 8032 §5.1.2). */
const encoded = (y: bigint, sign = 0n): Buffer =>
  Buffer.from((y + (sign << 255n)).toString(16).padStart(64, '0'), 'hex').reverse();
const newKey = () =>
  Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

describe('isEd25519Key', () => {
  test('accepts every public key', () => {
    const keys = Array.from({ length: 50 }, newKey);
    expect(keys.filter((key) => !isEd25519Key(key))).toEqual([]);
  });

  // RFC 8032 §7.1, the public keys of tests 1 to 3.
  test.each([
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  ])('accepts %s', (hex) => {
    expect(isEd25519Key(Buffer.from(hex, 'hex'))).toBe(true);
  });

  test('refuses a y without a point on the curve, about half of them', () => {
    // There is no point with y = 2, and one with y = 3.
    expect(isEd25519Key(encoded(2n))).toBe(false);
    expect(isEd25519Key(encoded(3n))).toBe(true);
    expect(isEd25519Key(encoded(3n, 1n))).toBe(true);
  });

  test('refuses a y that is not below the prime', () => {
    expect(isEd25519Key(encoded(p + 3n))).toBe(false);
    expect(isEd25519Key(encoded(2n ** 255n - 1n))).toBe(false);
  });

  // The eight points, and their other encodings, as listed in "Taming the many EdDSAs" (Chalkias et al., 2020), table 6a.
  test.each([
    ['0100000000000000000000000000000000000000000000000000000000000000'],
    ['0100000000000000000000000000000000000000000000000000000000000080'],
    ['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
    ['0000000000000000000000000000000000000000000000000000000000000000'],
    ['0000000000000000000000000000000000000000000000000000000000000080'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
  ])('refuses %s, a point of small order', (hex) => {
    expect(isEd25519Key(Buffer.from(hex, 'hex'))).toBe(false);
  });

  test.each([0, 31, 33])('refuses %d bytes', (length) => {
    expect(isEd25519Key(Buffer.concat([encoded(3n), encoded(0n)]).subarray(0, length))).toBe(false);
  });
});
