/**
 * Which value should stand for the turns of a process: ways to choose and to average them, held against each other on
 * recorded turns of quiet and busy machines.
 *
 * `pnpm bench:turns` computes the comparison from the recording and writes it beside it; with `--record` it measures
 * first, each ensemble kept as soon as it has ended. A way is good where its intervals are narrow, where those of twins
 * hold 1 as often as they say, and where a busy machine gives the ratios that a quiet one does.
 *
 *     node bench/reference/turns.ts --record --ensembles 10
 */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { cleanExcess } from '../../src/machine/clean.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { Variant } from '../../src/model/values.ts';
import { median } from '../../src/stats/center.ts';
import { meanInterval } from '../../src/stats/intervals.ts';
import { type Load, loads, underLoad } from './load.ts';
import { armsOf, openRecording, tableOf, withEnsembles } from './recording.ts';

/** Elapsed and processor time an operation in nanoseconds, and how far the processor was above its floor. */
type RecordedTurn = readonly [elapsedNs: number, processorNs: number, excess: number];

interface Line {
  readonly load: Load;
  readonly ensemble: number;
  readonly items: number;
  readonly variant: Variant;
  /** In the order of `contenders`. */
  readonly arms: readonly (readonly RecordedTurn[])[];
}

/** The reference, its twin, and others. */
const contenders = ['json-stringify', 'json-stringify', 'fast-json-stringify', 'gateway-serializer', 'msgpackr'];
const groups = ([100, 1000] as const).flatMap((items) =>
  (['text', 'native'] as const).map((variant) => ({ items, variant })),
);
const { sampler } = profiles.standard;
/** Ensembles an interval is made of, as a default run has at least. */
const ensemblesOfInterval = profiles.standard.minForks;

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    ensembles: { type: 'string', default: '10' },
    out: { type: 'string', default: path.join('results', 'turns') },
  },
});
const recording = openRecording<Line>(values.out, 'turns.jsonl');

async function record(load: Load, wanted: number): Promise<void> {
  const keyOf = ({ ensemble, items, variant }: Pick<Line, 'ensemble' | 'items' | 'variant'>): string =>
    [ensemble, items, variant].join(' ');
  const done = new Set(recording.read().flatMap((line) => (line.load === load ? [keyOf(line)] : [])));
  const due = Array.from({ length: wanted }, (_, ensemble) => groups.map((group) => ({ ensemble, ...group }))).flat();
  await underLoad(load, () =>
    withEnsembles(sampler, async (measure) => {
      for (const one of due) {
        if (done.has(keyOf(one))) continue;
        const { ensemble, items, variant } = one;
        process.stderr.write(`${load}: ensemble ${ensemble + 1}, ${items} ${variant}\n`);
        const tasks = contenders.map((contender) => {
          return { suite: 'serialize', contender, payload: 'tools', items, variant };
        });
        const result = await measure({ tasks, seed: 1, round: ensemble });
        if (result === undefined) return;
        const arms = armsOf(result).map(({ turns }) =>
          turns.map(({ elapsedNs, processorNs, excess }): RecordedTurn => {
            return [Math.round(elapsedNs), Math.round(processorNs), Number(excess.toFixed(3))];
          }),
        );
        recording.append({ load, ...one, arms });
      }
    }),
  );
}

const clocks = { 'elapsed time': 0, 'processor time': 1 } as const;
type Clock = keyof typeof clocks;

const selections = {
  'all turns': (turns: readonly RecordedTurn[]) => turns,
  'clean turns': (turns: readonly RecordedTurn[]) => {
    const clean = turns.filter(([, , excess]) => excess <= cleanExcess);
    const least = turns.toSorted((a, b) => a[2] - b[2]).slice(0, sampler.turns);
    return clean.length >= sampler.turns ? clean : least;
  },
} as const;
type Selection = keyof typeof selections;

const centres = {
  mean: (times: readonly number[]) => times.reduce((sum, time) => sum + time, 0) / times.length,
  'mean without a fifth at each end': (times: readonly number[]) => {
    const cut = Math.floor(times.length / 5);
    const kept = times.toSorted((a, b) => a - b).slice(cut, times.length - cut);
    return kept.reduce((sum, time) => sum + time, 0) / kept.length;
  },
  median,
  'lower quartile': (times: readonly number[]) =>
    times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 4)] as number,
} as const;
type Centre = keyof typeof centres;

interface Way {
  readonly clock: Clock;
  readonly selection: Selection;
  readonly centre: Centre;
}

const ways = (Object.keys(clocks) as Clock[]).flatMap((clock) =>
  (Object.keys(selections) as Selection[]).flatMap((selection) =>
    (Object.keys(centres) as Centre[]).map((centre): Way => ({ clock, selection, centre })),
  ),
);

/** ln(time(contender) / time(reference)) of each contender but the first. */
function logRatios({ arms }: Line, { clock, selection, centre }: Way): number[] {
  const [reference, ...others] = arms.map((turns) =>
    Math.log(centres[centre](selections[selection](turns).map((turn) => turn[clocks[clock]]))),
  );
  return others.map((value) => value - (reference as number));
}

/** What a way gives under a load: by group and contender, a value an ensemble. */
function valuesOf(lines: readonly Line[], way: Way): { key: string; isTwin: boolean; values: number[] }[] {
  return groups.flatMap((group) => {
    const own = lines.filter(({ items, variant }) => items === group.items && variant === group.variant);
    const all = own.map((line) => logRatios(line, way));
    return contenders.slice(1).map((contender, index) => ({
      key: `${contender} ${index} ${group.items} ${group.variant}`,
      isTwin: index === 0,
      values: all.map((ratios) => ratios[index] as number),
    }));
  });
}

/** Intervals of as many ensembles as a run has, each ensemble in one of them. */
function intervalsOf(given: readonly number[]): { mean: number; lo: number; hi: number }[] {
  return Array.from({ length: Math.floor(given.length / ensemblesOfInterval) }, (_, index) => {
    const {
      mean,
      lo = -Infinity,
      hi = Infinity,
    } = meanInterval(given.slice(index * ensemblesOfInterval, (index + 1) * ensemblesOfInterval));
    return { mean, lo, hi };
  });
}

const meanOf = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

function describe(lines: readonly Line[]): string {
  // With fewer ensembles there is no interval to hold against another one.
  const known = loads.filter(
    (load) => lines.filter((line) => line.load === load).length >= ensemblesOfInterval * groups.length,
  );
  if (!known.includes('quiet')) return `No load has ${ensemblesOfInterval} ensembles of each group yet.\n`;
  const rows = ways.map((way) => {
    const quiet = new Map(
      valuesOf(
        lines.filter(({ load }) => load === 'quiet'),
        way,
      ).map(({ key, values: list }) => [key, meanOf(list)]),
    );
    const cells = known.flatMap((load) => {
      const own = valuesOf(
        lines.filter((line) => line.load === load),
        way,
      );
      const widths = own.flatMap(({ values: list }) => intervalsOf(list).map(({ lo, hi }) => Math.exp(hi - lo)));
      const spread = median(own.map(({ values: list }) => spreadOf(list)));
      const shift = median(own.map(({ key, values: list }) => Math.abs(meanOf(list) - (quiet.get(key) ?? Number.NaN))));
      return [
        `${(100 * spread).toFixed(1)}%`,
        median(widths).toFixed(3),
        ...(load === 'quiet' ? [] : [`${(100 * shift).toFixed(1)}%`]),
      ];
    });
    return [way.clock, way.selection, way.centre, ...cells, describeTwins(lines, known, way)];
  });
  const heads = [
    'clock',
    'turns',
    'value',
    ...known.flatMap((load) => [`${load}: spread`, 'width', ...(load === 'quiet' ? [] : ['shift'])]),
    'twins that hold 1',
  ];
  return [
    '# What stands for the turns of a process',
    '',
    `Ratios to json-stringify of ${['its twin', ...contenders.slice(2)].join(', ')} on 100 and 1,000 tools in`,
    'both variants. Spread: standard deviation of ln ratio between ensembles, the median over the cells. Width: upper by',
    `lower bound of plain t intervals of ${ensemblesOfInterval} ensembles, likewise. Shift: how far the busy machine's ratios lie from the quiet`,
    "one's, likewise. What is narrow because it leaves out the collector (the second table) is no value of a response: a",
    'run takes the mean of the clean turns. Written by `pnpm bench:turns` from turns.jsonl.',
    '',
    tableOf(heads, rows),
    '',
    '## What the collector adds',
    '',
    'ln ratio by the mean of all turns less that by their median, processor time, quiet machine: what a median leaves out.',
    '',
    describeCollector(lines),
    '',
    '## Turns that found the processor at its floor',
    '',
    ...known.map(
      (load) => `- ${load}: ${(100 * cleanShareOf(lines.filter((line) => line.load === load))).toFixed(0)}%`,
    ),
    '',
  ].join('\n');
}

/** How many intervals of twins hold 1, of how many, under all loads. */
function describeTwins(lines: readonly Line[], known: readonly Load[], way: Way): string {
  const intervals = known.flatMap((load) =>
    valuesOf(
      lines.filter((line) => line.load === load),
      way,
    ).flatMap(({ isTwin, values: list }) => (isTwin ? intervalsOf(list) : [])),
  );
  return `${intervals.filter(({ lo, hi }) => lo <= 0 && hi >= 0).length} of ${intervals.length}`;
}

function describeCollector(lines: readonly Line[]): string {
  const quiet = lines.filter(({ load }) => load === 'quiet');
  const by = (centre: Centre) => valuesOf(quiet, { clock: 'processor time', selection: 'all turns', centre });
  const middle = by('median');
  const rows = by('mean').map(({ key, values: list }, index) => {
    const [contender = '', , items, variant] = key.split(' ');
    const difference = meanOf(list) - meanOf(middle[index]?.values ?? []);
    return [contender, `${items} ${variant}`, `${difference < 0 ? '−' : '+'}${Math.abs(100 * difference).toFixed(1)}%`];
  });
  const heads = ['contender', 'tools', 'mean against median'];
  return tableOf(heads, rows);
}

function spreadOf(list: readonly number[]): number {
  const mean = meanOf(list);
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1));
}

function cleanShareOf(lines: readonly Line[]): number {
  const turns = lines.flatMap(({ arms }) => arms.flat());
  return turns.filter(([, , excess]) => excess <= cleanExcess).length / turns.length;
}

if (values.record) for (const load of loads) await record(load, Number(values.ensembles));
recording.show(describe(recording.read()));
