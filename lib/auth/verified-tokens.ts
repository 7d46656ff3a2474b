import type { KeyObject } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import type { IssuerKeys } from './key-set.ts';

/** How many verified tokens are kept, the newest ones, and for how long, in milliseconds. */
const most = 256;
const longest = 60_000;

/** A token that was found good, and all that this rested on besides its text. */
export type Verified = {
  caller: Caller;
  /** When it was verified and from when on it is refused, in milliseconds since 1970. */
  since: number;
  expires: number;
  /** The key of its signature. */
  key: KeyObject;
};

/** Tokens that were verified a moment ago, by their exact text. */
export type VerifiedTokens = {
  /** The caller of a token that would be found good again; `undefined` if it has to be verified to know. */
  callerOf: (token: string) => Caller | undefined;
  add: (token: string, verified: Verified) => void;
};

/**
 * Remembers verified tokens, so that the next request with the same one is spared the signature. It takes no token that
 * would be refused otherwise: one is forgotten at its expiry, after a minute, when the clock runs back, and once its
 * issuer's keys are fetched anew. A refusal is never remembered.
 */
export const verifiedTokens = (isCurrent: IssuerKeys['holds'], now: () => number): VerifiedTokens => {
  const known = new Map<string, Verified>();

  const isGood = ({ since, expires, key }: Verified): boolean => {
    const age = now() - since;
    return age >= 0 && age < longest && now() < expires && isCurrent(key);
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
      if (known.size >= most && oldest !== undefined) known.delete(oldest);
      known.set(token, verified);
    },
  };
};
