/**
 * How long a run may take and what that buys: the three profiles of `wirebench run`.
 *
 * Every constant of the measuring procedure lives here, with its reason, so that `--help`, the README and the worker
 * read the same numbers. What is measured is said in bench/.
 */
import type { Profile } from '../model/bench-module.ts';
import type { Nanoseconds } from '../model/values.ts';

/** What one process does, in numbers; travels to the worker as it is. */
export interface SamplerSettings {
  /** Warm-up lasts at least this long: optimising compilers finish their work within it. */
  readonly warmupNs: Nanoseconds;
  /** Warm-up ends here at the latest, with a warning on the cell. */
  readonly warmupCapNs: Nanoseconds;
  /** Warm-up may end when the last of three successive block medians is at most this share below the others. */
  readonly warmupTolerance: number;
  /** A block takes at least this long, which makes the clock's own cost invisible. */
  readonly blockNs: Nanoseconds;
  /** Turns of each process that have to count, at least. */
  readonly turns: number;
  /** Time in them, at least: short turns are more of them. */
  readonly timedNs: Nanoseconds;
  /** Where blocks are so long that they take more than this, a process has fewer turns than are wanted. */
  readonly mostTimedNs: Nanoseconds;
  /** Single operations are clocked for about this long to find the longest one. */
  readonly peakNs: Nanoseconds;
  /**
   * Distinct catalogs of one shape that a process rotates through, so that no cache sees the same value twice in a row.
   */
  readonly catalogs: number;
}

export interface ProfileSettings {
  readonly summary: string;
  /** Rounds that are always measured. */
  readonly minForks: number;
  /** Further rounds are added up to this number while they fit into the budget. */
  readonly maxForks: number;
  /** The whole run should end within this time; `undefined` where it takes what it takes. */
  readonly budgetMs: number | undefined;
  /** Item counts that the profile keeps of a payload's own; `undefined` keeps all. */
  readonly sizes: readonly number[] | undefined;
  /** How many of a suite's sinks and variants are measured: those of the headline, or all of them. */
  readonly sinks: 'headline' | 'all';
  /** Rounds of a size cell: sizes are exact, only the time to compress gains from more. */
  readonly sizeForks: number;
  readonly sampler: SamplerSettings;
}

const milliseconds = 1e6;

const sampler: SamplerSettings = {
  warmupNs: 300 * milliseconds,
  // Four times the shortest warm-up: longer ones were not steadier, they were busy machines.
  warmupCapNs: 1200 * milliseconds,
  warmupTolerance: 0.02,
  // Shorter blocks read several percent slower, since each begins with the caches of another process.
  blockNs: 10 * milliseconds,
  turns: 10,
  // Long enough for several collections of garbage, which is how blocks come to hold their share of them.
  timedNs: 400 * milliseconds,
  mostTimedNs: 3000 * milliseconds,
  peakNs: 25 * milliseconds,
  catalogs: 3,
};

/** For runs that must end soon: what one process more is worth outweighs what longer timing is. */
const shortSampler: SamplerSettings = {
  ...sampler,
  warmupNs: 150 * milliseconds,
  warmupCapNs: 500 * milliseconds,
  turns: 8,
  timedNs: 150 * milliseconds,
  mostTimedNs: 800 * milliseconds,
  peakNs: 10 * milliseconds,
};

export const profiles: { readonly [name in Profile]: ProfileSettings } = {
  quick: {
    summary: 'a first look: the main payload at 100 and 1,000 items, in about a minute',
    minForks: 5,
    maxForks: 5,
    budgetMs: 56_000,
    sizes: [100, 1000],
    sinks: 'headline',
    sizeForks: 1,
    sampler: {
      ...shortSampler,
      warmupCapNs: 400 * milliseconds,
      timedNs: 120 * milliseconds,
    },
  },
  standard: {
    summary: 'the core contenders on the core payloads at every size, in about five minutes',
    minForks: 5,
    maxForks: 12,
    budgetMs: 290_000,
    sizes: undefined,
    sinks: 'headline',
    sizeForks: 1,
    sampler: shortSampler,
  },
  thorough: {
    summary: 'every contender on every payload and sink in ten ensembles, for hours',
    minForks: 10,
    maxForks: 10,
    budgetMs: undefined,
    sizes: undefined,
    sinks: 'all',
    sizeForks: 3,
    sampler,
  },
};

/** A process that has not answered after this time hangs: a hundred times the slowest healthy one would be too patient. */
export const forkTimeLimitMs = 60_000;
