/**
 * Short ways to write down outcomes of forks for the tests of compare. Deliberately absent: expectations.
 */
import type { CellId, Fork, ForkOutcome } from '../../src/model/cell.ts';

/** A cell of the made-up suite `speed`, whose reference is `plain`. */
export function cellId(parts: Partial<CellId> = {}): CellId {
  return { suite: 'speed', contender: 'plain', payload: 'list', items: 10, variant: 'text', sink: 'bytes', ...parts };
}

/** One fork for each time, in rounds 0, 1, 2, ...; `more` replaces fields of every fork. */
export function timed(cell: CellId, times: readonly number[], more: Partial<Fork> = {}): ForkOutcome[] {
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
export function plan(outcomes: readonly ForkOutcome[]): CellId[] {
  return [...new Map(outcomes.map(({ cell }) => [JSON.stringify(cell), cell])).values()];
}
