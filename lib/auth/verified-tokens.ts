import type { KeyObject } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import type { IssuerKeys } from './key-set.ts';

/** Limits of what is remembered: the newest tokens, for this many milliseconds. */
const maxTokens = 256;
const maxAge = 60_000;

/** A verified token, and what its verification depended on besides its text. */
export type Verified = {
  caller: Caller;
  /** When it was verified, and when it expires: milliseconds since 1970. */
  since: number;
  expires: number;
  /** The key of its signature. */
  key: KeyObject;
};

/** Recently verified tokens, by their exact text. */
export type VerifiedTokens = {
  /** The caller of a token that is still valid; `undefined` if it must be verified (again). */
  callerOf: (token: string) => Caller | undefined;
  add: (token: string, verified: Verified) => void;
};

/**
 * Remembers verified tokens, so that the next request with the same one skips the signature check. It accepts no token that
 * would be refused otherwise: one is forgotten at its expiry, after a minute, when the clock is set back, and once its
 * issuer's keys are fetched again. A refusal is never remembered.
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
