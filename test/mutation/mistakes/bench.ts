import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const bundles = 'test/bench/bundles.test.ts';
const statistics = 'test/bench/statistics.test.ts';
const plot = 'test/bench/plot.test.ts';

/** Mistakes in how the bundles are kept small, and in what the benchmark makes of its samples. */
export const benchMistakes: readonly Mistake[] = [
  ...inFile(
    'infra/bundling/options.ts',
    [bundles],
    [
      ['the bundles are minified', 'minify: true', 'minify: false'],
      ['a package is bundled in its ES module form', "['module', 'main']", "['main', 'module']"],
      ['no event streams are bundled', "external: ['@smithy/core/event-streams']", 'external: []'],
      [
        'endpoint discovery is not bundled',
        "'@aws-sdk/middleware-endpoint-discovery'",
        "'@aws-sdk/middleware-discovery'",
      ],
      ['the SHA-256 of the SDK is not bundled', "'@smithy/core/checksum'", "'@smithy/core/checksums'"],
      ["the SDK's package.json is not bundled", "loader: { '.json': 'empty' }", "loader: { '.jsn': 'empty' }"],
      ['web streams are never loaded', "define: { ReadableStream: 'undefined' }", 'define: {}'],
      ['a function that is primed is ready when it is loaded', 'await module.exports.ready;', 'module.exports.ready;'],
    ],
  ),
  ...inFile(
    'test/bench/statistics.ts',
    [statistics],
    [
      ['both ends of an interval share its error', '> 0.025', '> 0.05'],
      ['an interval is as long below the median as above it', 'sorted.at(-1 - skipped)', 'sorted.at(-2 - skipped)'],
      ['an interval begins with the first value that is not left out', 'below = index;', 'below = index + 1;'],
      ['no interval is claimed from too few values', 'if (skipped === undefined)', 'if (sorted.length === 0)'],
      ['a ratio is to the value beside', 'beside[index]', 'beside[0]'],
      [
        'values without one beside them are refused',
        'values.length !== beside.length',
        'values.length < beside.length',
      ],
    ],
  ),
  ...inFile(
    'test/bench/plot.ts',
    [plot],
    [
      ['a bar is as long as its ratio', 'at(ratio.median) - left', 'at(ratio.median)'],
      ['the longest interval fits', 'Math.max(1, ...ends)', '2'],
      ['names are escaped', '${escaped(content)}</text>', '${content}</text>'],
      ['only what is measured warm is drawn', 'fresh !== undefined', 'fresh !== undefined || lines.length > 3'],
      ['an interval without ends is not drawn', 'Number.isFinite(ratio.high - ratio.low)', 'ratio.high !== ratio.low'],
    ],
  ),
];
