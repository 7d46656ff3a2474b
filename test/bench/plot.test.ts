import { describe, expect, test } from 'vitest';
import { plotOf } from './plot.ts';
import type { Figure } from './report.ts';

const figure = (median: number, off = 0.02): Figure => {
  const toBare = { low: median - off, median, high: median + off };
  return { value: toBare, toBare };
};
const express = { name: 'Express', coldStart: figure(1.3), fresh: figure(1.2), repeated: figure(1.6) };
const ours = { name: 'update-client', coldStart: figure(0.5), fresh: figure(0.9), repeated: figure(0.8) };
const lines = [
  ours,
  { name: 'update-client, primed', coldStart: figure(0.55), fresh: undefined, repeated: undefined },
  { name: 'bare handler', coldStart: figure(1, 0), fresh: figure(1, 0), repeated: figure(1, 0) },
  express,
];

/** The attributes of every element of a kind. */
const elements = (svg: string, kind: string): Record<string, string>[] =>
  [...svg.matchAll(new RegExp(`<${kind} ([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  );

const bars = (svg: string) => elements(svg, 'rect').filter(({ x, y }) => x === '150' && y !== '28');

describe('the plot', () => {
  test('has three bars for each contestant that is measured warm, as long as the ratios', () => {
    const lengths = bars(plotOf(lines)).map(({ width }) => Number(width));
    const ratios = [0.5, 0.9, 0.8, 1, 1, 1, 1.3, 1.2, 1.6];
    expect(lengths).toHaveLength(ratios.length);
    const unit = (lengths[3] ?? 0) / 1;
    expect(lengths.map((length) => length / unit)).toEqual(ratios.map((ratio) => expect.closeTo(ratio, 2)));
  });

  test('stays within its view box, the longest interval included', () => {
    const svg = plotOf([...lines, { ...express, name: 'Fastify', repeated: figure(3, 0.9) }]);
    const [, , right = 0, bottom = 0] = elements(svg, 'svg')[0]?.viewBox?.split(' ').map(Number) ?? [];
    for (const { x, y, width, height } of elements(svg, 'rect')) {
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(right);
      expect(Number(y) + Number(height)).toBeLessThanOrEqual(bottom);
    }
    const ranges = elements(svg, 'path').filter((path) => path.class === 'range');
    expect(Math.max(...ranges.map(({ d }) => Number(d?.split('H')[1])))).toBeLessThan(right - 40);
  });

  test('names each contestant and gives each median', () => {
    const svg = plotOf([{ ...ours, name: 'A & B <C>' }]);
    expect(svg).toContain('>A &#38; B &#60;C&#62;</text>');
    for (const median of ['0.50', '0.90', '0.80']) expect(svg).toContain(`>${median}</text>`);
  });

  test('draws no interval where too few values say one', () => {
    const endless = { low: -Infinity, median: 0.7, high: Infinity };
    const unsure = { value: endless, toBare: endless };
    const svg = plotOf([{ name: 'one', coldStart: unsure, fresh: unsure, repeated: unsure }]);
    expect(svg).not.toMatch(/Infinity|NaN|class="range"/);
    expect(bars(svg)).toHaveLength(3);
  });
});
