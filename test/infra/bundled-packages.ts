import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import * as v from 'valibot';
import { bundling } from '../../infra/bundling/options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const Manifest = v.object({ name: v.string(), version: v.string(), license: v.string() });

/** A package with code in a bundle. */
export type BundledPackage = {
  name: string;
  version: string;
  /** The SPDX identifier of its licence. */
  licence: string;
  /** Its copyright notice, if it has one. */
  copyright: string | undefined;
  /** The text of its licence file, if it has one. */
  licenceText: string | undefined;
  /** Its NOTICE file, if it has one, which must be redistributed with the licence (Apache-2.0 §4(d)). */
  notice: string | undefined;
};

/** The folders of the packages with at least one byte in the bundle, relative to the repository's root. */
const foldersIn = (entryPoint: string): string[] => {
  const { metafile } = buildSync({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outdir: 'unused',
    write: false,
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
      const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
      return folder !== undefined && bytesInOutput > 0 ? [folder] : [];
    }),
  );
};

/** All packages with code in the bundle of any function, sorted by name. */
export const bundledPackages = (): BundledPackage[] => {
  const folders = new Set(globSync('functions/*/handler.ts', { cwd: root }).flatMap(foldersIn));
  return [...folders].map(packageIn).toSorted((one, other) => (one.name < other.name ? -1 : 1));
};

const packageIn = (folder: string): BundledPackage => {
  const { name, version, license } = v.parse(Manifest, JSON.parse(textOf(folder, 'package.json') ?? ''));
  const licenceText = textOf(folder, 'LICENSE') ?? textOf(folder, 'LICENSE.md') ?? textOf(folder, 'license');
  const copyright = copyrightIn(licenceText) ?? copyrightIn(textOf(folder, 'README.md'));
  return { name, version, licence: license, copyright, licenceText, notice: textOf(folder, 'NOTICE') };
};

const textOf = (folder: string, file: string): string | undefined => {
  const path = join(root, folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

/** The line that contains "Copyright" with a year or "(c)", from there on, with the indented lines after it, without links. */
const copyrightIn = (text = ''): string | undefined =>
  /Copyright (?:\(c\)|\d{4}).*(?:\n {4,}\S.*)*/
    .exec(text)?.[0]
    .replaceAll(/\n +/g, ', ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\.?\s*$/, '.');
