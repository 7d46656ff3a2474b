import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { sourceOf } from '../../infra/bundling/bundle-function.ts';
import { bundling } from '../../infra/bundling/options.ts';
import { memorySize, nodeOptionsFor } from '../../infra/node-options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One of those that are measured. */
export type Contestant = {
  name: string;
  /** Where its handler is, from the root of the repository. */
  entry: string;
  bundling: BuildOptions;
  /** Which endpoint it is called for. */
  endpoint: 'update-client' | 'update-workspace';
  environment?: Record<string, string>;
  /** Whether it is measured warm, too. */
  isWarm: boolean;
};

/** What CDK's NodejsFunction does when it is told to minify, and nothing else. */
const plainBundling: BuildOptions = { bundle: true, minify: true, platform: 'node', target: 'node24', format: 'cjs' };

const peer = (name: string, label = name): Contestant => ({
  name: label,
  entry: `test/bench/peers/${name}.ts`,
  bundling: plainBundling,
  endpoint: 'update-client',
  isWarm: true,
});

const ours = (endpoint: Contestant['endpoint']): Contestant => ({
  name: endpoint,
  entry: join(sourceOf(endpoint), 'handler.ts'),
  bundling,
  endpoint,
  environment: { NODE_OPTIONS: nodeOptionsFor(memorySize) },
  isWarm: true,
});

const primed = (endpoint: Contestant['endpoint']): Contestant => ({
  ...ours(endpoint),
  name: `${endpoint}, primed`,
  environment: { ...ours(endpoint).environment, PRIMING: 'on' },
  isWarm: false,
});

export const empty = { ...peer('empty'), isWarm: false };
export const bare = peer('bare', 'bare handler');
export const floor = peer('floor');
export const updateClient = ours('update-client');

export const contestants: readonly Contestant[] = [
  empty,
  floor,
  updateClient,
  primed('update-client'),
  ours('update-workspace'),
  primed('update-workspace'),
  bare,
  peer('middy', 'plain middy'),
  peer('hono', 'Hono'),
  peer('powertools', 'Powertools router'),
  peer('express', 'Express'),
  peer('fastify', 'Fastify'),
];

/** A contestant's function, ready to be started. */
export type Built = { contestant: Contestant; file: string; bytes: number };

/** Bundles a contestant into a folder of its own under `directory`. */
export const built = async (contestant: Contestant, directory: string): Promise<Built> => {
  const { metafile } = await build({
    ...contestant.bundling,
    absWorkingDir: root,
    entryPoints: { index: contestant.entry },
    outdir: join(directory, contestant.name.replaceAll(/\W+/g, '-')),
    metafile: true,
  });
  const [path = '', output] = Object.entries(metafile.outputs).find(([name]) => !name.endsWith('.map')) ?? [];
  return { contestant, file: join(root, path), bytes: output?.bytes ?? 0 };
};
