/**
 * What a run knows of its own noise: identical code beside itself, and what else went on on the machine.
 */
import type { CellId, MicroCellId } from './cell.ts';

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

/** What went on beside what was to be measured; shares lie in [0, 1] and are medians over the processes. */
export interface RunNoise<Id extends CellId = MicroCellId> {
  /** Present where processes could not be pinned to one processor, so that elapsed time counted for some of them. */
  readonly clock?: 'elapsed';
  /** Of the turns, or windows of load, those that found the processor at its floor. */
  readonly cleanShare?: number;
  /** Of the machine's processor time: what the hypervisor gave to others. */
  readonly stolenShare?: number;
  /** Likewise: what other programs used. */
  readonly othersShare?: number;
  readonly twins: readonly TwinReading<Id>[];
}
