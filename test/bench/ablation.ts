import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { bundling } from '../../infra/bundling/options.ts';
import { type Built, type Contestant, updateClient } from './contestants.ts';
import type { Cold, Results, Warmed } from './races.ts';
import { ratioOf, type Spread } from './statistics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
  isWarm: false,
});

/**
 * Bundles files of `plain/` in place of modules of ours.
 *
 * @throws Error if one of them is not in the bundle
 */
const replacing = (replacements: Record<string, string>): Plugin => ({
  name: 'replacing',
  setup: ({ onResolve, onEnd }) => {
    const left = new Set(Object.keys(replacements));
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const original = resolve(resolveDir, path).slice(root.length);
      const replacement = replacements[original];
      const folder = join(import.meta.dirname, 'plain');
      if (replacement === undefined || resolveDir === folder) return undefined;
      left.delete(original);
      return { path: join(folder, replacement) };
    });
    onEnd(() => ({ errors: [...left].map((file) => ({ text: `${file} is not in the bundle.` })) }));
  },
});

/** The function without one piece of code that is there for speed; measured warm, too. */
const withoutPiece = (name: string, replacements: Record<string, string>, options: Contestant['bundling'] = {}) => ({
  ...variant(name, { ...options, plugins: [replacing(replacements)] }),
  isWarm: true,
});

const heap = updateClient.environment?.NODE_OPTIONS;

/** The function as it is deployed, and with one thing done otherwise. `cache` is a folder for Node's compile cache. */
export const variants = (cache: string): readonly Contestant[] => [
  updateClient,
  { ...variant('the same (a control)', {}), isWarm: true },
  withoutPiece('middleware resolved for each request', { 'lib/table/sdk/send-update.ts': 'send-update.ts' }),
  withoutPiece('the same, with a signal among the options', {
    'lib/table/sdk/send-update.ts': 'send-update-with-signal.ts',
    'lib/table/sdk/deadline.ts': 'deadline.ts',
  }),
  withoutPiece('a signer for each request', { 'lib/table/sdk/reuse-signer.ts': 'reuse-signer.ts' }),
  withoutPiece('the configuration as the SDK builds it', {
    'lib/table/sdk/pack-configuration.ts': 'pack-configuration.ts',
  }),
  withoutPiece("the SDK's logger", { 'lib/table/sdk/remove-middleware.ts': 'with-logger.ts' }),
  withoutPiece("the SDK's user agent", { 'lib/table/sdk/remove-middleware.ts': 'with-user-agent.ts' }, { loader: {} }),
  withoutPiece(
    "the SDK's SHA-256",
    { 'lib/table/sdk/sha256.ts': 'sha256.ts' },
    { alias: without('@smithy/core/checksum') },
  ),
  withoutPiece('each token verified', { 'lib/auth/verified-tokens.ts': 'verified-tokens.ts' }),
  withoutPiece('each text read token by token', { 'lib/json-flaws.ts': 'json-flaws.ts' }),
  { ...variant("Lambda's own sizes of the heap", {}, { NODE_OPTIONS: '' }), isWarm: true },
  variant('packages as their `main` has them', { mainFields: ['main', 'module'] }),
  variant('the whole chain of credentials, and settings from a file', {
    // The chain reads a file by itself.
    alias: without('@aws-sdk/credential-provider-node', 'node:fs/promises'),
  }),
  variant('settings from a file', { alias: without('node:fs/promises') }),
  variant("Lambda's invoke store", { alias: without('@aws/lambda-invoke-store') }),
  variant('endpoint discovery', { alias: without('@aws-sdk/middleware-endpoint-discovery') }),
  // These need another checksum, too.
  variant('event streams', { external: [], alias: without('@smithy/core/checksum') }),
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
  variant("Node's compile cache, filled by the round before", {}, { NODE_COMPILE_CACHE: cache }),
];

/**
 * What a variant costs, as a ratio to the function as it is deployed: by the round for cold starts, by the slice for warm
 * requests, each with the 95 % interval of its median.
 */
export type VariantCost = {
  name: string;
  bytes: number;
  coldStart: Spread;
  fresh: Spread | undefined;
  repeated: Spread | undefined;
  memoryAtMost: Spread | undefined;
};

export const costOfVariants = (field: readonly Built[], cold: Results<Cold>, warm: Results<Warmed>): VariantCost[] => {
  const toDeployed = <Result>(results: Results<Result>, name: string, of: (result: Result) => number[]) => {
    const [result, deployed] = [results.get(name), results.get(updateClient.name)];
    return result && deployed && ratioOf(of(result), of(deployed));
  };
  return field.flatMap(({ contestant: { name }, bytes }) => {
    const coldStart = toDeployed(cold, name, ({ start }) => start);
    if (!coldStart) return [];
    return {
      name,
      bytes,
      coldStart,
      fresh: toDeployed(warm, name, ({ fresh }) => fresh),
      repeated: toDeployed(warm, name, ({ repeated }) => repeated),
      memoryAtMost: toDeployed(warm, name, ({ memory }) => memory),
    };
  });
};
