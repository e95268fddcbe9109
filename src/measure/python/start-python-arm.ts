/**
 * A process of an ensemble that runs under python3: the same commands and answers, a line each over its standard input
 * and output.
 */
import { createInterface } from 'node:readline';

import { parseObject } from '../../json.ts';
import type { Ended } from '../../process/child.ts';
import { startChild } from '../../process/child.ts';
import { scratchVariable } from '../../process/scratch-directory.ts';
import { shorten } from '../display.ts';
import type { ArmProcess } from '../ensemble/arm.ts';
import type { ArmJob } from '../ensemble-messages.ts';
import { defaultInterpreter, isMissing, missingPython, pythonEnvironment, workerPath } from './interpreter.ts';

export interface PythonStart {
  readonly prefix: readonly string[];
  readonly interpreter?: string;
  readonly scratchDirectory: string;
  readonly signal: AbortSignal;
}

/** Starts it; a machine without python3 answers that the contender is unavailable. */
export function startPythonArm(job: ArmJob, start: PythonStart): ArmProcess {
  const { prefix, interpreter = defaultInterpreter, scratchDirectory, signal } = start;
  const [file, ...rest] = [...prefix, interpreter, workerPath];
  const child = startChild({
    command: [file, ...rest],
    env: { ...pythonEnvironment(), [scratchVariable]: scratchDirectory },
    talksOver: 'stdin',
    signal,
  });
  const listeners = new Set<(answer: unknown) => void>();
  const tell = (answer: unknown): void => {
    for (const listener of listeners) listener(answer);
  };
  createInterface({ input: child.stdout }).on('line', (line) => tell(readAnswer(line)));
  const ended = child.ended.then((result): Ended => {
    if (isMissing(result)) tell({ type: 'refused', outcome: { status: 'unavailable', reason: missingPython } });
    return result;
  });
  const write = (message: object): void => {
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  // The job goes by standard input: the system bounds the length of an argument.
  write(job);
  return {
    pid: child.pid,
    ended,
    send: write,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    kill: () => child.kill(),
  };
}

/** A line as an answer, or as the text that it is where it is none. */
function readAnswer(line: string): unknown {
  const answer = parseObject(line);
  if (answer === undefined) return line;
  const { example } = answer;
  return typeof example === 'string' ? { ...answer, example: shorten(example) } : answer;
}
