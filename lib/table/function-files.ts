/**
 * What a bundled function has instead of `node:fs/promises` (`infra/bundling.ts`): for each of its settings that no
 * environment variable gives, the SDK looks for a developer's `~/.aws/config`. A function has none, and to find that out
 * file by file costs a cold start some milliseconds. Settings in the environment are read as ever.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`A function has no file ${path}`), { code: 'ENOENT' });
};
