import { createPublicKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { isEd25519Key } from './ed25519-point.ts';

const rsa = { kty: 'RSA', crv: undefined };

/** The supported signature algorithms, and the kind of key that each requires (RFC 7518 §3.1, RFC 8037 §3.1). */
const keyKinds = new Map<string, { kty: string; crv: string | undefined }>([
  ['RS256', rsa],
  ['RS384', rsa],
  ['RS512', rsa],
  ['PS256', rsa],
  ['PS384', rsa],
  ['PS512', rsa],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
]);
export const algorithmNames: readonly string[] = [...keyKinds.keys()];

/** A JSON Web Key Set (RFC 7517 §5), whose members are validated one by one. */
const KeySet = v.object({ keys: v.array(v.unknown()) });

/** A public key for signatures (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
const Jwk = v.object({
  kty: v.string(),
  crv: v.exactOptional(v.string()),
  kid: v.exactOptional(v.string()),
  alg: v.exactOptional(v.string()),
  use: v.exactOptional(v.literal('sig')),
  key_ops: v.exactOptional(v.pipe(v.array(v.string()), v.includes('verify'))),
  n: v.exactOptional(v.string()),
  e: v.exactOptional(v.string()),
  x: v.exactOptional(v.string()),
  y: v.exactOptional(v.string()),
  // A published private key is compromised.
  d: v.exactOptional(v.never()),
});
type Jwk = v.InferOutput<typeof Jwk>;

/** The parts of a token's header that select a key (RFC 7515 §4.1). */
export type KeyChoice = { alg?: string | undefined; kid?: string | undefined };

/** The usable keys of a key set. */
export type PublicKeys = {
  /** The keys that may have signed a token: usually one; several if they share a `kid`, or if the token has none. */
  matching: (header: KeyChoice) => readonly KeyObject[];
  /** Whether `matching` has returned this key object. */
  holds: (key: KeyObject) => boolean;
};

/**
 * The keys of a JSON Web Key Set that fit one of `algorithms`; `undefined` if there are none. Members that are malformed,
 * private, weak or of another kind are ignored (RFC 7517 §5). A key is imported once, when it is first needed.
 */
export const publicKeysIn = (keySet: unknown, algorithms: readonly string[]): PublicKeys | undefined => {
  if (!v.is(KeySet, keySet)) return undefined;
  const members = keySet.keys
    .flatMap((member) => (v.is(Jwk, member) ? [member] : []))
    .filter((jwk) => algorithms.some((alg) => fits(jwk, alg)))
    .map((jwk) => ({ jwk, key: once(() => importedKey(jwk)) }));
  if (!members.some(({ key }) => key())) return undefined;

  const returned = new WeakSet<KeyObject>();
  return {
    matching: ({ alg = '', kid }) => {
      const named = members.filter(({ jwk }) => fits(jwk, alg) && (kid === undefined || kid === jwk.kid));
      const keys = named.flatMap(({ key }) => key() ?? []);
      for (const key of keys) returned.add(key);
      return keys;
    },
    holds: (key) => returned.has(key),
  };
};

const fits = (jwk: Jwk, alg: string): boolean => {
  const kind = keyKinds.get(alg);
  if (!kind || jwk.kty !== kind.kty || (jwk.alg !== undefined && jwk.alg !== alg)) return false;
  return kind.crv === undefined || jwk.crv === kind.crv;
};

const once = <Result>(create: () => Result): (() => Result) => {
  let created: { result: Result } | undefined;
  return () => {
    created ??= { result: create() };
    return created.result;
  };
};

/** The public key of a JWK; `undefined` if it is malformed or too weak. */
const importedKey = (jwk: Jwk): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return isStrong(key, jwk) ? key : undefined;
  } catch {
    return undefined;
  }
};

/**
 * An RSA key needs 2,048 bits (RFC 7518 §3.3) and an odd exponent of 3 or more (RFC 8017 §3.1): with `e` = 1 every message is
 * its own signature. Node checks on import that a NIST point is on its curve.
 */
const isStrong = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, { x = '' }: Jwk): boolean => {
  if (asymmetricKeyType === 'ed25519') return isEd25519Key(Buffer.from(x, 'base64url'));
  if (asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  return modulusLength >= 2048 && publicExponent >= 3n && publicExponent % 2n === 1n;
};
