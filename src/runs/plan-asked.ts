/**
 * The plan that a run was asked for, which its journal and its file hold enough to make again.
 */
import { nameGroup } from '../compare/cells.ts';
import { type Plan, planRun } from '../measure/plan.ts';
import { takeShard } from '../measure/shard.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { Registry } from '../registry/registry.ts';
import type { JournalHeader } from '../store/journal.ts';

/** What of a run says which cells it has. */
export type AskedPlan = Pick<JournalHeader, 'profile' | 'seed' | 'selection' | 'forks' | 'shard'>;

/**
 * @returns `whole` with the cells of all shards, and `plan` with those that are measured here; one and the same where
 *   nothing is divided.
 * @throws {UserError} as `planRun` and `takeShard` do.
 */
export function planAsked(
  { profile, seed, selection, forks, shard }: AskedPlan,
  registry: Registry,
): { whole: Plan; plan: Plan } {
  const whole = planRun({ registry, profile, selection, seed, forks });
  return { whole, plan: shard === undefined ? whole : takeShard(whole, shard) };
}

/**
 * The plan behind outcomes that may have been measured with another version of the code, which may have divided it
 * otherwise: of a shard the groups that outcomes have.
 * @throws {UserError} as `planRun` does.
 */
export function planMeasured(
  { shard, ...asked }: AskedPlan,
  { registry, outcomes }: { registry: Registry; outcomes: readonly ForkOutcome[] },
): Plan {
  const { plan } = planAsked(asked, registry);
  if (shard === undefined) return plan;
  const measured = new Set(outcomes.map(({ cell }) => nameGroup(cell)));
  const groups = [...new Set(plan.cells.map(({ group }) => group))];
  return { ...plan, cells: plan.cells.filter(({ group }) => measured.has(group)), shard: { ...shard, groups } };
}
