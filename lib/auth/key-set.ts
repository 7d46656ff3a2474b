import type { KeyObject } from 'node:crypto';
import { Problem } from '../domain/problem.ts';
import { fetchJson } from './fetch-json.ts';
import { type KeyChoice, type PublicKeys, publicKeysIn } from './public-keys.ts';

/** How long keys are used and how often they are fetched, in milliseconds. */
export type KeySetTimes = {
  /** From this age on, keys are fetched again before they are used. */
  fresh: number;
  /** Up to this age, keys are still used when they cannot be fetched again. */
  usable: number;
  /** Minimum time between two fetches for unknown keys, and after a failed fetch while there are usable keys. */
  coolDown: number;
  /** Minimum time after a failed fetch when a token needs an unknown key: how long a recovery may go unnoticed. */
  retryAfterFailure: number;
  /** Timeout of one fetch. */
  timeout: number;
};

export const keySetTimes: KeySetTimes = {
  fresh: 600_000,
  usable: 3_600_000,
  coolDown: 30_000,
  retryAfterFailure: 2_000,
  timeout: 2_000,
};

/** The keys of an issuer. */
export type IssuerKeys = {
  /**
   * The keys that may have signed a token; empty if the issuer publishes none that matches.
   *
   * @throws Problem `unavailable` when the key may exist but cannot be fetched
   */
  keysFor: (header: KeyChoice) => Promise<readonly KeyObject[]>;
  /** Whether a key from `keysFor` is still current; `false` also if only a fetch could tell. */
  holds: (key: KeyObject) => boolean;
  /** Fetches the keys ahead of the first token, without starting a cool-down; `undefined` if that fails. */
  load: () => Promise<PublicKeys | undefined>;
};

/** Keys that were configured, not fetched. */
export const inlineKeySet = (keys: PublicKeys): IssuerKeys => ({
  keysFor: async (header) => keys.matching(header),
  holds: keys.holds,
  load: async () => keys,
});

export type RemoteKeySet = {
  url: URL;
  /** The signature algorithms that are accepted. */
  algorithms: readonly string[];
  times?: KeySetTimes;
  fetchKeys?: (url: URL, timeout: number) => Promise<unknown>;
  now?: () => number;
};

/**
 * The keys that an issuer publishes at a URL, fetched when first needed. A token with an unknown key triggers a fetch, so
 * that a rotation is noticed immediately, but only once per cool-down, so that a flood of such tokens does not reach the
 * issuer. A response without a usable key counts as a failed fetch. After a failed fetch, known keys are used until they are
 * too old. No token waits for two fetches.
 */
export const remoteKeySet = ({
  url,
  algorithms,
  times = keySetTimes,
  fetchKeys = fetchJson,
  now = Date.now,
}: RemoteKeySet): IssuerKeys => {
  let known: { keys: PublicKeys; since: number } | undefined;
  let fetching: Promise<boolean> | undefined;
  let fetches = 0;
  let failedAt: number | undefined;
  let missedAt: number | undefined;

  // If the clock is set back, pauses end and keys age by the difference, so that neither lasts forever.
  const hasPassed = (pause: number, since: number | undefined) =>
    since === undefined || now() < since || now() - since >= pause;
  const keysYoungerThan = (age: number) => (known && Math.abs(now() - known.since) < age ? known.keys : undefined);
  const usableKeys = () => keysYoungerThan(times.usable);

  const fetched = async (): Promise<boolean> => {
    const keySet = await fetchKeys(url, times.timeout).catch(() => undefined);
    const keys = publicKeysIn(keySet, algorithms);
    if (keys) {
      known = { keys, since: now() };
      failedAt = undefined;
    }
    fetches++;
    fetching = undefined;
    return keys !== undefined;
  };

  /** Whether the fetch succeeded; concurrent callers share one. */
  const fetchOnce = (): Promise<boolean> => {
    fetching ??= fetched();
    return fetching;
  };

  const refresh = async () => {
    if (!(await fetchOnce())) failedAt = now();
  };

  const currentKeys = async (): Promise<PublicKeys> => {
    const mayFetch = hasPassed(usableKeys() ? times.coolDown : times.retryAfterFailure, failedAt);
    if (!keysYoungerThan(times.fresh) && mayFetch) await refresh();
    const keys = usableKeys();
    if (!keys) throw new Problem('unavailable');
    return keys;
  };

  /** The result for a key that no fetch has returned. */
  const unknownKey = (): readonly KeyObject[] => {
    if (failedAt !== undefined) throw new Problem('unavailable');
    return [];
  };

  const keysFor: IssuerKeys['keysFor'] = async (header) => {
    const before = fetches;
    const keys = (await currentKeys()).matching(header);
    if (keys.length > 0) return keys;

    if (fetches === before) {
      const mayFetch = hasPassed(times.coolDown, missedAt) && hasPassed(times.retryAfterFailure, failedAt);
      if (!mayFetch) return unknownKey();
      await refresh();
    }
    const newKeys = usableKeys()?.matching(header) ?? [];
    if (newKeys.length > 0) return newKeys;
    if (failedAt === undefined) missedAt = now();
    return unknownKey();
  };

  return {
    keysFor,
    holds: (key) => keysYoungerThan(times.fresh)?.holds(key) ?? false,
    load: async () => {
      if (!usableKeys()) await fetchOnce();
      return usableKeys();
    },
  };
};
