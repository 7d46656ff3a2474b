import { type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../domain/caller.ts';
import { Problem } from '../domain/problem.ts';
import { flawsIn, plainValueIn } from '../json-flaws.ts';
import { type ClaimNames, grantsIn } from './grants.ts';
import type { IssuerKeys } from './key-set.ts';
import { type Verified, verifiedTokens } from './verified-tokens.ts';

export type TokenRules = {
  issuer: string;
  audience: string;
  /** The signature algorithms that are taken; never a symmetric one. */
  algorithms: readonly string[];
  /** How far apart the clocks of issuer and verifier may be, in seconds. */
  clockTolerance: number;
  claimNames: ClaimNames;
};

/** Gives the caller that a token speaks for. */
export type VerifyToken = (token: string) => Promise<Caller>;

/**
 * Verifies signed tokens (RFC 7519) with the issuer's keys, by the rules of RFC 8725: algorithms, issuer and audience are
 * pinned, and `iss`, `aud`, `sub`, `iat` and `exp` are required.
 *
 * @throws Problem `invalid-token`, or `unavailable` when the issuer's keys cannot be had
 */
export const tokenVerifier = (
  rules: TokenRules,
  { keyFor, holds }: IssuerKeys,
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

  const verified = async (token: string): Promise<Verified> => {
    const since = now();
    const { payload, key } = await jwtVerify(token, keyFor, {
      ...options,
      currentDate: new Date(since),
    });
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

/** A token that is well-formed and signed by nobody: to refuse it takes a key, and every step up to its signature. */
export const refusedToken = ({ algorithms: [alg] }: TokenRules): string =>
  [JSON.stringify({ alg }), '{}', '\0'.repeat(256)].map((part) => Buffer.from(part).toString('base64url')).join('.');

/**
 * Whether a compact JWS is spelt in its one way: three parts in base64url without padding, white space or stray bits, and
 * no member given twice in header or claims (RFC 7519 §4 lets a verifier refuse those). jose takes all of these.
 */
const isCanonical = (token: string): boolean => {
  const parts = token.split('.');
  if (parts.length !== 3) return false;
  const [header, claims, signature] = parts.map((part) => ({ part, bytes: Buffer.from(part, 'base64url') }));
  if (![header, claims, signature].every((it) => it?.part !== '' && it?.bytes.toString('base64url') === it?.part)) {
    return false;
  }
  return [header, claims].every((it) => hasDistinctMembers(it?.bytes.toString() ?? ''));
};

const hasDistinctMembers = (json: string): boolean => {
  if (plainValueIn(json)) return true;
  try {
    // Reading ends at what is nested too deeply, so behind that a member may be there twice unseen.
    return !flawsIn(json).some(({ kind }) => kind === 'duplicate' || kind === 'deep');
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

/**
 * The subject, once what jose leaves open is checked: that `iat` is a moment (JSON's `1e999` is not) and not after `latest`, in
 * seconds since 1970, and that `sub` is text of at most 255 characters (OpenID Connect Core §2).
 */
const subjectOf = ({ sub, iat = Number.NaN }: JWTPayload, latest: number): string => {
  const isTimely = iat <= latest && Number.isFinite(iat);
  if (!isTimely || typeof sub !== 'string' || sub === '' || sub.length > 255) throw new Problem('invalid-token');
  return sub;
};

/** When a token is refused for its age, in milliseconds since 1970. `exp` must be a moment at all: JSON's `1e999` is not. */
const expiryOf = ({ exp = Number.NaN }: JWTPayload, clockTolerance: number): number => {
  if (!Number.isFinite(exp)) throw new Problem('invalid-token');
  return (exp + clockTolerance) * 1000;
};
