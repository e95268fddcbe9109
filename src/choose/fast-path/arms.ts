/**
 * Which comparisons tell what offences cost, and what their times say.
 *
 * Ratios are formed inside a round, between processes that ran close together.
 */
import { createShuffle } from '../../measure/shuffle.ts';
import type { Nanoseconds } from '../../model/values.ts';
import type { ExplanationTimes, MeasuredRatio, OffenceCost, OffenceKind } from '../../model/explanation.ts';
import { median } from '../../stats/center.ts';
import { meanInterval, ratioInterval } from '../../stats/intervals.ts';

/** One way to write the value. */
export type Arm =
  | { readonly type: 'as-it-is' }
  /** As it is, in a process whose fast path is switched off. */
  | { readonly type: 'switched-off' }
  /** Every offence replaced, but for one kind where `kept` is given. */
  | { readonly type: 'cleaned'; readonly kept?: OffenceKind };

/** Kinds that are measured one by one; the most frequent ones, so that an odd value does not take minutes. */
const mostKindsMeasured = 6;

/** Processes in all, at about a second each: half a minute is what somebody waits for an answer. */
const mostProcesses = 28;
/** Three rounds are the fewest that give a usable interval. */
const fewestRounds = 3;
const mostRounds = 5;

/** Rounds that so many arms leave time for. */
export function chooseRounds(arms: readonly Arm[]): number {
  return Math.min(mostRounds, Math.max(fewestRounds, Math.floor(mostProcesses / arms.length)));
}

export interface ArmsRequest {
  /** With their counts. */
  readonly kinds: readonly { readonly kind: OffenceKind; readonly count: number }[];
  /** False on a runtime that has no fast path or cannot switch it off. */
  readonly canSwitchOff: boolean;
  readonly runtimeHasFastPath: boolean;
}

/** The arms that a value needs; none on a runtime without a fast path, where there is nothing to compare. */
export function planArms({ kinds, canSwitchOff, runtimeHasFastPath }: ArmsRequest): Arm[] {
  if (!runtimeHasFastPath) return [];
  const first: Arm[] = [{ type: 'as-it-is' }, ...(canSwitchOff ? [{ type: 'switched-off' } as const] : [])];
  if (kinds.length === 0) return first;
  const frequent = kinds.toSorted((a, b) => b.count - a.count).slice(0, mostKindsMeasured);
  return [...first, { type: 'cleaned' }, ...frequent.map(({ kind }): Arm => ({ type: 'cleaned', kept: kind }))];
}

/** A text by which times of one arm are found. */
export function nameArm(arm: Arm): string {
  return arm.type === 'cleaned' && arm.kept !== undefined
    ? `cleaned but for ${arm.kept}`
    : arm.type.replaceAll('-', ' ');
}

/** One round's arms in random order; the same seed and round give the same order. */
export function orderArms(request: { arms: readonly Arm[]; seed: number; round: number }): Arm[] {
  return createShuffle(request.seed, request.round)(request.arms);
}

/** Times of one round by the names of its arms. */
export type RoundTimes = ReadonlyMap<string, Nanoseconds>;

/** @returns `undefined` where no round was measured. */
export function summarizeTimes(rounds: readonly RoundTimes[]): ExplanationTimes | undefined {
  const asItIs = timesOf(rounds, { type: 'as-it-is' });
  if (asItIs.length === 0) return undefined;
  const switchedOff = compareArms(rounds, { numerator: { type: 'switched-off' }, denominator: { type: 'as-it-is' } });
  const slowdown = compareArms(rounds, { numerator: { type: 'as-it-is' }, denominator: { type: 'cleaned' } });
  return {
    rounds: asItIs.length,
    asItIsNs: median(asItIs),
    ...(switchedOff === undefined ? {} : { switchedOff }),
    ...(slowdown === undefined
      ? {}
      : { cleaned: { latencyNs: median(timesOf(rounds, { type: 'cleaned' })), slowdown } }),
  };
}

/** What one kind costs by itself; `undefined` where it was not measured. */
export function summarizeCost(rounds: readonly RoundTimes[], kind: OffenceKind): OffenceCost | undefined {
  const kept: Arm = { type: 'cleaned', kept: kind };
  const slowdown = compareArms(rounds, { numerator: kept, denominator: { type: 'cleaned' } });
  if (slowdown === undefined) return undefined;
  const extra = pairs(rounds, { numerator: kept, denominator: { type: 'cleaned' } }).map(
    ({ numerator, denominator }) => numerator - denominator,
  );
  return { slowdown, extraNs: meanInterval(extra).mean };
}

interface ArmPair {
  readonly numerator: Arm;
  readonly denominator: Arm;
}

function timesOf(rounds: readonly RoundTimes[], arm: Arm): Nanoseconds[] {
  return rounds.map((times) => times.get(nameArm(arm))).filter((time) => time !== undefined);
}

function pairs(rounds: readonly RoundTimes[], sides: ArmPair): { numerator: Nanoseconds; denominator: Nanoseconds }[] {
  return rounds.flatMap((times) => {
    const [numerator, denominator] = [times.get(nameArm(sides.numerator)), times.get(nameArm(sides.denominator))];
    return numerator === undefined || denominator === undefined ? [] : [{ numerator, denominator }];
  });
}

function compareArms(rounds: readonly RoundTimes[], sides: ArmPair): MeasuredRatio | undefined {
  const both = pairs(rounds, sides);
  if (both.length === 0) return undefined;
  const { mean, ...bounds } = ratioInterval(both);
  return { ratio: mean, ...bounds };
}
