import { bundling } from '../../infra/bundling/options.ts';
import { type Built, type Contestant, updateClient } from './contestants.ts';
import type { Cold, Results } from './races.ts';
import { ratioOf, type Spread } from './statistics.ts';

const without = (...aliases: (keyof typeof bundling.alias)[]): Record<string, string> =>
  Object.fromEntries(Object.entries(bundling.alias).filter(([name]) => !aliases.some((alias) => alias === name)));

const variant = (
  name: string,
  options: Contestant['bundling'],
  environment: Record<string, string> = {},
): Contestant => ({
  ...updateClient,
  name,
  bundling: { ...bundling, ...options },
  environment: { ...updateClient.environment, ...environment },
});

const heap = updateClient.environment?.NODE_OPTIONS;

/** The function as it is deployed, and with one thing done otherwise. `cache` is a folder for Node's compile cache. */
export const variants = (cache: string): readonly Contestant[] => [
  updateClient,
  variant('packages as their `main` has them', { mainFields: ['main', 'module'] }),
  variant('the whole chain of credentials, and settings from a file', {
    // The chain reads a file by itself.
    alias: without('@aws-sdk/credential-provider-node', 'node:fs/promises'),
  }),
  variant('settings from a file', { alias: without('node:fs/promises') }),
  variant('endpoint discovery', { alias: without('@aws-sdk/middleware-endpoint-discovery') }),
  variant('event streams', { external: [] }),
  variant('the SDK may ask for web streams', { define: {} }),
  variant('an ES module with imports', {
    format: 'esm',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    footer: {},
    supported: {},
  }),
  variant('not minified', { minify: false }),
  variant('source map inside', { sourcemap: 'inline' }),
  variant('source map inside, and enabled', { sourcemap: 'inline' }, { NODE_OPTIONS: `${heap} --enable-source-maps` }),
  variant('source map beside, and enabled', { sourcemap: 'linked' }, { NODE_OPTIONS: `${heap} --enable-source-maps` }),
  variant("Lambda's own sizes of the heap", {}, { NODE_OPTIONS: '' }),
  variant("Node's compile cache, filled by the round before", {}, { NODE_COMPILE_CACHE: cache }),
];

/** What a cold start costs in a variant, and what that is of the function's as it is deployed. */
export type VariantCost = { name: string; bytes: number; toDeployed: Spread };

export const costOfVariants = (field: readonly Built[], cold: Results<Cold>): VariantCost[] => {
  const deployed = cold.get(updateClient.name)?.start ?? [];
  return field.flatMap(({ contestant: { name }, bytes }) => {
    const start = cold.get(name)?.start;
    return start ? [{ name, bytes, toDeployed: ratioOf(start, deployed) }] : [];
  });
};
