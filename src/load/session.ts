/**
 * Measures servers over HTTP: round by round, one at a time, scenarios in random order and the servers of each beside
 * each other.
 *
 * A server is a fresh process for every round, target and scenario: what one scenario does to caches, heap and optimised
 * code is not carried into another. The loads of one scenario share it, since they run the same code. Outcomes are
 * yielded while no child runs, so a caller may stop at any of them. Deliberately absent: statistics (assemble.ts) and files.
 */
import { createShuffle } from '../measure/schedule.ts';
import type { JsonValue } from '../model/values.ts';
import type { HttpCellId, HttpLoad, HttpOutcome, HttpRequest, HttpScenario } from '../model/http.ts';
import { makeScratchDirectory, scratchVariable } from '../process/scratch-directory.ts';
import { compareAnswers, readAnswers } from './client/answers.ts';
import { kindOfError, LoadFailure } from './failure.ts';
import { doesClose, tellsOfClosing } from './servers/connection-habits.ts';
import { createClient, type Site } from './client/http-client.ts';
import { longestJobMs, startLoadProcess, type LoadProcess } from './generators/load-process.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import { loadKey, makeFailedOutcome, makeOutcome } from './outcome.ts';
import { placeProcesses, type Placement } from './servers/processors.ts';
import { checkPlan, hasOpenLoop, type HttpPlan, type HttpTarget, loadsOf, type PlannedHttpSuite } from './plan.ts';
import { fastestOpenLoop, openLoopShare } from './profiles.ts';
import { startServer, type RunningServer, type ServerAccount } from './servers/server.ts';
import { findToolCall } from './client/tool-call.ts';

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
  const { signal, now, spentMs = 0 } = options;
  const scratch = makeScratchDirectory({ purpose: 'http' });
  try {
    const session = new Session(plan, { ...options, directory: scratch.path, placement: await placeProcesses() });
    const startedMs = now() - spentMs;
    const places = plan.suites.flatMap((suite) => suite.scenarios.map((scenario): Place => ({ suite, scenario })));
    for (const place of places) {
      if (signal.aborted) return;
      if (session.isPrepared(place)) continue;
      yield { type: 'prepare', scenario: place.scenario.id };
      await session.prepare(place);
    }
    let longestRoundMs = 0;
    for (let round = 0; round < plan.profile.maxRounds; round += 1) {
      const steps = orderRound(plan, { places, round }).filter((step) => session.hasLoads(step, round));
      if (steps.length === 0) continue;
      const leftMs = (plan.profile.budgetMs ?? Infinity) - (now() - startedMs);
      if (round >= plan.profile.minRounds && leftMs < longestRoundMs) return;
      const roundStartedMs = now();
      for (const step of steps) {
        if (signal.aborted) return;
        yield { type: 'start', suite: step.suite.id, scenario: step.scenario.id, contender: step.target.id, round };
        const outcomes = await session.measure(step, round);
        // What was cut short says nothing about the server.
        if (options.signal.aborted) return;
        for (const outcome of outcomes) yield { type: 'outcome', outcome };
      }
      longestRoundMs = Math.max(longestRoundMs, now() - roundStartedMs);
    }
  } finally {
    scratch.remove();
  }
}

/** A scenario in a suite: its targets are measured one after the other and held against each other. */
interface Place {
  readonly suite: PlannedHttpSuite;
  readonly scenario: HttpScenario;
}

interface Step extends Place {
  readonly target: HttpTarget;
}

/** Places in random order, and the targets of each in random order beside each other. */
function orderRound({ seed }: HttpPlan, { places, round }: { places: readonly Place[]; round: number }): Step[] {
  const shuffle = createShuffle(seed, round);
  return shuffle(places).flatMap((place) => shuffle(place.suite.targets).map((target) => ({ ...place, target })));
}

/** What is known of a scenario before its first round, whichever suite it is measured in. */
interface Prepared {
  /** The answers of the first suite's reference; `undefined` where it gave none. */
  readonly expected: readonly JsonValue[] | undefined;
}

interface Running {
  site: Site;
  /** `undefined` for a server that the user runs. */
  readonly server: RunningServer | undefined;
  readonly load: LoadProcess;
  readonly requests: readonly HttpRequest[];
  generator: LoadJob['generator'];
  /** Whether a load has been made on it. */
  isWarm: boolean;
}

interface SessionOptions extends HttpSessionOptions {
  readonly directory: string;
  readonly placement: Placement;
}

class Session {
  readonly #plan: HttpPlan;
  readonly #options: SessionOptions;
  readonly #prepared = new Map<string, Prepared>();
  /** Rates of open loops by suite and scenario; absent where there is none. */
  readonly #rates = new Map<string, number>();
  readonly #settled = new Set<string>();
  /** Servers of the user, by address: those that close connections, and those that do not as far as is known. */
  readonly #closingSites = new Set<string>();
  readonly #lastingSites = new Set<string>();
  readonly #done = new Set<string>();

  constructor(plan: HttpPlan, options: SessionOptions) {
    this.#plan = plan;
    this.#options = options;
    for (const outcome of options.done ?? []) {
      this.#done.add(roundKey(outcome, outcome.round));
      if (outcome.status !== 'ok') this.#settled.add(keyOf(outcome));
      // Another rate would be another cell.
      if (outcome.load.kind === 'open') this.#rates.set(placeKey(outcome), outcome.load.requestsPerSec);
    }
  }

  isPrepared(place: Place): boolean {
    return this.#prepared.has(place.scenario.id) && !this.#wantsRate(place);
  }

  /** Asks the reference for its answers and, where an open loop needs one, its rate. */
  async prepare(place: Place): Promise<void> {
    const { suite, scenario } = place;
    const target = suite.targets.find(({ id }) => id === suite.reference) as HttpTarget;
    const prepared: { expected: readonly JsonValue[] | undefined } = { expected: undefined };
    const known = this.#prepared.get(scenario.id) ?? prepared;
    this.#prepared.set(scenario.id, known);
    if (this.#whyRefused(scenario, target) !== undefined) return;
    try {
      await this.#withServer({ ...place, target }, async (running) => {
        prepared.expected = await this.#answersOf(scenario, running);
        if (!this.#wantsRate(place)) return;
        this.#rates.set(
          placeKey({ suite: suite.id, scenario: scenario.id }),
          this.#plan.requestsPerSec ?? (await this.#findRate(place, running)),
        );
      });
    } catch (error) {
      // The reference fails in its rounds as well, and there the failure is told; what can be compared is compared.
      if (!isExpected(error)) throw error;
    }
  }

  /** Whether anything of a step is left to be measured in a round. */
  hasLoads(step: Step, round: number): boolean {
    return this.#openLoads(step, round).length > 0;
  }

  /** Every load of the scenario on one fresh server, but those that failed before: a hang costs its whole time again. */
  async measure(step: Step, round: number): Promise<HttpOutcome[]> {
    const { scenario, target } = step;
    const { expected } = this.#prepared.get(scenario.id) as Prepared;
    const loads = this.#openLoads(step, round);
    const outcomes: HttpOutcome[] = [];
    const giveUp = (status: 'failed' | 'incorrect' | 'unsupported', reason: string): HttpOutcome[] => {
      const rest = loads
        .slice(outcomes.length)
        .map((load) => makeFailedOutcome({ id: idOf(step, load), round, status, reason }));
      for (const outcome of rest) this.#settled.add(keyOf(outcome));
      return [...outcomes, ...rest];
    };
    const refused = this.#whyRefused(scenario, target);
    if (refused !== undefined) return giveUp('unsupported', refused);
    try {
      return await this.#withServer(step, async (running) => {
        const actual = await this.#answersOf(scenario, running);
        const wrong = expected === undefined ? undefined : compareAnswers({ actual, expected, scenario });
        if (wrong !== undefined) return giveUp('incorrect', wrong);
        for (const load of loads) {
          const outcome = await this.#measureLoad({
            scenario,
            running,
            id: idOf(step, load),
            round,
            isCompared: expected !== undefined,
          });
          running.isWarm = true;
          outcomes.push(outcome);
          if (outcome.status !== 'ok') this.#settled.add(keyOf(outcome));
        }
        return outcomes;
      });
    } catch (error) {
      if (!isExpected(error)) throw error;
      return giveUp('failed', reasonOf(error));
    }
  }

  #openLoads(step: Step, round: number): HttpLoad[] {
    const requestsPerSec = this.#rates.get(placeKey({ suite: step.suite.id, scenario: step.scenario.id }));
    const loads = loadsOf({ ...step, profile: this.#plan.profile, requestsPerSec });
    return loads.filter((load) => {
      const id = idOf(step, load);
      return !this.#settled.has(keyOf(id)) && !this.#done.has(roundKey(id, round));
    });
  }

  #wantsRate(place: Place): boolean {
    const key = placeKey({ suite: place.suite.id, scenario: place.scenario.id });
    return hasOpenLoop({ ...place, profile: this.#plan.profile }) && !this.#rates.has(key);
  }

  #whyRefused(scenario: HttpScenario, { site }: HttpTarget): string | undefined {
    if (site === undefined || !scenario.writes || this.#plan.writeToSites === true) return undefined;
    return 'writes or calls tools, which nobody has allowed on this server';
  }

  async #measureLoad(request: {
    scenario: HttpScenario;
    running: Running;
    id: HttpCellId;
    round: number;
    isCompared: boolean;
  }): Promise<HttpOutcome> {
    const { scenario, running, id, round, isCompared } = request;
    const { job, report, account } = await this.#runLoad(scenario, running, id.load);
    const { warning } = this.#options.placement;
    const closing = running.server === undefined && running.site.closesConnections === true ? [closingWarning] : [];
    const warnings = [
      ...(warning === undefined ? [] : [warning]),
      ...closing,
      ...(isCompared ? [] : ['answers were not compared, since the reference gave none']),
    ];
    return makeOutcome({ id, round, job, report, account, warnings });
  }

  /** A load; once more where it shows that the user's server closes connections, by the loop that copes with it. */
  async #runLoad(
    scenario: HttpScenario,
    running: Running,
    load: HttpLoad,
  ): Promise<{ job: LoadJob; report: LoadReport; account: ServerAccount | undefined }> {
    const job = this.#jobOf(scenario, running, load);
    const ended = await this.#runJob(running, job);
    const isFound =
      running.server === undefined && running.site.closesConnections !== true && tellsOfClosing(ended.report.failures);
    if (!isFound) return { job, ...ended };
    this.#closingSites.add(running.site.url);
    running.site = { ...running.site, closesConnections: true };
    running.generator = 'own';
    const again = this.#jobOf(scenario, running, load);
    return { job: again, ...(await this.#runJob(running, again)) };
  }

  /** The user's server as it is known by now; asked once, and believed for the rest of the session. */
  async #openUserSite(site: Site, scenario: HttpScenario): Promise<Site> {
    const timeoutMs = this.#plan.profile.load.requestTimeoutMs;
    const [first] = scenario.writes ? [] : scenario.requests;
    const repeated: HttpRequest = first ?? { method: 'GET', path: '/', weight: 1 };
    const isKnown = this.#closingSites.has(site.url) || this.#lastingSites.has(site.url);
    const isClosing = isKnown ? this.#closingSites.has(site.url) : await doesClose({ site, repeated, timeoutMs });
    (isClosing ? this.#closingSites : this.#lastingSites).add(site.url);
    return isClosing ? { ...site, closesConnections: true } : site;
  }

  async #runJob(
    { server, load }: Running,
    job: LoadJob,
  ): Promise<{ report: LoadReport; account: ServerAccount | undefined }> {
    let accounting: Promise<ServerAccount> | undefined;
    const onEnd = (): void => {
      accounting = server?.account();
      // It is looked at below, unless the load has failed before.
      accounting?.catch(() => {});
    };
    const running = load.run(job, { onBegin: () => server?.begin(), onEnd });
    const report = await (server === undefined ? running : server.orDeath(running, longestJobMs(job)));
    return { report, account: await accounting };
  }

  /** What the reference answers a second in a closed loop, times the share that an open loop asks for; at least 1, within what its client can send. */
  async #findRate({ scenario }: Place, running: Running): Promise<number> {
    const { connections } = this.#plan.profile;
    const { report } = await this.#runLoad(scenario, running, { kind: 'closed', connections });
    const perSec = report.elapsedNs > 0 ? (report.requests / report.elapsedNs) * 1e9 : 0;
    return Math.min(fastestOpenLoop, Math.max(1, Math.round(perSec * openLoopShare)));
  }

  async #answersOf(scenario: HttpScenario, running: Running): Promise<JsonValue[]> {
    const { load: settings } = this.#plan.profile;
    if (scenario.client === 'events') {
      const job = this.#jobOf(scenario, running, { kind: 'closed', connections: 1 });
      const { report } = await this.#runJob(running, {
        ...job,
        isWarm: true,
        settings: { ...settings, warmupMs: 0, fewestWarmups: 0, measureMs: 0, fewestRequests: 1 },
      });
      return [report.sample ?? null];
    }
    const client = createClient(running.site, { connections: 1, timeoutMs: settings.requestTimeoutMs });
    try {
      const answers = readAnswers(client, running.requests);
      return await (running.server === undefined
        ? answers
        : running.server.orDeath(answers, longestJobMs({ settings })));
    } finally {
      client.close();
    }
  }

  #jobOf(scenario: HttpScenario, { site, requests, generator, isWarm }: Running, load: HttpLoad): LoadJob {
    const { client } = scenario;
    const { isApart } = this.#options.placement;
    return {
      type: 'job',
      site,
      client,
      requests,
      load,
      settings: this.#plan.profile.load,
      isWarm,
      generator,
      hasOwnProcessor: isApart,
    };
  }

  /** Starts what a target needs for a scenario, and ends all of it whatever happens. */
  async #withServer<T>({ suite, scenario, target }: Step, action: (running: Running) => Promise<T>): Promise<T> {
    const { signal, directory, startLimitMs = defaultStartLimitMs } = this.#options;
    const { server: prefix, load: loadPrefix } = this.#options.placement;
    const command = await target.command?.({ items: scenario.items, directory, signal });
    const ends: (() => Promise<void>)[] = [];
    try {
      const starting = startLoadProcess({ prefix: loadPrefix, signal }).then((load) => {
        ends.push(() => load.end());
        return load;
      });
      const serving =
        command === undefined
          ? undefined
          : startServer({
              command: { ...command, env: { ...command.env, [scratchVariable]: directory } },
              prefix,
              startLimitMs,
              signal,
            }).then((server) => {
              ends.push(() => server.end());
              return server;
            });
      // Both have to be settled before anything is ended, or one of them would be missed.
      await Promise.allSettled([starting, serving]);
      const [load, server] = await Promise.all([starting, serving]);
      const base =
        server === undefined
          ? await this.#openUserSite(target.site as Site, scenario)
          : { url: server.url, headers: server.headers };
      const site: Site = { ...base, headers: { ...base.headers, ...target.headers } };
      const requests = await fillCalls(site, scenario, this.#plan.profile.load.requestTimeoutMs);
      return await action({
        site,
        server,
        load,
        requests,
        generator: site.closesConnections === true ? 'own' : generatorOf(suite),
        isWarm: false,
      });
    } finally {
      await Promise.all(ends.map((end) => end()));
    }
  }
}

/** What a reader of such figures has to know. */
const closingWarning = 'the server closes connections, so requests were sent by a slower client that can open new ones';

/** One for all targets of a suite: generators cost differently, and what is compared are servers. */
function generatorOf({ targets }: PlannedHttpSuite): LoadJob['generator'] {
  return targets.some(({ closesConnections }) => closesConnections === true) ? 'own' : 'autocannon';
}

/** Puts a call of a tool into the requests that have one. */
async function fillCalls(site: Site, { requests }: HttpScenario, timeoutMs: number): Promise<readonly HttpRequest[]> {
  if (!requests.some(({ callsTool }) => callsTool === true)) return requests;
  const client = createClient(site, { connections: 1, timeoutMs });
  try {
    const body = await findToolCall(client);
    return requests.map((request) => (request.callsTool === true ? { ...request, body } : request));
  } finally {
    client.close();
  }
}

function idOf({ suite, scenario, target }: Step, load: HttpLoad): HttpCellId {
  return { suite: suite.id, scenario: scenario.id, contender: target.id, load };
}

function keyOf({ suite, scenario, contender, load }: HttpCellId): string {
  return JSON.stringify([suite, scenario, contender, loadKey(load)]);
}

function roundKey(id: HttpCellId, round: number): string {
  return `${keyOf(id)} ${round}`;
}

function placeKey({ suite, scenario }: Pick<HttpCellId, 'suite' | 'scenario'>): string {
  return JSON.stringify([suite, scenario]);
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
