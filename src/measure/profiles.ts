/**
 * How long a run may take and what that buys: the three profiles of `wirebench run`.
 *
 * Every constant of the measuring procedure lives here, with its reason, so that `--help`, the README and the worker
 * read the same numbers. What is measured is said in bench/.
 */
import type { Profile } from '../model/bench-module.ts';
import type { Nanoseconds } from '../model/values.ts';

/** What one fork does, in numbers; travels to the worker as it is. */
export interface SamplerSettings {
  /** Warm-up lasts at least this long: optimising compilers finish their work within it. */
  readonly warmupNs: Nanoseconds;
  /** Warm-up ends here at the latest, with a warning on the cell. */
  readonly warmupCapNs: Nanoseconds;
  /** Warm-up may end when the last of three successive block medians is at most this share below the others. */
  readonly warmupTolerance: number;
  /** A block takes at least this long, which makes the clock's own cost invisible. */
  readonly blockNs: Nanoseconds;
  /** Timed blocks in a fork. */
  readonly blocks: number;
  /** Single operations are clocked for about this long to find the longest one. */
  readonly peakNs: Nanoseconds;
  /**
   * Distinct catalogs of one shape that a fork rotates through, so that no cache sees the same value twice in a row.
   */
  readonly catalogs: number;
}

export interface ProfileSettings {
  readonly summary: string;
  /** Rounds that are always measured: three forks are the fewest that give a usable t interval. */
  readonly minForks: number;
  /** Further rounds are added up to this number while they fit into the budget. */
  readonly maxForks: number;
  /** The whole run should end within this time; `undefined` where it takes what it takes. */
  readonly budgetMs: number | undefined;
  /** Item counts that the profile keeps of a payload's own; `undefined` keeps all. */
  readonly sizes: readonly number[] | undefined;
  /** How many of a suite's sinks are measured: the headline sink, or all of them. */
  readonly sinks: 'headline' | 'all';
  /** Forks of a size cell: sizes are exact, only the time to compress gains from more. */
  readonly sizeForks: number;
  readonly sampler: SamplerSettings;
}

const milliseconds = 1e6;

const sampler: SamplerSettings = {
  warmupNs: 300 * milliseconds,
  // Four times the shortest warm-up: longer ones were not steadier, they were busy machines.
  warmupCapNs: 1200 * milliseconds,
  warmupTolerance: 0.02,
  blockNs: 25 * milliseconds,
  blocks: 5,
  peakNs: 25 * milliseconds,
  catalogs: 3,
};

export const profiles: { readonly [name in Profile]: ProfileSettings } = {
  quick: {
    summary: 'a first look: the main payload at 100 and 1,000 items, within a minute',
    minForks: 3,
    maxForks: 3,
    budgetMs: 56_000,
    sizes: [100, 1000],
    sinks: 'headline',
    sizeForks: 1,
    // Fewer blocks: the spread between forks outweighs the spread between blocks.
    sampler: { ...sampler, blocks: 3, warmupCapNs: 500 * milliseconds },
  },
  standard: {
    summary: 'the core contenders on the core payloads at every size, within five minutes',
    minForks: 3,
    maxForks: 5,
    budgetMs: 290_000,
    sizes: undefined,
    sinks: 'headline',
    sizeForks: 1,
    // For the same reason; it also keeps the run within its five minutes.
    sampler: { ...sampler, blocks: 3, warmupCapNs: 500 * milliseconds },
  },
  thorough: {
    summary: 'every contender on every payload and sink with ten forks, for hours',
    minForks: 10,
    maxForks: 10,
    budgetMs: undefined,
    sizes: undefined,
    sinks: 'all',
    sizeForks: 3,
    sampler,
  },
};

/** A fork that has not answered after this time hangs: a hundred times the slowest healthy one would be too patient. */
export const forkTimeLimitMs = 60_000;
