/**
 * Users on this machine: worker processes, users among them in turn, and what they tell. Needs nothing but Node.js.
 *
 * A worker that is lost costs what it has not told yet: its users go to the others, and the load counts as incomplete.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { startLoadChild, type LoadChild } from '../load/child.ts';
import { LoadFailure } from '../load/failure.ts';
import type { WorkerEvent } from '../model/users.ts';
import { siblingModule } from '../own-files.ts';
import { describeDeath, describeNonsense } from '../process/death.ts';
import { isWorkerMessage, sliceMs, type SwarmJob, type WorkerCommand, type WorkerMessage } from './messages.ts';
import { countNames, shareOut, spawnOrder } from './spawn-order.ts';

const workerPath = siblingModule('worker/local', import.meta.url);

/** A healthy one is ready in a fraction of this. */
const startLimitMs = 30_000;
/** How often users are added while they come. */
const spawnStepMs = 100;
/** What a worker may need to tell the rest beyond the time that requests have. */
const spareMs = 5000;

export interface LocalLoadRequest {
  /** What every worker is told; the seed and the name are made different for each. */
  readonly job: SwarmJob;
  /** By class. */
  readonly weights: readonly { readonly name: string; readonly weight: number }[];
  readonly users: number;
  readonly spawnRatePerSec: number;
  /** From the first user on; without it until `signal` ends it. */
  readonly runTimeMs: number | undefined;
  readonly processes: number;
  /** Ends the load in good order. */
  readonly signal: AbortSignal;
}

/**
 * Makes the load, and ends all processes whatever happens.
 * @returns what workers tell, as it comes.
 * @throws {LoadFailure} where a worker does not start, and where none is left.
 */
export async function* makeLocalLoad(request: LocalLoadRequest): AsyncGenerator<WorkerEvent, void, undefined> {
  const { job, weights, users, spawnRatePerSec, runTimeMs, processes, signal } = request;
  const events: WorkerEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const tell = (event: WorkerEvent): void => {
    events.push(event);
    wake.resolve();
  };
  const workers = Array.from({ length: processes }, (_, index) => new LocalWorker(`worker ${index + 1}`, tell));
  try {
    await Promise.all(workers.map((worker) => worker.ready));
    for (const [index, worker] of workers.entries())
      worker.send({
        type: 'job',
        job: { ...job, seed: job.seed + Math.imul(index + 1, 0x9e3779b1), name: `${job.name}-${index + 1}` },
      });
    const order = spawnOrder(shareOut(users, weights));
    const beganMs = performance.now();
    const endMs = runTimeMs === undefined ? Infinity : beganMs + runTimeMs;
    let come = 0;
    let living = workers.length;
    while (!signal.aborted && performance.now() < endMs) {
      const alive = workers.filter(({ isLost }) => !isLost);
      if (alive.length === 0) break;
      const due = Math.min(users, Math.ceil(((performance.now() - beganMs) / 1000) * spawnRatePerSec) || 1);
      if (due !== come || alive.length !== living) {
        come = due;
        living = alive.length;
        dealOut(order.slice(0, due), alive);
      }
      const pauseMs = Math.min(endMs - performance.now(), come < users ? spawnStepMs : sliceMs);
      await Promise.race([wake.promise, delay(Math.max(1, pauseMs), undefined, { signal }).catch(() => {})]);
      wake = Promise.withResolvers<void>();
      yield* events.splice(0);
    }
    const alive = workers.filter(({ isLost }) => !isLost);
    for (const worker of alive) worker.send({ type: 'stop', graceMs: job.timeoutMs });
    const late = delay(job.timeoutMs + spareMs, 'late' as const, { ref: false });
    for (const worker of alive) {
      const ended = await Promise.race([worker.finished, late]);
      if (ended === 'late') worker.lose('did not end in time');
    }
    yield* events.splice(0);
    if (alive.length === 0) throw new LoadFailure('no worker is left');
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** Every worker gets each n-th user, so that each has users of all classes. */
function dealOut(order: readonly string[], workers: readonly LocalWorker[]): void {
  for (const [index, worker] of workers.entries())
    worker.send({
      type: 'users',
      counts: countNames(order.filter((_, position) => position % workers.length === index)),
    });
}

class LocalWorker {
  readonly #id: string;
  readonly #tell: (event: WorkerEvent) => void;
  readonly #child: LoadChild;
  readonly #end = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly ready: Promise<void>;
  #isLost = false;
  #hasFinished = false;

  constructor(id: string, tell: (event: WorkerEvent) => void) {
    this.#id = id;
    this.#tell = tell;
    this.#child = startLoadChild({
      name: `the ${id}`,
      prefix: [],
      arguments: ['--no-warnings', workerPath],
      env: process.env,
      signal: this.#end.signal,
    });
    const ready = Promise.withResolvers<void>();
    this.#child.listen((message) => {
      if (!isWorkerMessage(message)) this.lose(describeNonsense(JSON.stringify(message)));
      else if (message.type === 'ready') ready.resolve();
      else this.#hear(message);
    });
    this.ready = this.#child.expect(ready.promise, {
      late: 'was not ready',
      dead: 'before it was ready',
      limitMs: startLimitMs,
    });
    void this.#noteDeath();
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Resolves when it has told everything, or is lost. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  send(command: WorkerCommand): void {
    this.#child.send(command);
  }

  lose(reason: string): void {
    if (this.#isLost || this.#hasFinished || this.#end.signal.aborted) return;
    this.#isLost = true;
    this.#tell({ type: 'lost', worker: this.#id, reason });
    this.#finished.resolve();
    void this.#child.kill();
  }

  async kill(): Promise<void> {
    this.#end.abort();
    await this.#child.kill();
  }

  async #noteDeath(): Promise<void> {
    const ended = await this.#child.ended;
    if (!this.#hasFinished) this.lose(describeDeath(ended, 'while it made load'));
  }

  #hear(message: Exclude<WorkerMessage, { type: 'ready' }>): void {
    if (this.#isLost) return;
    this.#tell({ type: 'slice', worker: this.#id, slice: message.slice });
    if (message.type !== 'stopped') return;
    this.#hasFinished = true;
    this.#tell({ type: 'finished', worker: this.#id, unanswered: message.unanswered });
    this.#finished.resolve();
  }
}
