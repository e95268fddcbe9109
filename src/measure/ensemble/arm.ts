/**
 * One process of an ensemble and what it has said: after a failure every command to it does nothing, and the others go
 * on without it.
 */
import type { Fork } from '../../model/cell.ts';
import type { Bytes, Nanoseconds } from '../../model/values.ts';
import type { Ended } from '../../process/child.ts';
import { describeDeath, describeNonsense, describeSilence } from '../../process/death.ts';
import type { ArmAccount, ArmAnswer, ArmCommand, BlockTime } from '../ensemble-messages.ts';
import { isArmAnswer } from '../ensemble-messages.ts';
import type { WorkerOutcome } from '../job.ts';
import type { Turn } from './select-turns.ts';

/** A process that is told what to do and answers each command once. */
export interface ArmProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  send(command: ArmCommand): void;
  /** Hears the next answer, not validated. @returns what stops the listening. */
  listen(listener: (answer: unknown) => void): () => void;
  kill(): Promise<void>;
}

/** What became of one process. */
export interface ArmResult {
  readonly status: WorkerOutcome['status'];
  readonly reason?: string;
  /** In the order measured, with both times of each; empty where nothing was timed. */
  readonly turns: readonly (Turn & BlockTime)[];
  readonly opsPerBlock?: number;
  readonly outputBytes?: Bytes;
  readonly compileNs?: Nanoseconds;
  readonly account?: ArmAccount;
  readonly example?: string;
  readonly warnings: Fork['warnings'];
}

/** Which of a block's two times counts. */
export type BlockClock = keyof BlockTime;

/** A block is planned to be longer than it must be by this factor, so that it is seldom shorter. */
const overshoot = 1.1;

export class Arm {
  readonly #process: ArmProcess;
  readonly #clock: BlockClock;
  /** A command without an answer after this time ends the process. */
  readonly #timeLimitMs: number;
  readonly #turns: (Turn & BlockTime)[] = [];
  #failure: { status: WorkerOutcome['status']; reason: string } | undefined;
  #opsPerBlock: number | undefined;
  #rehearsedNs: Nanoseconds = 1;
  #outputBytes: Bytes | undefined;
  #compileNs: Nanoseconds | undefined;
  #account: ArmAccount | undefined;
  #example: string | undefined;
  #warnings: readonly string[] = [];

  constructor(parts: { process: ArmProcess; clock: BlockClock; timeLimitMs: number }) {
    this.#process = parts.process;
    this.#clock = parts.clock;
    this.#timeLimitMs = parts.timeLimitMs;
  }

  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** Of an operation in the rehearsal. */
  get rehearsedNs(): Nanoseconds {
    return this.#rehearsedNs;
  }

  get opsPerBlock(): number {
    return this.#opsPerBlock ?? 1;
  }

  /** Waits until the cell is ready. */
  async prepare(): Promise<void> {
    const answer = await this.#expect('ready');
    this.#outputBytes = answer?.outputBytes;
    this.#compileNs = answer?.compileNs;
  }

  async warmUp(): Promise<void> {
    const answer = await this.#tell({ type: 'warm-up' }, 'warm');
    if (answer === undefined) return;
    this.#opsPerBlock = answer.opsPerBlock;
    this.#warnings = answer.warnings;
  }

  /**
   * Runs a block that does not count, on the processor that is measured on: the first one after a pause reads several
   * percent slower. It also tells how many operations make a block there.
   */
  async rehearse(blockNs: Nanoseconds): Promise<void> {
    const times = await this.runBlock(this.opsPerBlock);
    if (times === undefined) return;
    this.#rehearsedNs = times[this.#clock];
    // At most twice as many on one reading: a coarse clock may not have moved.
    const enough = Math.min(2 * this.opsPerBlock, Math.ceil((blockNs * overshoot) / times[this.#clock]));
    this.#opsPerBlock = Math.max(this.opsPerBlock, enough);
  }

  /** Runs a block of so many operations. @returns its times an operation; `undefined` where there is none. */
  async runBlock(operations: number): Promise<BlockTime | undefined> {
    const answer = await this.#tell({ type: 'block', operations }, 'block');
    if (answer === undefined) return undefined;
    return { elapsedNs: answer.elapsedNs / operations, processorNs: answer.processorNs / operations };
  }

  /** Keeps the times of a block with the state of the processor around it. */
  noteTurn(times: BlockTime, excess: number): void {
    this.#turns.push({ ...times, latencyNs: times[this.#clock], excess });
  }

  async account(): Promise<void> {
    const answer = await this.#tell({ type: 'account', operations: this.opsPerBlock }, 'account');
    if (answer === undefined) return;
    const { type: _type, ...account } = answer;
    this.#account = account;
  }

  /** Checks what it gives once more; a process that gives something else now has failed. */
  async verify(): Promise<void> {
    this.#example = (await this.#tell({ type: 'verify' }, 'verified'))?.example ?? this.#example;
  }

  result(): ArmResult {
    return {
      status: this.#failure?.status ?? 'ok',
      ...(this.#failure === undefined ? {} : { reason: this.#failure.reason }),
      turns: this.#turns,
      ...(this.#opsPerBlock === undefined ? {} : { opsPerBlock: this.#opsPerBlock }),
      ...(this.#outputBytes === undefined ? {} : { outputBytes: this.#outputBytes }),
      ...(this.#compileNs === undefined ? {} : { compileNs: this.#compileNs }),
      ...(this.#account === undefined ? {} : { account: this.#account }),
      ...(this.#example === undefined ? {} : { example: this.#example }),
      warnings: this.#warnings,
    };
  }

  end(): Promise<void> {
    return this.#process.kill();
  }

  async #tell<T extends ArmAnswer['type']>(
    command: ArmCommand,
    type: T,
  ): Promise<(ArmAnswer & { type: T }) | undefined> {
    if (this.#failure !== undefined) return undefined;
    const answer = this.#expect(type);
    this.#process.send(command);
    return answer;
  }

  async #expect<T extends ArmAnswer['type']>(type: T): Promise<(ArmAnswer & { type: T }) | undefined> {
    const message = await this.#nextAnswer();
    if (message === 'silence') {
      this.#fail('failed', describeSilence('gave no answer', this.#timeLimitMs));
      await this.#process.kill();
    } else if (message === undefined) {
      this.#fail('failed', describeDeath(await this.#process.ended, 'before it reported'));
    } else if (!isArmAnswer(message)) {
      this.#fail('failed', describeNonsense(JSON.stringify(message)));
    } else if (message.type === 'refused') {
      this.#fail(message.outcome.status, message.outcome.reason ?? 'no reason given');
      this.#example = message.outcome.example;
    } else if (message.type === type) {
      return message as ArmAnswer & { type: T };
    } else {
      this.#fail('failed', `said '${message.type}' where '${type}' was due`);
    }
    return undefined;
  }

  #fail(status: WorkerOutcome['status'], reason: string): void {
    this.#failure = { status, reason };
  }

  /** `undefined` where the process ends first, `silence` where nothing comes in time. */
  async #nextAnswer(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const stopListening = this.#process.listen(resolve);
    const timer = setTimeout(() => resolve('silence'), this.#timeLimitMs);
    const message = await Promise.race([promise, this.#process.ended.then(() => undefined)]);
    clearTimeout(timer);
    stopListening();
    return message;
  }
}
