import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundling } from './options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The notices of every package that is bundled, as their licences require; a test derives them from the bundles. */
const notices = fileURLToPath(new URL('THIRD-PARTY.md', import.meta.url));

/** The folder of an endpoint; its function is in `handler.ts`. */
export const sourceOf = (endpointId: string): string => join(root, 'functions', endpointId);

/**
 * Bundles a function into a folder of its own below `directory`, ready to be deployed: the code and the third-party notices.
 * The source map goes beside that folder. Returns the folder.
 *
 * @throws Error if the function does not compile
 */
export const bundleFunction = (endpointId: string, directory: string): string => {
  const folder = join(directory, endpointId);
  const { outputFiles } = buildSync({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [join(sourceOf(endpointId), 'handler.ts')],
    outdir: folder,
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const isMap = path.endsWith('.map');
    writeFileSync(isMap ? `${folder}.mjs.map` : join(folder, basename(path)), contents);
  }
  copyFileSync(notices, join(folder, basename(notices)));
  return folder;
};
