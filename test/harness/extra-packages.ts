import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CommandError } from '../../infra/command-line.ts';

/** When a file was last modified, in milliseconds since 1970; `undefined` if it does not exist. */
const modifiedAt = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** Whether the packages of a folder were installed after the last change of its lock file. */
const isInstalled = (folder: string): boolean => {
  const installed = modifiedAt(join(folder, 'node_modules', '.package-lock.json'));
  return installed !== undefined && installed >= (modifiedAt(join(folder, 'package-lock.json')) ?? 0);
};

/**
 * Installs the packages that only one folder needs, unless they are up to date. Prints to standard error only, since the
 * calling command may print data to standard output.
 *
 * @param folder a path; contains a `package.json` and a `package-lock.json`
 * @param purpose what needs the packages, for the message
 * @throws CommandError if npm fails
 */
export const installExtraPackages = (folder: string, purpose: string): void => {
  if (isInstalled(folder)) return;
  const name = relative(process.cwd(), folder) || '.';
  process.stderr.write(`Installing the packages that only ${purpose} needs (npm ci in ${name}).\n`);
  const { status } = spawnSync('npm', ['ci'], {
    cwd: folder,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    // On Windows npm is a batch file, which only a shell can run.
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new CommandError(`npm ci failed in ${name}: see its message above.`);
};
