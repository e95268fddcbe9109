/**
 * How often an interval holds the truth, where the truth is known: contenders measured beside themselves.
 *
 * `pnpm bench:coverage` computes the shares from the recording and writes them beside it. With `--record` it measures
 * first: runs of five ensembles a group in which every contender has a twin, quiet and beside endless loops, each
 * ensemble kept as soon as it has ended; a recording goes on where it was stopped. Intervals are formed by the code that
 * a run's are formed by. Deliberately absent: any verdict.
 *
 *     node bench/reference/coverage.ts --record --runs 8 --load quiet
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { assembleForks } from '../../src/compare/assemble-forks.ts';
import { ratioOf } from '../../src/compare/cells.ts';
import { selectTurns } from '../../src/measure/ensemble/select-turns.ts';
import { profiles } from '../../src/measure/profiles.ts';
import { createShuffle } from '../../src/measure/shuffle.ts';
import type { ForkOutcome, MicroCellId } from '../../src/model/cell.ts';
import type { Ratio } from '../../src/model/metric.ts';
import type { Variant } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { type Load, loads, underLoad } from './load.ts';
import { armsOf, openRecording, tableOf, withEnsembles } from './recording.ts';

/** One ensemble: what each contender took, and its twin. */
interface Line {
  readonly load: Load;
  /** Counts the runs of a load from 0. */
  readonly run: number;
  /** Counts the ensembles of a group in a run from 0. */
  readonly round: number;
  readonly items: number;
  readonly variant: Variant;
  readonly pairs: readonly { readonly contender: string; readonly originalNs: number; readonly twinNs: number }[];
  readonly cleanShare: number;
  readonly othersShare: number;
  /** Its name; absent in lines of a time when it was not kept. */
  readonly processor?: string;
}

const contenders = ['json-stringify', 'fast-json-stringify', 'gateway-serializer', 'msgpackr'];
const groups = ([10, 100, 1000] as const).flatMap((items) =>
  (['text', 'native'] as const).map((variant) => ({ items, variant })),
);
const { minForks: rounds, sampler } = profiles.standard;

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    runs: { type: 'string', default: '4' },
    load: { type: 'string', default: 'quiet' },
    out: { type: 'string', default: path.join('results', 'coverage') },
  },
});
const recording = openRecording<Line>(values.out, 'ensembles.jsonl');
const { metrics } = await loadRegistry();

if (values.record) await record(readLoad(values.load), Number(values.runs));
recording.show(describe(recording.read()));

function readLoad(name: string): Load {
  const found = loads.find((load) => load === name);
  if (found === undefined) throw new Error(`no load '${name}'; there are ${loads.join(', ')}`);
  return found;
}

/** Measures until the load has so many whole runs. */
async function record(load: Load, wanted: number): Promise<void> {
  const keyOf = (line: Pick<Line, 'run' | 'round' | 'items' | 'variant'>): string =>
    [line.run, line.round, groupOf(line)].join(' ');
  const done = new Set(recording.read().flatMap((line) => (line.load === load ? [keyOf(line)] : [])));
  const due = Array.from({ length: wanted * rounds }, (_, index) => ({
    run: Math.floor(index / rounds),
    round: index % rounds,
  })).flatMap(({ run, round }) => createShuffle(run, round)(groups).map((group) => ({ run, round, ...group })));
  await underLoad(load, () =>
    withEnsembles(sampler, async (measure) => {
      for (const one of due) {
        if (done.has(keyOf(one))) continue;
        const { run, round, items, variant } = one;
        process.stderr.write(`${load}: run ${run + 1}, round ${round + 1}, ${groupOf(one)}\n`);
        const tasks = contenders.map((contender) => {
          return { suite: 'serialize', contender, payload: 'tools', items, variant };
        });
        const result = await measure({ tasks: [...tasks, ...tasks], seed: run, round });
        if (result === undefined) return;
        const selected = armsOf(result).map(({ turns }) => selectTurns(turns, sampler.turns));
        const latencyOf = (index: number): number => Number(selected[index]?.latencyNs.toPrecision(6));
        recording.append({
          load,
          ...one,
          pairs: contenders.map((contender, index) => {
            return { contender, originalNs: latencyOf(index), twinNs: latencyOf(index + contenders.length) };
          }),
          cleanShare: Math.min(...selected.map(({ cleanShare }) => cleanShare)),
          othersShare: result.use?.othersShare ?? 0,
          processor: cpus()[0]?.model ?? 'unknown',
        });
      }
    }),
  );
}

function groupOf({ items, variant }: Pick<Line, 'items' | 'variant'>): string {
  return `${items} ${variant}`;
}

/** The intervals of one run's twins, formed as a run forms its own. */
function intervalsOf(lines: readonly Line[]): { id: MicroCellId; ratio: Ratio }[] {
  const outcomes = lines.flatMap(({ items, variant, round, pairs }) =>
    pairs.flatMap(({ contender, originalNs, twinNs }) =>
      (
        [
          ['original', originalNs],
          ['twin', twinNs],
        ] as const
      ).map(([name, latencyNs]): ForkOutcome => {
        const cell: MicroCellId = {
          suite: 'twins',
          contender: name,
          payload: contender,
          items,
          variant,
          sink: 'bytes',
        };
        const fork = {
          round,
          latencyNs,
          blocks: [latencyNs],
          opsPerBlock: 1,
          peakBlockNs: 1,
          compileNs: 0,
          outputBytes: 1,
        };
        return { cell, round, status: 'ok', fork: { ...fork, warnings: [] } };
      }),
    ),
  );
  const ids = new Map(outcomes.map(({ cell }) => [JSON.stringify(cell), { id: cell }]));
  return assembleForks({ cells: [...ids.values()], metrics, references: { twins: 'original' } }, outcomes).flatMap(
    (cell) => {
      const ratio = ratioOf(cell, 'latencyNs');
      return ratio?.lo === undefined ? [] : [{ id: cell.id, ratio }];
    },
  );
}

function describe(lines: readonly Line[]): string {
  const byLoad = loads.map((load): { load: string; runs: Line[][] } => {
    const own = lines.filter((line) => line.load === load);
    const runs = [...Map.groupBy(own, ({ run }) => run).values()].filter(
      (run) => run.length === rounds * groups.length,
    );
    return { load, runs };
  });
  const whole = { load: 'all of them', runs: byLoad.flatMap(({ runs }) => runs) };
  const rows = [...byLoad, whole].flatMap(({ load, runs }) => {
    const all = runs.flatMap(intervalsOf);
    if (all.length === 0) return [];
    const bySize = [10, 100, 1000].map((items) => showShare(all.filter(({ id }) => id.items === items)));
    const widths = all.map(({ ratio: { lo = 1, hi = 1 } }) => hi / lo).toSorted((a, b) => a - b);
    const at = (share: number): string => (widths[Math.floor(share * (widths.length - 1))] as number).toFixed(3);
    return [[load, `${runs.length}`, `${all.length}`, showShare(all), ...bySize, at(0.5), at(0.95)]];
  });
  const heads = ['machine', 'runs', 'intervals', 'hold 1', '10 items', '100', '1,000', 'median width', '95% at most'];
  return [
    '# Intervals between twins',
    '',
    `Each contender of ${contenders.join(', ')} beside itself, on tools of 10, 100 and 1,000 items in both variants:`,
    `runs of ${rounds} ensembles a group, as a default run has. What is shown is the share of 95% intervals that hold 1,`,
    'which is the truth for two processes of the same code, and how wide they are (upper bound / lower bound).',
    `${tellProcessors(lines)} Written by \`pnpm bench:coverage\` from ensembles.jsonl.`,
    '',
    tableOf(heads, rows),
    '',
  ].join('\n');
}

function tellProcessors(lines: readonly Line[]): string {
  const counts = Map.groupBy(lines, ({ processor }) => processor ?? 'one whose name was not kept');
  const parts = [...counts].map(([name, { length }]) => `${name} (${length})`);
  return `Ensembles by processor: ${parts.join(', ')}.`;
}

function showShare(intervals: readonly { ratio: Ratio }[]): string {
  if (intervals.length === 0) return 'none';
  const holding = intervals.filter(({ ratio: { lo = 0, hi = Infinity } }) => lo <= 1 && hi >= 1).length;
  return `${((100 * holding) / intervals.length).toFixed(1)}%`;
}
