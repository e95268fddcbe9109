/**
 * Whether processes of a recorded server are still there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { patienceMs } from '../patience.ts';

/** True once the process named in a file has ended; it may take a moment to be reaped. */
export async function isGone(pidFile: string): Promise<boolean> {
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs) {
    if (!isRunning(pid)) return true;
    await delay(20);
  }
  return false;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Where nobody reaps orphans, as in some containers, one that has ended stays as a zombie.
  const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return !/\) Z /.test(state);
}
