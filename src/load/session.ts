/**
 * Measures servers over HTTP: round by round, one at a time, scenarios in random order and the servers of each beside
 * each other.
 *
 * A server is a fresh process for every round, target and scenario: what one scenario does to caches, heap and
 * optimised code is not carried into another. Outcomes are yielded while no child runs, so a caller may stop at any of
 * them.
 */
import { createShuffle } from '../measure/shuffle.ts';
import type { HttpOutcome, HttpScenario } from '../model/http.ts';
import type { JsonValue } from '../model/values.ts';
import { makeScratchDirectory } from '../process/scratch-directory.ts';
import { compareAnswers } from './client/answers.ts';
import { kindOfError, LoadFailure } from './failure.ts';
import type { LoadJob } from './generators/messages.ts';
import { makeFailedOutcome, makeOutcome } from './outcome.ts';
import { checkPlan, type HttpPlan, type PlannedHttpSuite } from './plan.ts';
import { ConnectionHabits } from './servers/connection-habits.ts';
import { placeProcesses } from './servers/processors.ts';
import type { HttpTarget } from './servers/target.ts';
import { idOf, RemainingLoads, type Step, type SuiteScenario } from './remaining-loads.ts';
import { type Setup, type SetupOptions, withSetup } from './setup.ts';

export type HttpEvent =
  /** A server of the reference that is looked at before the first round: its answers, and its rate for open loops. */
  | { readonly type: 'prepare'; readonly scenario: string }
  | {
      readonly type: 'start';
      readonly suite: string;
      readonly scenario: string;
      readonly contender: string;
      readonly round: number;
    }
  | { readonly type: 'outcome'; readonly outcome: HttpOutcome };

/** A server that has not begun to listen by then has failed; seeding thousands of entities takes a fraction of it. */
const defaultStartLimitMs = 30_000;

export interface HttpSessionOptions {
  /** Ends everything at once when aborted. */
  readonly signal: AbortSignal;
  /** Outcomes of an earlier session of the same plan; they are not measured again. */
  readonly done?: readonly HttpOutcome[];
  /** Milliseconds of the budget that it took. */
  readonly spentMs?: number;
  /** Milliseconds of a monotonic clock; decides whether another round fits into the budget. */
  readonly now: () => number;
  readonly startLimitMs?: number;
}

/**
 * Measures a plan. Nothing that a server does makes it throw, and no child is left when it ends, however it ends.
 * @throws {UserError} for a plan that contradicts itself.
 */
export async function* runHttpPlan(
  plan: HttpPlan,
  options: HttpSessionOptions,
): AsyncGenerator<HttpEvent, void, undefined> {
  checkPlan(plan);
  const { signal, now, done = [], spentMs = 0, startLimitMs = defaultStartLimitMs } = options;
  const scratch = makeScratchDirectory({ purpose: 'http' });
  try {
    const settings = plan.profile.load;
    const session = new HttpSession(plan, new RemainingLoads(plan.profile, done), {
      settings,
      placement: await placeProcesses(),
      habits: new ConnectionHabits(settings.requestTimeoutMs),
      directory: scratch.path,
      startLimitMs,
      signal,
    });
    const startedMs = now() - spentMs;
    const scenarios = plan.suites.flatMap((suite) =>
      suite.scenarios.map((scenario): SuiteScenario => ({ suite, scenario })),
    );
    for (const scenario of scenarios) {
      if (signal.aborted) return;
      if (session.isPrepared(scenario)) continue;
      yield { type: 'prepare', scenario: scenario.scenario.id };
      await session.prepare(scenario);
    }
    let longestRoundMs = 0;
    for (let round = 0; round < plan.profile.maxRounds; round += 1) {
      const steps = orderRound(plan, { scenarios, round }).filter((step) => session.hasLoads(step, round));
      if (steps.length === 0) continue;
      const leftMs = (plan.profile.budgetMs ?? Infinity) - (now() - startedMs);
      if (round >= plan.profile.minRounds && leftMs < longestRoundMs) return;
      const roundStartedMs = now();
      for (const step of steps) {
        if (signal.aborted) return;
        yield { type: 'start', suite: step.suite.id, scenario: step.scenario.id, contender: step.target.id, round };
        const outcomes = await session.measure(step, round);
        // What was cut short says nothing about the server.
        if (signal.aborted) return;
        for (const outcome of outcomes) yield { type: 'outcome', outcome };
      }
      longestRoundMs = Math.max(longestRoundMs, now() - roundStartedMs);
    }
  } finally {
    scratch.remove();
  }
}

/** Scenarios in random order, and the targets of each in random order beside each other. */
function orderRound(
  { seed }: HttpPlan,
  { scenarios, round }: { scenarios: readonly SuiteScenario[]; round: number },
): Step[] {
  const shuffle = createShuffle(seed, round);
  return shuffle(scenarios).flatMap((scenario) =>
    shuffle(scenario.suite.targets).map((target) => ({ ...scenario, target })),
  );
}

class HttpSession {
  readonly #plan: HttpPlan;
  readonly #remaining: RemainingLoads;
  readonly #options: SetupOptions;
  /**
   * By scenario, whichever suite it is measured in: the answers of the first suite's reference; `undefined` where it
   * gave none.
   */
  readonly #expected = new Map<string, readonly JsonValue[] | undefined>();

  constructor(plan: HttpPlan, remaining: RemainingLoads, options: SetupOptions) {
    this.#plan = plan;
    this.#remaining = remaining;
    this.#options = options;
  }

  isPrepared(scenario: SuiteScenario): boolean {
    return this.#expected.has(scenario.scenario.id) && !this.#remaining.wantsRate(scenario);
  }

  /** Asks the reference for its answers and, where an open loop needs one, its rate. */
  async prepare({ suite, scenario }: SuiteScenario): Promise<void> {
    const target = suite.targets.find(({ id }) => id === suite.reference) as HttpTarget;
    const isFirst = !this.#expected.has(scenario.id);
    if (isFirst) this.#expected.set(scenario.id, undefined);
    if (this.#whyRefused(scenario, target) !== undefined) return;
    try {
      await this.#withSetup({ suite, scenario, target }, async (setup) => {
        const answers = await setup.answers();
        if (isFirst) this.#expected.set(scenario.id, answers);
        if (!this.#remaining.wantsRate({ suite, scenario })) return;
        const { requestsPerSec, profile } = this.#plan;
        this.#remaining.noteRate({ suite, scenario }, requestsPerSec ?? (await setup.findRate(profile.connections)));
      });
    } catch (error) {
      // The reference fails in its rounds as well, and there the failure is told; what can be compared is compared.
      if (!isExpected(error)) throw error;
    }
  }

  /** Whether anything of a step is left to be measured in a round. */
  hasLoads(step: Step, round: number): boolean {
    return this.#remaining.of(step, round).length > 0;
  }

  /** Makes every load of the scenario that is left on one fresh server. */
  async measure(step: Step, round: number): Promise<HttpOutcome[]> {
    const { scenario, target } = step;
    const expected = this.#expected.get(scenario.id);
    const loads = this.#remaining.of(step, round);
    const outcomes: HttpOutcome[] = [];
    const add = (outcome: HttpOutcome): void => {
      this.#remaining.note(outcome);
      outcomes.push(outcome);
    };
    const giveUp = (status: 'failed' | 'incorrect' | 'unsupported', reason: string): void => {
      for (const load of loads.slice(outcomes.length))
        add(makeFailedOutcome({ id: idOf(step, load), round, status, reason }));
    };
    const refused = this.#whyRefused(scenario, target);
    if (refused !== undefined) {
      giveUp('unsupported', refused);
      return outcomes;
    }
    try {
      await this.#withSetup(step, async (setup) => {
        const actual = await setup.answers();
        const wrong = expected === undefined ? undefined : compareAnswers({ actual, expected, scenario });
        if (wrong !== undefined) giveUp('incorrect', wrong);
        else
          for (const load of loads) {
            const measured = await setup.measure(load);
            const warnings = this.#warningsOf(setup, expected !== undefined);
            add(makeOutcome({ id: idOf(step, load), round, ...measured, warnings, metrics: this.#plan.metrics }));
          }
      });
    } catch (error) {
      if (!isExpected(error)) throw error;
      giveUp('failed', reasonOf(error));
    }
    return outcomes;
  }

  #withSetup<T>({ suite, scenario, target }: Step, action: (setup: Setup) => Promise<T>): Promise<T> {
    return withSetup({ ...this.#options, scenario, target, generator: generatorOf(suite) }, action);
  }

  #whyRefused(scenario: HttpScenario, { site }: HttpTarget): string | undefined {
    if (site === undefined || !scenario.writes || this.#plan.writeToSites === true) return undefined;
    return 'writes or calls tools, which nobody has allowed on this server';
  }

  #warningsOf(setup: Setup, isCompared: boolean): string[] {
    const { warning } = this.#options.placement;
    return [
      ...(warning === undefined ? [] : [warning]),
      ...(setup.closesUnasked ? [closingWarning] : []),
      ...(isCompared ? [] : ['answers were not compared, since the reference gave none']),
    ];
  }
}

/** What a reader of such figures has to know. */
const closingWarning = 'the server closes connections, so requests were sent by a slower client that can open new ones';

/** One for all targets of a suite: generators cost differently, and what is compared are servers. */
function generatorOf({ targets }: PlannedHttpSuite): LoadJob['generator'] {
  return targets.some(({ closesConnections }) => closesConnections === true) ? 'own' : 'autocannon';
}

/** Failures of servers and of sockets; anything else is a bug. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof LoadFailure ||
    (error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string')
  );
}

function reasonOf(error: Error): string {
  return error instanceof LoadFailure ? error.message : `could not be asked: ${kindOfError(error)}`;
}
