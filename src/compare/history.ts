/**
 * How the speedup of a cell moved from run to run: what is kept of a run, series over many, and changes in them.
 *
 * A series is a cell on one kind of machine: ratios hold across machines better than times do, yet a processor changes
 * them too, and a change of machine must not pass for a change of code. Times of two runs are never compared.
 */
import type { CellSelection, MicroCell, MicroCellId } from '../model/cell.ts';
import type { Environment } from '../model/environment.ts';
import type { Run } from '../model/run.ts';
import type {
  CircumstanceChange,
  HistoryCell,
  HistoryChange,
  HistoryEntry,
  HistoryGroup,
  HistoryLevel,
  HistoryPoint,
  HistorySeries,
} from '../model/history.ts';
import { findChangePoints, shortestSeries } from '../stats/change-points.ts';
import { engineOf, nameRuntime } from './name-runtime.ts';
import { cellKey, groupBy, groupKey, medianOf, ratioOf, speedupOf } from './cells.ts';

/**
 * Chance that a series without any change has one marked. A history has a hundred series, so that one in twenty would
 * mark several in every report; a smaller level asks for more runs.
 */
export const changeLevel = 0.01;

/** Runs with an interval that a series needs before a change can be told from chance at all. */
export const fewestRuns: number = shortestSeries(changeLevel);

/** A p value at the level is known to a tenth of the level; more orders change nothing but the time it takes. */
const permutations = 9999;

/** Arbitrary: another seed draws other orders, and moves p values by their accuracy. */
const permutationSeed = 1;

/** Digits that are kept of a figure: finer than any interval here, and half the size of a file. */
const keptDigits = 5;

/** What the history keeps of a run: its timed cells, and those that should have been, by their status. */
export function summarizeRun({ startedAt, seed, profile, environment, cells }: Run): HistoryEntry {
  const latency = cells.filter((cell) => cell.status !== 'ok' || medianOf(cell, 'latencyNs') !== undefined);
  const groups = [...groupBy(latency, ({ id }) => groupKey(id)).values()].map(summarizeGroup);
  // A group without any time is one of sizes or observations, which have no speedup that could move.
  const timed = groups.filter((group) => group.cells.some(({ latencyNs }) => latencyNs !== undefined));
  return { historyVersion: 1, startedAt, seed, profile, environment, groups: timed };
}

interface HistoryRequest {
  /** In any order. */
  readonly entries: readonly HistoryEntry[];
  readonly selection: CellSelection;
  /** The npm package whose version matters to a contender. */
  packageOf(contender: string): string | undefined;
}

/**
 * A series for each selected cell, reference and machine that has a speedup in at least one run; in the order of the
 * entries and of their groups. References have none, since their speedup is always 1.
 * @returns empty for no entries.
 */
export function traceSpeedups(request: HistoryRequest): HistorySeries[] {
  const entries = request.entries.toSorted((a, b) =>
    a.startedAt < b.startedAt ? -1 : Number(a.startedAt > b.startedAt),
  );
  const sightings = entries.flatMap((entry) => sightCells(entry, request.selection));
  const series = groupBy(sightings, ({ cell, reference, entry }) =>
    JSON.stringify([cellKey(cell), reference, machineOf(entry.environment)]),
  );
  return [...series.values()]
    .filter((own) => own.some(({ found }) => found.ratio !== undefined))
    .map((own) => traceSeries(own, request));
}

/** What makes two runs those of one kind of machine; versions of anything that is installed on it do not. */
function machineOf({ cpuModel, cores, arch, os }: Environment): string {
  return `${cpuModel}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${arch}, ${os.split(' ')[0] ?? os}`;
}

/** A cell in one entry. */
interface Sighting {
  readonly entry: HistoryEntry;
  readonly cell: MicroCellId;
  readonly reference: string;
  readonly confidence: number | undefined;
  readonly found: HistoryCell;
}

function summarizeGroup(cells: readonly [MicroCell, ...MicroCell[]]): HistoryGroup {
  const { suite, payload, items, variant, sink } = cells[0].id;
  const speedups = cells.flatMap((cell) => speedupOf(cell) ?? []);
  const [speedup] = speedups;
  const [confidence] = speedups.flatMap((one) => one.confidence ?? []);
  return {
    suite,
    payload,
    items,
    variant,
    sink,
    ...(speedup === undefined ? {} : { reference: speedup.reference }),
    ...(confidence === undefined ? {} : { confidence }),
    cells: cells.map(summarizeCell),
  };
}

function summarizeCell(cell: MicroCell): HistoryCell {
  const { status, id } = cell;
  const { contender } = id;
  const [latencyNs, outputBytes] = [medianOf(cell, 'latencyNs'), medianOf(cell, 'outputBytes')];
  if (status !== 'ok' || latencyNs === undefined) return { contender, status };
  const figures = {
    contender,
    status,
    latencyNs: round(latencyNs),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  };
  const speedup = ratioOf(cell, 'latencyNs');
  if (speedup === undefined) return figures;
  const { ratio, lo, hi } = speedup;
  return {
    ...figures,
    ratio: round(ratio),
    ...(lo === undefined || hi === undefined ? {} : { lo: round(lo), hi: round(hi) }),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(keptDigits));
}

function sightCells(entry: HistoryEntry, selection: CellSelection): Sighting[] {
  return entry.groups.flatMap(({ suite, payload, items, variant, sink, reference, confidence, cells }) => {
    if (reference === undefined) return [];
    return cells
      .map((found): Sighting => ({
        entry,
        cell: { suite, contender: found.contender, payload, items, variant, sink },
        reference,
        confidence,
        found,
      }))
      .filter(({ cell }) => isSelected(cell, selection));
  });
}

function isSelected(
  cell: MicroCellId,
  { suites, contenders, payloads, items, variants, sinks }: CellSelection,
): boolean {
  const has = <T>(list: readonly T[] | undefined, value: T): boolean => list === undefined || list.includes(value);
  return (
    has(suites, cell.suite) &&
    has(contenders, cell.contender) &&
    has(payloads, cell.payload) &&
    has(items, cell.items) &&
    has(variants, cell.variant) &&
    has(sinks, cell.sink)
  );
}

function traceSeries(sightings: readonly [Sighting, ...Sighting[]], request: HistoryRequest): HistorySeries {
  const [{ cell, reference, confidence, entry }] = sightings;
  const name = request.packageOf(cell.contender);
  const points = sightings.map((sighting) => pointOf(sighting, name));
  const comparable = points.flatMap((point, index) => (hasInterval(point) ? [{ point, index }] : []));
  const packages = [cell.contender, reference]
    .map((contender) => request.packageOf(contender))
    .filter((known) => known !== undefined);
  const changes = findChanges(comparable.map(({ point }) => point)).map(({ from, at, ...change }): HistoryChange => {
    const [before, after] = [comparable[from], comparable[at]].map(
      (place) => sightings[place?.index ?? 0] as Sighting,
    ) as [Sighting, Sighting];
    return { at: comparable[at]?.index ?? 0, ...change, differences: findDifferences({ before, after, packages }) };
  });
  return {
    cell,
    reference,
    machine: machineOf(entry.environment),
    ...(confidence === undefined ? {} : { confidence }),
    points,
    comparable: comparable.length,
    changes,
  };
}

function pointOf({ entry, found }: Sighting, name: string | undefined): HistoryPoint {
  const { startedAt, environment } = entry;
  const packageVersion = name === undefined ? undefined : environment.packages[name];
  const { status, ratio, lo, hi } = found;
  return {
    startedAt,
    runtime: nameRuntime(environment),
    status,
    ...(environment.commit === undefined ? {} : { commit: environment.commit }),
    ...(packageVersion === undefined ? {} : { packageVersion }),
    ...(ratio === undefined ? {} : { ratio }),
    ...(lo === undefined || hi === undefined ? {} : { lo, hi }),
  };
}

type Bounded = HistoryPoint & Required<Pick<HistoryPoint, 'ratio' | 'lo' | 'hi'>>;

function hasInterval(point: HistoryPoint): point is Bounded {
  return point.ratio !== undefined && point.lo !== undefined && point.hi !== undefined;
}

interface FoundChange extends Pick<HistoryChange, 'before' | 'after' | 'pValue'> {
  /** Last point before the change and first one after it. */
  readonly from: number;
  readonly at: number;
}

/** Changes of the level of ln ratio that the runs' own intervals bear as well. */
function findChanges(points: readonly Bounded[]): FoundChange[] {
  if (points.length < fewestRuns) return [];
  const logs = points.map(({ ratio }) => Math.log(ratio));
  const found = findChangePoints(logs, { level: changeLevel, permutations, seed: permutationSeed });
  const borders = [0, ...found.map(({ index }) => index), points.length];
  return found.flatMap(({ index, pValue }, place): FoundChange[] => {
    const before = averageLevel(points.slice(borders[place], index));
    const after = averageLevel(points.slice(index, borders[place + 2]));
    return liesApart(before, after) ? [{ from: index - 1, at: index, before, after, pValue }] : [];
  });
}

/**
 * Geometric mean of independent ratios; half widths of their intervals, on the log scale, add up as errors do:
 * sqrt(sum of squares) / n. Scatter between runs has no part in it; the permutation test answers for that.
 */
function averageLevel(points: readonly Bounded[]): HistoryLevel {
  const runs = points.length;
  const mean = points.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / runs;
  const halfWidth = Math.sqrt(points.reduce((sum, { lo, hi }) => sum + (Math.log(hi / lo) / 2) ** 2, 0)) / runs;
  return { runs, ratio: Math.exp(mean), lo: Math.exp(mean - halfWidth), hi: Math.exp(mean + halfWidth) };
}

/** Whether the interval of the quotient of two independent means excludes 1. */
function liesApart(a: HistoryLevel, b: HistoryLevel): boolean {
  const halfWidth = Math.hypot(Math.log(a.hi / a.lo) / 2, Math.log(b.hi / b.lo) / 2);
  return Math.abs(Math.log(b.ratio / a.ratio)) > halfWidth;
}

/** What the ratio depends on and is another one after the change: causes to look at first, none of them proven. */
function findDifferences({
  before,
  after,
  packages,
}: {
  before: Sighting;
  after: Sighting;
  packages: readonly string[];
}): CircumstanceChange[] {
  const tell = (what: string, get: (sighting: Sighting) => string | number | undefined): CircumstanceChange[] => {
    const [was, is] = [get(before), get(after)];
    if (was === is) return [];
    return [
      { what, ...(was === undefined ? {} : { before: `${was}` }), ...(is === undefined ? {} : { after: `${is}` }) },
    ];
  };
  const runtime = tell('runtime', ({ entry }) => nameRuntime(entry.environment));
  return [
    ...[...new Set(packages)].flatMap((name) => tell(name, ({ entry }) => entry.environment.packages[name])),
    ...runtime,
    // A version of a runtime names the version of V8 as well.
    ...(runtime.length > 0 ? [] : tell('V8', ({ entry }) => engineOf(entry.environment))),
    ...tell('system', ({ entry }) => entry.environment.os),
    ...tell('profile', ({ entry }) => entry.profile),
    ...tell('seed', ({ entry }) => entry.seed),
    ...tell('output bytes', ({ found }) => found.outputBytes),
  ];
}
