/**
 * Measures the contenders of one group beside each other: a process each, all alive together, one running at a time, in
 * many short turns.
 *
 * What slows the machine for a while slows neighbouring turns of all processes alike; whoever would be measured alone
 * would take it for a property of its own. Nothing that a process does makes this module throw.
 */
import type { UseByOthers } from '../../machine/usage.ts';
import { compareUsage, readUsage } from '../../machine/usage.ts';
import { isClean } from '../../machine/clean.ts';
import type { MeasuringCore } from '../../machine/measuring-core.ts';
import type { SamplerSettings } from '../profiles.ts';
import { createShuffle } from '../shuffle.ts';
import { Arm, type ArmProcess, type ArmResult } from './arm.ts';
import { createOrders } from './orders.ts';

/** Of a probe after a turn. */
const mostReadings = 2;

export interface EnsembleRequest {
  /** Starts one process each, whose first word is `ready` or why not. At least one. */
  readonly starts: readonly (() => ArmProcess)[];
  readonly core: MeasuringCore;
  readonly settings: Pick<SamplerSettings, 'turns' | 'timedNs' | 'mostTimedNs' | 'blockNs'>;
  /**
   * `each` gives every process blocks as long as the others' in time; `equal` gives all of them the same number of
   * operations, for processes that run nearly the same code.
   */
  readonly blocks: 'each' | 'equal';
  /** Seed and number of the ensemble, which decide about the orders. */
  readonly seed: number;
  readonly round: number;
  readonly signal: AbortSignal;
  /** A process that does not answer a command for so long is ended. */
  readonly timeLimitMs: number;
}

/** Results in the order of `starts`. */
export interface EnsembleResult {
  readonly arms: readonly ArmResult[];
  /** Who else used the machine meanwhile; absent where the system does not tell. */
  readonly use?: UseByOthers;
}

/** Turns beyond those that are wanted, as a share, where some find the processor above its floor. */
const extraTurns = 0.5;
/** Turns of a process at most, however short they are: what is lost by stopping here is less than a percent. */
const mostTurns = 200;
/** Turns of a process at least, however long they are. */
const leastTurns = 3;

/**
 * Runs one ensemble.
 * @returns `undefined` where `signal` ended it. A process that cannot be measured costs its own place only.
 */
export async function runEnsemble(request: EnsembleRequest): Promise<EnsembleResult | undefined> {
  const { starts, core, settings, seed, round, signal, timeLimitMs } = request;
  const shuffle = createShuffle(seed, round);
  const before = readUsage();
  const clock = core.isOneProcessor ? 'processorNs' : 'elapsedNs';
  const arms: Arm[] = [];
  try {
    // Started in random order, prepared side by side: what happens before the first command is not timed.
    for (const index of shuffle(starts.map((_, place) => place))) {
      arms[index] = new Arm({ process: (starts[index] as () => ArmProcess)(), clock, timeLimitMs });
    }
    await Promise.all(arms.map((arm) => arm.prepare()));
    await warmUpSideBySide(shuffle(arms), core.parallelism);
    if (signal.aborted) return undefined;
    await core.settle();
    await Promise.all(arms.map((arm) => core.take(arm.pid)));
    for (const arm of shuffle(arms)) await arm.rehearse(settings.blockNs);
    await takeTurns(arms, { ...request, shuffle });
    for (const arm of shuffle(arms)) await arm.account();
    if (signal.aborted) return undefined;
    const use = compareUsage(before, readUsage());
    // From here on nothing is timed.
    await Promise.all(arms.map((arm) => core.leave(arm.pid)));
    await Promise.all(arms.map((arm) => arm.verify()));
    if (signal.aborted) return undefined;
    return { arms: arms.map((arm) => arm.result()), ...(use === undefined ? {} : { use }) };
  } finally {
    await Promise.all(arms.map((arm) => arm.end()));
  }
}

/** As many at a time as there are processors: what is not timed need not wait for its turn. */
async function warmUpSideBySide(arms: readonly Arm[], parallelism: number): Promise<void> {
  const waiting = [...arms];
  const warmUpOthers = async (): Promise<void> => {
    for (let arm = waiting.pop(); arm !== undefined; arm = waiting.pop()) await arm.warmUp();
  };
  await Promise.all(Array.from({ length: parallelism }, warmUpOthers));
}

/**
 * Sweeps over all processes until they have the turns they need between them, and each the fewest that count, or have
 * had half again as many. Sweeps stay whole: whoever went on alone would find its caches as it left them.
 */
async function takeTurns(
  arms: readonly Arm[],
  request: EnsembleRequest & { shuffle: ReturnType<typeof createShuffle> },
): Promise<void> {
  const { core, settings, blocks, shuffle, signal } = request;
  const longest = Math.max(...arms.map(({ opsPerBlock }) => opsPerBlock));
  const operationsOf = (arm: Arm): number => (blocks === 'equal' ? longest : arm.opsPerBlock);
  const nextOrder = createOrders(arms.length, shuffle);
  let excess = (await core.probe(mostReadings)) ?? 0;
  const wanted = turnsFor(arms, settings, operationsOf);
  for (let sweep = 0; sweep < Math.ceil(wanted * (1 + extraTurns)); sweep += 1) {
    for (const index of nextOrder()) {
      const arm = arms[index] as Arm;
      if (signal.aborted) return;
      if (!arm.isAlive) continue;
      const times = await arm.runBlock(operationsOf(arm));
      const excessBefore = excess;
      excess = (await core.probe(mostReadings)) ?? 0;
      if (times !== undefined) arm.noteTurn(times, Math.max(excessBefore, excess));
    }
    const living = arms.filter(({ isAlive }) => isAlive);
    if (living.length === 0) return;
    const clean = living.map(({ turns }) => turns.filter(isClean).length);
    const together = clean.reduce((sum, count) => sum + count, 0);
    if (together >= wanted * living.length && Math.min(...clean) >= Math.min(settings.turns, wanted)) return;
  }
}

/**
 * Turns in which the process with the shortest blocks is timed for long enough, fewer where the one with the longest
 * would take all day.
 */
function turnsFor(
  arms: readonly Arm[],
  { turns, timedNs, mostTimedNs }: EnsembleRequest['settings'],
  operationsOf: (arm: Arm) => number,
): number {
  const blocksNs = arms.filter(({ isAlive }) => isAlive).map((arm) => arm.rehearsedNs * operationsOf(arm));
  if (blocksNs.length === 0) return turns;
  const wanted = Math.max(turns, Math.min(mostTurns, Math.ceil(timedNs / Math.min(...blocksNs))));
  return Math.max(Math.min(leastTurns, turns), Math.min(wanted, Math.floor(mostTimedNs / Math.max(...blocksNs))));
}
