import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * How every function is bundled, and what that does for its cold start (measured by `npm run bench -- --ablation`).
 *
 * One minified CommonJS text inside an ES module. The inside takes Node's modules by `require`: an `import` of `node:http`
 * would read every member of it and so load Node's `fetch`, which a function never calls. The outside is a module, because
 * only a module can have Lambda wait until `ready`.
 */
export const bundling = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import{createRequire}from'node:module';const module={exports:{}};(function(require,module,exports){",
  },
  footer: {
    js: '})(createRequire(import.meta.url),module,module.exports);export const{handler}=module.exports;await module.exports.ready;',
  },
  // The SDK imports what it may not need with `import()`; in CommonJS that is a deferred `require`.
  supported: { 'dynamic-import': false },
  // Most packages have an ES module form, of which what nobody uses can be left out.
  mainFields: ['module', 'main'],
  // DynamoDB has no event streams, and the SDK loads them for a service that has. Within reach of an `import()` in
  // CommonJS, everything that they use, too, would have to stay whole.
  external: ['@smithy/core/event-streams'],
  // What a function never uses of the SDK; each of these says why.
  alias: {
    '@aws-sdk/credential-provider-node': './lib/table/function-credentials.ts',
    '@aws-sdk/middleware-endpoint-discovery': './lib/table/function-discovery.ts',
    'node:fs/promises': './lib/table/function-files.ts',
  },
  // The SDK asks for it to learn whether an answer is a web stream. Node's own are not, and asking loads web streams.
  define: { ReadableStream: 'undefined' },
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
    outdir: folder,
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const isMap = path.endsWith('.map');
    writeFileSync(isMap ? `${folder}.mjs.map` : join(folder, basename(path)), contents);
  }
  return folder;
};
