/**
 * How long a plan will take, before it runs and while it runs.
 *
 * An estimate before the run rests on the procedure's own lengths (warm-up, blocks) plus what a process and its values
 * cost; while the run goes on, what was measured says more.
 */
import type { Plan, PlannedCell } from './plan.ts';

// Starting a process, importing a library and checking: seen on a 2-core virtual machine, for an estimate only.
const processMs = 130;
// Of a process of an ensemble, which is prepared beside the others, with the account at its end.
const armMs = 110;
// Reading, parsing, checking and collecting around one item of one catalog, likewise.
const perItemMs = 0.05;
// What an operation takes an item, roughly, which counts where one operation is longer than a block.
const operationPerItemMs = 0.01;
// Asking for a block and for a probe.
const turnMs = 0.6;

/** Milliseconds that one round of a cell will take, roughly; 0 for a cell that is not run. */
export function estimateForkMs(cell: PlannedCell, plan: Plan): number {
  if (cell.unsupported !== undefined) return 0;
  const { sampler } = plan.settings;
  const { items } = cell.id;
  if (cell.suite.method === 'observation') return processMs;
  const valuesMs = items * sampler.catalogs * perItemMs;
  if (cell.suite.method === 'size') return processMs + valuesMs;
  const blockMs = Math.max(sampler.blockNs / 1e6, items * operationPerItemMs);
  const turns = Math.min(
    Math.max(sampler.turns, Math.ceil(sampler.timedNs / 1e6 / blockMs)),
    Math.ceil(sampler.mostTimedNs / 1e6 / blockMs),
  );
  const armsMs = armMs + valuesMs + (sampler.warmupNs + sampler.peakNs) / 1e6 + turns * (blockMs + turnMs);
  return armsMs * (plan.twins.has(cell.key) ? 2 : 1);
}

/** Milliseconds that a plan will take: the rounds it must have, and as many more as fit into its budget. */
export function estimatePlanMs(plan: Plan): number {
  const sum = (forksOf: (cell: PlannedCell) => number): number =>
    plan.cells.reduce((total, cell) => total + forksOf(cell) * estimateForkMs(cell, plan), 0);
  const least = sum((cell) => cell.forks.min);
  const most = sum((cell) => cell.forks.max);
  return Math.max(least, Math.min(most, plan.settings.budgetMs ?? Infinity));
}
