import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { bundledPackages } from '../infra/bundled-packages.ts';

const root = normalize(join(import.meta.dirname, '..', '..'));
const read = <Schema extends v.GenericSchema>(schema: Schema, file: string): v.InferOutput<Schema> =>
  v.parse(schema, JSON.parse(readFileSync(join(root, file), 'utf8')));

const Versions = v.optional(v.record(v.string(), v.string()), {});
const Manifest = v.object({
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  allowScripts: v.optional(v.record(v.string(), v.boolean()), {}),
});

const Locked = v.object({
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  integrity: v.optional(v.string()),
  deprecated: v.optional(v.string()),
  inBundle: v.optional(v.boolean(), false),
  hasInstallScript: v.optional(v.boolean(), false),
});
const Lock = v.object({ packages: v.record(v.string(), Locked) });

/** The environment without the settings of npm, which differ between machines. */
const otherEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)),
);

/** The root, and every folder with packages of its own. */
const folders = globSync('{.,test/*}/package.json', { cwd: root }).map(dirname).toSorted();

test('there are four folders with packages of their own', () => {
  expect(folders).toEqual(['.', 'test/bench', 'test/mutation', 'test/page']);
});

describe.each(folders)('what npm ci installs in %s', (folder) => {
  const manifest = read(Manifest, join(folder, 'package.json'));
  const lock = read(Lock, join(folder, 'package-lock.json'));
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
  const wanted = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  const pathsWhere = (isListed: (entry: v.InferOutput<typeof Locked>) => boolean): string[] =>
    locked.filter(([, entry]) => isListed(entry)).map(([path]) => path);

  test.each(wanted)('%s is pinned to %s, which is the locked version', (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
  });

  test('is verified by its hash, whichever registry it comes from', () => {
    expect(pathsWhere(({ integrity, inBundle }) => !inBundle && !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(pathsWhere(({ resolved }) => resolved !== undefined)).toEqual([]);
    expect(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')).not.toMatch(
      /"(https?|git|file)[+:]?[^"]*\.tgz"|git\+/,
    );
  });

  test('runs no install script that is not listed', () => {
    const names = new Set(
      pathsWhere(({ hasInstallScript }) => hasInstallScript).map((path) => path.replace(/^.*node_modules\//, '')),
    );
    expect([...names].toSorted()).toEqual(Object.keys(manifest.allowScripts).toSorted());
  });

  test('is not deprecated', () => {
    expect(pathsWhere(({ deprecated }) => deprecated !== undefined)).toEqual([]);
  });

  // npm runs on the Node that runs this test, which is the one that all scripts run on. `.npmrc` hides these warnings elsewhere.
  test('supports the Node that runs it, and installs without other warnings of npm', () => {
    const { status, stderr } = spawnSync('npm', ['ci', '--dry-run', '--ignore-scripts', '--loglevel=warn'], {
      cwd: join(root, folder),
      encoding: 'utf8',
      env: { ...otherEnvironment, npm_config_userconfig: devNull, npm_config_offline: 'true' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('what is bundled', () => {
  test.each(bundledPackages())('$name has a licence that requires only attribution', ({ licence }) => {
    expect(licence).toMatch(/^(MIT|Apache-2\.0|0BSD|ISC|BSD-3-Clause)$/);
  });

  // Complete, with development dependencies marked as such: with "--omit dev", npm also drops a package that one of those requires.
  test('is in the bill of materials of npm run sbom, with its hash and its licence', async () => {
    const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    const Bill = v.object({
      bomFormat: v.literal('CycloneDX'),
      components: v.array(
        v.object({
          name: v.string(),
          hashes: v.optional(v.array(v.object({ alg: v.string() })), []),
          licenses: v.optional(v.array(v.unknown()), []),
        }),
      ),
    });
    const { components } = v.parse(Bill, JSON.parse(printed));
    for (const { name: bundled } of bundledPackages()) {
      const { hashes, licenses } = components.find(({ name }) => name === bundled) ?? {};
      expect({ bundled, hashes, licenses }).toEqual({
        bundled,
        hashes: [{ alg: 'SHA-512' }],
        licenses: [expect.anything()],
      });
    }
  });
});
