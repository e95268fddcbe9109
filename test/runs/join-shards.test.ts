import { describe, expect, it } from 'vitest';

import { missingShards } from '../../src/compare/shards.ts';
import type { MicroCell } from '../../src/model/cell.ts';
import type { Run } from '../../src/model/run.ts';
import { fromRecord } from '../../src/run-file/read.ts';
import { toRecord } from '../../src/run-file/write.ts';
import { joinShards } from '../../src/runs/join-shards.ts';
import { type MadeUp, madeUpItems, makeUpRun } from './made-up-shards.ts';

const shard = (index: number, of: number, changed: Omit<MadeUp, 'shard'> = {}): Run =>
  makeUpRun({ shard: { index, of }, ...changed });

const placed = (...runs: readonly Run[]): { place: string; run: Run }[] =>
  runs.map((run, index) => ({ place: `run-${index + 1}`, run }));

function refusal(...runs: readonly Run[]): string {
  try {
    joinShards(placed(...runs));
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return `${message}; ${hint}`;
  }
  return 'none';
}

/** Bounds may rest on the other cells that a machine has measured. */
function withoutBounds({ id, status, rounds, observations, metrics }: MicroCell): object {
  const figures = Object.entries(metrics).map(([name, { values, summary, ratio }]) => {
    return [name, values, summary?.median, ratio?.reference, ratio?.ratio];
  });
  return { id, status, rounds, observations, figures };
}

describe('shards of one plan', () => {
  it.each([1, 2, 3, 7])('are, %i of them, the run that one machine would have measured', (of) => {
    const whole = makeUpRun({ shard: undefined });
    const shards = Array.from({ length: of }, (_, index) => shard(index + 1, of));
    const joined = joinShards(placed(...shards.toReversed()));
    expect(joined.cells.map(withoutBounds)).toEqual(whole.cells.map(withoutBounds));
    expect(joined.plan).toEqual(whole.plan);
    expect(joined.durationMs).toBe(1000 * of);
    expect(missingShards(joined)).toEqual([]);
    expect(joined.shards?.parts.map(({ index }) => index)).toEqual(shards.map((_, index) => index + 1));
    expect(fromRecord(toRecord(joined), joined.metrics)).toEqual(joined);
  });

  it('say which machine measured which groups, and when the first began', () => {
    const joined = joinShards(
      placed(
        shard(1, 2, { environment: { cpuModel: 'Small CPU' }, startedAt: '2026-01-03T00:00:00.000Z' }),
        shard(2, 2, { environment: { cpuModel: 'Large CPU' } }),
      ),
    );
    const parts = joined.shards?.parts ?? [];
    expect(parts.map(({ environment }) => environment.cpuModel)).toEqual(['Small CPU', 'Large CPU']);
    expect(joined.startedAt).toBe('2026-01-02T03:04:05.678Z');
    const groups = parts.flatMap((part) => part.groups);
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups.toSorted()).toEqual(
      [
        'looks/inputs/1/native/bytes',
        ...['native', 'text'].flatMap((variant) => madeUpItems.map((items) => `plain/notes/${items}/${variant}/bytes`)),
      ].toSorted(),
    );
  });

  it('may be missing, which is told', () => {
    const joined = joinShards(placed(shard(2, 4), shard(3, 4)));
    expect(missingShards(joined)).toEqual([1, 4]);
    expect(joined.interrupted).toBeUndefined();
  });

  it('are interrupted together', () => {
    expect(joinShards(placed(shard(1, 2), { ...shard(2, 2), interrupted: true })).interrupted).toBe(true);
  });

  it('may have rounds added to some of them', () => {
    const joined = joinShards(placed(shard(1, 2, { forks: 9, rounds: 9 }), shard(2, 2)));
    const counts = new Set(joined.cells.filter(({ id }) => id.suite === 'plain').map(({ rounds }) => rounds.length));
    expect(counts).toEqual(new Set([3, 9]));
  });

  it('keep their warnings, each with its shard', () => {
    expect(joinShards(placed({ ...shard(1, 2), warnings: ['it was hot'] }, shard(2, 2))).warnings).toEqual([
      'shard 1/2: it was hot',
    ]);
  });
});

describe('what is not of one plan', () => {
  const first = shard(1, 2);
  const second = (changed: Omit<MadeUp, 'shard'>): Run => shard(2, 2, changed);
  const cases: readonly [string, Run, string][] = [
    ['another division', shard(2, 3), 'they are shards 1/2 and 2/3, of different divisions'],
    [
      'the same shard twice',
      shard(1, 2, { startedAt: '2026-01-03T00:00:00.000Z' }),
      'both are shard 1/2, with the same',
    ],
    ['other code', second({ code: { program: 'x', bench: 'b' } }), "different code: wirebench's own files differ"],
    [
      'other contenders',
      second({ code: { program: 'p', bench: 'x' } }),
      'contenders, payloads or suites in bench/ differ',
    ],
    [
      'other modules of the project',
      second({ code: { program: 'p', bench: 'b', project: 'x' } }),
      "the project's own modules, or recorded payloads differ",
    ],
    ['another seed', second({ seed: 2, options: { seed: 2 } }), 'different plans: seed differ'],
    ['another profile', second({ profile: 'standard' }), 'different plans: profile differ'],
    [
      'another selection',
      second({ selection: { suites: ['plain', 'looks'], items: [3, 4] }, options: { items: [3, 4] } }),
      'different plans: items differ',
    ],
    ['another Node', second({ environment: { node: '1.0.0' } }), 'different software: node differ'],
    ['another version of a package', second({ environment: { packages: { ajv: '1.0.0' } } }), 'packages.ajv differ'],
    ['another document', second({ sample: { source: 'x.json', sha256: 'x' } }), 'different plans: sample differ'],
  ];

  it.each(cases)('is refused for %s, with both places', (_what, other, message) => {
    expect(refusal(first, other)).toContain("cannot join 'run-1' with 'run-2': ");
    expect(refusal(first, other)).toContain(message);
    expect(refusal(other, first)).not.toBe('none');
  });

  it('is refused where a file was changed so that two shards share a group', () => {
    const { plan, ...rest } = shard(1, 2);
    if (plan?.shard === undefined) throw new Error('no shard');
    const forged = { ...rest, plan: { ...plan, shard: { ...plan.shard, index: 2 } } };
    expect(refusal(first, forged)).toContain('both have the group ');
  });
});
