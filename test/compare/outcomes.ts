/**
 * Short ways to write down outcomes of forks for the tests of compare, and the cells that they make.
 */
import { assembleForks } from '../../src/compare/assemble-forks.ts';
import type { Fork, ForkOutcome, MicroCell, MicroCellId } from '../../src/model/cell.ts';
import { builtInMetrics } from '../records.ts';

/** A cell of the made-up suite `speed`, whose reference is `plain`. */
export function cellId(parts: Partial<MicroCellId> = {}): MicroCellId {
  return { suite: 'speed', contender: 'plain', payload: 'list', items: 10, variant: 'text', sink: 'bytes', ...parts };
}

/** One fork for each time, in rounds 0, 1, 2, ...; `more` replaces fields of every fork. */
export function timed(cell: MicroCellId, times: readonly number[], more: Partial<Fork> = {}): ForkOutcome[] {
  return times.map((latencyNs, round) => ({
    cell,
    round,
    status: 'ok',
    fork: {
      round,
      latencyNs,
      blocks: [latencyNs],
      opsPerBlock: 1,
      peakBlockNs: latencyNs * 2,
      compileNs: 1000,
      outputBytes: 100,
      gcTimeShare: 0.1,
      warnings: [],
      ...more,
    },
  }));
}

/** Every cell that the outcomes name, in the order of first appearance. */
export function plan(outcomes: readonly ForkOutcome[]): MicroCellId[] {
  return [...new Map(outcomes.map(({ cell }) => [JSON.stringify(cell), cell])).values()];
}

/** Cells in the order of the plan, which is that of the outcomes where left out. */
export function assembleOutcomes(
  outcomes: readonly ForkOutcome[],
  references: Readonly<Record<string, string>>,
  cells: readonly MicroCellId[] = plan(outcomes),
): MicroCell[] {
  return assembleForks({ cells: cells.map((id) => ({ id })), metrics: builtInMetrics, references }, outcomes);
}
