/**
 * One scenario on one server: the server's process or the user's server, the process that makes load beside it, and the
 * requests. Loads of one setup share the server, since they run the same code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { MeasuringCore } from '../machine/measuring-core.ts';
import { excessByOthers } from '../machine/usage.ts';
import type { HttpLoad, HttpRequest, HttpScenario } from '../model/http.ts';
import type { JsonValue } from '../model/values.ts';
import { guardScratch, scratchVariable } from '../process/scratch-directory.ts';
import { findId, readAnswers } from './client/answers.ts';
import { type Client, createClient, type ServerAddress } from './client/http-client.ts';
import { openMcpSession } from './client/mcp-session.ts';
import { findToolCall } from './client/tool-call.ts';
import { type LoadProcess, longestJobMs, startLoadProcess } from './generators/load-process.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import { fastestOpenLoop, leadInMs, type LoadSettings, openLoopShare, rateMs } from './profiles.ts';
import { type ConnectionHabits, tellsOfClosing } from './servers/connection-habits.ts';
import { type RunningServer, type ServerAccount, startServer } from './servers/server.ts';
import type { HttpTarget } from './servers/target.ts';

/** What the setups of a session share. */
export interface SetupOptions {
  readonly settings: LoadSettings;
  /** What goes in front of a server's program. */
  readonly prefix: readonly string[];
  /** A look at the processor that servers run on. */
  readonly readTime: MeasuringCore['readTime'];
  /** True where the load has a processor that the server does not use. */
  readonly isApart: boolean;
  /** Of the servers that the user runs. */
  readonly habits: ConnectionHabits;
  /** The session's, for the files of servers. */
  readonly directory: string;
  readonly startLimitMs: number;
  readonly signal: AbortSignal;
}

/** A server to be started, or looked at, for a scenario. */
export interface SetupRequest {
  readonly scenario: HttpScenario;
  readonly target: HttpTarget;
  /** What sends the requests of closed loops. */
  readonly generator: LoadJob['generator'];
}

/** What one job of the load's process gave. */
export interface MeasuredJob {
  readonly report: LoadReport;
  /** `undefined` for a server that the user runs. */
  readonly account: ServerAccount | undefined;
  /** How much longer it took because others had the server's processor, as a share; 0 where nobody can tell. */
  readonly excess: number;
  /** True where another way of sending took over, so that what was sent before is not to be compared with this. */
  readonly hasChanged: boolean;
}

type AskedJob = Pick<LoadJob, 'load' | 'settings' | 'isWarm'>;

/**
 * Starts what a scenario needs on a target; `close` ends all of it.
 * @throws {LoadFailure} where something does not start; nothing is left of it then.
 */
export async function openSetup({ scenario, target, generator }: SetupRequest, options: SetupOptions): Promise<Setup> {
  const { settings, prefix, readTime, isApart, habits, directory, startLimitMs, signal } = options;
  const ownDirectory = guardScratch(directory, () => mkdtempSync(path.join(directory, 'server-')));
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(ends.splice(0).map((end) => end()));
    rmSync(ownDirectory, { recursive: true, force: true });
  };
  try {
    const command = await target.command?.({ items: scenario.items, directory, ownDirectory, signal });
    const behind = target.behind?.({ items: scenario.items, directory, ownDirectory, signal });
    const standing =
      behind === undefined
        ? undefined
        : startServer({ command: behind, prefix, startLimitMs, signal }).then((server) => {
            ends.push(() => server.end());
            return server;
          });
    const starting = startLoadProcess({ prefix: [], signal }).then((load) => {
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
    // All have to be settled before anything is ended, or one of them would be missed.
    await Promise.allSettled([starting, serving, standing]);
    const [load, server, behindIt] = await Promise.all([starting, serving, standing]);
    const base =
      server === undefined
        ? await lookAtSite(target.site as ServerAddress, { scenario, settings, habits, ends })
        : { url: server.url, headers: server.headers };
    const address: ServerAddress = { ...base, headers: { ...base.headers, ...target.headers } };
    if (behindIt !== undefined) await target.introduce?.(address, behindIt.url);
    const requests = await fillRequests(address, scenario, settings.requestTimeoutMs);
    return new Setup({
      scenario,
      requests,
      load,
      server,
      behind: behindIt,
      address,
      generator,
      settings,
      readTime,
      isApart,
      habits,
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** What has been started, and what is known of it. */
export class Setup {
  readonly #scenario: HttpScenario;
  readonly #requests: readonly HttpRequest[];
  readonly #load: LoadProcess;
  /** `undefined` for a server that the user runs. */
  readonly #server: RunningServer | undefined;
  /** What the server asks; on the same processor. */
  readonly #behind: RunningServer | undefined;
  readonly #settings: LoadSettings;
  readonly #readTime: MeasuringCore['readTime'];
  readonly #isApart: boolean;
  readonly #habits: ConnectionHabits;
  readonly #close: () => Promise<void>;
  #address: ServerAddress;
  #generator: LoadJob['generator'];

  constructor(parts: {
    scenario: HttpScenario;
    requests: readonly HttpRequest[];
    load: LoadProcess;
    server: RunningServer | undefined;
    behind: RunningServer | undefined;
    address: ServerAddress;
    generator: LoadJob['generator'];
    settings: LoadSettings;
    readTime: MeasuringCore['readTime'];
    isApart: boolean;
    habits: ConnectionHabits;
    close: () => Promise<void>;
  }) {
    this.#scenario = parts.scenario;
    this.#requests = parts.requests;
    this.#load = parts.load;
    this.#server = parts.server;
    this.#behind = parts.behind;
    this.#settings = parts.settings;
    this.#readTime = parts.readTime;
    this.#isApart = parts.isApart;
    this.#habits = parts.habits;
    this.#close = parts.close;
    this.#address = parts.address;
    // autocannon sends the same bytes again and again, and a session takes no id of a request twice.
    const { closesConnections, isMcp } = parts.address;
    this.#generator = closesConnections === true || isMcp === true ? 'own' : parts.generator;
  }

  /** Of the server; `undefined` for one that the user runs. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** True for a server of the user's that was found to close its connections. */
  get closesUnasked(): boolean {
    return this.#server === undefined && this.#address.closesConnections === true;
  }

  /** Sends until the server's rate has settled. */
  warmUp(load: HttpLoad): Promise<MeasuredJob> {
    const settings = { ...this.#settings, measureMs: 0, fewestRequests: 1 };
    return this.#make({ load, settings, isWarm: false });
  }

  /**
   * Sends for one window, after a lead-in in which every connection has had an answer. Large answers come to all
   * connections in one burst after a long wait, and a window that ends before it would hold next to nothing; so each
   * connection of a closed loop gets one.
   */
  takeWindow(load: HttpLoad, measureMs: number = this.#windowMsOf(load)): Promise<MeasuredJob> {
    const fewest = load.kind === 'closed' ? load.connections : 0;
    const fewestRequests = Math.max(this.#settings.fewestRequests, fewest);
    const settings = {
      ...this.#settings,
      warmupMs: leadInMs,
      fewestWarmups: load.connections,
      measureMs,
      fewestRequests,
    };
    return this.#make({ load, settings, isWarm: true });
  }

  #windowMsOf({ kind }: HttpLoad): number {
    const { rateWindowMs } = this.#scenario;
    return kind === 'open' && rateWindowMs !== undefined ? rateWindowMs : this.#settings.measureMs;
  }

  /**
   * The share that an open loop asks for of what is answered a second in a closed one; at least 1, within what its
   * client can send.
   */
  async findRate(connections: number): Promise<number> {
    const load = { kind: 'closed', connections } as const;
    await this.warmUp(load);
    const { report } = await this.takeWindow(load, rateMs);
    const perSec = report.elapsedNs > 0 ? (report.requests / report.elapsedNs) * 1e9 : 0;
    return Math.min(fastestOpenLoop, Math.max(1, Math.round(perSec * openLoopShare)));
  }

  /** The answers to the scenario's requests, to be compared before anything is timed. */
  async answers(): Promise<JsonValue[]> {
    if (this.#scenario.client === 'events') return [await this.#firstEvent()];
    return withClient(this.#address, this.#settings.requestTimeoutMs, (client) => {
      const answers = readAnswers(client, this.#requests);
      return this.#server?.orDeath(answers, longestJobMs({ settings: this.#settings })) ?? answers;
    });
  }

  /** Ends all processes and removes their files; does nothing when called again. */
  close(): Promise<void> {
    return this.#close();
  }

  async #firstEvent(): Promise<JsonValue> {
    const settings = { ...this.#settings, warmupMs: 0, fewestWarmups: 0, measureMs: 0, fewestRequests: 1 };
    const { report } = await this.#run({ load: { kind: 'closed', connections: 1 }, settings, isWarm: true });
    return report.sample ?? null;
  }

  /** Once more where it shows that the user's server closes connections, by the loop that copes with it. */
  async #make(asked: AskedJob): Promise<MeasuredJob> {
    const measured = await this.#run(asked);
    const isFound = this.#server === undefined && !this.closesUnasked && tellsOfClosing(measured.report.failures);
    if (!isFound) return { ...measured, hasChanged: false };
    this.#address = this.#habits.noteClosing(this.#address);
    this.#generator = 'own';
    return { ...(await this.#run(asked)), hasChanged: true };
  }

  async #run(asked: AskedJob): Promise<Omit<MeasuredJob, 'hasChanged'>> {
    const server = this.#server;
    const job: LoadJob = {
      type: 'job',
      address: this.#address,
      client: this.#scenario.client,
      requests: this.#requests,
      ...asked,
      generator: this.#generator,
      hasOwnProcessor: this.#isApart,
    };
    let accounting: Promise<ServerAccount> | undefined;
    let [before, after]: ReturnType<MeasuringCore['readTime']>[] = [];
    const onBegin = (): void => {
      server?.begin();
      this.#behind?.begin();
      before = this.#readTime();
    };
    const onEnd = (): void => {
      after = this.#readTime();
      accounting = server === undefined ? undefined : this.#accountOf(server);
      // It is looked at below, unless the load has failed before.
      accounting?.catch(() => {});
    };
    const running = this.#load.run(job, { onBegin, onEnd });
    const report = await (server?.orDeath(running, longestJobMs(job)) ?? running);
    const account = await accounting;
    // What the server still does would slow down whoever is measured next.
    await server?.rest();
    await this.#behind?.rest();
    const { cpuNs = 0, elapsedNs = 0 } = account?.reading ?? {};
    const ownNs = cpuNs + (account?.behindCpuNs ?? 0);
    const isKnown = elapsedNs > 0;
    return { report, account, excess: isKnown ? excessByOthers({ before, after, ownShare: ownNs / elapsedNs }) : 0 };
  }

  async #accountOf(server: RunningServer): Promise<ServerAccount> {
    const [account, behind] = await Promise.all([server.account(), this.#behind?.account()]);
    const behindCpuNs = behind?.reading?.cpuNs;
    return behindCpuNs === undefined ? account : { ...account, behindCpuNs };
  }
}

/** A server of the user's with what is known of it, in a session where it is an MCP server, which `ends` gets the end of. */
async function lookAtSite(
  site: ServerAddress,
  request: Pick<SetupRequest, 'scenario'> &
    Pick<SetupOptions, 'settings' | 'habits'> & { readonly ends: (() => Promise<void>)[] },
): Promise<ServerAddress> {
  const { scenario, settings, habits, ends } = request;
  if (site.isMcp !== true) return habits.look(site, safeRequest(scenario));
  const session = await openMcpSession(site, settings.requestTimeoutMs);
  ends.push(() => session.close());
  return habits.look(session.address, ping);
}

/** What every MCP server answers. */
const ping: HttpRequest = {
  method: 'POST',
  path: '/rpc',
  body: { jsonrpc: '2.0', id: 1, method: 'ping' },
  weight: 1,
};

/** One that may be repeated, for a look at a server of the user's. */
function safeRequest({ writes, requests: [first] }: HttpScenario): HttpRequest {
  return first === undefined || writes ? { method: 'GET', path: '/', weight: 1 } : first;
}

/** Puts a call of a tool and ids of entities into the requests that have such. */
async function fillRequests(
  address: ServerAddress,
  { requests }: HttpScenario,
  timeoutMs: number,
): Promise<readonly HttpRequest[]> {
  return withClient(address, timeoutMs, async (client) => {
    const call = requests.some(({ callsTool }) => callsTool === true) ? await findToolCall(client) : undefined;
    const filled: HttpRequest[] = [];
    for (const { entity, ...request } of requests) {
      const body = request.callsTool === true && call !== undefined ? { body: call } : {};
      const found = entity === undefined ? request.path : request.path.replace('{id}', await findId(client, entity));
      filled.push({ ...request, ...body, path: found });
    }
    return filled;
  });
}

async function withClient<T>(
  address: ServerAddress,
  timeoutMs: number,
  action: (client: Client) => Promise<T>,
): Promise<T> {
  const client = createClient(address, { connections: 1, timeoutMs });
  try {
    return await action(client);
  } finally {
    client.close();
  }
}
