/**
 * An open loop: requests fall due at a fixed rate, and a latency begins when its request was due, not when it was sent.
 *
 * That is what corrects coordinated omission: a server that stalls makes every request late that fell due meanwhile.
 * autocannon is not used for it. Its rate is a closed loop that pauses for the rest of each second, and its correction
 * takes 1 / rate (seconds) for an interval in milliseconds, so every rate is corrected as if requests were due each
 * millisecond. Requests come at equal distances, which are the same for every contender, and not at random ones.
 */
import { performance } from 'node:perf_hooks';

import type { HttpLoad, HttpRequest } from '../../model/http.ts';
import { kindOfError } from '../failure.ts';
import { createClient } from '../client/http-client.ts';
import type { LoadJob } from './messages.ts';
import { mostFailures, percentileOf, type RecordedWindow } from './recorder.ts';
import { spreadByWeight } from './request-order.ts';

/**
 * Timers come to the millisecond: nearer due times are waited for in a busy loop, where that costs the server nothing.
 */
const timerResolutionMs = 2;

interface OpenLoopRequest extends LoadJob {
  readonly load: HttpLoad & { readonly kind: 'open' };
  readonly onBegin: () => void;
}

export interface OpenLoopWindow extends Omit<RecordedWindow, 'hasSettled'> {
  /** How late requests were handed to the client, the 99th percentile, or the latest of few; `undefined` of none. */
  readonly latenessP99Ns: number | undefined;
}

/**
 * Sends at the rate until the window is over, then waits for what is under way, since leaving out the slowest would
 * flatter.
 * @param request.load.requestsPerSec above 0.
 */
export async function openLoop(request: OpenLoopRequest): Promise<OpenLoopWindow> {
  const { address, load, settings, hasOwnProcessor } = request;
  const { connections, requestsPerSec } = load;
  const client = createClient(address, { connections, timeoutMs: settings.requestTimeoutMs });
  const sequence = spreadByWeight(request.requests);
  const [latenciesNs, latenessNs]: [number[], number[]] = [[], []];
  const failures: Record<string, number> = {};
  const pending = new Set<Promise<void>>();
  const stepMs = 1000 / requestsPerSec;
  const windowMs = Math.min(settings.longestMs, Math.max(settings.measureMs, settings.fewestRequests * stepMs));
  const startMs = performance.now();
  const beginMs = startMs + settings.warmupMs;
  let [failed, wireBytes, lastMs, hasBegun] = [0, 0, beginMs, false];
  const fail = (kind: string): void => {
    failed += 1;
    failures[kind] = (failures[kind] ?? 0) + 1;
  };

  const send = async (dueMs: number, index: number): Promise<void> => {
    const counts = dueMs >= beginMs;
    try {
      const answer = await client.send(sequence[index % sequence.length] as HttpRequest);
      const nowMs = performance.now();
      if (answer.status < 200 || answer.status > 299) fail(`HTTP ${answer.status}`);
      else if (counts) {
        latenciesNs.push(Math.max(1, Math.round((nowMs - dueMs) * 1e6)));
        wireBytes += answer.wireBytes;
        lastMs = nowMs;
      }
    } catch (error) {
      fail(kindOfError(error));
    }
  };

  for (let index = 0; ; index += 1) {
    const dueMs = startMs + index * stepMs;
    if (dueMs >= beginMs + windowMs || failed >= mostFailures) break;
    await waitUntil(dueMs, hasOwnProcessor);
    if (!hasBegun && dueMs >= beginMs) {
      hasBegun = true;
      request.onBegin();
    }
    if (dueMs >= beginMs) latenessNs.push((performance.now() - dueMs) * 1e6);
    const sending = send(dueMs, index).finally(() => pending.delete(sending));
    pending.add(sending);
  }
  await Promise.all(pending);
  client.close();
  const late = latenessNs.toSorted((a, b) => a - b);
  return {
    requests: latenciesNs.length,
    // Where the server falls behind, its last answers come after the window and lower the rate.
    elapsedNs: Math.max(windowMs, lastMs - beginMs) * 1e6,
    wireBytes,
    latenciesNs,
    failures,
    latenessP99Ns: percentileOf({ ascending: late, percent: 99 }) ?? late.at(-1),
  };
}

async function waitUntil(dueMs: number, hasOwnProcessor: boolean): Promise<void> {
  for (;;) {
    const leftMs = dueMs - performance.now();
    if (leftMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    if (hasOwnProcessor && leftMs < timerResolutionMs) setImmediate(resolve);
    else setTimeout(resolve, hasOwnProcessor ? leftMs - timerResolutionMs : leftMs);
    await promise;
  }
}
