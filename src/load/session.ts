/**
 * Measures servers over HTTP: round by round, scenarios in random order and the servers of each at the same time.
 *
 * A server is a fresh process for every round, target and scenario: what one scenario does to caches, heap and
 * optimised code is not carried into another. Outcomes are yielded while no server runs, so a caller may stop at any of
 * them.
 */
import { type MeasuringCore, openMeasuringCore } from '../machine/measuring-core.ts';
import { createShuffle } from '../measure/shuffle.ts';
import type { HttpLoad, HttpOutcome, HttpScenario } from '../model/http.ts';
import type { JsonValue } from '../model/values.ts';
import { makeScratchDirectory } from '../process/scratch-directory.ts';
import type { LoadJob } from './generators/messages.ts';
import { isExpected, MeasuredServer } from './measured-server.ts';
import { measureScenario } from './measure-scenario.ts';
import { loadKey } from './outcome.ts';
import { checkPlan, type HttpPlan, type PlannedHttpSuite } from './plan.ts';
import { closedLoadsOf } from './profiles.ts';
import { RemainingLoads, type Step, type SuiteScenario } from './remaining-loads.ts';
import { ConnectionHabits } from './servers/connection-habits.ts';
import type { HttpTarget } from './servers/target.ts';
import { openSetup, type SetupOptions } from './setup.ts';

export type HttpEvent =
  /** A server of the reference that is looked at before the first round: its answers, and its rate for open loops. */
  | { readonly type: 'prepare'; readonly scenario: string }
  /** A round of a scenario in a suite, on all of its servers. */
  | { readonly type: 'start'; readonly suite: string; readonly scenario: string; readonly round: number }
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
  let core: MeasuringCore | undefined;
  try {
    core = await openMeasuringCore({ signal });
    const settings = plan.profile.load;
    const session = new HttpSession(plan, new RemainingLoads(plan.profile, done), {
      core,
      settings,
      prefix: core.free,
      readTime: () => core?.readTime(),
      isApart: core.unpinned !== 'one processor',
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
    const { minRounds, maxRounds, budgetMs = Infinity } = plan.profile;
    const headline = scenarios.filter(({ suite, scenario }) => suite.headline.includes(scenario.id));
    const longestMs = new Map<SuiteScenario, number>();
    for (let round = 0; round < maxRounds; round += 1) {
      const shuffle = createShuffle(plan.seed, round);
      const measured = round < minRounds ? scenarios : headline;
      const left = shuffle(measured).filter((scenario) => session.hasLoads(scenario, round));
      const roundMs = left.reduce((sum, scenario) => sum + (longestMs.get(scenario) ?? 0), 0);
      if (round >= minRounds && now() - startedMs + roundMs > budgetMs) return;
      for (const step of left) {
        if (signal.aborted) return;
        const stepStartedMs = now();
        yield { type: 'start', suite: step.suite.id, scenario: step.scenario.id, round };
        const outcomes = await session.measure(step, { round, shuffle });
        // What was cut short says nothing about the servers.
        if (signal.aborted) return;
        for (const outcome of outcomes) yield { type: 'outcome', outcome };
        longestMs.set(step, Math.max(longestMs.get(step) ?? 0, now() - stepStartedMs));
      }
    }
  } finally {
    await core?.end();
    scratch.remove();
  }
}

interface ListedServer {
  readonly step: Step;
  readonly loads: readonly HttpLoad[];
  readonly isTwin: boolean;
}

const unpinnedWarnings: Readonly<Record<Exclude<MeasuringCore['unpinned'], undefined>, string>> = {
  'no taskset': 'server and load were not pinned to processors: there is no taskset',
  'one processor': 'server and load shared the only processor',
};

interface SessionOptions extends SetupOptions {
  readonly core: MeasuringCore;
}

class HttpSession {
  readonly #plan: HttpPlan;
  readonly #remaining: RemainingLoads;
  readonly #options: SessionOptions;
  /**
   * By scenario, whichever suite it is measured in: the answers of the first suite's reference; `undefined` where it
   * gave none.
   */
  readonly #expected = new Map<string, readonly JsonValue[] | undefined>();

  constructor(plan: HttpPlan, remaining: RemainingLoads, options: SessionOptions) {
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
    const { core } = this.#options;
    try {
      await core.settle();
      const setup = await openSetup({ scenario, target, generator: generatorOf(suite) }, this.#options);
      try {
        await core.take(setup.pid);
        const answers = await setup.answers();
        if (isFirst) this.#expected.set(scenario.id, answers);
        if (!this.#remaining.wantsRate({ suite, scenario })) return;
        const { requestsPerSec, profile } = this.#plan;
        this.#remaining.noteRate({ suite, scenario }, requestsPerSec ?? (await setup.findRate(profile.connections)));
      } finally {
        await setup.close();
      }
    } catch (error) {
      // The reference fails in its rounds as well, and there the failure is told; what can be compared is compared.
      if (!isExpected(error)) throw error;
    }
  }

  /** Whether anything of a scenario is left to be measured in a round. */
  hasLoads({ suite, scenario }: SuiteScenario, round: number): boolean {
    return suite.targets.some((target) => this.#remaining.of({ suite, scenario, target }, round).length > 0);
  }

  /** Makes every load of the scenario that is left, on a fresh server of each target. */
  async measure(
    { suite, scenario }: SuiteScenario,
    { round, shuffle }: { round: number; shuffle: ReturnType<typeof createShuffle> },
  ): Promise<HttpOutcome[]> {
    const { core, signal } = this.#options;
    const { profile, metrics } = this.#plan;
    const warnings = core.unpinned === undefined ? [] : [unpinnedWarnings[core.unpinned]];
    const generator = generatorOf(suite);
    const [warmUp] = closedLoadsOf(scenario, profile) as [HttpLoad];
    const servers = this.#listServers({ suite, scenario, round, warmUp }).map(({ step, loads, isTwin }) => {
      const server = new MeasuredServer({ step, round, loads, isTwin, generator, metrics, warnings }, this.#options);
      const refused = this.#whyRefused(scenario, step.target);
      if (refused !== undefined) server.refuse(refused);
      return server;
    });
    const outcomes = await measureScenario({
      servers,
      loads: this.#remaining.plannedOf({ suite, scenario }),
      warmUp,
      expected: this.#expected.get(scenario.id),
      profile,
      core,
      shuffle,
      signal,
    });
    for (const outcome of outcomes) this.#remaining.note(outcome);
    return outcomes;
  }

  /** Those with loads that are left, and a second one of the reference where the suite has its twin. */
  #listServers(request: SuiteScenario & { round: number; warmUp: HttpLoad }): ListedServer[] {
    const { suite, scenario, round, warmUp } = request;
    const ordinary = suite.targets.map((target) => {
      const step = { suite, scenario, target };
      return { step, loads: this.#remaining.of(step, round), isTwin: false };
    });
    const twins = suite.twinIn === scenario.id ? ordinary.filter(({ step }) => step.target.id === suite.reference) : [];
    // One load tells what a machine does to identical servers.
    const first = (load: HttpLoad): boolean => loadKey(load) === loadKey(warmUp);
    return [
      ...ordinary,
      ...twins.map(({ step, loads }) => ({ step, loads: loads.filter(first), isTwin: true })),
    ].filter(({ loads }) => loads.length > 0);
  }

  #whyRefused(scenario: HttpScenario, { site }: HttpTarget): string | undefined {
    if (site === undefined || !scenario.writes || this.#plan.writeToSites === true) return undefined;
    return 'writes or calls tools, which nobody has allowed on this server';
  }
}

/** One for all targets of a suite: generators cost differently, and what is compared are servers. */
function generatorOf({ targets }: PlannedHttpSuite): LoadJob['generator'] {
  return targets.some(({ closesConnections }) => closesConnections === true) ? 'own' : 'autocannon';
}
