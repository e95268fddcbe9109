/**
 * A load on this machine: tries every task, makes the load, keeps and reports it.
 */
import path from 'node:path';

import { LoadFailure } from '../../load/failure.ts';
import type { ServerAddress } from '../../load/client/http-client.ts';
import { isLoopback } from '../../load/servers/user-site.ts';
import type { Progress } from '../../model/progress.ts';
import type { PlannedLoad, WeightedUserClass } from '../../model/users.ts';
import type { Registry } from '../../registry/registry.ts';
import { formatCount, formatPlural } from '../../report/quantities.ts';
import { readEnvironment } from '../../store/environment.ts';
import { whileLocked } from '../../store/lock.ts';
import { warnAboutHost } from '../../tuning/warnings.ts';
import { makeLocalLoad } from '../../users/local-load.ts';
import { asksForToken, prepareLoad, type Prepared } from '../../users/prepare.ts';
import type { LoadSum } from '../../users/slices.ts';
import { type ExitCode, UserError } from '../../user-error.ts';
import type { Io } from '../command.ts';
import { openProgress } from '../progress.ts';
import type { AskedLoad } from './load-options.ts';
import { LoadStore } from './load-store.ts';

/** How long a load without an end is taken to last, for the bar. */
const endlessMs = 3_600_000;

export interface LocalRequest {
  readonly asked: AskedLoad;
  readonly address: ServerAddress;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly out: string;
  readonly format: string;
  readonly strict: boolean;
  readonly registry: Registry;
}

/** @throws {UserError} for a server that cannot be asked, and one that has nothing for any of the users. */
export async function runLocally(request: LocalRequest, io: Io): Promise<ExitCode> {
  const { asked, out } = request;
  const directory = path.resolve(io.cwd, out);
  const progress = openProgress(io);
  const target = isLoopback(new URL(request.address.url)) ? 'here' : 'elsewhere';
  for (const line of warnAboutHost({ users: asked.users, target })) progress.say(line);
  const prepared = await prepare(request, io);
  if (io.signal.aborted) return 130;
  for (const { userClass, task, reason } of prepared.unavailable)
    progress.say(`not available: ${userClass}, ${task}: ${reason}`);
  for (const doubt of prepared.doubtful) progress.say(`failed when it was tried: ${doubt}`);
  const plan: PlannedLoad = {
    target: new URL(request.address.url).origin,
    ...(asked.preset === undefined ? {} : { preset: asked.preset }),
    weights: asked.weights,
    users: asked.users,
    spawnRatePerSec: asked.spawnRatePerSec,
    ...(asked.runTimeMs === undefined ? {} : { runTimeMs: asked.runTimeMs }),
    engine: 'local',
    classes: prepared.classes,
    unavailable: prepared.unavailable,
  };
  return whileLocked({ directory, command: 'wirebench users' }, () =>
    makeLoad({ ...request, directory, plan, prepared, progress }, io),
  );
}

type PreparedLoad = Omit<Prepared, 'classes'> & { readonly classes: readonly WeightedUserClass[] };

async function prepare({ asked, address, timeoutMs }: LocalRequest, io: Io): Promise<PreparedLoad> {
  let made = 0;
  const prepared = await prepareLoad({
    classes: asked.classes,
    address,
    timeoutMs,
    makeName: () => `wirebench-try-${process.pid}-${(made += 1)}`,
    signal: io.signal,
  });
  const { host } = new URL(address.url);
  if (prepared.cannotConnect !== undefined)
    throw new UserError(`cannot reach ${host}: ${prepared.cannotConnect}`, {
      hint: 'start a server, e.g. `wirebench stack`, and name it with --host',
    });
  if (asksForToken(prepared))
    throw new UserError(`${host} lets nobody in without a token`, {
      hint: 'put it into an environment variable and name that with --token-env',
    });
  if (prepared.classes.length === 0 && !io.signal.aborted)
    throw new UserError(`${host} has nothing for any of these users: ${prepared.unavailable[0]?.reason}`, {
      hint: 'choose other classes with --class',
    });
  return prepared;
}

async function makeLoad(
  request: LocalRequest & {
    directory: string;
    plan: PlannedLoad;
    prepared: PreparedLoad;
    progress: Progress;
  },
  io: Io,
): Promise<ExitCode> {
  const { asked, address, timeoutMs, seed, directory, plan, prepared, registry, format, progress, strict } = request;
  const environment = await readEnvironment({ packages: ['hdr-histogram-js'], directory: io.cwd });
  const store = new LoadStore({ directory, plan, seed, environment, registry, format, progress, io });
  const reasons: string[] = [];
  progress.beginStage({
    title: `${formatPlural(asked.users, 'user')}, ${formatPlural(asked.processes, 'worker')}`,
    expectedMs: asked.runTimeMs ?? endlessMs,
  });
  try {
    const load = makeLocalLoad({
      job: {
        address,
        classes: prepared.classes,
        pools: prepared.pools,
        timeoutMs,
        seed,
        name: `wirebench-${process.pid}`,
      },
      weights: prepared.classes,
      users: asked.users,
      spawnRatePerSec: asked.spawnRatePerSec,
      runTimeMs: asked.runTimeMs,
      processes: asked.processes,
      signal: io.signal,
    });
    for await (const event of load) {
      store.note(event);
      if (event.type === 'lost') progress.say(`${event.worker} was lost: it ${event.reason}`);
      if (event.type !== 'slice') continue;
      progress.beginTask(tellSlice(store.sum));
    }
  } catch (error) {
    // What was told is reported whatever became of the workers.
    if (!(error instanceof LoadFailure)) throw error;
    reasons.push(error.message);
  } finally {
    progress.end();
  }
  const isShort = io.signal.aborted && asked.runTimeMs !== undefined;
  const run = await store.finish({ interrupted: isShort, reasons });
  if (isShort) return 130;
  if (reasons.length > 0) return 2;
  const { total, incomplete, unavailable } = run.users ?? { total: { failures: {} }, incomplete: [], unavailable: [] };
  const isFlawed = Object.keys(total.failures).length > 0 || incomplete.length > 0 || unavailable.length > 0;
  return strict && isFlawed ? 1 : 0;
}

/** What the last second was like. */
function tellSlice(sum: LoadSum): string {
  const { requests, failures } = sum.latest;
  const failed = failures === 0 ? '' : `, ${formatCount(failures)} failed`;
  return `${formatPlural(sum.users, 'user')}, ${formatPlural(requests, 'request')} a second${failed}`;
}
