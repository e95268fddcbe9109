/**
 * The one processor that everything measured runs on, and whether it is at its best just now.
 *
 * A processor of a shared machine is slower for seconds at a time, while somebody else works on the same physical core,
 * and not by the same factor for all code. So one processor is used for all that is compared, the better one, and
 * probes tell its state beside every measurement: a fixed piece of work, whose floor is what this very session has
 * seen.
 */
import { makeScratchDirectory } from '../process/scratch-directory.ts';
import { cleanExcess } from './clean.ts';
import { moveProcess, pinnedTo, readAllowedProcessors } from './processors.ts';
import type { Probe } from './probe.ts';
import { type Prober, startProber } from './prober.ts';
import { type ProcessorTime, readProcessorTime } from './usage.ts';

/** Probes of each processor when the better one is looked for. Arbitrary: a few milliseconds each. */
const probesOfProcessor = 8;
/** Processors that are looked at; on a machine with many, looking at all would take longer than measuring. */
const mostProcessors = 8;
/** The one in use stays unless another one is better by this share. */
const worthMoving = 0.03;
/** Share of the session's probes below the floor: the fastest ones are luck of the clock. */
const floorShare = 0.05;

/** Why nothing could be pinned. */
type Unpinned = 'no taskset' | 'one processor';

export interface MeasuringCore {
  /** What goes in front of a command that may use every processor until it is moved; empty where nothing is pinned. */
  readonly free: readonly string[];
  /** Processors that this program may use, >= 1: so many processes work beside each other where nothing is timed. */
  readonly parallelism: number;
  /** Absent where processes are pinned to one processor. */
  readonly unpinned: Unpinned | undefined;
  /** True where a process has the processor's time to itself, so that processor time is what a response costs. */
  readonly isOneProcessor: boolean;
  /** Looks for the processor that is best just now; this process moves to the others. */
  settle(): Promise<void>;
  /** Moves a process onto the processor; does nothing where nothing is pinned. */
  take(pid: number | undefined): Promise<void>;
  /** Lets a process that was moved onto the processor run everywhere again. */
  leave(pid: number | undefined): Promise<void>;
  /**
   * How far above its floor the processor is: 0 at the floor, 0.5 where the worst kind of work takes half again as
   * long. Above the mark it is read again, since an interrupt lasts for a moment and a slow phase for all readings.
   * @param mostReadings of which the least counts, >= 1. @returns `undefined` where the prober is gone.
   */
  probe(mostReadings: number): Promise<number | undefined>;
  /** How idle the processor has been; `undefined` where nothing is pinned or the system does not tell. */
  readTime(): ProcessorTime | undefined;
  /** Lets this process run everywhere again and ends the prober. */
  end(): Promise<void>;
}

/** Opens it, with probes of every processor, so that the floor is known from the first moment. */
export async function openMeasuringCore({ signal }: { signal: AbortSignal }): Promise<MeasuringCore> {
  const scratch = makeScratchDirectory({ purpose: 'core' });
  const prober = await startProber({ signal, scratchDirectory: scratch.path });
  const processors = readAllowedProcessors();
  const canMove = processors.length > 1 && prober.pid !== undefined && (await moveProcess(prober.pid, processors));
  const core = new Core({ prober, processors, canMove });
  await core.settle();
  return {
    free: canMove ? pinnedTo(processors) : [],
    parallelism: processors.length,
    unpinned: canMove ? undefined : processors.length === 1 ? 'one processor' : 'no taskset',
    isOneProcessor: canMove || processors.length === 1,
    settle: () => core.settle(),
    take: (pid) => core.take(pid),
    leave: (pid) => core.leave(pid),
    probe: (mostReadings) => core.probe(mostReadings),
    readTime: () => core.readTime(),
    async end() {
      await core.release();
      await prober.end();
      scratch.remove();
    },
  };
}

class Core {
  readonly #prober: Prober;
  readonly #processors: readonly number[];
  readonly #canMove: boolean;
  readonly #floors = { arithmeticNs: new Floor(), memoryNs: new Floor() };
  #current: number | undefined;

  constructor(parts: { prober: Prober; processors: readonly number[]; canMove: boolean }) {
    this.#prober = parts.prober;
    this.#processors = parts.processors;
    this.#canMove = parts.canMove;
  }

  async settle(): Promise<void> {
    if (!this.#canMove) {
      for (let index = 0; index < probesOfProcessor; index += 1) await this.#read();
      return;
    }
    const looked = spread(this.#processors, mostProcessors);
    const states: { processor: number; excess: number }[] = [];
    for (const processor of looked) {
      await moveProcess(this.#prober.pid as number, [processor]);
      const excesses: number[] = [];
      for (let index = 0; index < probesOfProcessor; index += 1) excesses.push((await this.#read()) ?? Infinity);
      states.push({ processor, excess: middleOf(excesses) });
    }
    const best = states.toSorted((a, b) => a.excess - b.excess)[0] as (typeof states)[number];
    const own = states.find(({ processor }) => processor === this.#current);
    const chosen = own !== undefined && own.excess <= best.excess + worthMoving ? own : best;
    await moveProcess(this.#prober.pid as number, [chosen.processor]);
    if (this.#current === chosen.processor) return;
    this.#current = chosen.processor;
    await moveProcess(
      process.pid,
      this.#processors.filter((processor) => processor !== chosen.processor),
    );
  }

  async take(pid: number | undefined): Promise<void> {
    if (this.#current !== undefined && pid !== undefined) await moveProcess(pid, [this.#current]);
  }

  async leave(pid: number | undefined): Promise<void> {
    if (this.#current !== undefined && pid !== undefined) await moveProcess(pid, this.#processors);
  }

  async probe(mostReadings: number): Promise<number | undefined> {
    let least = await this.#read();
    for (let reading = 1; reading < mostReadings && least !== undefined && least > cleanExcess; reading += 1)
      least = Math.min(least, (await this.#read()) ?? least);
    return least;
  }

  async #read(): Promise<number | undefined> {
    const probe = await this.#prober.probe();
    if (probe === undefined) return undefined;
    return Math.max(
      ...(Object.keys(this.#floors) as (keyof Probe)[]).map((kind) => this.#floors[kind].excessOf(probe[kind])),
    );
  }

  readTime(): ProcessorTime | undefined {
    return this.#current === undefined ? undefined : readProcessorTime(this.#current);
  }

  async release(): Promise<void> {
    if (this.#canMove) await moveProcess(process.pid, this.#processors);
  }
}

/** What one kind of work takes at least, by all that this session has seen. */
class Floor {
  readonly #ascending: number[] = [];

  /** Notes a time. @returns how far above the floor it is, as a share; 0 for one below it. */
  excessOf(time: number): number {
    const place = this.#ascending.findIndex((other) => other > time);
    this.#ascending.splice(place === -1 ? this.#ascending.length : place, 0, time);
    const floor = this.#ascending[Math.floor(floorShare * (this.#ascending.length - 1))] as number;
    return Math.max(0, time / floor - 1);
  }
}

/** At most so many of the values, evenly spread, the first one among them. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) => values[Math.floor((index * values.length) / most)] as number);
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
