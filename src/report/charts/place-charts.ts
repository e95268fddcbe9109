/**
 * Which charts a suite's section has, and which of them stand folded away below the others.
 *
 * A thorough run has a hundred tables; a reader needs the usual response first. Other sinks than the suite's first are
 * left to the tables, or the page would become twice as large.
 */
import { findFindings } from '../../compare/findings.ts';
import type { Profile } from '../../model/bench-module.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Sink } from '../../model/values.ts';
import type { Block, Chart } from '../document.ts';
import { details } from '../parts/blocks.ts';
import { formatList, formatPlural } from '../quantities.ts';
import type { ChartScope, PlacedChart } from './chart-scope.ts';
import { chartRounds } from './round-charts.ts';
import { chartRepresentations } from './representation-charts.ts';
import { chartSizes } from './size-charts.ts';
import { chartSpeedups } from './speedup-charts.ts';
import { chartThroughput } from './throughput-charts.ts';

/** Payloads whose charts stand open: two fit on a screen beside each other. Arbitrary; the others are folded. */
const openPayloads = 2;

/**
 * Charts of one suite, those that most readers want first; the others inside one block of details.
 * @returns no block for a suite of observations, and where nothing can be drawn.
 */
export function placeCharts(scope: ChartScope): Block[] {
  const { cells, metadata, outline } = scope;
  switch (outline.method) {
    case 'observation':
      return [];
    case 'size':
      return fold({ charts: chartSizes(scope), more: [], scope });
    case 'latency': {
      const rounds = chartRounds(scope);
      if (outline.layout === 'by-representation') return [...chartRepresentations(scope), ...foldAway(rounds)];
      const speedups = chartSpeedups(scope, findFindings(cells, metadata));
      return fold({ charts: [...speedups, ...chartThroughput(scope)], more: rounds, scope });
    }
  }
}

interface FoldRequest {
  readonly charts: readonly PlacedChart[];
  /** Always folded. */
  readonly more: readonly Chart[];
  readonly scope: ChartScope;
}

function fold({ charts, more, scope }: FoldRequest): Block[] {
  const sink = headlineSink(scope);
  const drawn = charts
    .filter(({ cell }) => cell.id.sink === sink)
    .toSorted((a, b) => rankOf(a.cell, scope) - rankOf(b.cell, scope));
  const open = new Set(new Set(drawn.map(({ cell }) => cell.id.payload)).values().take(openPayloads));
  const others = [...new Set(charts.flatMap(({ cell }) => (cell.id.sink === sink ? [] : cell.id.sink)))];
  return [
    ...drawn.filter(({ cell }) => open.has(cell.id.payload)).map(({ chart }) => chart),
    ...foldAway([...drawn.filter(({ cell }) => !open.has(cell.id.payload)).map(({ chart }) => chart), ...more], others),
  ];
}

/** @param omitted sinks that only the tables have. */
function foldAway(charts: readonly Chart[], omitted: readonly Sink[] = []): Block[] {
  const others = omitted.length === 0 ? '' : ` (for ${formatList(omitted)}, see the tables)`;
  return charts.length === 0 ? [] : [details(`${formatPlural(charts.length, 'more chart')}${others}`, charts)];
}

/** The suite's own first sink where it was measured. */
function headlineSink({ cells, metadata, outline }: ChartScope): Sink | undefined {
  const suite = metadata.suites.find(({ id }) => id === outline.id);
  const first = suite?.method === 'latency' ? suite.sinks[0] : undefined;
  return cells.some(({ id }) => id.sink === first) ? first : cells[0]?.id.sink;
}

const tiers: Readonly<Record<Profile, number>> = { quick: 0, standard: 1, thorough: 2 };

/** Responses before other payloads, those of short runs before those of long ones. */
function rankOf(cell: MicroCell, { metadata }: ChartScope): number {
  const payload = metadata.payloads.find(({ id }) => id === cell.id.payload);
  const tier = payload === undefined ? tiers.thorough + 1 : tiers[payload.tier];
  return (payload?.role === 'response' ? 0 : 10) + tier;
}
