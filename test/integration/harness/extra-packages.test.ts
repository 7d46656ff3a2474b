import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const library = pathToFileURL(join(import.meta.dirname, '../../harness/extra-packages.ts')).href;

describe('the packages that only one folder needs', () => {
  let folder: string;

  // The folder depends on a local package, so that npm needs no network.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchwork-extra-'));
    mkdirSync(join(folder, 'peer'));
    const manifest = { dependencies: { peer: 'file:peer' } };
    const packages = {
      '': manifest,
      'node_modules/peer': { resolved: 'peer', link: true },
      peer: { version: '1.0.0' },
    };
    writeFileSync(join(folder, 'peer', 'package.json'), JSON.stringify({ name: 'peer', version: '1.0.0' }));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a command that needs the packages. */
  const install = () => {
    const script = `import { installExtraPackages } from '${library}'; installExtraPackages('.', 'a test');`;
    const options = { cwd: folder, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options);
    return { status, stdout, stderr };
  };
  const nothing = { status: 0, stdout: '', stderr: '' };
  const announced = {
    status: 0,
    stdout: '',
    stderr: expect.stringMatching(/^Installing the packages that only a test needs \(npm ci in \.\)\.\n/),
  };

  test('are installed once, and npm prints nothing to standard output', () => {
    expect(install()).toEqual(announced);
    expect(existsSync(join(folder, 'node_modules', 'peer', 'package.json'))).toBe(true);
    expect(install()).toEqual(nothing);
  });

  test('are installed again after a change of the lock file', () => {
    expect(install()).toEqual(announced);
    const later = Date.now() / 1000 + 60;
    utimesSync(join(folder, 'package-lock.json'), later, later);
    expect(install()).toEqual(announced);
  });

  test('are reported if npm cannot install them', () => {
    rmSync(join(folder, 'package-lock.json'));
    expect(install()).toMatchObject({ status: 1, stderr: expect.stringContaining('npm ci failed in .') });
  });
});
