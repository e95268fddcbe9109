/**
 * How long a choice may take and what it accepts where nobody says otherwise.
 *
 * Every number has its reason here, so that help texts and reports read the same ones.
 */
import { profiles } from '../measure/profiles.ts';
import type { SamplerSettings } from '../measure/profiles.ts';
import type { Profile } from '../model/bench-module.ts';
import type { Capability } from '../model/contender.ts';

export interface ChooseSettings {
  readonly summary: string;
  /**
   * Rounds of fresh processes that decide: always so many, and more up to `maxRounds` while they fit into `budgetMs`.
   */
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly budgetMs: number;
  /** Contenders that take so many times as long as the fastest in the first look are not looked at again. */
  readonly screenFactor: number;
  /** Of the first look, which only tells fast from far behind. */
  readonly screenSampler: SamplerSettings;
  readonly sampler: SamplerSettings;
}

const milliseconds = 1e6;

/** A first look: long enough for compiled code to be there, short because it decides nothing that is close. */
const screenSampler: SamplerSettings = {
  ...profiles.quick.sampler,
  warmupNs: 150 * milliseconds,
  warmupCapNs: 300 * milliseconds,
  turns: 4,
  timedNs: 50 * milliseconds,
  peakNs: 0,
};

/** One reading may be off by a third on a busy machine, so that twice the fastest is surely behind. */
const screenFactor = 2;

export const chooseSettings: { readonly [name in Profile]: ChooseSettings } = {
  quick: {
    summary: 'five rounds, within half a minute on small samples',
    minRounds: 5,
    maxRounds: 5,
    budgetMs: 20_000,
    screenFactor,
    screenSampler,
    sampler: profiles.quick.sampler,
  },
  standard: {
    summary: 'five to twelve rounds, about a minute on samples of up to a megabyte',
    // Five rounds are the fewest whose t interval is less than three times its standard error to each side.
    minRounds: 5,
    maxRounds: 12,
    budgetMs: 45_000,
    screenFactor,
    screenSampler,
    sampler: profiles.standard.sampler,
  },
  thorough: {
    summary: 'twenty rounds, for several minutes',
    minRounds: 20,
    maxRounds: 20,
    budgetMs: Number.POSITIVE_INFINITY,
    screenFactor: Number.POSITIVE_INFINITY,
    screenSampler,
    sampler: profiles.thorough.sampler,
  },
};

/**
 * From here on one catalog a fork is enough: it outgrows every cache, and parsing three takes longer than measuring.
 */
export const largeSampleBytes = 4_000_000;

/** What a less simple contender must gain beyond doubt: below it nobody would take on a dependency. */
export const defaultMargin = 0.05;

/**
 * Nanoseconds of a response that a less simple contender must save: sending one takes tens of microseconds, and at a
 * thousand responses a second this much is a thousandth of a core.
 */
export const leastSavingNs = 1000;

/**
 * Bits a second of the network that responses leave through, unless the user says otherwise: a common server's port.
 */
export const defaultBandwidth = 1e9;

/** Share of a resource up to which it limits nothing: queues grow quickly beyond it. */
export const busyShare = 0.7;

/** Rate that costs are shown at where none was given. */
export const assumedRequestsPerSec = 1000;

/**
 * Capabilities that need nobody's consent: clients read the same JSON, and every value that fits the schema is written
 * right. All others have to be accepted by name.
 */
export const harmlessCapabilities: readonly Capability[] = [
  'needs-schema',
  'compiles-schema',
  'drops-unknown-fields',
  'sorts-keys',
  'native-code',
];
