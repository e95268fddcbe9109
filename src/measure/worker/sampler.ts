/**
 * Times one operation in blocks; the only module that imports tinybench.
 *
 * A block is K calls inside one clock pair, K chosen so that the block outlasts the clock's own cost. tinybench runs
 * each block, whenever a turn is due: the task returns its own duration an operation (`overriddenDuration`), so that its
 * per-call timing and its overhead subtraction stay out of the figures.
 */
import v8 from 'node:v8';

import { Bench } from 'tinybench';

import type { Bytes, Nanoseconds } from '../../model/values.ts';
import type { BlockTime } from '../ensemble-messages.ts';
import type { SamplerSettings } from '../profiles.ts';

/** What was seen of one operation in one process. Times are nanoseconds an operation, in the order measured. */
export interface Measurement {
  /** Median over the blocks. */
  readonly latencyNs: Nanoseconds;
  readonly blocks: readonly Nanoseconds[];
  readonly opsPerBlock: number;
  readonly peakBlockNs: Nanoseconds;
  readonly allocatedBytesPerOp?: Bytes;
  readonly gcTimeShare?: number;
  readonly warnings: readonly string[];
}

/** What the runtime's own accounts say; a figure that a runtime does not keep is absent. */
interface Accounts {
  readonly allocatedBytesPerOp?: Bytes;
  /** In [0, 1]. */
  readonly gcTimeShare?: number;
}

/** Holds the last result where an optimising compiler cannot prove that nobody reads it. */
const blackhole: { last: unknown; count: number } = { last: undefined, count: 0 };

/** Times one operation block by block. */
export interface Sampler {
  /** Runs the operation until its times have stopped falling; finds the number of operations that makes a block. */
  warmUp(): { readonly opsPerBlock: number; readonly warnings: readonly string[] };
  /** Elapsed time of so many operations at a stretch. */
  timeBlock(operations: number): Nanoseconds;
  /** Both times of a block of so many operations, with what they leave to the event loop. */
  timeTurn(operations: number): Promise<BlockTime>;
  /** A block with the accounts open, which slows it down, so its time is not given. */
  account(operations: number): Accounts;
  /** The longest of some single operations. */
  findPeak(): Nanoseconds;
  /** Lets go of what the latest operation gave; `lastResult` gives nothing then, until the next turn. */
  dropResult(): void;
  /** What the latest operation of a turn gave, and the index of its input; `undefined` before the first turn. */
  lastResult(): { readonly output: unknown; readonly input: number } | undefined;
}

export interface SamplerRequest<T> {
  /** The operation; synchronous; its result is kept alive, not read. */
  readonly operate: (input: T) => unknown;
  /** At least one; operation i gets input i modulo their number. */
  readonly inputs: readonly T[];
  readonly settings: SamplerSettings;
  /** Runs a full garbage collection. */
  readonly collect: () => void;
  /** What is read off the runtime; its own clock and accounts unless given. */
  readonly readings?: Readings;
}

/** The instruments. Another set of them makes a measurement that depends on its operation alone. */
export interface Readings {
  /** Nanoseconds of a monotonic clock. */
  readonly now: () => bigint;
  /** Processor time of the whole process, its helper threads included, in nanoseconds. */
  readonly processorNs: () => Nanoseconds;
  /** Bytes allocated since the process started, by anybody in it; `undefined` on a runtime that does not count them. */
  readonly allocatedBytes: () => Bytes | undefined;
}

/** Those of the runtime. */
const runtimeReadings: Readings = {
  now: () => process.hrtime.bigint(),
  processorNs: readProcessorNs,
  allocatedBytes: readAllocatedBytes,
};

/** A sampler for one operation; its methods throw what the operation throws. */
export function createSampler<T>({
  operate,
  inputs,
  settings,
  collect,
  readings = runtimeReadings,
}: SamplerRequest<T>): Sampler {
  const timer = createBlockTimer({ operate, inputs, now: readings.now });
  let turn = { operations: 1, slice: 1 };
  let latest: BlockTime = { elapsedNs: 1, processorNs: 1 };
  let hasTimed = false;
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
  bench.add(
    'turn',
    async () => {
      latest = await timeSlices(timer.time, turn, readings);
      const { elapsedNs } = latest;
      return { overriddenDuration: elapsedNs / turn.operations / 1e6, overriddenIterationCost: elapsedNs / 1e6 };
    },
    { async: true },
  );
  return {
    dropResult() {
      blackhole.last = undefined;
      hasTimed = false;
    },
    lastResult: () => (hasTimed ? { output: blackhole.last, input: timer.lastInput() } : undefined),
    warmUp: () => warmUp(timer.time, settings),
    timeBlock: timer.time,
    async timeTurn(operations) {
      const perSlice = (sliceNs / settings.blockNs) * operations;
      turn = { operations, slice: Math.max(1, Math.floor(perSlice)) };
      // A task that has its samples is not run again.
      bench.reset();
      await bench.run();
      hasTimed = true;
      return latest;
    },
    account(operations) {
      collect();
      return accountForBlock(timer.time, { operations, allocatedBytes: readings.allocatedBytes });
    },
    findPeak: () => findPeak(timer.time, settings),
  };
}

/**
 * Warms up, then measures `operate` over `inputs` in turn, all by itself; `collect` is called untimed before each block.
 * @throws what `operate` throws.
 */
export function measureOperation<T>(request: SamplerRequest<T>): Measurement {
  const { settings, collect } = request;
  const sampler = createSampler(request);
  const { opsPerBlock, warnings } = sampler.warmUp();

  const blocks: Nanoseconds[] = [];
  for (let turn = 0; turn < settings.turns; turn += 1) {
    collect();
    blocks.push(sampler.timeBlock(opsPerBlock) / opsPerBlock);
  }
  const accounts = sampler.account(opsPerBlock);
  return { latencyNs: middleOf(blocks), blocks, opsPerBlock, peakBlockNs: sampler.findPeak(), ...accounts, warnings };
}

/**
 * Between two slices of a block the event loop has a turn, as between two responses of a server. V8 collects a young
 * generation that is nearly full in a task of the loop, when nothing of a response is alive any more; in a long block it
 * would collect in the middle of an operation, or between two blocks, where nobody counts it.
 */
const sliceNs = 1e6;

/** A block in slices, with both clocks around all of it. */
async function timeSlices(
  time: BlockTimer,
  { operations, slice }: { operations: number; slice: number },
  { now, processorNs }: Pick<Readings, 'now' | 'processorNs'>,
): Promise<BlockTime> {
  const processorBefore = processorNs();
  const start = now();
  for (let done = 0; done < operations; done += slice) {
    time(Math.min(slice, operations - done));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const elapsedNs = Number(now() - start);
  // A clock that has not moved would make a time of nothing, which no ratio can use.
  return { elapsedNs: Math.max(1, elapsedNs), processorNs: Math.max(1, processorNs() - processorBefore) };
}

/** Runs a number of operations and gives the elapsed nanoseconds. */
type BlockTimer = (operations: number) => Nanoseconds;

function createBlockTimer<T>({
  operate,
  inputs,
  now,
}: Pick<SamplerRequest<T>, 'operate' | 'inputs'> & Pick<Readings, 'now'>): {
  time: BlockTimer;
  lastInput: () => number;
} {
  let next = 0;
  const time: BlockTimer = (operations) => {
    const start = now();
    for (let index = 0; index < operations; index += 1) {
      blackhole.last = operate(inputs[next] as T);
      next = next + 1 === inputs.length ? 0 : next + 1;
    }
    const elapsed = now() - start;
    blackhole.count += operations;
    // A clock that has not moved would make a time of nothing, which no ratio can use.
    return Math.max(1, Number(elapsed));
  };
  return { time, lastInput: () => (next + inputs.length - 1) % inputs.length };
}

/** Blocks in each of the three windows whose medians are compared; odd, so that a median is one of the values. */
const windowBlocks = 3;

function warmUp(timer: BlockTimer, settings: SamplerSettings): { opsPerBlock: number; warnings: string[] } {
  let opsPerBlock = 1;
  let spentNs = 0;
  const recent: Nanoseconds[] = [];
  for (;;) {
    const elapsedNs = timer(opsPerBlock);
    spentNs += elapsedNs;
    const perOperation = elapsedNs / opsPerBlock;
    recent.push(perOperation);
    if (recent.length > 3 * windowBlocks) recent.shift();

    // The code gets faster while it warms up, so K is corrected upwards all along, at most doubling on one reading.
    if (elapsedNs < settings.blockNs) {
      opsPerBlock = Math.min(opsPerBlock * 2, Math.ceil((settings.blockNs * 1.1) / perOperation));
    }
    const longEnough = spentNs >= settings.warmupNs && elapsedNs >= settings.blockNs;
    if (longEnough && isWarm(recent, settings.warmupTolerance)) return { opsPerBlock, warnings: [] };
    if (spentNs >= settings.warmupCapNs && elapsedNs >= settings.blockNs) {
      return { opsPerBlock, warnings: ['warm-up ended at its time limit while the times still fell'] };
    }
  }
}

/**
 * True where the times have stopped falling: the last of three windows is at most the tolerance below the others.
 * Code that warms up gets faster; a window that is slower than those before it is noise, which waiting does not cure.
 */
function isWarm(recent: readonly Nanoseconds[], tolerance: number): boolean {
  if (recent.length < 3 * windowBlocks) return false;
  const medians = [0, 1, 2].map((window) => middleOf(recent.slice(window * windowBlocks, (window + 1) * windowBlocks)));
  return Math.max(...medians) <= (medians[2] as number) * (1 + tolerance);
}

/** The median of at least one value. */
function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/**
 * True where the profiler's costs are microseconds of standstill. Other runtimes have a profiler of that name whose
 * costs are nanoseconds (Deno) or a part of the collector's work (Bun): their share stays absent.
 */
const clocksCollector = process.versions['deno'] === undefined && process.versions['bun'] === undefined;

/** True where the counter is V8's; Bun has one of that name that counts a fraction of what is allocated. */
const countsAllocations = process.versions['bun'] === undefined;

/** Allocations that bring a collection of the young generation at least, and a second one mostly. */
const accountedBytes: Bytes = 64 * 2 ** 20;
/** Accounts of operations that allocate little end here. Arbitrary: five blocks. */
const accountedNs: Nanoseconds = 50e6;

/**
 * One more block, not part of the latency, with the accounts open: watching the collector slows it down. It is repeated
 * until something has been collected, since a short one would end before that and say that nothing ever is.
 */
function accountForBlock(
  timer: BlockTimer,
  { operations, allocatedBytes }: { operations: number } & Pick<Readings, 'allocatedBytes'>,
): Accounts {
  const profiler = clocksCollector ? new v8.GCProfiler() : undefined;
  profiler?.start();
  const before = allocatedBytes();
  let elapsedNs = timer(operations);
  let counted = operations;
  let after = allocatedBytes();
  // Where nobody counts what is allocated one block has to do.
  const leastAfter = before === undefined ? Number.NEGATIVE_INFINITY : before + accountedBytes;
  while (elapsedNs < accountedNs && (after ?? leastAfter) < leastAfter) {
    elapsedNs += timer(operations);
    counted += operations;
    after = allocatedBytes();
  }
  const gcNs = profiler?.stop().statistics.reduce((sum, { cost }) => sum + cost * 1e3, 0);
  return {
    ...(before === undefined || after === undefined ? {} : { allocatedBytesPerOp: (after - before) / counted }),
    ...(gcNs === undefined ? {} : { gcTimeShare: Math.min(1, gcNs / elapsedNs) }),
  };
}

/** Whole microseconds, as the system gives them. */
function readProcessorNs(): Nanoseconds {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Bytes allocated on the V8 heap since the process started; `undefined` on a runtime that does not count them. */
function readAllocatedBytes(): Bytes | undefined {
  if (!countsAllocations) return undefined;
  const statistics: { total_allocated_bytes?: number } = v8.getHeapStatistics();
  return statistics.total_allocated_bytes;
}

/** At least this many single operations are clocked, so that a slow one is not judged by one call. */
const leastPeakOperations = 3;

function findPeak(timer: BlockTimer, settings: SamplerSettings): Nanoseconds {
  let peakNs = 0;
  let spentNs = 0;
  for (let index = 0; index < leastPeakOperations || spentNs < settings.peakNs; index += 1) {
    const elapsedNs = timer(1);
    spentNs += elapsedNs;
    peakNs = Math.max(peakNs, elapsedNs);
  }
  return peakNs;
}
