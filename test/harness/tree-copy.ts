import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A mistake that makes a test hang is noticed, too. In milliseconds. */
const timeout = 300_000;

/** A copy of the working tree in which files can be changed and tests run. */
export type TreeCopy = {
  /** Where it is. */
  directory: string;
  /** The text of a file, or nothing if there is none. */
  read(file: string): string | undefined;
  write(file: string, text: string): void;
  /** Whether these test files pass. */
  passes(tests: readonly string[]): Promise<boolean>;
};

/** Hard links if the file systems allow it, since npm does not look into a symbolic link. */
const linkPackages = (from: string, to: string): void => {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    symlinkSync(from, to);
  }
};

/** Copies what git knows of the working tree, changes that are not committed included. It is removed with this process. */
export const copyTree = (): TreeCopy => {
  const copy = mkdtempSync(join(tmpdir(), 'patchwork-copy-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const deleted = execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: root });
  const gone = new Set(String(deleted).split('\0'));
  const files = new Set(
    String(listed)
      .split('\0')
      .filter((file) => file !== '' && !gone.has(file)),
  );
  for (const file of files) cpSync(join(root, file), join(copy, file));
  linkPackages(join(root, 'node_modules'), join(copy, 'node_modules'));

  return {
    directory: copy,
    read: (file) => (existsSync(join(copy, file)) ? readFileSync(join(copy, file), 'utf8') : undefined),
    write: (file, text) => {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), text);
    },
    passes: async (tests) => {
      const vitest = join('node_modules', 'vitest', 'vitest.mjs');
      const options = { cwd: copy, stdio: 'ignore', timeout } as const;
      const child = spawn(process.execPath, [vitest, 'run', '--bail', '1', ...tests], options);
      const [code] = await once(child, 'exit');
      return code === 0;
    },
  };
};
