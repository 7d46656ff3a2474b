import type { BuildOptions } from 'esbuild';

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
  supported: {
    // The SDK imports what it may not need with `import()`; in CommonJS that is a deferred `require`.
    'dynamic-import': false,
    // Otherwise a pattern with `\p{…}` is written as a constructor call, which stays although nobody uses the pattern.
    'regexp-unicode-property-escapes': true,
  },
  // Most packages have an ES module form, of which what nobody uses can be left out.
  mainFields: ['module', 'main'],
  // DynamoDB has no event streams, and the SDK loads them for a service that has. Within reach of an `import()` in
  // CommonJS, everything that they use, too, would have to stay whole: 20 KB.
  external: ['@smithy/core/event-streams'],
  // Parts of the SDK that a function never uses; each stand-in says why. Paths are relative to the repository's root.
  alias: {
    '@aws-sdk/credential-provider-node': './infra/bundling/environment-credentials.ts',
    '@aws-sdk/middleware-endpoint-discovery': './infra/bundling/no-endpoint-discovery.ts',
    'node:fs/promises': './infra/bundling/no-files.ts',
    '@aws/lambda-invoke-store': './infra/bundling/no-invoke-store.ts',
    // The client is given this one, so the SDK's own two are never used.
    '@smithy/core/checksum': './lib/table/sdk/sha256.ts',
  },
  // The SDK reads its version from its package.json, which would be bundled whole, for the user agent that is left out.
  loader: { '.json': 'empty' },
  // The SDK asks for it to learn whether a response is a web stream. Node's own are not, and asking loads web streams.
  define: { ReadableStream: 'undefined' },
  // A function's log is one JSON object a line. What the SDK would print beside it as text, it throws or returns as well.
  drop: ['console'],
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
} as const satisfies BuildOptions;
