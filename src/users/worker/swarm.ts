/**
 * The users of one process: each a loop of its own with a connection of its own, which waits, does a task and waits.
 *
 * How many there are is said from outside, as absolute numbers by class; whoever is too many finishes what it does.
 */
import { performance } from 'node:perf_hooks';

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import { type Client, createClient } from '../../load/client/http-client.ts';
import type { UserCounts, UserTask, UserWait, WeightedUserClass, WorkerSlice } from '../../model/users.ts';
import type { SwarmJob } from '../messages.ts';
import type { Pools } from '../requests/pools.ts';
import { nameRequest } from '../requests/request-names.ts';
import { performTask, type StepOutcome } from '../requests/task.ts';
import { SliceRecorder } from './recorder.ts';

function makeDraw(seed: number): (below: number) => number {
  const random = xoroshiro128plus(seed);
  return (below) => uniformInt(random, 0, below - 1);
}

/** Hears of every request, as reports call it. */
export type OnRequest = (made: { request: string; method: string; outcome: StepOutcome }) => void;

export class Swarm {
  readonly #job: SwarmJob;
  readonly #onRequest: OnRequest | undefined;
  readonly #recorder = new SliceRecorder();
  readonly #users = new Map<string, User[]>();
  readonly #decks = new Map<string, Deck>();
  readonly #lives = new Set<Promise<void>>();
  readonly #beganMs = performance.now();
  #sliceMs = performance.now();
  #cpu = process.cpuUsage();
  #numbered = 0;
  #underWay = 0;

  constructor(job: SwarmJob, onRequest?: OnRequest) {
    this.#job = job;
    this.#onRequest = onRequest;
  }

  get counts(): UserCounts {
    return Object.fromEntries([...this.#users].map(([name, users]) => [name, users.length] as const));
  }

  /** Requests without an answer. */
  get underWay(): number {
    return this.#underWay;
  }

  /** @param counts by class; one that is not named has none, a name that is not known is ignored. */
  setUsers(counts: UserCounts): void {
    for (const userClass of this.#job.classes) {
      const users = this.#users.get(userClass.name) ?? [];
      this.#users.set(userClass.name, users);
      const wanted = counts[userClass.name] ?? 0;
      while (users.length < wanted) users.push(this.#start(userClass));
      for (const user of users.splice(wanted)) user.end();
    }
  }

  /** What has happened since the last slice. */
  takeSlice(): WorkerSlice {
    const nowMs = performance.now();
    const sliceMs = Math.max(1, nowMs - this.#sliceMs);
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    this.#sliceMs = nowMs;
    return {
      elapsedMs: nowMs - this.#beganMs,
      sliceMs,
      users: this.counts,
      ...this.#recorder.take(),
      cpuShare: (user + system) / 1000 / sliceMs,
    };
  }

  /** Ends all users. Those in the middle of a task have some time for it. @returns requests without an answer then. */
  async stop(graceMs: number): Promise<number> {
    this.setUsers({});
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, graceMs);
    await Promise.race([Promise.all(this.#lives), late.promise]);
    clearTimeout(timer);
    return this.#underWay;
  }

  #start(userClass: WeightedUserClass): User {
    const { address, pools, timeoutMs, seed, name } = this.#job;
    const number = (this.#numbered += 1);
    const draw = makeDraw(seed ^ Math.imul(number, 0x9e3779b1));
    const deck = this.#decks.get(userClass.name) ?? new Deck(userClass.tasks, makeDraw(seed));
    this.#decks.set(userClass.name, deck);
    let made = 0;
    const user = new User({
      userClass,
      deck,
      client: createClient(address, { connections: 1, timeoutMs }),
      pools,
      draw,
      makeName: () => `${name}-${number}-${(made += 1)}`,
      recorder: this.#recorder,
      onWay: (change) => (this.#underWay += change),
      onRequest: this.#onRequest,
    });
    const life = user.live().finally(() => this.#lives.delete(life));
    this.#lives.add(life);
    return user;
  }
}

/**
 * The tasks of a class in random order, each as often as its weight says, over and over: users of a class share it, so
 * that shares are right after some dozens of tasks and not after thousands.
 */
class Deck {
  readonly #all: readonly UserTask[];
  readonly #draw: (below: number) => number;
  #left: UserTask[] = [];

  constructor(tasks: readonly UserTask[], draw: (below: number) => number) {
    this.#all = tasks.flatMap((task) => Array.from({ length: task.weight }, () => task));
    this.#draw = draw;
  }

  next(): UserTask {
    if (this.#left.length === 0) this.#left = [...this.#all];
    const index = this.#draw(this.#left.length);
    const task = this.#left[index] as UserTask;
    this.#left[index] = this.#left.at(-1) as UserTask;
    this.#left.pop();
    return task;
  }
}

interface UserParts {
  readonly userClass: WeightedUserClass;
  readonly deck: Deck;
  readonly client: Client;
  readonly pools: Pools;
  readonly draw: (below: number) => number;
  readonly makeName: () => string;
  readonly recorder: SliceRecorder;
  /** A request has left, or has come to its end. */
  readonly onWay: (change: 1 | -1) => void;
  readonly onRequest: OnRequest | undefined;
}

class User {
  readonly #parts: UserParts;
  #hasEnded = false;
  /** Of the wait that it is in. */
  #wake: () => void = () => {};

  constructor(parts: UserParts) {
    this.#parts = parts;
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Until it is ended. */
  async live(): Promise<void> {
    const { wait } = this.#parts.userClass;
    let dueMs = performance.now() + this.#firstPauseMs(wait);
    while (!this.#hasEnded) {
      const isOnTime = dueMs >= performance.now();
      await this.#waitUntil(dueMs);
      if (this.#hasEnded) break;
      await this.#doTask(this.#parts.deck.next(), { dueMs, isOnTime });
      dueMs = this.#nextDue(wait, dueMs);
    }
    this.#parts.client.close();
  }

  /** Users at a constant rate that came together would fall due together for ever. */
  #firstPauseMs(wait: UserWait): number {
    return wait.kind === 'constant-throughput' ? (this.#share() * 1000) / wait.tasksPerSec : 0;
  }

  /** In [0, 1). */
  #share(): number {
    return this.#parts.draw(2 ** 31) / 2 ** 31;
  }

  #nextDue(wait: UserWait, dueMs: number): number {
    if (wait.kind === 'constant-throughput') return dueMs + 1000 / wait.tasksPerSec;
    return performance.now() + 1000 * (wait.minSeconds + this.#share() * (wait.maxSeconds - wait.minSeconds));
  }

  async #doTask(task: UserTask, { dueMs, isOnTime }: { dueMs: number; isOnTime: boolean }): Promise<void> {
    const { userClass, recorder, onWay, onRequest } = this.#parts;
    const name = { userClass: userClass.name, task: task.name };
    recorder.begin(name, isOnTime ? performance.now() - dueMs : undefined);
    const outcomes = performTask({ ...this.#parts, task, dueMs, onSend: () => onWay(1) });
    for await (const outcome of outcomes) {
      onWay(-1);
      recorder.count(name, outcome);
      onRequest?.({ ...nameRequest(task, outcome.step), outcome });
    }
  }

  async #waitUntil(dueMs: number): Promise<void> {
    for (;;) {
      const leftMs = dueMs - performance.now();
      if (leftMs <= 0 || this.#hasEnded) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, Math.ceil(leftMs));
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
  }
}
