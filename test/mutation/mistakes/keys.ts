import type { Mistake } from '../mistake.ts';

type Change = readonly [promise: string, find: string, replace: string];

/** The mistakes of one file, which the same tests catch. */
export const mistakesIn = (file: string, tests: readonly string[], changes: readonly Change[]): Mistake[] =>
  changes.map(([promise, find, replace]) => ({ promise, file, find, replace, tests }));

const unit = 'test/unit/auth';

/** Mistakes in fetching, choosing and checking an issuer's keys. */
export const keysMistakes: readonly Mistake[] = [
  ...mistakesIn(
    'lib/auth/key-set.ts',
    [`${unit}/key-set.test.ts`, `${unit}/unusable-key-set.test.ts`],
    [
      ['keys are fresh for ten minutes', 'fresh: 600_000', 'fresh: 60_000'],
      ['keys are usable for an hour', 'usable: 3_600_000', 'usable: 36_000_000'],
      ['unknown keys make one fetch in 30 s', 'coolDown: 30_000', 'coolDown: 3_000'],
      ['recovery is noticed within 2 s', 'retryAfterFailure: 2_000', 'retryAfterFailure: 20_000'],
      ['a flood without keys makes one fetch in 2 s', 'retryAfterFailure: 2_000', 'retryAfterFailure: 0'],
      ['a fetch takes 2 s at most', 'timeout: 2_000', 'timeout: 20_000'],
      ['a failed fetch pauses further ones', 'failedAt = now();', 'fetching = undefined;'],
      ['a success ends the pause after a failure', '      failedAt = undefined;\n', ''],
      ['requests at once share a fetch', 'fetching ??= fetched()', 'fetching = fetched()'],
      ['a later fetch is possible', '    fetching = undefined;\n', ''],
      ['known keys survive a failed fetch', '    if (keys) {\n', '    known = undefined;\n    if (keys) {\n'],
      ['the age of keys counts from their own fetch', 'since: now() }', 'since: known?.since ?? now() }'],
      ['keys are given up after their hour', 'keysYoungerThan(times.usable)', 'known?.keys'],
      ['keys are fetched again when no longer fresh', 'if (!keysYoungerThan(times.fresh) &&', 'if (!usableKeys() &&'],
      [
        'stale keys are fetched again every 30 s only',
        'usableKeys() ? times.coolDown : times.retryAfterFailure',
        'times.retryAfterFailure',
      ],
      ['a pause ends on time', 'now() - since >= pause', 'now() - since > pause'],
      ['the age of keys ends on time', 'Math.abs(now() - known.since) < age', 'Math.abs(now() - known.since) <= age'],
      ['a clock that is set back ends a pause', 'since === undefined || now() < since ||', 'since === undefined ||'],
      ['a clock that is set back does not rejuvenate keys', 'Math.abs(now() - known.since)', 'now() - known.since'],
      [
        'without keys: unavailable',
        "if (!keys) throw new Problem('unavailable');",
        "if (!keys) throw new Problem('invalid-token');",
      ],
      [
        'while fetches fail, an unknown key is no bad token',
        "    if (failedAt !== undefined) throw new Problem('unavailable');\n",
        '',
      ],
      ['an unknown key has the keys fetched', '      await refresh();\n    }', '      return unknownKey();\n    }'],
      ['unknown keys do not fetch each time', 'if (failedAt === undefined) missedAt = now();', ''],
      [
        'a failed fetch does not start the long pause',
        'if (failedAt === undefined) missedAt = now();',
        'missedAt = now();',
      ],
      ['a flood during a failure is not passed on', ' && hasPassed(times.retryAfterFailure, failedAt);', ';'],
      ['no token waits for two fetches', 'if (fetches === before) {', 'if (fetches >= before) {'],
      ['verified tokens end with fresh keys', 'keysYoungerThan(times.fresh)?.holds(key)', 'usableKeys()?.holds(key)'],
    ],
  ),
  ...mistakesIn(
    'lib/auth/key-set.ts',
    [`${unit}/prime-verifier.test.ts`],
    [
      ['priming starts no pause', 'if (!usableKeys()) await fetchOnce();', 'if (!usableKeys()) await refresh();'],
      ['priming fetches', 'if (!usableKeys()) await fetchOnce();', ''],
      ['priming fetches once', 'if (!usableKeys()) await fetchOnce();', 'await fetchOnce();'],
      ['priming returns configured keys', 'load: async () => keys,', 'load: async () => undefined,'],
    ],
  ),
  ...mistakesIn(
    'lib/auth/public-keys.ts',
    [`${unit}/public-keys.test.ts`, `${unit}/several-keys.test.ts`],
    [
      ['RSA keys have 2,048 bits', 'modulusLength >= 2048', 'modulusLength >= 1024'],
      ['RSA keys of 2,048 bits are enough', 'modulusLength >= 2048', 'modulusLength > 2048'],
      ['RSA exponents are 3 or more', ' && publicExponent >= 3n', ''],
      ['an RSA exponent of 3 is enough', 'publicExponent >= 3n', 'publicExponent >= 65537n'],
      ['RSA exponents are odd', ' && publicExponent % 2n === 1n', ''],
      ['private keys are no keys', 'd: v.exactOptional(v.never())', 'd: v.exactOptional(v.string())'],
      ['keys for encryption are no keys', "use: v.exactOptional(v.literal('sig'))", 'use: v.exactOptional(v.string())'],
      ['keys must be for verification', "v.pipe(v.array(v.string()), v.includes('verify'))", 'v.array(v.string())'],
      ['a bad member spoils no set', 'keys: v.array(v.unknown())', 'keys: v.array(Jwk)'],
      ['a set without a usable key is none', '  if (!members.some(({ key }) => key())) return undefined;\n', ''],
      ['one usable key is enough', 'members.some(({ key }) => key())', 'members.every(({ key }) => key())'],
      ['keys of other algorithms do not count', '    .filter((jwk) => algorithms.some((alg) => fits(jwk, alg)))\n', ''],
      ['a token names its key', '(kid === undefined || kid === jwk.kid)', 'true'],
      ['a token may name no key', '(kid === undefined || kid === jwk.kid)', 'kid === jwk.kid'],
      ['every matching key is tried', 'return keys;\n', 'return keys.slice(0, 1);\n'],
      ['a key is for its algorithm', ' || (jwk.alg !== undefined && jwk.alg !== alg)', ''],
      [
        'a key is on the curve of its algorithm',
        'return kind.crv === undefined || jwk.crv === kind.crv;',
        'return true;',
      ],
      ['ES512 is on P-521', "crv: 'P-521'", "crv: 'P-512'"],
      ['a key is imported once', 'created ??= { result: create() };', 'created = { result: create() };'],
      ['Ed25519 points are checked', 'return isEd25519Key(', 'return true || isEd25519Key('],
    ],
  ),
  ...mistakesIn(
    'lib/auth/ed25519-point.ts',
    [`${unit}/ed25519-point.test.ts`],
    [
      ['keys of small order are no keys', ' || smallOrder.has(y)', ''],
      ['small order has both signs of order 8', 'ofOrder8, p - ofOrder8]', 'ofOrder8]'],
      ['y is below the prime', 'y >= p || ', ''],
      ['the point is on the curve', 'p - 1n) / 2n) === 1n', 'p - 1n) / 2n) !== 0n'],
    ],
  ),
  ...mistakesIn(
    'lib/auth/fetch-json.ts',
    [`${unit}/fetch-json.test.ts`],
    [
      ['a key set has 256 KiB at most', '256 * 1024', '512 * 1024'],
      ['a key set may have 256 KiB', 'size > maxSize', 'size >= maxSize'],
      ['pieces count together', 'size += chunk.byteLength', 'size = chunk.byteLength'],
      ['only 200 will do', 'response.statusCode !== 200', 'response.statusCode !== 200 && response.statusCode !== 203'],
      ['a fetch has a timeout', '{ signal, headers', '{ headers'],
      ['the timeout is the one given', 'AbortSignal.timeout(timeout)', 'AbortSignal.timeout(timeout * 1000)'],
      ['JSON is asked for', "accept: 'application/json, application/jwk-set+json'", "accept: 'text/html'"],
    ],
  ),
];
