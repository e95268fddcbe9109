/**
 * Lets python3 carry out one job, and asks it for its versions.
 *
 * The contenders' code comes with the job, and worker.py does the measuring.
 */
import { parseObject } from '../../json.ts';
import { hasSucceeded, type RunResult, runToEnd } from '../../process/child.ts';
import { describeDeath, describeNonsense } from '../../process/death.ts';
import { scratchVariable } from '../../process/scratch-directory.ts';
import { shorten } from '../display.ts';
import { acceptOutcome, isWorkerMessage, type Job, type WorkerOutcome } from '../job.ts';
import { defaultInterpreter, isMissing, missingPython, pythonEnvironment, workerPath } from './interpreter.ts';

/** An outcome has some kilobytes at most, and so has a traceback; what writes more is ended. */
const maxCharacters = 1_000_000;

export interface PythonOptions {
  /** Ends the process and its children at once when aborted. */
  readonly signal: AbortSignal;
  readonly timeLimitMs: number;
  readonly interpreter?: string;
  /** The session's, by which a process that outlives its parent is found. */
  readonly scratchDirectory: string;
}

/**
 * Carries one job out; never throws.
 * @returns `undefined` where `signal` ended it.
 */
export async function runPythonJob(job: Job, options: PythonOptions): Promise<WorkerOutcome | undefined> {
  const { signal, timeLimitMs, interpreter = defaultInterpreter, scratchDirectory } = options;
  const result = await runToEnd({
    command: [interpreter, workerPath],
    env: { ...pythonEnvironment(), [scratchVariable]: scratchDirectory },
    // The job goes by standard input: the system bounds the length of an argument.
    input: `${JSON.stringify(job)}\n`,
    keepsInputOpen: true,
    outputLimit: maxCharacters,
    timeLimitMs,
    signal,
  });
  if (result.end.how === 'interrupted') return undefined;
  if (isMissing(result)) return { status: 'unavailable', reason: missingPython };
  return readOutcome(job, result);
}

function readOutcome(job: Job, result: RunResult): WorkerOutcome {
  if (result.answer === '') return { status: 'failed', reason: describeDeath(result, 'before it reported') };
  const message = parseObject(result.answer);
  if (!isWorkerMessage(message) || message.type !== 'outcome')
    return { status: 'failed', reason: describeNonsense(JSON.stringify(result.answer.trimEnd())) };
  const { outcome } = message;
  // The output itself lies in a file, so there is nothing to be missed here.
  if (job.method === 'size') return outcome;
  const { example } = outcome;
  return acceptOutcome(job, example === undefined ? outcome : { ...outcome, example: shorten(example) });
}

/** Versions of the interpreter and of installed distributions, by the names under which a run records them. */
export async function readPythonVersions(
  distributions: readonly string[],
  interpreter: string = defaultInterpreter,
): Promise<Readonly<Record<string, string>>> {
  const result = await runToEnd({
    command: [interpreter, '-c', versionScript, ...distributions],
    env: process.env,
    timeLimitMs: versionLimitMs,
  });
  if (!hasSucceeded(result)) return {};
  const lines = result.answer.split('\n').map((line) => line.trim().split(' '));
  return Object.fromEntries(
    lines.flatMap(([name, version]) => (name === undefined || version === undefined ? [] : [[name, version]])),
  );
}

/** Arbitrary: far more than an interpreter needs to start; without an answer no version is recorded. */
const versionLimitMs = 10_000;

/** One line a version; a distribution that is not installed has none. */
const versionScript = `
import platform, sys
from importlib import metadata
print("python", platform.python_version())
for name in sys.argv[1:]:
    try:
        print("python:" + name, metadata.version(name))
    except metadata.PackageNotFoundError:
        pass
`;
