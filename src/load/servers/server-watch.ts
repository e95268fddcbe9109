/**
 * Loaded into a server's process with `--import`: answers over IPC how much processor time it took and how late its
 * event loop came to its timers. The server itself knows nothing of it.
 *
 * Ends the process when the channel closes, so that no server outlives who measured it. Nothing here runs per request.
 * Memory is read by server.ts, since its peak cannot be reset from inside.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { endWithParent, tellParent } from '../../process/parent.ts';
import { loopDelayResolutionMs } from '../../compare/loop-delay-resolution.ts';
import type { WatchCommand, WatchReading } from './watch-messages.ts';

// Looks cost nothing that can be measured; a stall between two of them is seen in full.
const delays = monitorEventLoopDelay({ resolution: loopDelayResolutionMs });
let cpuBefore = process.cpuUsage();
let startNs = process.hrtime.bigint();

endWithParent();
process.on('message', (command: WatchCommand) => {
  if (command.type === 'wirebench-reset') reset();
  else if (command.type === 'wirebench-read') tellParent(read());
});
// A server has to be able to end by itself.
process.channel?.unref();

function reset(): void {
  delays.disable();
  delays.reset();
  delays.enable();
  cpuBefore = process.cpuUsage();
  startNs = process.hrtime.bigint();
}

function read(): WatchReading {
  const { user, system } = process.cpuUsage(cpuBefore);
  // What is recorded is the time from one look to the next, which is the interval itself where nothing was late.
  const lateNs = delays.percentile(99) - loopDelayResolutionMs * 1e6;
  return {
    type: 'wirebench-reading',
    elapsedNs: Number(process.hrtime.bigint() - startNs),
    cpuNs: (user + system) * 1000,
    // A loop that never came round while it was watched has no figure at all, and certainly not zero.
    ...(delays.count === 0 ? {} : { eventLoopDelayP99Ns: Math.max(0, lateNs) }),
  };
}
