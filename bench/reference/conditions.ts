/**
 * Whether the memory a process has, and how it gives it back, changes what a response costs: one contender under several
 * conditions, as processes of one ensemble.
 *
 * `pnpm bench:conditions` computes the table from the recording and writes it beside it; with `--record` it measures
 * first, each ensemble kept as soon as it has ended. The reference is a process as every other measurement starts it.
 *
 *     node bench/reference/conditions.ts --record --ensembles 8
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { selectTurns } from '../../src/measure/ensemble/select-turns.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { Variant } from '../../src/model/values.ts';
import { geometricInterval } from '../../src/stats/intervals.ts';
import type { ArmTask } from './arms.ts';
import { armsOf, openRecording, tableOf, withEnsembles } from './recording.ts';

interface Line {
  readonly ensemble: number;
  readonly contender: string;
  readonly items: number;
  readonly variant: Variant;
  /** By condition, nanoseconds an operation. */
  readonly latencyNs: Readonly<Record<string, number>>;
}

/** A module that is loaded before anything else and fills the heap as a long-lived server has it. */
const aged = fileURLToPath(new URL('conditions/aged-heap.ts', import.meta.url));

const conditions: Readonly<Record<string, Pick<ArmTask, 'nodeArguments' | 'env'>>> = {
  usual: {},
  twin: {},
  'young generation sized by V8': { nodeArguments: ['--min-semi-space-size=0'] },
  'memory kept by malloc': {
    env: { MALLOC_TRIM_THRESHOLD_: '4294967296', MALLOC_TOP_PAD_: '268435456', MALLOC_MMAP_THRESHOLD_: '1073741824' },
  },
  'one malloc arena': { env: { MALLOC_ARENA_MAX: '1' } },
  'heap of a long-lived server': { nodeArguments: ['--import', aged] },
};

const contenders = ['json-stringify', 'fast-json-stringify', 'gateway-serializer', 'msgpackr'];
const groups = ([100, 1000, 5000] as const).flatMap((items) =>
  (['text', 'native'] as const).flatMap((variant) => contenders.map((contender) => ({ items, variant, contender }))),
);
// As many catalogs as processes of a run have of large lists.
const sampler = { ...profiles.standard.sampler, catalogs: 2 };

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    ensembles: { type: 'string', default: '5' },
    out: { type: 'string', default: path.join('results', 'conditions') },
  },
});
const recording = openRecording<Line>(values.out, 'ensembles.jsonl');

if (values.record) await record(Number(values.ensembles));
recording.show(describe(recording.read()));

async function record(wanted: number): Promise<void> {
  const done = new Set(recording.read().map((line) => keyOf(line, line.ensemble)));
  const due = Array.from({ length: wanted }, (_, ensemble) => groups.map((group) => ({ ensemble, ...group }))).flat();
  await withEnsembles(sampler, async (measure) => {
    for (const one of due) {
      const { ensemble, ...group } = one;
      if (done.has(keyOf(group, ensemble))) continue;
      process.stderr.write(`ensemble ${ensemble + 1}: ${group.contender}, ${group.items} ${group.variant}\n`);
      const tasks = Object.values(conditions).map((condition): ArmTask => {
        return { suite: 'serialize', payload: 'tools', ...group, ...condition };
      });
      const result = await measure({ tasks, seed: 1, round: ensemble });
      if (result === undefined) return;
      const times = armsOf(result).map(({ turns }) => selectTurns(turns, sampler.turns).latencyNs);
      const named = Object.keys(conditions).map((name, index) => [name, Number(times[index]?.toPrecision(6))] as const);
      recording.append({ ...one, latencyNs: Object.fromEntries(named) });
    }
  });
}

function keyOf({ contender, items, variant }: Pick<Line, 'contender' | 'items' | 'variant'>, ensemble: number): string {
  return [contender, items, variant, ensemble].join(' ');
}

function describe(lines: readonly Line[]): string {
  const others = Object.keys(conditions).slice(1);
  const rows = groups.flatMap((group) => {
    const own = lines.filter((line) => keyOf(line, 0) === keyOf(group, 0));
    if (own.length === 0) return [];
    const cells = others.map((name) =>
      showRatio(own.map(({ latencyNs }) => (latencyNs['usual'] ?? Number.NaN) / (latencyNs[name] ?? Number.NaN))),
    );
    return [[group.contender, `${group.items} ${group.variant}`, ...cells]];
  });
  const heads = ['contender', 'tools', ...others];
  return [
    '# Memory as a condition',
    '',
    'Speedup of the same contender under another condition over itself as it is measured everywhere: above 1 is faster.',
    'The twin has the same condition and shows what no difference looks like. Intervals are plain 95% t intervals.',
    'Written by `pnpm bench:conditions` from ensembles.jsonl.',
    '',
    tableOf(heads, rows),
    '',
  ].join('\n');
}

function showRatio(ratios: readonly number[]): string {
  const { mean, lo, hi } = geometricInterval(ratios);
  return lo === undefined || hi === undefined
    ? mean.toFixed(2)
    : `${mean.toFixed(2)} (${lo.toFixed(2)}–${hi.toFixed(2)})`;
}
