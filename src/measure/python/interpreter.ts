/**
 * What every process of python3 is started with, and how it shows that there is no python3.
 */
import { fileURLToPath } from 'node:url';

import { packageRoot } from '../../own-files.ts';
import type { Env } from '../../process/child-environment.ts';
import type { Ended } from '../../process/child.ts';

/** What is looked up on the PATH unless a caller names another one. */
export const defaultInterpreter = 'python3';

/** The same file in a checkout and in an installed package, which holds Python as it is. */
export const workerPath = fileURLToPath(new URL('src/measure/python/worker.py', packageRoot));

/** Why a contender of Python is unavailable. */
export const missingPython = 'there is no python3 on this machine';

/** Text is UTF-8 whatever the locale, and no caches are written beside the program's own files. */
export function pythonEnvironment(): Env {
  return { ...process.env, PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' };
}

/** Shells say this of a command that they do not find; so do the shims of version managers, and `taskset`. */
const commandNotFound = 127;

/** True where there is no such program on this machine. */
export function isMissing({ end }: Pick<Ended, 'end'>): boolean {
  return (
    (end.how === 'not started' && end.code === 'ENOENT') || (end.how === 'exited' && end.exitCode === commandNotFound)
  );
}
