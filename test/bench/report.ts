import type { VariantCost } from './ablation.ts';
import { type Built, bare, floor } from './contestants.ts';
import type { Calls } from './ground.ts';
import type { Cold, Results, Warmed } from './races.ts';
import type { SizeCost } from './sizes.ts';
import { ratioOf, ratioTo, type Spread, spreadOf } from './statistics.ts';
import type { Throughput } from './throughput.ts';

/** A measured value, and what it is of the bare handler's, by rounds taken side by side. */
export type Figure = { value: Spread; toBare: Spread };

/** Times are processor time in milliseconds, memory is in MiB. */
export type Line = {
  name: string;
  bytes: number;
  coldStart: Figure | undefined;
  coldStartToFloor: Spread | undefined;
  firstRequest: Figure | undefined;
  fresh: Figure | undefined;
  repeated: Figure | undefined;
  /** The same to the median of the bare handler when it knows no token yet, as it would be without a cache. */
  repeatedToFresh: Spread | undefined;
  memoryAtFirst: Figure | undefined;
  memoryAtMost: Figure | undefined;
  /** Calls to the stub, by name, for each request that was answered. */
  callsPerColdRequest: Calls;
  callsPerWarmRequest: Calls;
};

type Of<Result> = (result: Result) => number[];

const figure = <Result>(results: Results<Result>, name: string, of: Of<Result>): Figure | undefined => {
  const result = results.get(name);
  const beside = results.get(bare.name);
  if (!result || !beside) return undefined;
  return { value: spreadOf(of(result)), toBare: ratioOf(of(result), of(beside)) };
};

const sum = (values: readonly number[] = []): number => values.reduce((total, value) => total + value, 0);

const perRequest = (calls: Calls = {}, requests = 1): Calls =>
  Object.fromEntries(Object.entries(calls).map(([name, count]) => [name, Number((count / requests).toFixed(4))]));

/** What the races came to, a line for each contestant. */
export const linesOf = (field: readonly Built[], cold: Results<Cold>, warm: Results<Warmed>): Line[] =>
  field
    .filter(({ contestant }) => cold.has(contestant.name))
    .map(({ contestant: { name }, bytes }) => {
      const ofFloor = cold.get(floor.name)?.start;
      const start = cold.get(name)?.start ?? [];
      const bareFresh = warm.get(bare.name)?.fresh;
      const repeated = warm.get(name)?.repeated;
      return {
        name,
        bytes,
        coldStart: figure(cold, name, (result) => result.start),
        coldStartToFloor: ofFloor && ratioOf(start, ofFloor),
        firstRequest: figure(cold, name, (result) => result.first),
        fresh: figure(warm, name, (result) => result.fresh),
        repeated: figure(warm, name, (result) => result.repeated),
        repeatedToFresh: bareFresh && repeated && ratioTo(repeated, spreadOf(bareFresh).median),
        memoryAtFirst: figure(cold, name, ({ memory }) => memory.map((kibibytes) => kibibytes / 1024)),
        memoryAtMost: figure(warm, name, ({ memory }) => memory.map((kibibytes) => kibibytes / 1024)),
        callsPerColdRequest: perRequest(cold.get(name)?.calls, start.length),
        callsPerWarmRequest: perRequest(warm.get(name)?.calls, sum(warm.get(name)?.requests)),
      };
    });

const rounded = ({ low, median, high }: Spread, digits: number): string => {
  const range = Number.isFinite(high - low) ? ` [${low.toFixed(digits)}-${high.toFixed(digits)}]` : '';
  return `${median.toFixed(digits)}${range}`;
};

const cell = (it: Figure | undefined, digits: number): string[] =>
  it ? [rounded(it.value, digits), rounded(it.toBare, 2)] : ['-', '-'];

const headings = [
  '',
  'bundle, bytes',
  'cold start, ms',
  'ratio',
  'to floor',
  'first request, ms',
  'ratio',
  'warm, fresh tokens, ms',
  'ratio',
  'warm, repeated tokens, ms',
  'ratio',
  'to bare without cache',
  'memory at first, MiB',
  'ratio',
  'memory at most, MiB',
  'ratio',
  'table calls',
];

const rowOf = (line: Line): string[] => [
  line.name,
  String(line.bytes),
  ...cell(line.coldStart, 1),
  line.coldStartToFloor ? rounded(line.coldStartToFloor, 2) : '-',
  ...cell(line.firstRequest, 1),
  ...cell(line.fresh, 2),
  ...cell(line.repeated, 2),
  line.repeatedToFresh ? rounded(line.repeatedToFresh, 2) : '-',
  ...cell(line.memoryAtFirst, 0),
  ...cell(line.memoryAtMost, 0),
  String(line.callsPerWarmRequest.UpdateItem ?? line.callsPerColdRequest.UpdateItem ?? 0),
];

/** Rows as a Markdown table, its columns aligned. */
const tableOf = (rows: readonly string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
};

/** The table that is printed: medians with quartiles, and ratios to the bare handler of the same round with intervals. */
export const tableOfLines = (lines: readonly Line[]): string => tableOf([headings, ...lines.map(rowOf)]);

/** What a request costs by its size, in milliseconds of processor time. */
export const tableOfSizes = (costs: readonly SizeCost[]): string =>
  tableOf([['update-client, repeated tokens', 'ms'], ...costs.map(({ name, cpu }) => [name, rounded(cpu, 2)])]);

/** What cold starts and warm requests cost with one thing done otherwise; ratios below 1 are gains. */
export const tableOfVariants = (costs: readonly VariantCost[]): string =>
  tableOf([
    [
      'update-client, to deployed',
      'bundle, bytes',
      'cold start',
      'warm, fresh tokens',
      'warm, repeated tokens',
      'memory',
    ],
    ...costs.map(({ name, bytes, coldStart, fresh, repeated, memoryAtMost }) => [
      name,
      String(bytes),
      ...[coldStart, fresh, repeated].map((ratio) => (ratio ? rounded(ratio, 3) : '-')),
      memoryAtMost ? memoryAtMost.median.toFixed(2) : '-',
    ]),
  ]);

/** What the local gateway takes. */
export const lineOfGateway = ({ perSecond, toPlain }: Throughput): string =>
  `The gateway of npm start answers ${rounded(perSecond, 0)} requests a second, ${rounded(toPlain, 2)} of what a plain server of Node answers to the same client.`;
