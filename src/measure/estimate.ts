/**
 * How long a plan will take, before it runs and while it runs.
 *
 * An estimate before the run rests on the procedure's own lengths (warm-up, blocks) plus what a process and its values
 * cost; while the run goes on, the forks already measured say more.
 */
import type { Plan, PlannedCell } from './plan.ts';

// Starting a process, importing a library and checking: seen on a 2-core virtual machine, for an estimate only.
const processMs = 130;
// Reading, parsing, checking and collecting around one item of one catalog, likewise.
const perItemMs = 0.05;

/** Milliseconds that one fork of a cell will take, roughly; 0 for a cell that is not run. */
export function estimateForkMs(cell: PlannedCell, plan: Plan): number {
  if (cell.unsupported !== undefined) return 0;
  const { sampler } = plan.settings;
  if (cell.suite.method === 'observation') return processMs;
  const valuesMs = cell.id.items * sampler.catalogs * perItemMs;
  if (cell.suite.method === 'size') return processMs + valuesMs;
  const timedMs = (sampler.warmupNs + sampler.blockNs * (sampler.blocks + 1) + sampler.peakNs) / 1e6;
  return processMs + valuesMs + timedMs;
}

/** Milliseconds that a plan will take: the rounds it must have, and as many more as fit into its budget. */
export function estimatePlanMs(plan: Plan): number {
  const sum = (forksOf: (cell: PlannedCell) => number): number =>
    plan.cells.reduce((total, cell) => total + forksOf(cell) * estimateForkMs(cell, plan), 0);
  const least = sum((cell) => cell.forks.min);
  const most = sum((cell) => cell.forks.max);
  return Math.max(least, Math.min(most, plan.settings.budgetMs ?? Infinity));
}
