import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CommandError } from '../../infra/command-line.ts';

/** When a file was last written, in milliseconds, or `undefined` if it does not exist. */
const writtenAt = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** Whether the packages in a folder were installed after its lock file last changed. */
const isInstalled = (folder: string): boolean => {
  const installed = writtenAt(join(folder, 'node_modules', '.package-lock.json'));
  return installed !== undefined && installed >= (writtenAt(join(folder, 'package-lock.json')) ?? 0);
};

/**
 * Installs the packages that only one folder needs, unless they are installed. Writes to standard error only, since the
 * command that calls it may print data.
 *
 * @param folder its path; it has a `package.json` and a `package-lock.json`
 * @param purpose what needs them, for the message
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
