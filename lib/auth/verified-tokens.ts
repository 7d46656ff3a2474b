import type { KeyObject } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import type { IssuerKeys } from './key-set.ts';

/** Limits of the cache: the number of tokens, and the age of each in milliseconds. */
const maxTokens = 256;
const maxAge = 60_000;

/** The caller of a verified token, and what the verification depends on besides the token's text. */
export type Verified = {
  caller: Caller;
  /** When it was verified, and when it expires: milliseconds since 1970. */
  since: number;
  expires: number;
  /** The key that verified its signature. */
  key: KeyObject;
};

/** Recently verified tokens, by their exact text. */
export type VerifiedTokens = {
  /** The caller of a token that is still valid; `undefined` if it must be verified (again). */
  callerOf: (token: string) => Caller | undefined;
  add: (token: string, verified: Verified) => void;
};

/**
 * Caches verified tokens, so that the next request with the same one skips the signature check. It accepts no token that
 * would otherwise be refused: a token is dropped at its expiry, after a minute, when the clock is set back, and when the
 * issuer's keys are due to be fetched again. Refusals are not cached.
 */
export const verifiedTokens = (isCurrent: IssuerKeys['holds'], now: () => number): VerifiedTokens => {
  const known = new Map<string, Verified>();

  const isGood = ({ since, expires, key }: Verified): boolean => {
    const age = now() - since;
    return age >= 0 && age < maxAge && now() < expires && isCurrent(key);
  };

  return {
    callerOf: (token) => {
      const verified = known.get(token);
      if (!verified) return undefined;
      if (isGood(verified)) return verified.caller;
      known.delete(token);
      return undefined;
    },
    add: (token, verified) => {
      const [oldest] = known.keys();
      if (known.size >= maxTokens && oldest !== undefined) known.delete(oldest);
      known.set(token, verified);
    },
  };
};
