import type { Line } from './report.ts';
import type { Spread } from './statistics.ts';

/** What is drawn of a contestant, and in which colour: these have enough contrast with white and with black. */
const series = [
  { label: 'cold start', colour: '#3987e5', of: ({ coldStart }: PlottedLine) => coldStart?.toBare },
  { label: 'warm, fresh tokens', colour: '#d95926', of: ({ fresh }: PlottedLine) => fresh?.toBare },
  { label: 'warm, repeated tokens', colour: '#199e70', of: ({ repeated }: PlottedLine) => repeated?.toBare },
];

type PlottedLine = Pick<Line, 'name' | 'coldStart' | 'fresh' | 'repeated'>;

/** Sizes in pixels. */
const width = 760;
const left = 150;
const right = 50;
const top = 56;
const bar = { height: 10, pitch: 13 };
const group = series.length * bar.pitch + 12;

const colours = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .ours { font-weight: 600 }
  .rule { stroke: #d1d9e0 } .bare { stroke: #1f2328; stroke-dasharray: 4 3 } .range { stroke: #1f2328; opacity: 0.6 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .rule { stroke: #3d444d } .bare, .range { stroke: #e6edf3 }
  }`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${x}" y="${y}"${attributes}>${escaped(content)}</text>`;

/**
 * A bar chart (SVG) of the ratios to the bare handler, a group of bars for each contestant that is measured warm, with the
 * intervals of the medians. Legible on a light and on a dark ground.
 */
export const plotOf = (lines: readonly PlottedLine[]): string => {
  const drawn = lines.filter(({ fresh }) => fresh !== undefined);
  const ends = drawn.flatMap((line) => series.map(({ of }) => endOf(of(line))));
  const ticks = Array.from({ length: Math.ceil(Math.max(1, ...ends) * 4) + 1 }, (_, index) => index / 4);
  const unit = (width - left - right) / Math.max(...ticks);
  const bottom = top + drawn.length * group;
  const at = (ratio: number): number => Math.round((left + ratio * unit) * 10) / 10;

  const rule = (ratio: number): string =>
    `<path class="${ratio === 1 ? 'bare' : 'rule'}" d="M${at(ratio)} ${top - 8}V${bottom}"/>` +
    text(at(ratio), bottom + 16, ratio.toFixed(2), ' text-anchor="middle"');

  const barOf = (ratio: Spread, colour: string, y: number): string => {
    const middle = y + bar.height / 2;
    const range = Number.isFinite(ratio.high - ratio.low)
      ? `<path class="range" d="M${at(ratio.low)} ${middle}H${at(ratio.high)}"/>`
      : '';
    const figure = text(at(endOf(ratio)) + 5, y + bar.height - 1, ratio.median.toFixed(2));
    const size = `width="${at(ratio.median) - left}" height="${bar.height}"`;
    return `<rect x="${left}" y="${y}" ${size} fill="${colour}"/>${range}${figure}`;
  };

  const groupOf = (line: PlottedLine, index: number): string[] => {
    const y = top + index * group;
    const style = ` text-anchor="end"${line.name.startsWith('update-') ? ' class="ours"' : ''}`;
    const bars = series.flatMap(({ of, colour }, place) => {
      const ratio = of(line);
      return ratio ? [barOf(ratio, colour, y + place * bar.pitch)] : [];
    });
    return [text(left - 10, y + group / 2 - 3, line.name, style), ...bars];
  };

  const legend = series.flatMap(({ label, colour }, index) => {
    const x = left + index * 170;
    return [`<rect x="${x}" y="28" width="10" height="10" fill="${colour}"/>`, text(x + 16, 37, label)];
  });

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 28}" role="img">`,
    `<title>Processor time relative to a bare handler: less is better</title>`,
    `<style>${colours}\n</style>`,
    text(left, 16, 'Processor time relative to a bare handler; less is better'),
    ...legend,
    ...ticks.map(rule),
    ...drawn.flatMap(groupOf),
    '</svg>\n',
  ].join('\n');
};

/** Where the bar of a ratio ends, its interval included. */
const endOf = (ratio: Spread | undefined): number => {
  if (!ratio) return 0;
  return Number.isFinite(ratio.high) ? ratio.high : ratio.median;
};
