import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runCommand } from '../../infra/command-line.ts';
import { installExtraPackages } from '../harness/extra-packages.ts';

const stryker = join(import.meta.dirname, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const settings = join(import.meta.dirname, 'stryker.config.json');

/** Runs Stryker with the options of the command line added to its own. */
const mutate = (options: readonly string[], tests: 'quick' | 'all'): number => {
  const { status } = spawnSync(process.execPath, [stryker, 'run', settings, ...options, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: tests },
  });
  return status ?? 1;
};

await runCommand(async () => {
  installExtraPackages(import.meta.dirname, 'mutation testing');
  // All changes first meet the quick tests; only those that survive meet the others.
  process.exitCode = mutate(['--force'], 'quick') || mutate([], 'all');
});
