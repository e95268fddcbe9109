/**
 * What is kept of a run, and how the speedups of cells are followed from run to run.
 */
import { describe, expect, it } from 'vitest';

import { cellKey } from '../../src/compare/cells.ts';
import { fewestRuns, summarizeRun, traceSpeedups } from '../../src/compare/history.ts';
import type { CellSelection } from '../../src/model/cell.ts';
import type { HistoryCell, HistoryEntry, HistorySeries } from '../../src/model/history.ts';
import { toRun } from '../records.ts';
import { syntheticRun } from '../report/run/synthetic-run.ts';
import { historyOf, levelOf } from './histories.ts';

const packageOf = (contender: string): string | undefined => (contender === 'ours' ? 'ours-package' : undefined);
const trace = (entries: readonly HistoryEntry[], selection: CellSelection = {}): HistorySeries[] =>
  traceSpeedups({ entries, selection, packageOf });

function only(entries: readonly HistoryEntry[]): HistorySeries {
  const [series, ...others] = trace(entries);
  if (series === undefined || others.length > 0) throw new Error(`expected one series, not ${others.length + 1}`);
  return series;
}

const enough = Math.ceil(fewestRuns / 2) + 1;

describe('the summary of a run', () => {
  const run = syntheticRun();
  const entry = summarizeRun(toRun(run));
  const cells = entry.groups.flatMap(({ cells: own, ...group }) => own.map((cell) => ({ ...group, ...cell })));

  it('has the speedup, the median and the bytes of every timed cell, to five digits', () => {
    const timed = run.cells.filter(({ latencyNs }) => latencyNs !== undefined);
    expect(timed.length).toBeGreaterThan(0);
    for (const cell of timed) {
      const { contender, latencyNs, outputBytes, speedup } = cell;
      const kept = cells.find((candidate) => cellKey(candidate) === cellKey(cell));
      expect(kept?.status).toBe('ok');
      expect(kept?.latencyNs).toBe(Number(latencyNs?.median.toPrecision(5)));
      expect(kept?.outputBytes).toBe(outputBytes);
      const ratio =
        speedup === undefined || speedup.reference === contender ? undefined : Number(speedup.ratio.toPrecision(5));
      expect(kept?.ratio).toBe(ratio);
    }
  });

  it('keeps contenders that did not come out well by their status, and nothing of suites without times', () => {
    expect(new Set(cells.map(({ status }) => status))).toEqual(
      new Set(['ok', 'incorrect', 'failed', 'unavailable', 'unsupported']),
    );
    const timedSuites = new Set(run.cells.filter(({ latencyNs }) => latencyNs !== undefined).map(({ suite }) => suite));
    expect(new Set(cells.map(({ suite }) => suite))).toEqual(timedSuites);
  });

  it('has what the figures depend on, in a fraction of the size', () => {
    const { startedAt, seed, profile, environment } = run;
    expect(entry).toMatchObject({ historyVersion: 1, startedAt, seed, profile, environment });
    expect(JSON.stringify(entry).length).toBeLessThan(JSON.stringify(run).length / 3);
  });

  it('gives each reference no ratio of its own', () => {
    for (const { reference, cells: own } of entry.groups)
      expect(own.find(({ contender }) => contender === reference)?.ratio).toBeUndefined();
  });
});

describe('series of speedups', () => {
  it('have a point a run, the oldest first, whatever order the entries have', () => {
    const entries = historyOf([{ ratio: 2 }, { ratio: 3 }, { ratio: 4 }]);
    const { cell, reference, points, comparable, confidence } = only(entries.toReversed());
    expect(cell).toEqual({
      suite: 'serialize',
      contender: 'ours',
      payload: 'tools',
      items: 100,
      variant: 'native',
      sink: 'bytes',
    });
    expect({ reference, comparable, confidence }).toEqual({ reference: 'plain', comparable: 3, confidence: 0.95 });
    expect(points.map(({ ratio }) => ratio)).toEqual([2, 3, 4]);
    expect(points[0]).toMatchObject({
      runtime: 'node 24.1.0',
      commit: 'commit000000',
      packageVersion: '1.0.0',
      status: 'ok',
    });
  });

  it('of other machines stand apart, but a newer system or Node.js is the same machine', () => {
    const entries = historyOf([
      {},
      { environment: { cpuModel: 'Other CPU' } },
      { environment: { node: '26.0.0', os: 'Linux 6.2' } },
    ]);
    expect(trace(entries).map(({ points }) => points.length)).toEqual([2, 1]);
  });

  it('over another reference stand apart', () => {
    const [first, second] = historyOf([{}, {}]);
    const other = {
      ...second,
      groups: second?.groups.map((group) => ({ ...group, reference: 'faster' })),
    } as HistoryEntry;
    const names = trace([first as HistoryEntry, other]).map(
      ({ cell, reference }) => `${cell.contender} over ${reference}`,
    );
    expect(names).toEqual(['ours over plain', 'ours over faster']);
  });

  it('keep runs in which the cell was not right, without a figure', () => {
    const [right, wrong] = historyOf([{}, { cell: { status: 'incorrect' } }]) as [HistoryEntry, HistoryEntry];
    const series = only([right, withoutFigures(wrong)]);
    expect(series.points.map(({ status, ratio }) => [status, ratio])).toEqual([
      ['ok', 2],
      ['incorrect', undefined],
    ]);
    expect(series.comparable).toBe(1);
  });

  it('are those that were asked for', () => {
    const others = [
      { contender: 'theirs', status: 'ok' as const, latencyNs: 1, outputBytes: 1, ratio: 3, lo: 2.9, hi: 3.1 },
    ];
    const entries = historyOf([{ others }]);
    expect(trace(entries)).toHaveLength(2);
    expect(trace(entries, { contenders: ['theirs'] }).map(({ cell }) => cell.contender)).toEqual(['theirs']);
    const none: CellSelection[] = [
      { suites: ['parse'] },
      { payloads: ['servers'] },
      { items: [10] },
      { variants: ['text'] },
      { sinks: ['string'] },
    ];
    for (const selection of none) expect(trace(entries, selection)).toEqual([]);
  });

  it('do not exist for no entries', () => {
    expect(trace([])).toEqual([]);
  });
});

/** As an entry has cells that were not timed: by their status alone. */
function withoutFigures(entry: HistoryEntry): HistoryEntry {
  const reduce = (cell: HistoryCell): HistoryCell =>
    cell.status === 'ok' ? cell : { contender: cell.contender, status: cell.status };
  return { ...entry, groups: entry.groups.map((group) => ({ ...group, cells: group.cells.map(reduce) })) };
}

describe('changes in a series', () => {
  const upgraded = { environment: { packages: { 'ours-package': '2.0.0' }, node: '26.0.0', v8: '14.0' } };
  const step = historyOf([...levelOf(2, enough), ...levelOf(3, enough, upgraded)]);

  it('name the run, both levels with intervals, and what differs there', () => {
    const [change, ...others] = only(step).changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({ at: enough, before: { runs: enough }, after: { runs: enough } });
    expect(change?.before.ratio).toBeCloseTo(2, 1);
    expect(change?.after.ratio).toBeCloseTo(3, 1);
    expect(change?.before.hi).toBeLessThan(change?.after.lo ?? 0);
    expect(change?.pValue).toBeLessThanOrEqual(0.01);
    expect(change?.differences).toEqual([
      { what: 'ours-package', before: '1.0.0', after: '2.0.0' },
      { what: 'runtime', before: 'node 24.1.0', after: 'node 26.0.0' },
    ]);
  });

  it('name a package that came or went, the seed, and V8 and the output where nothing else explains them', () => {
    const later = { environment: { packages: {}, v8: '13.7' }, seed: 2, cell: { outputBytes: 400 } };
    const [change] = only(historyOf([...levelOf(2, enough), ...levelOf(3, enough, later)])).changes;
    expect(change?.differences).toEqual([
      { what: 'ours-package', before: '1.0.0' },
      { what: 'V8', before: '13.6', after: '13.7' },
      { what: 'seed', before: '1', after: '2' },
      { what: 'output bytes', before: '500', after: '400' },
    ]);
  });

  it('have no differences where only the commit is another one', () => {
    expect(only(historyOf([...levelOf(2, enough), ...levelOf(3, enough)])).changes[0]?.differences).toEqual([]);
  });

  it('are not marked where the intervals of the runs do not bear them', () => {
    const shaky = [...levelOf(2, enough, { halfWidth: 0.9 }), ...levelOf(2.2, enough, { halfWidth: 0.9 })];
    const firm = [...levelOf(2, enough), ...levelOf(2.2, enough)];
    expect(only(historyOf(firm)).changes).toHaveLength(1);
    expect(only(historyOf(shaky)).changes).toEqual([]);
  });

  it('are looked for only in series that are long enough, among runs with an interval', () => {
    const short = [...levelOf(2, 4), ...levelOf(9, fewestRuns - 5)];
    expect(only(historyOf(short)).changes).toEqual([]);
    expect(only(historyOf([...short, ...levelOf(9, 20, { halfWidth: 0 })])).changes).toEqual([]);
  });

  it('stand at the right run where others without an interval lie between', () => {
    const runs = [...levelOf(2, enough), { ratio: 2, halfWidth: 0 }, { ratio: 3, halfWidth: 0 }, ...levelOf(3, enough)];
    expect(only(historyOf(runs)).changes.map(({ at }) => at)).toEqual([enough + 2]);
  });

  it('do not exist where the speedup only wobbles', () => {
    expect(only(historyOf(levelOf(2, 2 * enough))).changes).toEqual([]);
  });
});
