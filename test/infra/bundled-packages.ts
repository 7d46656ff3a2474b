import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import * as v from 'valibot';
import { bundling } from '../../infra/bundling/options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const Manifest = v.object({ name: v.string(), version: v.string(), license: v.string() });

/** A package of which some code is in a bundle. */
export type BundledPackage = {
  name: string;
  version: string;
  /** The SPDX identifier of its licence. */
  licence: string;
  /** Its copyright notice; nothing if the package states none. */
  copyright: string | undefined;
  /** The text of its licence; nothing if it only names it. */
  licenceText: string | undefined;
  /** What has to be passed on beside the licence (Apache-2.0 §4(d)); nothing if there is none. */
  notice: string | undefined;
};

/** Where the packages are of which an esbuild output has at least one byte, relative to the repository's root. */
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

/** What the bundles of all functions are made of beside our own code, sorted by name. */
export const bundledPackages = (): BundledPackage[] => {
  const folders = new Set(globSync('functions/*/handler.ts', { cwd: root }).flatMap(foldersIn));
  return [...folders].map(packageIn).toSorted((one, other) => (one.name < other.name ? -1 : 1));
};

const packageIn = (folder: string): BundledPackage => {
  const { name, version, license } = v.parse(Manifest, JSON.parse(textOf(folder, 'package.json') ?? ''));
  const licenceText = textOf(folder, 'LICENSE') ?? textOf(folder, 'LICENSE.md');
  const copyright = copyrightIn(licenceText) ?? copyrightIn(textOf(folder, 'README.md'));
  return { name, version, licence: license, copyright, licenceText, notice: textOf(folder, 'NOTICE') };
};

const textOf = (folder: string, file: string): string | undefined => {
  const path = join(root, folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

/** The line or sentence that begins with "Copyright" and a year or "(c)", without links. */
const copyrightIn = (text = ''): string | undefined =>
  /Copyright (?:\(c\)|\d{4}).*/
    .exec(text)?.[0]
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\.?\s*$/, '.');
