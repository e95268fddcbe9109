/**
 * Charts as SVG text: what a page relies on, with names that try to break out of it.
 */
import { describe, expect, it } from 'vitest';

import type { Chart, ChartSeries } from '../../../src/report/document.ts';
import { chartStyle } from '../../../src/report/html/chart/colors.ts';
import { renderChart } from '../../../src/report/html/chart/draw.ts';

const sizes = [10, 100, 1000];

function line(name: string, from: number): ChartSeries {
  return {
    name,
    contender: `id of ${name}`,
    points: sizes.map((x, index) => ({ x, y: from + index, lo: (from + index) * 0.9, hi: (from + index) * 1.1 })),
  };
}

const lines: Chart = {
  kind: 'chart',
  id: 'chart-a',
  title: 'Speedup',
  summary: 'One is faster than the other.',
  form: 'lines',
  x: { title: 'items', scale: 'log', unit: 'items' },
  y: { title: 'speedup', scale: 'log', unit: 'ratio' },
  series: [line('first', 1), line('second', 3)],
  marks: [
    { axis: 'y', at: 1, label: 'reference' },
    { axis: 'x', at: 300, label: 'second overtakes first' },
  ],
};

const bars: Chart = {
  ...lines,
  id: 'chart-b',
  form: 'bars',
  x: { title: 'variant', scale: 'category', unit: 'category' },
  y: { title: 'throughput', scale: 'linear', unit: 'bytesPerSec' },
  series: [
    {
      name: 'first',
      contender: 'first',
      points: [
        { x: 'text', y: 2.5e8 },
        { x: 'native', y: 1e8, lo: 0.9e8, hi: 1.2e8 },
      ],
    },
    { name: 'second', contender: 'second', points: [{ x: 'text', y: 4e8 }] },
  ],
  marks: [],
};

const points: Chart = {
  ...lines,
  id: 'chart-c',
  form: 'points',
  x: { title: 'cell', scale: 'category', unit: 'category' },
  series: ['first', 'second'].map((name) => ({
    name,
    contender: name,
    points: [0.9, 1, 1.2].map((y) => ({ x: name, y })),
  })),
  marks: [{ axis: 'y', at: 1, label: 'median' }],
};

const forms: [string, Chart][] = [
  ['lines', lines],
  ['bars', bars],
  ['points', points],
];

/** What stands between tags. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^<>]*>([^<>]*)<\/text>/g)].map((match) => match[1] ?? '');
}

/** Tags in their order, which have to be closed in turn. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name = '', alone] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<>]*")*\s*(\/?)>/g)) {
    if (closing === '/' && open.pop() !== name) return false;
    if (closing === '' && alone === '') open.push(name);
  }
  // Every `<` has to belong to one of the tags that were read.
  return (
    open.length === 0 && svg.replaceAll(/<\/?[a-zA-Z]+(?:\s+[\w:-]+="[^"<>]*")*\s*\/?>/g, '').search(/[<>]/) === -1
  );
}

describe.each(forms)('a chart of %s', (_, chart) => {
  it('is one svg element that is announced as a picture with its title and sentence', async () => {
    const svg = await renderChart(chart);
    expect(svg).toMatch(/^<svg [^<>]*role="img" aria-labelledby="chart-[abc]-title chart-[abc]-desc"[^<>]*>/);
    expect(svg).toMatch(
      /><title id="chart-[abc]-title">Speedup<\/title><desc id="chart-[abc]-desc">One is faster than the other\.<\/desc></,
    );
    expect(svg).toMatch(/<\/svg>$/);
    expect(isWellFormed(svg)).toBe(true);
    expect(svg.match(/ role=| aria-/g)).toHaveLength(2);
  });

  it('is the same text each time, whatever was drawn in between', async () => {
    const first = await renderChart(chart);
    const [again] = await Promise.all([renderChart(chart), ...forms.map(([, other]) => renderChart(other))]);
    expect(again).toBe(first);
  });

  it('has no style, no script, no colour of its own for text, and nothing that would be fetched', async () => {
    const svg = await renderChart(chart);
    expect(svg).not.toMatch(/ style=|<style|<script|href|url\(| on[a-z]+=/i);
    for (const [tag] of svg.matchAll(/<text[^<>]*>/g)) expect(tag).toContain('fill="currentColor"');
    for (const [, color = ''] of svg.matchAll(/ (?:fill|stroke)="([^"]*)"/g))
      expect(color).toMatch(/^(none|currentColor|var\(--series-\d, #[0-9A-F]{6}\))$/);
  });

  it('marks what belongs to a series, its name included', async () => {
    const svg = await renderChart(chart);
    for (const { name, contender } of chart.series) {
      expect(svg).toMatch(new RegExp(`<(?:g|path) data-series="${name}" data-contender="${contender}"[^<>]*fill="var`));
      expect(svg).toMatch(new RegExp(`<text data-series="${name}" [^<>]*>${name}</text>`));
    }
  });

  it('shows names that try to break out as text', async () => {
    const names = ['<script>alert(1)</script>', `"><img src=x onerror="alert('1')">\n</svg>`];
    const rename = (name: string): string => (name === 'first' ? names[0] : names[1]) ?? '';
    const hostile: Chart = {
      ...chart,
      id: `x" onload="y`,
      title: '</title><script>',
      summary: 'a < b & "c"\n--><script>',
      series: chart.series.map(({ name, points: own }) => {
        return {
          name: rename(name),
          contender: rename(name),
          points: own.map((point) => (point.x === name ? { ...point, x: rename(name) } : point)),
        };
      }),
      marks: (chart.marks ?? []).map((mark) => ({ ...mark, label: '<b onclick="x">&amp;' })),
      x: { ...chart.x, title: '<i>' },
      y: { ...chart.y, title: '<u>' },
    };
    const svg = await renderChart(hostile);
    expect(isWellFormed(svg)).toBe(true);
    expect(svg).not.toMatch(/<(?:script|img|b|i|u)\b/);
    expect(textsOf(svg)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(svg).toContain(
      'data-series="&quot;&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&#10;&lt;/svg&gt;"',
    );
    expect(svg).toContain('aria-labelledby="x&quot; onload=&quot;y-title x&quot; onload=&quot;y-desc"');
  });

  it('is not led astray by a name that looks like its own marks', async () => {
    const name = ' aria-label="series-1" <path d="M0.123456,0" display="none"/>';
    const [first, second] = chart.series;
    if (first === undefined || second === undefined) throw new Error('two series are needed');
    const own = first.points.map((point) => (point.x === 'first' ? { ...point, x: name } : point));
    const svg = await renderChart({ ...chart, series: [{ ...first, name, points: own }, second] });
    expect(isWellFormed(svg)).toBe(true);
    expect(textsOf(svg).some((text) => text.includes('aria-label="series-1"'))).toBe(true);
  });
});

describe('a drawn chart', () => {
  it('writes the labels of its marks, and ticks at the sizes that were measured', async () => {
    const texts = textsOf(await renderChart(lines));
    for (const text of ['reference', 'second overtakes first', '10', '100', '1,000', '1x', '2x', '5x'])
      expect(texts).toContain(text);
  });

  it('draws an interval for every point that has bounds', async () => {
    const svg = await renderChart(lines);
    const without = await renderChart({
      ...lines,
      series: lines.series.map((own) => ({ ...own, points: own.points.map(({ x, y }) => ({ x, y })) })),
    });
    const count = (text: string): number => (text.match(/<line /g) ?? []).length;
    expect(count(svg) - count(without)).toBe(6);
  });

  it('writes the value behind every bar and a dash where there is none', async () => {
    const texts = textsOf(await renderChart(bars));
    expect(texts).toEqual(expect.arrayContaining(['250', '100', '400', '–', 'text', 'native', 'throughput (MB/s)']));
  });

  it('tells series apart without colour', async () => {
    const many = {
      ...lines,
      marks: [],
      series: Array.from({ length: 20 }, (_, index) => line(`s${index}`, 1 + index)),
    };
    const svg = await renderChart(many);
    const looks = many.series.map(({ name }) => {
      const own = svg.split(`data-series="${name}"`).slice(1);
      // A line's dashes and a symbol's outline, sizes and places left out.
      const tags = own.map((part) => part.slice(0, part.indexOf('>')));
      return tags
        .map(
          (tag) =>
            `${/stroke-dasharray="[^"]*"/.exec(tag)?.[0]} ${/ d="([^"]*)"/.exec(tag)?.[1]?.replaceAll(/[-\d.,]+/g, '')}`,
        )
        .join();
    });
    expect(svg).toContain('stroke-dasharray');
    expect(new Set(looks).size).toBeGreaterThan(8);
  });

  it('gives a series the colour of its slot, in whatever chart and position', async () => {
    const [first, second] = lines.series;
    if (first === undefined || second === undefined) throw new Error('two series are needed');
    const svg = await renderChart({ ...lines, series: [{ ...second, slot: 4 }, first] });
    expect(svg).toMatch(/data-series="second"[^<>]*var\(--series-4,/);
  });

  it('leaves out what an axis has no place for', async () => {
    const [first] = lines.series;
    if (first === undefined) throw new Error('a series is needed');
    const broken = {
      ...first,
      points: [
        ...first.points,
        { x: 50, y: 0 },
        { x: 60, y: Number.NaN },
        { x: 70, y: Number.POSITIVE_INFINITY },
        { x: 'text', y: 1 },
      ],
    };
    expect(await renderChart({ ...lines, series: [broken] })).toBe(await renderChart({ ...lines, series: [first] }));
  });

  it('is refused without a series', async () => {
    await expect(renderChart({ ...lines, series: [] })).rejects.toThrow(RangeError);
  });

  it('has its colours in rules that follow the scheme of the page', () => {
    expect(chartStyle()).toMatch(/^:root\{(--series-\d:light-dark\(#[0-9A-F]{6},#[0-9A-F]{6}\);?)+\}$/);
  });
});
