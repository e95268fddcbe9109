/**
 * A load on many machines: a master of Locust with its web page, and our report of what the workers tell.
 *
 * People may start several loads on the page: the first is reported into the directory that was asked for, later ones
 * into directories below it.
 */
import path from 'node:path';

import type { PlannedLoad, UnavailableTask } from '../../model/users.ts';
import { makeScratchDirectory } from '../../process/scratch-directory.ts';
import type { Registry } from '../../registry/registry.ts';
import { readEnvironment } from '../../store/environment.ts';
import { whileLocked } from '../../store/lock.ts';
import { requireLocust, runLocustMaster } from '../../users/locust/master.ts';
import { masterPort as usualMasterPort, reportPort as usualReportPort } from '../../users/locust/ports.ts';
import type { ExitCode } from '../../user-error.ts';
import type { Io } from '../command.ts';
import { openProgress } from '../progress.ts';
import type { AskedLoad } from './load-options.ts';
import { LoadStore } from './load-store.ts';

export interface MasterRequest {
  readonly asked: AskedLoad;
  readonly seed: number;
  readonly out: string;
  readonly format: string;
  readonly strict: boolean;
  readonly registry: Registry;
  readonly expectedWorkers: number | undefined;
  readonly bindHost: string;
  readonly masterPort: number;
  readonly reportPort: number;
  readonly webHost: string;
  readonly webPort: number;
}

/** @throws {UserError} where Locust is missing or a port is taken. */
export async function runMaster(request: MasterRequest, io: Io): Promise<ExitCode> {
  await requireLocust(io.env);
  const directory = path.resolve(io.cwd, request.out);
  return whileLocked({ directory, command: 'wirebench users' }, () => serve({ ...request, directory }, io));
}

async function serve(request: MasterRequest & { directory: string }, io: Io): Promise<ExitCode> {
  const { asked, seed, directory, format, strict, registry } = request;
  const progress = openProgress(io);
  const environment = await readEnvironment({ packages: ['hdr-histogram-js', 'zeromq'], directory: io.cwd });
  const scratch = makeScratchDirectory({ purpose: 'users' });
  const plan: PlannedLoad = {
    target: asked.host,
    ...(asked.preset === undefined ? {} : { preset: asked.preset }),
    weights: asked.weights,
    users: asked.users,
    spawnRatePerSec: asked.spawnRatePerSec,
    ...(asked.runTimeMs === undefined ? {} : { runTimeMs: asked.runTimeMs }),
    engine: 'locust',
    classes: asked.classes,
    unavailable: [],
  };
  let load: CurrentLoad | undefined;
  let made = 0;
  let isFlawed = false;
  const finish = async (reasons: readonly string[]): Promise<void> => {
    if (load === undefined) return;
    const { store, unavailable } = load;
    load = undefined;
    const run = await store.finish({
      interrupted: io.signal.aborted && request.expectedWorkers !== undefined,
      reasons,
      // On the page people ask for what they like, which nobody tells here.
      plan: {
        ...plan,
        ...(request.expectedWorkers === undefined ? { users: Math.max(1, store.sum.peakUsers) } : {}),
        unavailable: [...unavailable.values()],
      },
    });
    const { total, incomplete = [] } = run.users ?? {};
    isFlawed ||= Object.keys(total?.failures ?? {}).length > 0 || incomplete.length > 0 || unavailable.size > 0;
  };
  try {
    const events = runLocustMaster({
      ...request,
      classes: asked.classes,
      host: asked.host,
      users: asked.users,
      spawnRatePerSec: asked.spawnRatePerSec,
      runTimeMs: asked.runTimeMs,
      outDirectory: directory,
      scratchDirectory: scratch.path,
      env: io.env,
      signal: io.signal,
      onLog: (text) => void io.stderr.write(text),
    });
    for await (const event of events) {
      if (event.type === 'ready') progress.say(`Locust's page: ${event.page}; workers: ${tellWorkers(request)}`);
      else if (event.type === 'began') {
        made += 1;
        const place = made === 1 ? directory : path.join(directory, `load-${made}`);
        const store = new LoadStore({ directory: place, plan, seed, environment, registry, format, progress, io });
        load = { store, unavailable: new Map() };
      } else if (event.type === 'over') await finish(event.reasons);
      else if (event.type === 'prepared') {
        for (const task of event.unavailable) load?.unavailable.set(`${task.userClass}\t${task.task}`, task);
      } else load?.store.note(event);
    }
    await finish(['the master ended before the load did']);
  } finally {
    scratch.remove();
  }
  if (made === 0) progress.say('no load was made');
  if (io.signal.aborted && request.expectedWorkers !== undefined) return 130;
  return strict && isFlawed ? 1 : 0;
}

interface CurrentLoad {
  readonly store: LoadStore;
  /** By class and task; workers tell the same. */
  readonly unavailable: Map<string, UnavailableTask>;
}

function tellWorkers({ masterPort, reportPort }: MasterRequest): string {
  const ports =
    masterPort === usualMasterPort && reportPort === usualReportPort
      ? ''
      : ` --master-port ${masterPort} --report-port ${reportPort}`;
  return `wirebench users --worker --master-host THIS_MACHINE${ports}`;
}
