import { bundling } from '../../infra/bundling.ts';
import { type Built, type Contestant, contestants } from './contestants.ts';
import type { Cold, Results } from './races.ts';
import { ratioOf, type Spread } from './statistics.ts';

const deployed = contestants.find(({ name }) => name === 'update-client');
if (!deployed) throw new Error('update-client is no contestant.');

const without = (...aliases: (keyof typeof bundling.alias)[]): Record<string, string> =>
  Object.fromEntries(Object.entries(bundling.alias).filter(([name]) => !aliases.some((alias) => alias === name)));

const change = (
  name: string,
  options: Contestant['bundling'],
  environment: Record<string, string> = {},
): Contestant => ({
  ...deployed,
  name,
  bundling: { ...bundling, ...options },
  environment: { ...deployed.environment, ...environment },
});

const heap = deployed.environment?.NODE_OPTIONS;

/** The function as it is deployed, and with one thing done otherwise. `cache` is a folder for Node's compile cache. */
export const measures = (cache: string): readonly Contestant[] => [
  deployed,
  change('packages as their `main` has them', { mainFields: ['main', 'module'] }),
  change('the whole chain of credentials', { alias: without('@aws-sdk/credential-provider-node') }),
  change('endpoint discovery', { alias: without('@aws-sdk/middleware-endpoint-discovery') }),
  change('event streams', { external: [] }),
  change('the SDK may ask for web streams', { define: {} }),
  change('an ES module with imports', {
    format: 'esm',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    footer: {},
    supported: {},
  }),
  change('not minified', { minify: false }),
  change('source map inside', { sourcemap: 'inline' }),
  change('source map inside, and enabled', { sourcemap: 'inline' }, { NODE_OPTIONS: `${heap} --enable-source-maps` }),
  change('source map beside, and enabled', { sourcemap: 'linked' }, { NODE_OPTIONS: `${heap} --enable-source-maps` }),
  change("Lambda's own sizes of the heap", {}, { NODE_OPTIONS: '' }),
  change("Node's compile cache, filled by the round before", {}, { NODE_COMPILE_CACHE: cache }),
];

/** How a cold start changes with a measure. */
export type MeasureCost = { name: string; bytes: number; toDeployed: Spread };

export const costOfMeasures = (field: readonly Built[], cold: Results<Cold>): MeasureCost[] => {
  const asDeployed = cold.get(deployed.name)?.start ?? [];
  return field.flatMap(({ contestant: { name }, bytes }) => {
    const start = cold.get(name)?.start;
    return start ? [{ name, bytes, toDeployed: ratioOf(start, asDeployed) }] : [];
  });
};
