import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How every function is bundled: one minified CommonJS file, which starts faster on Lambda than an ES module. */
export const bundling = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDK imports what it may not need with `import()`; in CommonJS that is a deferred `require` in the same file.
  supported: { 'dynamic-import': false },
  mainFields: ['module', 'main'],
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
} as const satisfies BuildOptions;

/** The folder of an endpoint, where its function begins at `handler.ts`. */
export const sourceOf = (endpointId: string): string => join(root, 'functions', endpointId);

/**
 * Bundles a function into a folder of its own below `directory`, to be deployed as it is; its source map goes beside that
 * folder. Gives the folder.
 *
 * @throws Error if the function does not compile
 */
export const bundleFunction = (endpointId: string, directory: string): string => {
  const folder = join(directory, endpointId);
  const { outputFiles } = buildSync({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [join(sourceOf(endpointId), 'handler.ts')],
    outfile: 'handler.js',
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const isMap = path.endsWith('.map');
    writeFileSync(isMap ? `${folder}.js.map` : join(folder, basename(path)), contents);
  }
  return folder;
};
