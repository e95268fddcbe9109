/**
 * Measures one cell on several sides at once: a process a side, all alive together, one running at a time.
 *
 * What slows the machine for a while slows neighbouring blocks of all sides alike and cancels in their ratio. Which
 * side is started first and which goes first in a turn alternates: with a fixed order, identical code read several
 * percent apart. Nothing that a process does makes this module throw.
 */

import type { MicroCellId } from '../model/cell.ts';
import type { Bytes, Nanoseconds } from '../model/values.ts';
import { siblingModule } from '../own-files.ts';
import { childEnvironment } from '../process/child-environment.ts';
import { type Child, startChild } from '../process/child.ts';
import { describeDeath, describeNonsense } from '../process/death.ts';
import { scratchVariable } from '../process/scratch-directory.ts';
import type { DuetAnswer, DuetCommand, DuetJob } from './duet-messages.ts';
import { isDuetAnswer } from './duet-messages.ts';
import type { JobCorpus, WorkerOutcome } from './job.ts';
import type { SamplerSettings } from './profiles.ts';

const workerPath = siblingModule('worker/duet-worker', import.meta.url);

/** One process of a duet. */
export interface DuetArm {
  /** The Node.js that runs it. */
  readonly nodePath: string;
  readonly contenderUrl: string;
  /** A module whose `wrap` makes the serializer worse; for evidence that a slowdown is found. */
  readonly mutantUrl?: string;
  /** Share of operations that are done twice, likewise. */
  readonly repeatedShare?: number;
}

/** What became of one process. */
export interface DuetArmResult {
  readonly status: WorkerOutcome['status'];
  readonly reason?: string;
  /** Nanoseconds an operation, one a turn; empty where nothing was timed. */
  readonly blocks: readonly Nanoseconds[];
  readonly outputBytes?: Bytes;
  readonly allocatedBytesPerOp?: Bytes;
  readonly warnings: readonly string[];
}

export interface DuetRequest {
  readonly cell: MicroCellId;
  readonly corpus: JobCorpus;
  /** Two or three. */
  readonly arms: readonly DuetArm[];
  readonly settings: SamplerSettings;
  /** Turns; in each one every arm runs one block. A multiple of the number of orders balances them. */
  readonly turns: number;
  /** Counts the duets of a cell; who starts and who goes first depends on it. */
  readonly fork: number;
  readonly signal: AbortSignal;
  /** All processes are killed after this time. */
  readonly timeLimitMs: number;
  /** Where processes of one arm share compiled code, by the arm's position. */
  readonly codeCacheDirectories: readonly string[];
}

/** Results in the order of the arms. `opsPerBlock` is absent where nothing was timed. */
export interface DuetResult {
  readonly arms: readonly DuetArmResult[];
  readonly opsPerBlock?: number;
}

/**
 * Runs one duet.
 * @returns `undefined` where `signal` ended it. One arm that cannot be measured leaves the others without blocks, with
 *   the status that they had until then.
 */
export async function runDuet(request: DuetRequest): Promise<DuetResult | undefined> {
  const { arms, fork, turns, signal } = request;
  const orders = ordersOf(arms.length);
  const players: Player[] = [];
  try {
    // Started in turn, prepared side by side: what happens before the first command is not timed.
    for (const index of orders[fork % orders.length] as number[]) players[index] = new Player(request, index);
    await Promise.all(players.map((player) => player.prepare()));
    if (signal.aborted) return undefined;
    if (!areReady(players)) return { arms: players.map((player) => player.result()) };

    let opsPerBlock = 1;
    await inTurn(players, orders[fork % orders.length] as number[], async (player) => {
      opsPerBlock = Math.max(opsPerBlock, await player.warmUp());
    });
    for (let turn = 0; turn < turns; turn += 1) {
      await inTurn(players, orders[(fork + turn) % orders.length] as number[], (player) =>
        player.runBlock(opsPerBlock),
      );
    }
    await inTurn(players, orders[0] as number[], (player) => player.account(opsPerBlock));
    if (signal.aborted) return undefined;
    return { arms: players.map((player) => player.result()), opsPerBlock };
  } finally {
    await Promise.all(players.map((player) => player.end()));
  }
}

function areReady(players: readonly Player[]): boolean {
  return players.every(({ isReady }) => isReady);
}

/** Stops at the first failure: whoever is asked after a process that hung would be ended with it and get the blame. */
async function inTurn(
  players: readonly Player[],
  order: readonly number[],
  action: (player: Player) => Promise<void>,
): Promise<void> {
  for (const index of order) {
    if (!areReady(players)) return;
    await action(players[index] as Player);
  }
}

/** Every order of so many arms; neighbours in the list begin with different arms. */
function ordersOf(arms: number): number[][] {
  if (arms === 1) return [[0]];
  if (arms === 2)
    return [
      [0, 1],
      [1, 0],
    ];
  return [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
    [2, 0, 1],
    [1, 0, 2],
  ];
}

/**
 * A young generation of fixed size: left to itself, V8 sizes it by what it has seen, and processes of the same code
 * settled at times more than a tenth apart. What a change costs the collector shows in the bytes allocated instead.
 */
const youngGenerationMb = 64;
const nodeFlags = [
  '--expose-gc',
  '--no-warnings',
  `--min-semi-space-size=${youngGenerationMb}`,
  `--max-semi-space-size=${youngGenerationMb}`,
];

function startProcess(
  { arms, cell, corpus, settings, fork, signal, timeLimitMs, codeCacheDirectories }: DuetRequest,
  index: number,
) {
  const { nodePath, contenderUrl, mutantUrl, repeatedShare = 0 } = arms[index] as DuetArm;
  const job: DuetJob = {
    method: 'latency',
    cell,
    round: fork,
    contenderUrl,
    settings,
    corpus,
    repeatedShare,
    ...(mutantUrl === undefined ? {} : { mutantUrl }),
  };
  return startChild({
    command: [nodePath, ...nodeFlags, workerPath, JSON.stringify(job)],
    // The code of a side has no business with what the judge's own environment holds.
    env: {
      ...childEnvironment(process.env),
      NODE_COMPILE_CACHE: codeCacheDirectories[index],
      [scratchVariable]: codeCacheDirectories[index],
    },
    talksOver: 'channel',
    timeLimitMs,
    signal,
  });
}

/** One process and what it has said; after a failure every command is a no-op. */
class Player {
  readonly #process: Child;
  readonly #blocks: Nanoseconds[] = [];
  #failure: { status: WorkerOutcome['status']; reason: string } | undefined;
  #outputBytes: Bytes | undefined;
  #allocatedBytesPerOp: Bytes | undefined;
  #warnings: readonly string[] = [];

  constructor(request: DuetRequest, index: number) {
    this.#process = startProcess(request, index);
  }

  get isReady(): boolean {
    return this.#failure === undefined;
  }

  async prepare(): Promise<void> {
    const answer = await this.#expect('ready');
    if (answer !== undefined) this.#outputBytes = answer.outputBytes;
  }

  /** @returns the operations that make a block long enough; 1 where it could not be found out. */
  async warmUp(): Promise<number> {
    const answer = await this.#tell({ type: 'warm-up' }, 'warm');
    if (answer === undefined) return 1;
    this.#warnings = answer.warnings;
    return answer.opsPerBlock;
  }

  async runBlock(operations: number): Promise<void> {
    const answer = await this.#tell({ type: 'block', operations }, 'block');
    if (answer !== undefined) this.#blocks.push(answer.elapsedNs / operations);
  }

  async account(operations: number): Promise<void> {
    const answer = await this.#tell({ type: 'account', operations }, 'account');
    this.#allocatedBytesPerOp = answer?.allocatedBytesPerOp;
  }

  result(): DuetArmResult {
    return {
      status: this.#failure?.status ?? 'ok',
      ...(this.#failure === undefined ? {} : { reason: this.#failure.reason }),
      blocks: this.#blocks,
      ...(this.#outputBytes === undefined ? {} : { outputBytes: this.#outputBytes }),
      ...(this.#allocatedBytesPerOp === undefined ? {} : { allocatedBytesPerOp: this.#allocatedBytesPerOp }),
      warnings: this.#warnings,
    };
  }

  end(): Promise<void> {
    return this.#process.kill();
  }

  async #tell<T extends DuetAnswer['type']>(
    command: DuetCommand,
    type: T,
  ): Promise<(DuetAnswer & { type: T }) | undefined> {
    if (this.#failure !== undefined) return undefined;
    const answer = this.#expect(type);
    this.#process.send(command);
    return answer;
  }

  async #expect<T extends DuetAnswer['type']>(type: T): Promise<(DuetAnswer & { type: T }) | undefined> {
    const message = await this.#nextMessage();
    if (message === undefined) {
      this.#fail('failed', describeDeath(await this.#process.ended, 'before it reported'));
    } else if (!isDuetAnswer(message)) {
      this.#fail('failed', describeNonsense(JSON.stringify(message)));
    } else if (message.type === 'refused') {
      this.#fail(message.outcome.status, message.outcome.reason ?? 'no reason given');
    } else if (message.type === type) {
      return message as DuetAnswer & { type: T };
    } else {
      this.#fail('failed', `said '${message.type}' where '${type}' was due`);
    }
    return undefined;
  }

  #fail(status: WorkerOutcome['status'], reason: string): void {
    this.#failure = { status, reason };
  }

  /** The next message; `undefined` where the process ends first. */
  async #nextMessage(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const stopListening = this.#process.listen(resolve);
    const message = await Promise.race([promise, this.#process.ended.then(() => undefined)]);
    stopListening();
    return message;
  }
}
