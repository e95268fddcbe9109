/**
 * What is drawn from a made-up run: which cells become points, what the sentences say, and where the charts stand.
 */
import { describe, expect, it } from 'vitest';

import { findFindings } from '../../src/compare/findings.ts';
import type { MicroCellRecord, RunRecord } from '../../src/run-file/records.ts';
import { reportRecord, toMicro } from '../records.ts';
import { outlineSuite } from '../../src/report/catalog.ts';
import { assignSlots, type ChartScope, nameChart } from '../../src/report/charts/chart-scope.ts';
import { findCrossings } from '../../src/report/charts/crossings.ts';
import { placeCharts } from '../../src/report/charts/place-charts.ts';
import { withoutCharts } from '../../src/report/without-charts.ts';
import type { Block, Chart } from '../../src/report/document.ts';
import { isTimed } from '../../src/compare/cells.ts';
import { metadata, syntheticRun } from './run/synthetic-run.ts';

const run = syntheticRun();

function chartsIn(blocks: readonly Block[]): Chart[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'chart') return [block];
    return block.kind === 'section' || block.kind === 'details' ? chartsIn(block.blocks) : [];
  });
}

function scopeOf(records: readonly MicroCellRecord[], suite: string): ChartScope {
  const cells = records.map(toMicro);
  const own = cells.filter(({ id }) => id.suite === suite);
  const [first, ...others] = own;
  if (first === undefined) throw new Error(`no cells of ${suite}`);
  return { cells: own, metadata, outline: outlineSuite(metadata, [first, ...others]), slots: assignSlots(cells) };
}

function chartOf(id: string, from: RunRecord = run): Chart {
  const found = chartsIn(reportRecord({ run: from, registry: metadata }).blocks).find((chart) => chart.id === id);
  if (found === undefined) throw new Error(`no chart ${id}`);
  return found;
}

function change(
  cells: readonly MicroCellRecord[],
  edit: (cell: MicroCellRecord) => Partial<MicroCellRecord>,
): MicroCellRecord[] {
  return cells.map((cell) => ({ ...cell, ...edit(cell) }));
}

describe('a chart of speedups', () => {
  const chart = chartOf('chart-speed-speedup-list-text-bytes');

  it('has the ratio and the interval of every timed cell, by rising size', () => {
    const cells = run.cells.filter(
      ({ suite, variant, contender }) => suite === 'speed' && variant === 'text' && contender === 'packed',
    );
    const points = cells.map(({ items, speedup }) => ({
      x: items,
      y: speedup?.ratio,
      lo: speedup?.lo,
      hi: speedup?.hi,
    }));
    expect(points).toHaveLength(3);
    expect(chart.series.find(({ name }) => name === 'packed')?.points).toEqual(points);
  });

  it('draws the reference as a line at 1 and not as a series', () => {
    expect(chart.series.map(({ name }) => name)).not.toContain('plain');
    expect(chart.marks).toContainEqual({ axis: 'y', at: 1, label: 'plain' });
    expect([chart.x.scale, chart.y.scale]).toEqual(['log', 'log']);
  });

  it('leaves out what stands apart or was not timed, and names it in the sentence', () => {
    expect(chart.series.map(({ name }) => name)).not.toContain('cached');
    expect(chart.summary).toContain('cached (not the same work)');
    expect(chart.summary).toContain('missing (unavailable)');
    expect(chart.summary).toContain('fragile (failed in part)');
    expect(chart.series.find(({ name }) => name === 'fragile')?.points.map(({ x }) => x)).toEqual([10, 100]);
  });

  it('leaves out what was incorrect', () => {
    const native = chartOf('chart-speed-speedup-list-native-bytes');
    expect(native.series.map(({ name }) => name)).not.toContain('forgetful');
    expect(native.summary).toContain('forgetful (incorrect)');
  });

  it('marks where the reference is overtaken, between the sizes that show it, without a made-up number', () => {
    const crossing = chart.marks?.find(({ label }) => label === 'plain overtakes compiled');
    expect(crossing?.axis).toBe('x');
    expect(crossing?.at).toBeGreaterThan(10);
    expect(crossing?.at).toBeLessThan(1000);
    expect(chart.summary).toContain('plain overtakes compiled between 10 and 1,000 items');
    expect(chart.summary).not.toContain(`${crossing?.at} items`);
  });

  it('names the highest and the lowest point in its sentence', () => {
    const points = chart.series.flatMap(({ name, points: own }) => own.map(({ y }) => ({ name, y })));
    const [lowest, highest] = [points.toSorted((a, b) => a.y - b.y)[0], points.toSorted((a, b) => b.y - a.y)[0]];
    expect(chart.summary).toContain(`Highest: ${highest?.name}, `);
    expect(chart.summary).toContain(`Lowest: ${lowest?.name}, `);
  });

  it('is not made of a single size', () => {
    const cells = run.cells.filter(({ items }) => items === 100);
    const ids = chartsIn(reportRecord({ run: { ...run, cells }, registry: metadata }).blocks).map(({ id }) => id);
    expect(ids.filter((id) => id.includes('-speedup-'))).toEqual([]);
    expect(ids).toContain('chart-speed-throughput-list-bytes');
  });
});

describe('a crossing', () => {
  it('lies where the lines of the picture meet, on logarithmic axes', () => {
    const cells = run.cells.filter(({ suite, variant }) => suite === 'speed' && variant === 'text');
    // 0.5 at 10 and 2 at 1,000: the line goes through 1 at 100.
    const bent = cells
      .filter(({ items, contender }) => items !== 100 && (contender === 'plain' || contender === 'compiled'))
      .map((cell) => ({
        ...cell,
        ...(cell.contender === 'compiled' && cell.speedup !== undefined
          ? { speedup: { ...cell.speedup, ratio: cell.items === 10 ? 2 : 0.5 } }
          : {}),
      }))
      .map(toMicro)
      .filter(isTimed);
    const [crossing] = findCrossings(bent, findFindings(bent, metadata));
    expect(crossing).toEqual({ winner: 'plain', loser: 'compiled', below: 10, above: 1000, at: 100 });
  });

  it('is none where nobody was shown to win', () => {
    expect(findCrossings([], [])).toEqual([]);
    const native = scopeOf(run.cells, 'speed')
      .cells.filter(({ id }) => id.variant === 'native')
      .filter(isTimed);
    expect(findCrossings(native, findFindings(native, metadata))).toEqual([]);
  });
});

describe('a chart of throughput', () => {
  const chart = chartOf('chart-speed-throughput-list-bytes');

  it('takes the largest size at which most cells were timed', () => {
    expect(chart.title).toContain('at 100 items');
    const cell = run.cells.find(
      ({ contender, items, variant }) => contender === 'packed' && items === 100 && variant === 'native',
    );
    expect(chart.series.find(({ name }) => name === 'packed')?.points.find(({ x }) => x === 'native')?.y).toBe(
      cell?.throughputBytesPerSec,
    );
  });

  it('has bounds around every bar and only variants that were timed', () => {
    for (const { lo = Number.NaN, y, hi = Number.NaN } of chart.series.flatMap(({ points }) => points)) {
      expect(lo).toBeLessThanOrEqual(y);
      expect(hi).toBeGreaterThanOrEqual(y);
    }
    expect(chart.series.find(({ name }) => name === 'forgetful')?.points.map(({ x }) => x)).toEqual(['text']);
    expect(chart.summary).toContain('forgetful (incorrect in part)');
  });
});

describe('a chart of rounds', () => {
  const chart = chartOf('chart-speed-rounds');

  it('has a point for every round of a cell, relative to the median of the cell', () => {
    const first = chart.series[0];
    const cell = run.cells.find(
      ({ contender, variant, items }) =>
        first?.name === `${contender}, list, ${variant}, ${items === 1000 ? '1,000' : items}`,
    );
    expect(first?.points.map(({ y }) => y)).toEqual(
      cell?.forks.map(({ latencyNs }) => latencyNs / (cell.latencyNs?.median ?? 0)),
    );
    expect(first?.contender).toBe('shaky');
  });

  it('shows at most a screen of cells, the noisiest first', () => {
    const spreads = chart.series.map(
      ({ points }) => Math.max(...points.map(({ y }) => y)) / Math.min(...points.map(({ y }) => y)),
    );
    expect(spreads).toEqual(spreads.toSorted((a, b) => b - a));
    expect(spreads.length).toBeLessThan(run.cells.filter(({ suite }) => suite === 'speed').length);
  });

  it('is not made where every cell has one round', () => {
    const cells = change(run.cells, ({ forks }) => ({ forks: forks.slice(0, 1) }));
    expect(chartsIn(placeCharts(scopeOf(cells, 'speed'))).map(({ id }) => id)).not.toContain('chart-speed-rounds');
  });
});

describe('a chart of sizes', () => {
  it('has plain output and every encoding, the smallest contender first', () => {
    const chart = chartOf('chart-sizes-sizes-list-100-text-bytes');
    expect(chart.series.map(({ name }) => name)).toEqual(['packed', 'plain', 'roomy']);
    expect(chart.series[0]?.points.map(({ x }) => x)).toEqual(['plain', 'gzip 6', 'br 4', 'zstd 3']);
    expect(chart.summary).toContain('plain from 82.0 KB (packed) to 107 KB (roomy)');
  });
});

describe('a chart of representations', () => {
  it('has the time of one item in each way to hold it', () => {
    const chart = chartOf('chart-dates-representations-datetime-100');
    const cell = run.cells.find(({ contender, payload }) => contender === 'plain' && payload === 'datetime-object');
    expect(chart.series.find(({ name }) => name === 'plain')?.points.find(({ x }) => x === 'datetime-object')?.y).toBe(
      (cell?.latencyNs?.median ?? 0) / 100,
    );
    expect(chart.summary).toContain('compiled (incorrect in part)');
  });
});

describe('the charts of a run', () => {
  const charts = chartsIn(reportRecord({ run, registry: metadata }).blocks);

  it('have ids and sentences of their own', () => {
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    for (const { id, summary, series } of charts) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(summary).toMatch(/\.$/);
      expect(series.length).toBeGreaterThan(0);
    }
  });

  it('give a contender the same slot everywhere and no two of a suite the same', () => {
    const slots = assignSlots(run.cells.map(toMicro));
    for (const { series } of charts)
      for (const { contender = '', slot } of series) expect(slot).toBe(slots.get(contender));
    for (const suite of ['speed', 'dates', 'sizes']) {
      const own = [
        ...new Set(run.cells.filter((cell) => cell.suite === suite).map(({ contender }) => slots.get(contender))),
      ];
      expect(own).toHaveLength(
        new Set(run.cells.filter((cell) => cell.suite === suite).map(({ contender }) => contender)).size,
      );
    }
  });

  it('stand open for two payloads and the first sink; the rest is folded, other sinks are left to the tables', () => {
    const cells = ['list', 'b', 'c'].flatMap((payload) =>
      (['bytes', 'string'] as const).flatMap((sink) => {
        return run.cells.filter(({ suite }) => suite === 'speed').map((cell) => ({ ...cell, payload, sink }));
      }),
    );
    const blocks = placeCharts(scopeOf(cells, 'speed'));
    const open = blocks.flatMap((block) => (block.kind === 'chart' ? block.id : []));
    const folded = blocks.flatMap((block) => (block.kind === 'details' ? block : []));
    expect(open.filter((id) => id.includes('-list-'))).toHaveLength(3);
    expect(open).toHaveLength(6);
    expect(folded.map(({ summary }) => summary)).toEqual(['4 more charts (for string, see the tables)']);
    expect(chartsIn(blocks).filter(({ id }) => id.endsWith('-string'))).toEqual([]);
  });

  it('are none where nothing was timed, or nothing was measured', () => {
    const cells = change(run.cells, () => ({ status: 'failed' })).map(
      ({ suite, contender, payload, items, variant, sink, status, warnings }): MicroCellRecord => {
        return { suite, contender, payload, items, variant, sink, status, warnings, forks: [], reason: 'x' };
      },
    );
    expect(chartsIn(reportRecord({ run: { ...run, cells }, registry: metadata }).blocks)).toEqual([]);
    expect(chartsIn(reportRecord({ run: { ...run, cells: [] }, registry: metadata }).blocks)).toEqual([]);
  });

  it('have names of any payload in their ids', () => {
    expect(nameChart(['chart', '<script>', 'a b', 10])).toBe('chart-x3c-script-x3e-a-x20-b-10');
  });
});

describe('blocks for formats that cannot draw', () => {
  it('have no chart and no details that held nothing but charts', () => {
    const [chart] = chartsIn(reportRecord({ run, registry: metadata }).blocks);
    if (chart === undefined) throw new Error('the run has no chart');
    const text: Block = { kind: 'paragraph', text: 'text' };
    const details: Block[] = [
      { kind: 'details', summary: 'a', blocks: [chart] },
      { kind: 'details', summary: 'b', blocks: [chart, text] },
    ];
    expect(withoutCharts([chart, { kind: 'section', title: 's', blocks: details }])).toEqual([
      { kind: 'section', title: 's', blocks: [{ kind: 'details', summary: 'b', blocks: [text] }] },
    ]);
  });
});
