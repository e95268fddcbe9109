/**
 * What is drawn of a made-up run over HTTP: which cells become points, and which charts there are.
 */
import { describe, expect, it } from 'vitest';

import { assignSlots } from '../../../src/report/charts/chart-scope.ts';
import { chartHttp } from '../../../src/report/http/http-charts.ts';
import type { HttpResultsRecord } from '../../../src/run-file/records.ts';
import type { Block, Chart } from '../../../src/report/document.ts';
import { renderChart } from '../../../src/report/html/chart/draw.ts';
import { metadata, syntheticRun } from '../run/synthetic-run.ts';
import { syntheticHttp, syntheticHttpRun } from './synthetic-http.ts';
import { infos, reportRecord, toHttp, toMicro, toResults } from '../../records.ts';

function chartsIn(blocks: readonly Block[]): Chart[] {
  return blocks.flatMap((block) =>
    block.kind === 'chart'
      ? [block]
      : block.kind === 'section' || block.kind === 'details'
        ? chartsIn(block.blocks)
        : [],
  );
}

function blocksOf(suite: string, record: HttpResultsRecord = syntheticHttp()): Block[] {
  const http = toResults(record);
  const known = http.suites.find(({ id }) => id === suite);
  if (known === undefined) throw new Error(`no suite ${suite}`);
  return chartHttp({ http, metrics: infos.load, suite: known, slots: assignSlots(http.cells) });
}

function chartOf(id: string, http?: HttpResultsRecord): Chart {
  const found = chartsIn(blocksOf('writers', http)).find((chart) => chart.id === id);
  if (found === undefined) throw new Error(`no chart ${id}`);
  return found;
}

describe('charts by items', () => {
  const chart = chartOf('chart-http-writers-items-list-10-requestspersec');

  it('have a point for each size under the headline load, with the interval of its median', () => {
    const cells = syntheticHttp().cells.filter(
      ({ suite, contender, load }) =>
        suite === 'writers' && contender === 'compiled' && load.kind === 'closed' && load.connections === 10,
    );
    const points = cells
      .filter(({ scenario }) => scenario.startsWith('list'))
      .map(({ items, metrics: { requestsPerSec: rate } }) => ({
        x: items,
        y: rate?.median,
        lo: rate?.lo,
        hi: rate?.hi,
      }));
    expect(points).toHaveLength(2);
    expect(chart.series.find(({ contender }) => contender === 'compiled')?.points).toEqual(points);
  });

  it('have the reference as a series, and leave out what is not ok by name', () => {
    expect(chart.series.map(({ name }) => name)).toEqual(['plain', 'compiled', 'shaky', 'fragile']);
    expect(chart.series.at(-1)?.points.map(({ x }) => x)).toEqual([10]);
    expect(chart.summary).toMatch(/Not drawn: fragile \(failed in part\)\.$/);
  });

  it('are logarithmic both ways, and say the best and the worst at both ends', () => {
    expect([chart.form, chart.x, chart.y.scale, chart.y.unit]).toEqual([
      'lines',
      { title: 'items', scale: 'log', unit: 'items' },
      'log',
      'perSec',
    ]);
    expect(chart.summary).toContain('at 1,000 items from 104 (compiled) to 67.3 (plain)');
    expect(chartOf('chart-http-writers-items-list-10-p95ns').summary).toContain(
      'at 1,000 items from 193 ms (compiled) to 297 ms (plain)',
    );
  });

  it('are made of requests, p95 and CPU, for scenarios that ask for the same', () => {
    expect(
      chartsIn(blocksOf('writers'))
        .map(({ title }) => title)
        .filter((title) => title.includes('by items')),
    ).toEqual([
      'requests/s by items: GET /list, 10 connections',
      'p95 by items: GET /list, 10 connections',
      'CPU a request by items: GET /list, 10 connections',
    ]);
  });

  it('are none where a suite has one size', () => {
    expect(blocksOf('pieces')).toEqual([]);
  });

  it('do not mix clients that ask one by one with those that ask at once', () => {
    const http = syntheticHttp();
    const scenarios = http.scenarios.map((scenario) =>
      scenario.id === 'list-1000' ? { ...scenario, client: 'sync' as const } : scenario,
    );
    expect(chartsIn(blocksOf('writers', { ...http, scenarios })).filter(({ id }) => id.includes('-items-'))).toEqual(
      [],
    );
  });
});

describe('charts by connections', () => {
  const chart = chartOf('chart-http-writers-connections-list-1000-requestspersec');

  it('have a point for each closed loop and none for the open one', () => {
    expect(chart.series.find(({ contender }) => contender === 'plain')?.points.map(({ x }) => x)).toEqual([1, 10]);
    expect(chart.x).toEqual({ title: 'connections', scale: 'log', unit: 'connections' });
    expect(chart.summary).toContain('at 1 connection from');
  });

  it('are folded away, for swept scenarios only', () => {
    const folded = blocksOf('writers').flatMap((block) => (block.kind === 'details' ? [block] : []));
    expect(folded.map(({ summary }) => summary)).toEqual(['2 more charts, by connections']);
    expect(chartsIn(folded).map(({ title }) => title)).toEqual([
      'requests/s by connections: 1,000 things',
      'p95 by connections: 1,000 things',
    ]);
  });
});

describe('the charts of a page', () => {
  it('have ids of their own and one slot a contender, micro-benchmarks included', () => {
    const run = { ...syntheticRun(), http: syntheticHttp() };
    const charts = chartsIn(reportRecord({ run, registry: metadata }).blocks);
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    for (const { id } of charts) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const slots = assignSlots([...run.cells.map(toMicro), ...run.http.cells.map(toHttp)]);
    expect(charts.filter(({ id }) => id.startsWith('chart-http-')).length).toBeGreaterThan(4);
    for (const { series } of charts)
      for (const { contender = '', slot } of series) expect(slot).toBe(slots.get(contender));
  });

  it('can be drawn: ticks at what was measured, rates with their decimals', async () => {
    const [chart] = chartsIn(reportRecord({ run: syntheticHttpRun(), registry: metadata }).blocks);
    const svg = await renderChart(chart as Chart);
    expect(svg).toContain('>1,000</text>');
    expect(svg).toContain('requests/s, more is better');
    const connections = await renderChart(chartOf('chart-http-writers-connections-list-1000-p95ns'));
    expect(connections).toContain('p95, less is better (ms)');
    expect(connections.match(/>(?:1|10)<\/text>/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
