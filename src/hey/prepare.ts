/**
 * From what a user asks to a plan: servers are reached, and payloads made up where there are none.
 */
import { expectedOf } from './judge.ts';
import { makePayloads, type ReadyPayload } from './payload.ts';
import { type HeyPlan, type Side, windowsOf } from './plan.ts';
import { reach } from './reach.ts';
import type { HeySettings, Target } from './settings.ts';

export interface PreparedLoad {
  readonly plan: HeyPlan;
  /** What each side gets, in the order of the plan's, e.g. `tools/call of echo`; absent where nothing is sent. */
  readonly payloads: readonly (string | undefined)[];
}

/**
 * Makes the plan.
 * @throws {UserError} for servers that cannot be reached or asked, and where the signal is aborted.
 */
export async function prepareLoad(settings: HeySettings, signal: AbortSignal): Promise<PreparedLoad> {
  const { asked, direct, ...shape } = settings;
  const targets = [asked, ...(direct === undefined ? [] : [direct])];
  const endpoints = [await reach(asked.url, { option: '-u', signal })];
  if (direct !== undefined) endpoints.push(await reach(direct.url, { option: '--direct', signal }));
  const payloads = await readPayloads(targets, signal);
  const sides = targets.map(({ url, method, headers }, index): Side => {
    const body = payloads[index]?.bytes;
    const request = { url, method, headers, body };
    const name = index === 0 ? 'asked' : 'direct';
    return { name, request, endpoint: endpoints[index] as Side['endpoint'], expected: expectedOf(body) };
  });
  return {
    plan: { ...shape, sides, windows: windowsOf({ sides: sides.length, volume: shape.volume }) },
    payloads: payloads.map((payload) => payload?.title),
  };
}

async function readPayloads(
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<readonly (ReadyPayload | undefined)[]> {
  const lacking = targets.filter(({ payload }) => payload.kind === 'made up');
  const made = lacking.length === 0 ? [] : await makePayloads(lacking, signal);
  return targets.map((target) => {
    const { payload } = target;
    if (payload.kind === 'file') return { title: payload.file, bytes: payload.bytes };
    return made[lacking.indexOf(target)];
  });
}
