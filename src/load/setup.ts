/**
 * One scenario on one server: the server's process or the user's server, the process that makes load beside it, and the
 * requests. Loads of one setup share the server, since they run the same code.
 */
import type { HttpLoad, HttpRequest, HttpScenario } from '../model/http.ts';
import type { JsonValue } from '../model/values.ts';
import { scratchVariable } from '../process/scratch-directory.ts';
import { readAnswers } from './client/answers.ts';
import { type Client, createClient, type ServerAddress } from './client/http-client.ts';
import { findToolCall } from './client/tool-call.ts';
import { type LoadProcess, longestJobMs, startLoadProcess } from './generators/load-process.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import { fastestOpenLoop, type LoadSettings, openLoopShare } from './profiles.ts';
import { type ConnectionHabits, tellsOfClosing } from './servers/connection-habits.ts';
import type { Placement } from './servers/processors.ts';
import { type RunningServer, type ServerAccount, startServer } from './servers/server.ts';
import type { HttpTarget } from './servers/target.ts';

/** What the setups of a session share. */
export interface SetupOptions {
  readonly settings: LoadSettings;
  readonly placement: Placement;
  /** Of the servers that the user runs. */
  readonly habits: ConnectionHabits;
  /** The session's, for the files of servers. */
  readonly directory: string;
  readonly startLimitMs: number;
  readonly signal: AbortSignal;
}

export interface MeasuredLoad {
  readonly job: LoadJob;
  readonly report: LoadReport;
  /** `undefined` for a server that the user runs. */
  readonly account: ServerAccount | undefined;
}

/**
 * Starts what a scenario needs on a target, and ends all of it whatever happens.
 * @param request.generator what sends the requests of closed loops.
 * @throws {LoadFailure} where something does not start.
 */
export async function withSetup<T>(
  request: SetupOptions & { scenario: HttpScenario; target: HttpTarget; generator: LoadJob['generator'] },
  action: (setup: Setup) => Promise<T>,
): Promise<T> {
  const { scenario, target, generator, settings, placement, habits, directory, startLimitMs, signal } = request;
  const command = await target.command?.({ items: scenario.items, directory, signal });
  const ends: (() => Promise<void>)[] = [];
  try {
    const starting = startLoadProcess({ prefix: placement.load, signal }).then((load) => {
      ends.push(() => load.end());
      return load;
    });
    const serving =
      command === undefined
        ? undefined
        : startServer({
            command: { ...command, env: { ...command.env, [scratchVariable]: directory } },
            prefix: placement.server,
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
        ? await habits.look(target.site as ServerAddress, safeRequest(scenario))
        : { url: server.url, headers: server.headers };
    const address: ServerAddress = { ...base, headers: { ...base.headers, ...target.headers } };
    const requests = await fillCalls(address, scenario, settings.requestTimeoutMs);
    return await action(
      new Setup({ scenario, requests, load, server, address, generator, settings, isApart: placement.isApart, habits }),
    );
  } finally {
    await Promise.all(ends.map((end) => end()));
  }
}

/** What has been started, and what is known of it. */
export class Setup {
  readonly #scenario: HttpScenario;
  readonly #requests: readonly HttpRequest[];
  readonly #load: LoadProcess;
  /** `undefined` for a server that the user runs. */
  readonly #server: RunningServer | undefined;
  readonly #settings: LoadSettings;
  readonly #isApart: boolean;
  readonly #habits: ConnectionHabits;
  #address: ServerAddress;
  #generator: LoadJob['generator'];
  #isWarm = false;

  constructor(parts: {
    scenario: HttpScenario;
    requests: readonly HttpRequest[];
    load: LoadProcess;
    server: RunningServer | undefined;
    address: ServerAddress;
    generator: LoadJob['generator'];
    settings: LoadSettings;
    isApart: boolean;
    habits: ConnectionHabits;
  }) {
    this.#scenario = parts.scenario;
    this.#requests = parts.requests;
    this.#load = parts.load;
    this.#server = parts.server;
    this.#settings = parts.settings;
    this.#isApart = parts.isApart;
    this.#habits = parts.habits;
    this.#address = parts.address;
    this.#generator = parts.address.closesConnections === true ? 'own' : parts.generator;
  }

  /** True for a server of the user's that was found to close its connections. */
  get closesUnasked(): boolean {
    return this.#server === undefined && this.#address.closesConnections === true;
  }

  /**
   * Makes a load; once more where it shows that the user's server closes connections, by the loop that copes with it.
   */
  async measure(load: HttpLoad): Promise<MeasuredLoad> {
    const measured = await this.#run(this.#jobOf(load));
    const isFound = this.#server === undefined && !this.closesUnasked && tellsOfClosing(measured.report.failures);
    if (isFound) {
      this.#address = this.#habits.noteClosing(this.#address);
      this.#generator = 'own';
    }
    const last = isFound ? await this.#run(this.#jobOf(load)) : measured;
    this.#isWarm = true;
    return last;
  }

  /**
   * The share that an open loop asks for of what is answered a second in a closed one; at least 1, within what its
   * client can send.
   */
  async findRate(connections: number): Promise<number> {
    const { report } = await this.measure({ kind: 'closed', connections });
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

  async #firstEvent(): Promise<JsonValue> {
    const job = this.#jobOf({ kind: 'closed', connections: 1 });
    const { report } = await this.#run({
      ...job,
      isWarm: true,
      settings: { ...this.#settings, warmupMs: 0, fewestWarmups: 0, measureMs: 0, fewestRequests: 1 },
    });
    return report.sample ?? null;
  }

  async #run(job: LoadJob): Promise<MeasuredLoad> {
    const server = this.#server;
    let accounting: Promise<ServerAccount> | undefined;
    const onEnd = (): void => {
      accounting = server?.account();
      // It is looked at below, unless the load has failed before.
      accounting?.catch(() => {});
    };
    const running = this.#load.run(job, { onBegin: () => server?.begin(), onEnd });
    const report = await (server?.orDeath(running, longestJobMs(job)) ?? running);
    return { job, report, account: await accounting };
  }

  #jobOf(load: HttpLoad): LoadJob {
    return {
      type: 'job',
      address: this.#address,
      client: this.#scenario.client,
      requests: this.#requests,
      load,
      settings: this.#settings,
      isWarm: this.#isWarm,
      generator: this.#generator,
      hasOwnProcessor: this.#isApart,
    };
  }
}

/** One that may be repeated, for a look at a server of the user's. */
function safeRequest({ writes, requests: [first] }: HttpScenario): HttpRequest {
  return first === undefined || writes ? { method: 'GET', path: '/', weight: 1 } : first;
}

/** Puts a call of a tool into the requests that have one. */
async function fillCalls(
  address: ServerAddress,
  { requests }: HttpScenario,
  timeoutMs: number,
): Promise<readonly HttpRequest[]> {
  if (!requests.some(({ callsTool }) => callsTool === true)) return requests;
  const body = await withClient(address, timeoutMs, findToolCall);
  return requests.map((request) => (request.callsTool === true ? { ...request, body } : request));
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
