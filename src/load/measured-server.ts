/**
 * One server in a round of a scenario, and what has become of its loads: a failure costs what it could still have
 * measured and nothing of the servers beside it.
 */
import type { HttpLoad, HttpOutcome } from '../model/http.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import type { JsonValue } from '../model/values.ts';
import { isClean } from '../machine/clean.ts';
import { compareAnswers } from './client/answers.ts';
import { kindOfError, LoadFailure } from './failure.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import { loadKey, makeFailedOutcome, makeOutcome } from './outcome.ts';
import { idOf, type Step } from './remaining-loads.ts';
import { type MeasuredJob, openSetup, type Setup, type SetupOptions } from './setup.ts';
import { type LoadWindow, type MergedWindows, mergeWindows } from './windows.ts';

/** What is to be measured on it, and how. */
export interface MeasuredServerRequest {
  readonly step: Step;
  readonly round: number;
  /** In the order in which they are made; at least one. */
  readonly loads: readonly HttpLoad[];
  /** Whether it stands beside another server of the same contender. */
  readonly isTwin: boolean;
  readonly generator: LoadJob['generator'];
  readonly metrics: readonly KnownMetric[];
  /** To be said with each of its outcomes. */
  readonly warnings: readonly string[];
}

export class MeasuredServer {
  readonly #request: MeasuredServerRequest;
  readonly #options: SetupOptions;
  readonly #outcomes: HttpOutcome[] = [];
  readonly #warnings: string[];
  #setup: Setup | undefined;
  /** As the warm-up ended, until the first load was made. */
  #hasSettled: boolean | undefined;
  /** Of the load that is being made. */
  #windows: LoadWindow[] = [];

  constructor(request: MeasuredServerRequest, options: SetupOptions) {
    this.#request = request;
    this.#options = options;
    this.#warnings = [...request.warnings, ...(this.isOurs ? [] : [siteWarning])];
    if (request.step.target.site?.isMcp === true) this.#warnings.push(mcpWarning);
  }

  /** `undefined` for a server of the user's, and one that is gone. */
  get pid(): number | undefined {
    return this.#setup?.pid;
  }

  get isOurs(): boolean {
    return this.#request.step.target.site === undefined;
  }

  /** One for each of its loads, when all is done. */
  get outcomes(): readonly HttpOutcome[] {
    return this.#outcomes;
  }

  /** Whether a load is still to be made. */
  wants(load: HttpLoad): boolean {
    return this.#left().some((other) => loadKey(other) === loadKey(load));
  }

  /** Says of all its loads why they are not made, without starting anything. */
  refuse(reason: string): void {
    this.#giveUp('unsupported', reason);
  }

  async open(): Promise<void> {
    const { step, generator } = this.#request;
    if (this.#left().length === 0) return;
    await this.#attempt(async () => {
      this.#setup = await openSetup({ ...step, generator }, this.#options);
    });
  }

  /** Compares its answers. @param expected `undefined` where there is nothing to be compared with. */
  async check(expected: readonly JsonValue[] | undefined): Promise<void> {
    await this.#withSetup(async (setup) => {
      const actual = await setup.answers();
      if (expected === undefined) this.#warnings.push('answers were not compared, since the reference gave none');
      const { scenario } = this.#request.step;
      const wrong = expected === undefined ? undefined : compareAnswers({ actual, expected, scenario });
      if (wrong === undefined) return;
      this.#giveUp('incorrect', wrong);
      await this.close();
    });
  }

  /** Sends until its rate has settled; what fails meanwhile is its first load's. */
  async warmUp(load: HttpLoad): Promise<void> {
    await this.#withSetup(async (setup) => {
      const { report } = await setup.warmUp(load);
      this.#hasSettled = report.hasSettled;
      const [first] = this.#left();
      if (first !== undefined && hasFailures(report)) this.#conclude(first, { report, account: undefined, windows: 1 });
    });
  }

  /** @returns `undefined` where there is none. */
  async takeWindow(load: HttpLoad): Promise<MeasuredJob | undefined> {
    let taken: MeasuredJob | undefined;
    await this.#withSetup(async (setup) => {
      taken = await setup.takeWindow(load);
    });
    return taken;
  }

  /** Keeps a window, with all that is known of the processor; one with failures is the load's last. */
  noteWindow(load: HttpLoad, { report, account, hasChanged, excess }: MeasuredJob): void {
    if (hasChanged) this.#windows = [];
    // The processor that is probed is not the one of a server of the user's.
    this.#windows.push({ report, account, excess: this.isOurs ? excess : 0 });
    if (hasFailures(report)) this.finish(load);
  }

  /** Of the load that is being made, those that found the processor at its best. */
  get cleanWindows(): number {
    return this.#windows.filter(isClean).length;
  }

  /** Makes the outcome of a load out of its windows; does nothing where there is one, or no window. */
  finish(load: HttpLoad): void {
    if (!this.wants(load) || this.#windows.length === 0) return;
    this.#conclude(load, mergeWindows(this.#windows));
  }

  /** Ends its processes; does nothing when called again. */
  async close(): Promise<void> {
    await this.#setup?.close();
    this.#setup = undefined;
  }

  #conclude(
    load: HttpLoad,
    { cleanShare, ...made }: Omit<MergedWindows, 'cleanShare'> & { cleanShare?: number },
  ): void {
    const { step, round, metrics } = this.#request;
    const { report } = made;
    const outcome = makeOutcome({
      ...made,
      id: idOf(step, load),
      round,
      job: { load, client: step.scenario.client, settings: this.#options.settings },
      report: this.#hasSettled === undefined ? report : { ...report, hasSettled: this.#hasSettled },
      warnings: [...this.#warnings, ...(this.#setup?.closesUnasked === true ? [closingWarning] : [])],
      metrics,
    });
    this.#add({ ...outcome, ...(cleanShare === undefined || !this.isOurs ? {} : { cleanShare }) });
    this.#windows = [];
    // Later loads found a server that had settled.
    this.#hasSettled = undefined;
  }

  /** Ends it for all loads that have no outcome yet. */
  #giveUp(status: 'failed' | 'incorrect' | 'unsupported', reason: string): void {
    const { step, round } = this.#request;
    for (const load of this.#left()) this.#add(makeFailedOutcome({ id: idOf(step, load), round, status, reason }));
  }

  #add(outcome: HttpOutcome): void {
    this.#outcomes.push(this.#request.isTwin ? { ...outcome, isTwin: true } : outcome);
  }

  #left(): HttpLoad[] {
    const done = new Set(this.#outcomes.map(({ load }) => loadKey(load)));
    return this.#request.loads.filter((load) => !done.has(loadKey(load)));
  }

  async #withSetup(action: (setup: Setup) => Promise<void>): Promise<void> {
    const setup = this.#setup;
    if (setup !== undefined) await this.#attempt(() => action(setup));
  }

  /** Whatever a server does wrong becomes an outcome, and ends its processes. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!isExpected(error)) throw error;
      this.#giveUp('failed', reasonOf(error));
      await this.close();
    }
  }
}

/** What a reader of such figures has to know. */
const closingWarning = 'the server closes connections, so requests were sent by a slower client that can open new ones';
const mcpWarning = 'all requests were sent in one session of MCP, by a slower client that gives each an id of its own';
const siteWarning =
  'the server does not run on the processor that is measured on, so its windows were not chosen by the state of one';

function hasFailures({ failures }: LoadReport): boolean {
  return Object.keys(failures).length > 0;
}

/** Failures of servers and of sockets; anything else is a bug. */
export function isExpected(error: unknown): error is Error {
  return (
    error instanceof LoadFailure ||
    (error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string')
  );
}

function reasonOf(error: Error): string {
  return error instanceof LoadFailure ? error.message : `could not be asked: ${kindOfError(error)}`;
}
