/**
 * How much of its processor and of its time the load generator needs, waiting awake left out: what tells whether the load
 * is limited by it.
 */
import { performance } from 'node:perf_hooks';

import type { AwakeWait } from './wait-awake.ts';

export class UseMeter {
  readonly #wait: AwakeWait;
  readonly #startMs = performance.now();
  readonly #loop = performance.eventLoopUtilization();
  readonly #cpuMs = readCpu();
  readonly #idleMs: number;

  /** Begins now. @param wait what waits awake in this process. */
  constructor(wait: AwakeWait) {
    this.#wait = wait;
    this.#idleMs = wait.idleMs;
  }

  /** Since it began: shares of the time that has passed. */
  read(): { readonly cpuShare: number; readonly busyShare: number } {
    const elapsedMs = Math.max(1, performance.now() - this.#startMs);
    const { active } = performance.eventLoopUtilization(this.#loop);
    const busyMs = Math.max(0, active - (this.#wait.idleMs - this.#idleMs));
    // Of the time that it was awake others may have had the processor: as much of its work as of its waiting.
    const cpuMs = active > 0 ? (readCpu() - this.#cpuMs) * (busyMs / active) : 0;
    return { cpuShare: cpuMs / elapsedMs, busyShare: busyMs / elapsedMs };
  }
}

/** Processor time that this thread has had, in milliseconds: those that compile and collect beside it limit nothing. */
function readCpu(): number {
  // Node.js 22 tells it of the whole process only.
  const known = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  const { user, system } = known.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}
