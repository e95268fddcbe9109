/**
 * Starts python3 for one job and gives back how it ended; fork.ts judges that, as it does for every worker.
 *
 * The process leads a group of its own, so that whatever it has started ends with it. Its standard input stays open for
 * as long as somebody waits: it ends itself when the other end is gone. Deliberately absent: the measuring (worker.py)
 * and the contenders' code, which comes with the job.
 */
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { packageRoot } from '../../own-files.ts';
import { scratchVariable } from '../../process/scratch-directory.ts';
import type { Job } from '../job.ts';

/** What is looked up on the PATH unless a caller names another one. */
const defaultInterpreter = 'python3';

/** The same file in a checkout and in an installed package, which holds Python as it is. */
const workerPath = fileURLToPath(new URL('src/measure/python/worker.py', packageRoot));

/** An outcome has some kilobytes at most, and so has a traceback; what writes more is ended. */
const maxCharacters = 1_000_000;

/** How a process ended, in the words that `explainDeath` reads, with what it said. */
export interface EndedPython {
  /** True where there is no such program on this machine. */
  readonly missing: boolean;
  readonly cancelled: boolean;
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly signal: string | undefined;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly shortMessage: string | undefined;
}

export interface PythonOptions {
  /** Ends the process and its children at once when aborted. */
  readonly signal: AbortSignal;
  readonly timeLimitMs: number;
  readonly interpreter?: string;
  /** The session's, by which a process that outlives its parent is found. */
  readonly scratchDirectory?: string;
}

/** Shells say this of a command that they do not find; so do the shims of version managers. */
const commandNotFound = 127;

/** Carries one job out; never throws. */
export async function startPython(
  job: Job,
  { signal, timeLimitMs, interpreter = defaultInterpreter, scratchDirectory }: PythonOptions,
): Promise<EndedPython> {
  const subprocess = execa(interpreter, [workerPath], {
    // The job goes by standard input: the system bounds the length of an argument.
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    // Text is UTF-8 whatever the locale, and no caches are written beside the program's own files.
    env: {
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      ...(scratchDirectory === undefined ? {} : { [scratchVariable]: scratchDirectory }),
    },
    reject: false,
    detached: true,
    maxBuffer: maxCharacters,
  });
  let timedOut = false;
  const end = (): void => endGroup(subprocess.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeLimitMs);
  signal.addEventListener('abort', end, { once: true });
  // A child that outlives its parent would hold the pipes open.
  subprocess.nodeChildProcess.once('exit', end);
  // A process that ends before it has read its job makes this fail; how it ended says more.
  subprocess.stdin.on('error', () => {});
  subprocess.stdin.write(`${JSON.stringify(job)}\n`);
  if (signal.aborted) end();
  const result = await subprocess;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  end();
  return {
    missing: result.code === 'ENOENT' || result.exitCode === commandNotFound,
    cancelled: signal.aborted,
    timedOut,
    isMaxBuffer: result.isMaxBuffer,
    signal: result.signal,
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    shortMessage: result.shortMessage,
  };
}

/** Versions of the interpreter and of installed distributions, by the names under which a run records them. */
export async function readPythonVersions(
  distributions: readonly string[],
  interpreter: string = defaultInterpreter,
): Promise<Readonly<Record<string, string>>> {
  const result = await execa(interpreter, ['-c', versionScript, ...distributions], {
    reject: false,
    timeout: versionLimitMs,
    stdin: 'ignore',
  });
  if (result.failed) return {};
  const lines = result.stdout.split('\n').map((line) => line.trim().split(' '));
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

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The group is gone, which is what was wanted; a system without groups has none to end.
  }
}
