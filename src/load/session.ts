/**
 * Measures contenders over HTTP: round by round, one server at a time, scenarios and contenders in random order.
 *
 * A server is a fresh process for every round, contender and scenario: what one scenario does to caches, heap and optimised
 * code is not carried into another. The loads of one scenario share it, since they run the same code. Outcomes are
 * yielded while no child runs, so a caller may stop at any of them. Deliberately absent: statistics (assemble.ts) and files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createShuffle } from '../measure/schedule.ts';
import type { JsonValue } from '../model.ts';
import type { HttpCellId, HttpLoad, HttpOutcome, HttpRequest, HttpScenario } from '../model/http.ts';
import { unknownName, UserError } from '../user-error.ts';
import { compareAnswers, readAnswers } from './check.ts';
import { kindOfError, LoadFailure } from './failure.ts';
import { createClient, type Site } from './http-client.ts';
import { longestJobMs, startLoadProcess, type LoadProcess } from './load-process.ts';
import type { LoadJob, LoadReport } from './messages.ts';
import { loadKey, makeFailedOutcome, makeOutcome } from './outcome.ts';
import { placeProcesses, type Placement } from './processors.ts';
import { closedLoadsOf, type HttpProfile, fastestOpenLoop, openLoopConnections, openLoopShare } from './profiles.ts';
import { startServer, type RunningServer, type ServerAccount, type ServerCommand } from './server.ts';
import { findToolCall } from './tool-call.ts';

/** One way to answer: a server that is started for each measurement, or one that the user runs. */
export interface HttpContender {
  readonly id: string;
  /** What is started for a scenario; `undefined` for a server that runs already. */
  readonly command?: (items: number) => ServerCommand;
  /** The server that runs already, as openSite gives it. */
  readonly site?: Site;
  /** Sent with every request, lower-case names, e.g. `accept-encoding`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True where the server closes each connection after its answer. */
  readonly closesConnections?: boolean;
}

export interface HttpPlan {
  readonly scenarios: readonly HttpScenario[];
  readonly contenders: readonly HttpContender[];
  /** Id of the contender that the others are held against. */
  readonly reference: string;
  readonly profile: HttpProfile;
  /** Of the order. */
  readonly seed: number;
  /** Of open loops; without it a share of what the reference answers. */
  readonly requestsPerSec?: number;
  /** Whether scenarios that write may go to a server that the user runs. */
  readonly writeToSites?: boolean;
}

export type HttpEvent =
  /** A server of the reference that is looked at before the first round: its answers, and its rate for open loops. */
  | { readonly type: 'prepare'; readonly scenario: string }
  | { readonly type: 'start'; readonly scenario: string; readonly contender: string; readonly round: number }
  | { readonly type: 'outcome'; readonly outcome: HttpOutcome };

/** A server that has not begun to listen by then has failed; seeding thousands of entities takes a fraction of it. */
const defaultStartLimitMs = 30_000;

export interface HttpSessionOptions {
  /** Ends everything at once when aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds of a monotonic clock; decides whether another round fits into the budget. */
  readonly now: () => number;
  readonly startLimitMs?: number;
}

/**
 * Measures a plan. Nothing that a server does makes it throw, and no child is left when it ends, however it ends.
 * @throws {UserError} for a reference that is no contender, and a contender that is neither started nor runs.
 */
export async function* runHttpPlan(plan: HttpPlan, options: HttpSessionOptions): AsyncGenerator<HttpEvent, void, undefined> {
  checkPlan(plan);
  const { signal, now } = options;
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-http-'));
  try {
    const session = new Session(plan, { ...options, codeCacheDirectory: path.join(directory, 'code-cache') });
    const startedMs = now();
    for (const scenario of plan.scenarios) {
      if (signal.aborted) return;
      yield { type: 'prepare', scenario: scenario.id };
      await session.prepare(scenario);
    }
    let longestRoundMs = 0;
    for (let round = 0; round < plan.profile.maxRounds; round += 1) {
      const leftMs = (plan.profile.budgetMs ?? Infinity) - (now() - startedMs);
      if (round >= plan.profile.minRounds && leftMs < longestRoundMs) return;
      const roundStartedMs = now();
      const shuffle = createShuffle(plan.seed, round);
      for (const scenario of shuffle(plan.scenarios)) {
        for (const contender of shuffle(plan.contenders)) {
          if (signal.aborted) return;
          if (session.isSettled(scenario, contender)) continue;
          yield { type: 'start', scenario: scenario.id, contender: contender.id, round };
          const outcomes = await session.measure(scenario, contender, round);
          // What was cut short says nothing about the server.
          if (options.signal.aborted) return;
          for (const outcome of outcomes) yield { type: 'outcome', outcome };
        }
      }
      longestRoundMs = Math.max(longestRoundMs, now() - roundStartedMs);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function checkPlan({ contenders, reference }: HttpPlan): void {
  const choices = contenders.map(({ id }) => id);
  if (!choices.includes(reference)) throw unknownName({ what: 'reference', name: reference, choices });
  const idle = contenders.find(({ command, site }) => (command === undefined) === (site === undefined));
  if (idle !== undefined) throw new UserError(`cannot measure '${idle.id}': a contender is either started or runs already`);
}

/** What is known of a scenario before its first round. */
interface Prepared {
  /** The reference's answers; `undefined` where it gave none. */
  readonly expected: readonly JsonValue[] | undefined;
  readonly loads: readonly HttpLoad[];
}

interface Running {
  readonly site: Site;
  /** `undefined` for a server that the user runs. */
  readonly server: RunningServer | undefined;
  readonly load: LoadProcess;
  readonly requests: readonly HttpRequest[];
}

class Session {
  readonly #plan: HttpPlan;
  readonly #options: HttpSessionOptions & { readonly codeCacheDirectory: string };
  readonly #placement: Placement = placeProcesses();
  readonly #prepared = new Map<string, Prepared>();
  readonly #settled = new Set<string>();
  readonly #generator: LoadJob['generator'];

  constructor(plan: HttpPlan, options: HttpSessionOptions & { readonly codeCacheDirectory: string }) {
    this.#plan = plan;
    this.#options = options;
    // One generator for all: they cost differently, and what is compared are servers.
    this.#generator = plan.contenders.some(({ closesConnections }) => closesConnections === true) ? 'own' : 'autocannon';
  }

  /** Asks the reference for its answers and, where an open loop needs one, its rate. */
  async prepare(scenario: HttpScenario): Promise<void> {
    const { contenders, reference, profile, requestsPerSec } = this.#plan;
    const contender = contenders.find(({ id }) => id === reference) as HttpContender;
    const closed = closedLoadsOf(scenario, profile);
    const wantsOpen = profile.openLoop && scenario.sweep && scenario.client === 'load';
    const prepared: { expected: readonly JsonValue[] | undefined; loads: HttpLoad[] } = { expected: undefined, loads: closed };
    this.#prepared.set(scenario.id, prepared);
    if (this.#whyRefused(scenario, contender) !== undefined) return;
    try {
      await this.#withServer(scenario, contender, async (running) => {
        prepared.expected = await this.#answersOf(scenario, running);
        if (!wantsOpen) return;
        const rate = requestsPerSec ?? (await this.#findRate(scenario, running));
        prepared.loads = [...closed, { kind: 'open', connections: openLoopConnections, requestsPerSec: rate }];
      });
    } catch (error) {
      // The reference fails in its rounds as well, and there the failure is told; what can be compared is compared.
      if (!isExpected(error)) throw error;
    }
  }

  /** Whether nothing of the scenario is left to be measured on the contender. */
  isSettled(scenario: HttpScenario, contender: HttpContender): boolean {
    return this.#openLoads(scenario, contender).length === 0;
  }

  /** Every load of the scenario on one fresh server, but those that failed before: a hang costs its whole time again. */
  async measure(scenario: HttpScenario, contender: HttpContender, round: number): Promise<HttpOutcome[]> {
    const { expected } = this.#prepared.get(scenario.id) as Prepared;
    const loads = this.#openLoads(scenario, contender);
    const outcomes: HttpOutcome[] = [];
    const idOf = (load: HttpLoad): HttpCellId => ({ scenario: scenario.id, contender: contender.id, load });
    const giveUp = (status: 'failed' | 'incorrect' | 'unsupported', reason: string): HttpOutcome[] => {
      const rest = loads.slice(outcomes.length).map((load) => makeFailedOutcome({ id: idOf(load), round, status, reason }));
      for (const { load } of rest) this.#settled.add(keyOf(idOf(load)));
      return [...outcomes, ...rest];
    };
    const refused = this.#whyRefused(scenario, contender);
    if (refused !== undefined) return giveUp('unsupported', refused);
    try {
      return await this.#withServer(scenario, contender, async (running) => {
        const actual = await this.#answersOf(scenario, running);
        const wrong = expected === undefined ? undefined : compareAnswers({ actual, expected, scenario });
        if (wrong !== undefined) return giveUp('incorrect', wrong);
        for (const load of loads) {
          const outcome = await this.#measureLoad({ scenario, running, id: idOf(load), round, isCompared: expected !== undefined });
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

  #openLoads(scenario: HttpScenario, contender: HttpContender): HttpLoad[] {
    const { loads } = this.#prepared.get(scenario.id) as Prepared;
    return loads.filter((load) => !this.#settled.has(keyOf({ scenario: scenario.id, contender: contender.id, load })));
  }

  #whyRefused(scenario: HttpScenario, { site }: HttpContender): string | undefined {
    if (site === undefined || !scenario.writes || this.#plan.writeToSites === true) return undefined;
    return 'writes or calls tools, which nobody has allowed on this server';
  }

  async #measureLoad(request: { scenario: HttpScenario; running: Running; id: HttpCellId; round: number; isCompared: boolean }): Promise<HttpOutcome> {
    const { scenario, running, id, round, isCompared } = request;
    const job = this.#jobOf(scenario, running, id.load);
    const { report, account } = await this.#runJob(running, job);
    const { warning } = this.#placement;
    const warnings = [...(warning === undefined ? [] : [warning]), ...(isCompared ? [] : ['answers were not compared, since the reference gave none'])];
    return makeOutcome({ id, round, job, report, account, warnings });
  }

  async #runJob({ server, load }: Running, job: LoadJob): Promise<{ report: LoadReport; account: ServerAccount | undefined }> {
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
  async #findRate(scenario: HttpScenario, running: Running): Promise<number> {
    const { connections } = this.#plan.profile;
    const { report } = await this.#runJob(running, this.#jobOf(scenario, running, { kind: 'closed', connections }));
    const perSec = report.elapsedNs > 0 ? (report.requests / report.elapsedNs) * 1e9 : 0;
    return Math.min(fastestOpenLoop, Math.max(1, Math.round(perSec * openLoopShare)));
  }

  async #answersOf(scenario: HttpScenario, running: Running): Promise<JsonValue[]> {
    const { load: settings } = this.#plan.profile;
    if (scenario.client === 'events') {
      const job = this.#jobOf(scenario, running, { kind: 'closed', connections: 1 });
      const { report } = await this.#runJob(running, { ...job, settings: { ...settings, warmupMs: 0, measureMs: 0, fewestRequests: 1 } });
      return [report.sample ?? null];
    }
    const client = createClient(running.site, { connections: 1, timeoutMs: settings.requestTimeoutMs });
    try {
      const answers = readAnswers(client, running.requests);
      return await (running.server === undefined ? answers : running.server.orDeath(answers, longestJobMs({ settings })));
    } finally {
      client.close();
    }
  }

  #jobOf(scenario: HttpScenario, { site, requests }: Running, load: HttpLoad): LoadJob {
    const { client } = scenario;
    const { isApart } = this.#placement;
    return { type: 'job', site, client, requests, load, settings: this.#plan.profile.load, generator: this.#generator, hasOwnProcessor: isApart };
  }

  /** Starts what a contender needs for a scenario, and ends all of it whatever happens. */
  async #withServer<T>(scenario: HttpScenario, contender: HttpContender, action: (running: Running) => Promise<T>): Promise<T> {
    const { signal, codeCacheDirectory, startLimitMs = defaultStartLimitMs } = this.#options;
    const { server: prefix, load: loadPrefix } = this.#placement;
    const ends: (() => Promise<void>)[] = [];
    try {
      const starting = startLoadProcess({ prefix: loadPrefix, codeCacheDirectory, signal }).then((load) => {
        ends.push(() => load.end());
        return load;
      });
      const command = contender.command?.(scenario.items);
      const serving = command === undefined ? undefined : startServer({ command, prefix, startLimitMs, codeCacheDirectory, signal }).then((server) => {
        ends.push(() => server.end());
        return server;
      });
      // Both have to be settled before anything is ended, or one of them would be missed.
      await Promise.allSettled([starting, serving]);
      const [load, server] = await Promise.all([starting, serving]);
      const base = server === undefined ? (contender.site as Site) : { url: server.url, headers: {} };
      const site = { ...base, headers: { ...base.headers, ...contender.headers } };
      const requests = await fillCalls(site, scenario, this.#plan.profile.load.requestTimeoutMs);
      return await action({ site, server, load, requests });
    } finally {
      await Promise.all(ends.map((end) => end()));
    }
  }
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

function keyOf({ scenario, contender, load }: HttpCellId): string {
  return JSON.stringify([scenario, contender, loadKey(load)]);
}

/** Failures of servers and of sockets; anything else is a bug. */
function isExpected(error: unknown): error is Error {
  return error instanceof LoadFailure || (error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string');
}

function reasonOf(error: Error): string {
  return error instanceof LoadFailure ? error.message : `could not be asked: ${kindOfError(error)}`;
}
