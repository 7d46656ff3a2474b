import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Caller } from '../domain/caller.ts';
import { Problem } from '../domain/problem.ts';
import { flawsIn } from '../json-flaws.ts';
import { type ClaimNames, grantsIn } from './grants.ts';

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
export const tokenVerifier = (rules: TokenRules, keyFor: JWTVerifyGetKey): VerifyToken => {
  const options = {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...rules.algorithms],
    clockTolerance: rules.clockTolerance,
    requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
  };
  return async (token) => {
    if (!isCanonical(token)) throw new Problem('invalid-token');
    try {
      const { payload } = await jwtVerify(token, keyFor, options);
      const subject = subjectOf(payload, rules.clockTolerance);
      return { subject, grants: grantsIn(payload, rules.claimNames) };
    } catch (cause) {
      throw cause instanceof Problem ? cause : new Problem('invalid-token', { cause });
    }
  };
};

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
  try {
    // Reading ends at what is nested too deeply, so behind that a member may be there twice unseen.
    return !flawsIn(json).some(({ kind }) => kind === 'duplicate' || kind === 'deep');
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

/**
 * The subject, once what jose leaves open is checked: that `iat` is not in the future, that it and `exp` are moments at all
 * (JSON's `1e999` is not), and that `sub` is text of at most 255 characters (OpenID Connect Core §2).
 */
const subjectOf = ({ sub, iat = Number.NaN, exp = Number.NaN }: JWTPayload, clockTolerance: number): string => {
  const isTimely = iat <= Date.now() / 1000 + clockTolerance && Number.isFinite(iat) && Number.isFinite(exp);
  if (!isTimely || typeof sub !== 'string' || sub === '' || sub.length > 255) throw new Problem('invalid-token');
  return sub;
};
