/**
 * What a run knows of its own noise: identical code beside itself, and what else went on on the machine.
 */
import type { CellId, MicroCellId, NoiseShares } from './cell.ts';

/** A contender beside itself: two processes of the same code in the same ensembles, or of the same server. */
export interface TwinReading<Id extends CellId = MicroCellId> {
  readonly cell: Id;
  /** Of each round, in their order: time(twin) / time(original). */
  readonly rounds: readonly { readonly round: number; readonly ratio: number }[];
  /** time(twin) / time(original), geometric mean over the rounds; bounds where there are three rounds. */
  readonly ratio: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** What went on beside what was to be measured; shares are medians over the processes. */
export interface RunNoise<Id extends CellId = MicroCellId> extends NoiseShares {
  /** Present where processes could not be pinned to one processor, so that elapsed time counted for some of them. */
  readonly clock?: 'elapsed';
  readonly twins: readonly TwinReading<Id>[];
}
