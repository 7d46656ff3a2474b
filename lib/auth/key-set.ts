import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { Problem } from '../domain/problem.ts';
import { fetchJson } from './fetch-json.ts';

/** A JSON Web Key Set (RFC 7517 §5). What its keys must hold, jose checks when one is used. */
export const KeySet = v.object({ keys: v.array(v.looseObject({ kty: v.string() })) });
export type KeySet = v.InferOutput<typeof KeySet>;

/** How long keys are used and how often they are asked for, in milliseconds. */
export type KeySetTimes = {
  /** From this age on, keys are fetched anew before they are used. */
  fresh: number;
  /** Up to this age, keys are still used when they cannot be fetched anew. */
  usable: number;
  /** Between two fetches for the sake of an unknown key, and after one that fails while there are usable keys. */
  coolDown: number;
  /** How long one fetch may take. */
  timeout: number;
};

export const keySetTimes: KeySetTimes = { fresh: 600_000, usable: 3_600_000, coolDown: 30_000, timeout: 2_000 };

/** The keys of an issuer. */
export type IssuerKeys = {
  /** The key for a token, as jose asks for it. */
  keyFor: JWTVerifyGetKey;
  /** Whether a key that `keyFor` gave is still one of them; `false` also if they would have to be fetched to know. */
  holds: (key: object) => boolean;
};

/** A set of keys that was given, not fetched. */
export const inlineKeySet = (keySet: KeySet): IssuerKeys => keysOf(keySet);

/**
 * The keys that an issuer publishes under a URL, fetched when first needed. A token with an unknown key has them fetched at
 * once, so that a rotation is noticed, but once per cool-down only, so that a flood of such tokens is not passed on.
 * While the issuer cannot be reached, known keys are used until they are too old. No token waits for two fetches.
 *
 * @throws Problem `unavailable` when the key may exist but cannot be had; jose's error when it does not exist
 */
export const remoteKeySet = (
  url: URL,
  times: KeySetTimes = keySetTimes,
  fetchKeys: (url: URL, timeout: number) => Promise<unknown> = fetchJson,
  now: () => number = Date.now,
): IssuerKeys => {
  let known: (IssuerKeys & { since: number }) | undefined;
  let fetching: Promise<void> | undefined;
  let failedAt: number | undefined;
  let missedAt: number | undefined;
  let fetches = 0;

  const hasPassed = (duration: number, since: number | undefined) => since === undefined || now() - since >= duration;

  const fetchOnce = (): Promise<void> => {
    const fetched = async () => {
      try {
        const keySet = v.parse(KeySet, await fetchKeys(url, times.timeout));
        known = { ...keysOf(keySet), since: now() };
        failedAt = undefined;
      } catch {
        failedAt = now();
      }
      fetching = undefined;
      fetches++;
    };
    fetching ??= fetched();
    return fetching;
  };

  const areUsable = () => known !== undefined && !hasPassed(times.usable, known.since);

  const usableKeys = async (): Promise<JWTVerifyGetKey> => {
    const areDue = known && hasPassed(times.fresh, known.since) && hasPassed(times.coolDown, failedAt);
    if (areDue || !areUsable()) await fetchOnce();
    if (!known || !areUsable()) throw new Problem('unavailable');
    return known.keyFor;
  };

  const keyFor: JWTVerifyGetKey = async (header, token) => {
    const before = fetches;
    try {
      return await (await usableKeys())(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const areNew = fetches > before;
      const mayFetch = !areNew && (fetching !== undefined || hasPassed(times.coolDown, missedAt));
      if (areNew || mayFetch) missedAt = now();
      if (mayFetch) await fetchOnce();
      if (failedAt !== undefined) throw new Problem('unavailable', { cause: error });
      if (!mayFetch) throw error;
    }
    return (await usableKeys())(header, token);
  };

  return {
    keyFor,
    holds: (key) => known !== undefined && !hasPassed(times.fresh, known.since) && known.holds(key),
  };
};

/**
 * The keys of one set. A key that the set holds but that cannot be used (not public, say) is the issuer's fault, not the
 * token's.
 */
const keysOf = (keySet: KeySet): IssuerKeys => {
  const keyIn = createLocalJWKSet(keySet);
  const given = new WeakSet<object>();
  return {
    keyFor: async (header, token) => {
      try {
        const key = await keyIn(header, token);
        given.add(key);
        return key;
      } catch (error) {
        if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSInvalid)) throw error;
        throw new Problem('unavailable', { cause: error });
      }
    },
    holds: (key) => given.has(key),
  };
};
