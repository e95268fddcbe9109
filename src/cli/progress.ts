/**
 * Progress of a long command on stderr: a bar with an ETA on a terminal, a line now and then in a pipe.
 */
import { SingleBar } from 'cli-progress';

import { showText } from '../foreign-text.ts';
import { formatDuration } from '../report/quantities.ts';
import type { Writer } from './command.ts';

export interface Progress {
  /** @param doneMs estimated milliseconds of work done; @param label what is being worked on. */
  update(doneMs: number, label: string): void;
  stop(): void;
}

/** Lines that a pipe gets in a whole run: enough to see it live in a CI log, few enough to read past. */
const pipeLines = 10;

/**
 * @param request.totalMs estimated length of the work; progress is in the same unit, so that the bar moves evenly.
 * @param request.now milliseconds of a monotonic clock. @param request.spentMs what earlier sessions of the same work took.
 */
export function startProgress(request: {
  stderr: Writer;
  totalMs: number;
  now: () => number;
  spentMs?: number;
}): Progress {
  const { stderr, totalMs, now, spentMs = 0 } = request;
  const work = { stderr, totalMs, now, startedMs: now() - spentMs };
  return stderr.isTTY === true ? startBar(work) : startLines(work);
}

/** What is left, from the share done and the time that it took. */
function remainingMs(request: { doneMs: number; totalMs: number; elapsedMs: number }): number {
  const { doneMs, totalMs, elapsedMs } = request;
  // Until something is done the estimate made beforehand is the best there is.
  if (doneMs === 0) return totalMs;
  return Math.max(0, (elapsedMs / doneMs) * (totalMs - doneMs));
}

interface Work {
  readonly stderr: Writer;
  readonly totalMs: number;
  readonly now: () => number;
  readonly startedMs: number;
}

function startBar({ stderr, totalMs, now, startedMs }: Work): Progress {
  const bar = new SingleBar({
    stream: (stderr.withControls ?? stderr) as unknown as NodeJS.WritableStream,
    format: '{bar} {percentage}%  {left} left  {label}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    emptyOnZero: true,
  });
  bar.start(totalMs, 0, { left: formatDuration(totalMs), label: '' });
  return {
    update(doneMs, label) {
      const left = remainingMs({ doneMs, totalMs, elapsedMs: now() - startedMs });
      bar.update(Math.min(doneMs, totalMs), { left: formatDuration(left), label: showText(label) });
    },
    stop() {
      bar.stop();
    },
  };
}

function startLines({ stderr, totalMs, now, startedMs }: Work): Progress {
  let nextShare = 0;
  return {
    update(doneMs, label) {
      const share = doneMs / totalMs;
      if (share < nextShare || doneMs >= totalMs) return;
      nextShare = share + 1 / pipeLines;
      const left = remainingMs({ doneMs, totalMs, elapsedMs: now() - startedMs });
      stderr.write(`wirebench: ${Math.floor(share * 100)}% done, ${formatDuration(left)} left, now ${label}\n`);
    },
    stop() {
      // Lines need no end.
    },
  };
}
