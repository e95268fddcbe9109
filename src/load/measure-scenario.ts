/**
 * One round of a scenario: its servers beside each other, all alive on one processor, one of them under load at a time,
 * in many short windows.
 *
 * What slows the machine for a while slows neighbouring windows of all servers alike; whoever would be measured alone
 * would take it for a property of its own. src/measure/ensemble does the same with contenders.
 */
import type { MeasuringCore } from '../machine/measuring-core.ts';
import { compareUsage, readUsage } from '../machine/usage.ts';
import { createOrders } from '../measure/ensemble/orders.ts';
import type { createShuffle } from '../measure/shuffle.ts';
import type { HttpLoad, HttpOutcome } from '../model/http.ts';
import type { JsonValue } from '../model/values.ts';
import type { MeasuredServer } from './measured-server.ts';
import { extraWindows, fewestWindows, type HttpProfile } from './profiles.ts';

/** Of a probe after a window: the first one finds the caches full of what the server has left there. */
const mostReadings = 3;

export interface ScenarioRequest {
  /** Not opened yet; at least one. */
  readonly servers: readonly MeasuredServer[];
  /** In the order in which they are made. */
  readonly loads: readonly HttpLoad[];
  /** What they are warmed up with. */
  readonly warmUp: HttpLoad;
  /** Answers that all of them have to give; `undefined` where there is nothing to be compared with. */
  readonly expected: readonly JsonValue[] | undefined;
  readonly profile: Pick<HttpProfile, 'windows' | 'serverMs'>;
  readonly core: MeasuringCore;
  readonly shuffle: ReturnType<typeof createShuffle>;
  readonly signal: AbortSignal;
}

/**
 * Measures every load on every server that wants it, and ends all of them whatever happens.
 * @returns server by server; what was cut short by `signal` says nothing.
 */
export async function measureScenario(request: ScenarioRequest): Promise<HttpOutcome[]> {
  const { servers, loads, warmUp, expected, core, shuffle, signal } = request;
  const before = readUsage();
  try {
    await core.settle();
    const opening = await Promise.allSettled(servers.map((server) => server.open()));
    for (const opened of opening) if (opened.status === 'rejected') throw opened.reason;
    await Promise.all(servers.map(({ pid }) => core.take(pid)));
    for (const server of shuffle(servers)) await server.check(expected);
    for (const server of shuffle(servers)) await server.warmUp(warmUp);
    for (const load of loads) if (!signal.aborted) await takeWindows(load, request);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  // Processor time of children counts as this program's own when they have ended.
  const use = compareUsage(before, readUsage());
  return servers.flatMap(({ outcomes }) =>
    outcomes.map((outcome) => (outcome.status === 'ok' ? { ...outcome, ...use } : outcome)),
  );
}

/** Sweeps over the servers until each has the windows it needs, has had half again as many, or the time is up. */
async function takeWindows(load: HttpLoad, request: ScenarioRequest): Promise<void> {
  const { core, shuffle, signal } = request;
  const { windows, serverMs } = request.profile;
  const servers = request.servers.filter((server) => server.wants(load));
  if (servers.length === 0) return;
  const endMs = performance.now() + serverMs * servers.length;
  const nextOrder = createOrders(servers.length, shuffle);
  let excess = (await core.probe(mostReadings)) ?? 0;
  for (let sweep = 0; sweep < Math.ceil(windows * (1 + extraWindows)); sweep += 1) {
    if (sweep >= fewestWindows && performance.now() > endMs) break;
    for (const index of nextOrder()) {
      const server = servers[index] as MeasuredServer;
      if (signal.aborted) return;
      if (!server.wants(load)) continue;
      const taken = await server.takeWindow(load);
      const excessBefore = excess;
      excess = (await core.probe(mostReadings)) ?? 0;
      if (taken !== undefined)
        server.noteWindow(load, { ...taken, excess: Math.max(taken.excess, excessBefore, excess) });
    }
    if (servers.every((server) => !server.wants(load) || server.cleanWindows >= windows)) break;
  }
  for (const server of servers) server.finish(load);
}
