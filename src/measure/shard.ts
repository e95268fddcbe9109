/**
 * A part of a plan for one of several machines: whole groups, so that no ratio ever pairs two machines.
 *
 * Which groups a shard has depends on the plan alone, so that every machine divides it alike: neither on the machine,
 * nor on how many rounds are measured, which may be added to later.
 */
import { nameShard } from '../compare/shards.ts';
import type { Shard } from '../model/run-plan.ts';
import { UserError } from '../user-error.ts';
import { estimateForkMs } from './estimate.ts';
import type { Plan, PlannedCell } from './plan.ts';

/**
 * The cells of one shard in the order of the plan. Of all shards together every group is in exactly one, and the
 * estimated times of two shards lie no further apart than the longest group's.
 * @throws {UserError} where there are more shards than groups.
 */
export function takeShard(plan: Plan, { index, of }: Shard): Plan {
  const groups = Map.groupBy(plan.cells, ({ group }) => group);
  if (of > groups.size) {
    throw new UserError(
      `nothing to measure in shard ${nameShard({ index, of })}: the plan has ${groups.size} groups, and a shard has whole ones`,
      { hint: `choose at most ${groups.size} shards: --shard 1/${groups.size} to ${groups.size}/${groups.size}` },
    );
  }
  const weights = new Map([...groups].map(([group, cells]) => [group, estimateGroupMs(cells, plan)]));
  const own = divide(weights, of)[index - 1] ?? new Set();
  return {
    ...plan,
    cells: plan.cells.filter(({ group }) => own.has(group)),
    shard: { index, of, groups: [...groups.keys()] },
  };
}

/** What the rounds of a group take that every run of the profile has, whatever this machine cannot do of it. */
export function estimateGroupMs(cells: readonly PlannedCell[], plan: Plan): number {
  // Which groups have a twin depends on what a machine cannot do.
  const withoutTwins = { ...plan, twins: new Set<string>() };
  return cells.reduce((sum, cell) => {
    const rounds = cell.suite.method === 'latency' ? plan.settings.minForks : cell.forks.min;
    return sum + rounds * estimateForkMs({ ...cell, unsupported: undefined }, withoutTwins);
  }, 0);
}

/**
 * Longest first, each to whoever has the least so far (Graham 1969, https://doi.org/10.1137/0117039); equals in the
 * order of the plan.
 */
function divide(weights: ReadonlyMap<string, number>, of: number): Set<string>[] {
  const shards = Array.from({ length: of }, () => ({ totalMs: 0, groups: new Set<string>() }));
  for (const [group, weightMs] of [...weights].toSorted(([, a], [, b]) => b - a)) {
    const least = shards.reduce((best, shard) => (shard.totalMs < best.totalMs ? shard : best));
    least.totalMs += weightMs;
    least.groups.add(group);
  }
  return shards.map(({ groups }) => groups);
}
