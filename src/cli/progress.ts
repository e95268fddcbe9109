/**
 * Progress of a long command on stderr: a bar with the time left on a terminal, a line now and then in a pipe.
 */
import { SingleBar } from 'cli-progress';

import { showText } from '../foreign-text.ts';
import type { Progress } from '../model/progress.ts';
import { formatDuration } from '../report/quantities.ts';
import type { Writer } from './command.ts';

/** Lines that a pipe gets in a stage: enough to see it live in a CI log, few enough to read past. */
const pipeLines = 10;

/** Says one line on stderr under the program's name. */
export function tell({ stderr }: { stderr: Writer }, line: string): void {
  stderr.write(`wirebench: ${showText(line)}\n`);
}

/** How far a stage is. */
interface Advance {
  /** 0 to 1. */
  readonly share: number;
  readonly leftMs: number;
  readonly label: string;
}

/** Shows how far a stage is; `close` leaves nothing behind that moves. */
interface Display {
  show(advance: Advance): void;
  close(): void;
}

/** @param now milliseconds of a monotonic clock; tests have one of their own. */
export function openProgress({
  stderr,
  now = () => performance.now(),
}: {
  stderr: Writer;
  now?: () => number;
}): Progress {
  let stage: Stage | undefined;
  return {
    say(line) {
      stage?.display.close();
      tell({ stderr }, line);
    },
    beginStage({ title, expectedMs, doneMs = 0, spentMs = 0 }) {
      stage?.display.close();
      if (title !== undefined) tell({ stderr }, `${title}, about ${formatDuration(expectedMs)}`);
      stage = {
        // Work that is expected to take no time at all is done at once, and nothing is divided by it.
        totalMs: Math.max(1, expectedMs),
        startedMs: now() - spentMs,
        doneMs,
        taskMs: 0,
        display: stderr.isTTY === true ? createBar(stderr) : createLines(stderr),
      };
    },
    beginTask(label, expectedMs) {
      if (stage === undefined) return;
      const elapsedMs = now() - stage.startedMs;
      stage.doneMs = expectedMs === undefined ? elapsedMs : stage.doneMs + stage.taskMs;
      stage.taskMs = expectedMs ?? 0;
      const { totalMs, doneMs } = stage;
      stage.display.show({ share: doneMs / totalMs, leftMs: foretellMs({ doneMs, totalMs, elapsedMs }), label });
    },
    end() {
      stage?.display.close();
      stage = undefined;
    },
  };
}

interface Stage {
  readonly totalMs: number;
  readonly startedMs: number;
  readonly display: Display;
  doneMs: number;
  /** Expected time of the task that is being worked on. */
  taskMs: number;
}

/** What is left, from the share done and the time that it took. */
function foretellMs({ doneMs, totalMs, elapsedMs }: { doneMs: number; totalMs: number; elapsedMs: number }): number {
  // Until something is done the estimate made beforehand is the best there is.
  if (doneMs === 0) return totalMs;
  return Math.max(0, (elapsedMs / doneMs) * (totalMs - doneMs));
}

function createBar(stderr: Writer): Display {
  const bar = new SingleBar({
    stream: (stderr.withControls ?? stderr) as unknown as NodeJS.WritableStream,
    format: '{bar} {percentage}%  {left} left  {label}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Arbitrary: narrow enough to leave room for a label.
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let isStarted = false;
  return {
    show({ share, leftMs, label }) {
      if (!isStarted) bar.start(1, 0, { left: '', label: '' });
      isStarted = true;
      bar.update(Math.min(1, share), { left: formatDuration(leftMs), label: showText(label) });
    },
    close() {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}

function createLines(stderr: Writer): Display {
  let nextShare = 0;
  return {
    show({ share, leftMs, label }) {
      if (share < nextShare || share >= 1) return;
      nextShare = share + 1 / pipeLines;
      tell({ stderr }, `${Math.floor(share * 100)}% done, ${formatDuration(leftMs)} left, now ${label}`);
    },
    close() {
      // Lines stay.
    },
  };
}
