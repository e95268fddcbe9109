/**
 * How much a gate measures and how sure it must be: every constant of the procedure, with its reason.
 *
 * The reasons that are figures come from `wirebench gate --power`, which measures what these settings detect and how
 * often they cry wolf. What is measured stands in wirebench.config.ts.
 */
import type { SamplerSettings } from '../measure/profiles.ts';
import { profiles } from '../measure/profiles.ts';
import type { Tolerance } from '../model/gate.ts';

export interface GateSettings {
  /** Duets of every cell in the first stage. */
  readonly screenForks: number;
  /**
   * Fresh duets of a suspect in the second one, after each of which it is asked whether it needs more: ascending, not
   * empty. Multiples of six balance the orders in which processes start.
   */
  readonly looks: readonly number[];
  /** Turns of each process of a duet, with two of them and with three. */
  readonly screenTurns: number;
  readonly confirmTurns: number;
  /** Chance, at most, that a session without any change fails. */
  readonly falseAlarmRate: number;
  /** A session should end within this time. */
  readonly budgetMs: number;
  readonly sampler: SamplerSettings;
}

export const gateSettings: GateSettings = {
  screenForks: 4,
  // Six settle what does not scatter; the last figure is what the cells that scatter most need.
  looks: [6, 12, 24, 36],
  screenTurns: 20,
  confirmTurns: 30,
  falseAlarmRate: 0.01,
  budgetMs: 15 * 60_000,
  // Waiting for the last percent of warming up is not worth its time: what is left of it cancels between the sides.
  sampler: { ...profiles.thorough.sampler, warmupNs: 200e6, warmupCapNs: 500e6, turns: 8, timedNs: 0, peakNs: 0 },
};

/** The fewest first looks that give a spread at all, for a short budget. */
export const fewestScreenForks = 3;

/** What may change without a word; what the duets above find beyond it stands in results/gate-power.md. */
export const defaultTolerance: Tolerance = { time: 0.02, outputBytes: 0.01, allocations: 0.01 };

/** A side that has not described itself after this time hangs; importing everything takes about a second. */
export const descriptionTimeLimitMs = 120_000;
/**
 * Characters of a description, or of what its process says on stderr. A hundred times what this project's own takes.
 */
export const longestDescription = 10_000_000;

/** A process of a duet that has not answered after this time hangs. */
export const duetTimeLimitMs = 90_000;
