import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../domain/caller.ts';
import { Problem } from '../domain/problem.ts';
import { flawsIn, plainValueIn } from '../json-flaws.ts';
import { type ClaimNames, grantsIn } from './grants.ts';
import type { IssuerKeys } from './key-set.ts';
import { type Verified, verifiedTokens } from './verified-tokens.ts';

export type TokenRules = {
  issuer: string;
  audience: string;
  /** The accepted signature algorithms; never a symmetric one. */
  algorithms: readonly string[];
  /** Maximum difference between the clocks of issuer and verifier, in seconds. */
  clockTolerance: number;
  claimNames: ClaimNames;
};

/** Returns the caller that a token identifies. */
export type VerifyToken = (token: string) => Promise<Caller>;

/**
 * Verifies signed tokens (RFC 7519) with the issuer's keys, by the rules of RFC 8725: algorithms, issuer and audience are
 * pinned, and `iss`, `aud`, `sub`, `iat` and `exp` are required.
 *
 * @throws Problem `invalid-token`, or `unavailable` when the issuer's keys cannot be fetched
 */
export const tokenVerifier = (
  rules: TokenRules,
  { keysFor, holds }: Pick<IssuerKeys, 'keysFor' | 'holds'>,
  now: () => number = Date.now,
): VerifyToken => {
  const options = {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...rules.algorithms],
    clockTolerance: rules.clockTolerance,
    requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
  };
  const known = verifiedTokens(holds, now);

  /** Several keys may match: those that share a `kid`, and all keys of an algorithm for a token without a `kid`. */
  const signed = async (token: string, currentDate: Date): Promise<{ payload: JWTPayload; key: KeyObject }> => {
    const header = decodeProtectedHeader(token);
    if (!header.alg || !rules.algorithms.includes(header.alg)) throw new errors.JOSEAlgNotAllowed();
    for (const key of await keysFor(header)) {
      try {
        const { payload } = await jwtVerify(token, key, { ...options, currentDate });
        return { payload, key };
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  };

  const verified = async (token: string): Promise<Verified> => {
    const since = now();
    const { payload, key } = await signed(token, new Date(since));
    const caller = {
      subject: subjectOf(payload, since / 1000 + rules.clockTolerance),
      grants: grantsIn(payload, rules.claimNames),
    };
    return { caller, since, expires: expiryOf(payload, rules.clockTolerance), key };
  };

  return async (token) => {
    const caller = known.callerOf(token);
    if (caller) return caller;
    if (!isCanonical(token)) throw new Problem('invalid-token');
    try {
      const fresh = await verified(token);
      known.add(token, fresh);
      return fresh.caller;
    } catch (cause) {
      throw cause instanceof Problem ? cause : new Problem('invalid-token', { cause });
    }
  };
};

/**
 * Fetches the keys, imports those of one algorithm, and runs verification once, on a well-formed token with an invalid
 * signature, so that the first request does not wait for any of it. Does not start a cool-down.
 */
export const primeVerifier = async (rules: TokenRules, keys: IssuerKeys, verify: VerifyToken): Promise<void> => {
  const loaded = await keys.load();
  const alg = rules.algorithms.find((name) => loaded && loaded.matching({ alg: name }).length > 0);
  if (alg) await verify(refusedToken(alg)).catch(() => {});
};

const refusedToken = (alg: string): string =>
  [JSON.stringify({ alg }), '{}', '\0'.repeat(256)].map((part) => Buffer.from(part).toString('base64url')).join('.');

/**
 * Whether a compact JWS is canonical, where jose is more lenient: three parts in base64url without padding, white space or
 * stray bits, no byte-order mark before header or claims (RFC 8259 §8.1), no duplicate members in either (RFC 7519 §4 allows
 * a verifier to refuse those), and neither nested deeper than 16 levels.
 */
const isCanonical = (token: string): boolean => {
  const parts = token.split('.');
  if (parts.length !== 3) return false;
  const [header, claims, signature] = parts.map((part) => ({ part, bytes: Buffer.from(part, 'base64url') }));
  if (![header, claims, signature].every((it) => it?.part !== '' && it?.bytes.toString('base64url') === it?.part)) {
    return false;
  }
  return [header, claims].every((it) => isUnambiguous(it?.bytes.toString() ?? ''));
};

const isUnambiguous = (json: string): boolean => {
  if (plainValueIn(json)) return true;
  if (json.startsWith('\uFEFF')) return false;
  try {
    // Scanning stops at the nesting limit, so a duplicate beyond it would go unnoticed.
    return !flawsIn(json).some(({ kind }) => kind === 'duplicate' || kind === 'deep');
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

/**
 * The subject, after the checks that jose does not make: `iat` must be finite (JSON's `1e999` is not) and not after `latest`,
 * in seconds since 1970, and `sub` a string of 1 to 255 characters (OpenID Connect Core §2).
 */
const subjectOf = ({ sub, iat = Number.NaN }: JWTPayload, latest: number): string => {
  const isTimely = iat <= latest && Number.isFinite(iat);
  if (!isTimely || typeof sub !== 'string' || sub === '' || sub.length > 255) throw new Problem('invalid-token');
  return sub;
};

/** When a token expires, in milliseconds since 1970. `exp` must be finite: JSON's `1e999` is not. */
const expiryOf = ({ exp = Number.NaN }: JWTPayload, clockTolerance: number): number => {
  if (!Number.isFinite(exp)) throw new Problem('invalid-token');
  return (exp + clockTolerance) * 1000;
};
