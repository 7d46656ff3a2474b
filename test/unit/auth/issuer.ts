import { generateKeyPairSync } from 'node:crypto';
import { type KeySetTimes, remoteKeySet } from '../../../lib/auth/key-set.ts';

/** A public key with a key id. */
export const newJwk = (kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});

export type Fetched = () => unknown;

/** What the issuer responds with. */
export const publishing =
  (...keys: unknown[]): Fetched =>
  () => ({ keys });
export const failing: Fetched = () => {
  throw new Error('The issuer is down.');
};

/**
 * The keys of an issuer, whose responses and clock (in milliseconds) the test controls. `outcomeOf` is `found`, `unknown` or the
 * code of the problem. Responses wait for `held`.
 */
export const issuerScene = (fetched: Fetched, { algorithms = ['ES256'], times }: Options = {}) => {
  const scene = { fetched, now: 1_700_000_000_000, fetches: 0, held: Promise.resolve(), timeout: 0 };
  const keys = remoteKeySet({
    url: new URL('https://issuer.example/keys'),
    algorithms,
    ...(times && { times }),
    fetchKeys: async (_, timeout) => {
      scene.fetches++;
      scene.timeout = timeout;
      await scene.held;
      return scene.fetched();
    },
    now: () => scene.now,
  });
  const outcomeOf = async (kid: string, alg = 'ES256'): Promise<string> => {
    try {
      return (await keys.keysFor({ alg, kid })).length > 0 ? 'found' : 'unknown';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  };
  return Object.assign(scene, { keys, outcomeOf });
};
type Options = { algorithms?: readonly string[]; times?: KeySetTimes };
