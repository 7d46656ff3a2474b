import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { copyTree } from '../harness/tree-copy.ts';
import { addInvented } from './add.ts';

/** Runs vitest, with the options of this command, in a copy of the tree that has an invented endpoint beside the real ones. */
const { directory } = addInvented(copyTree());
// A test of the repository asks git for its files.
for (const command of [
  ['init', '-q'],
  ['add', '-A'],
])
  execFileSync('git', command, { cwd: directory });
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: directory,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
