import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { bundledPackages } from '../infra/bundled-packages.ts';

const root = normalize(join(import.meta.dirname, '..', '..'));
const read = <Schema extends v.GenericSchema>(schema: Schema, file: string): v.InferOutput<Schema> =>
  v.parse(schema, JSON.parse(readFileSync(join(root, file), 'utf8')));

const Versions = v.optional(v.record(v.string(), v.string()), {});
const manifest = read(
  v.object({
    dependencies: Versions,
    devDependencies: Versions,
    optionalDependencies: Versions,
    allowScripts: v.record(v.string(), v.boolean()),
    overrides: v.optional(v.unknown()),
  }),
  'package.json',
);

const Locked = v.object({
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  integrity: v.optional(v.string()),
  inBundle: v.optional(v.boolean(), false),
  hasInstallScript: v.optional(v.boolean(), false),
});
const lock = read(v.object({ packages: v.record(v.string(), Locked) }), 'package-lock.json');
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('what is installed', () => {
  const wanted = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });

  test.each(wanted)('%s is pinned to one version, which is the locked one', (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
  });

  test('is known by its content, wherever it comes from', () => {
    const unproven = locked.filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'));
    expect(unproven.map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(
      /"(https?|git|file)[+:]?[^"]*\.tgz"|git\+/,
    );
  });

  test('runs nothing while it is installed, but for what is allowed by name', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = new Set(scripted.map(([path]) => path.replace(/^.*node_modules\//, '')));
    expect([...names].toSorted()).toEqual(Object.keys(manifest.allowScripts).toSorted());
  });
});

describe('what is bundled', () => {
  test.each(bundledPackages())('$name comes under a licence that asks for no more than to be named', ({ licence }) => {
    expect(licence).toMatch(/^(MIT|Apache-2\.0|0BSD|ISC|BSD-3-Clause)$/);
  });

  // Whole, with what is for development marked as such: with "--omit dev", npm drops a package that one of those asks for too.
  test('is in the bill of materials that npm run sbom prints, by content and with its licence', async () => {
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
