/**
 * What the runs of one report are called: as the user says, or by whatever is short and tells them apart.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import { nameRuntime } from '../compare/name-runtime.ts';
import type { Run } from '../model/run.ts';
import { runFileName } from '../store/run-file.ts';
import { UserError } from '../user-error.ts';

/** A run as it was named on the command line. */
export interface NamedArgument {
  /** The name that was given; absent where only a path was. */
  readonly name?: string;
  /** The whole as it was typed. */
  readonly typed: string;
  /** The path as it was typed. */
  readonly given: string;
  /** The same, absolute. */
  readonly target: string;
  /** The directory of a run.json, else the target: equal where two paths mean one run. */
  readonly place: string;
}

/**
 * Reads `PATH` or `NAME=PATH`; what exists as it is counts as a path, so that a directory may have a `=` in its name.
 * @throws {UserError} where the name or the path is empty.
 */
export function readNamedArgument(arg: string, cwd: string): NamedArgument {
  const mark = existsSync(path.resolve(cwd, arg)) ? -1 : arg.indexOf('=');
  if (arg === '' || mark === 0 || mark === arg.length - 1) {
    throw new UserError(
      `cannot read the run '${arg}': ${arg === '' ? 'the path is empty' : 'a name and a path are needed'}`,
      {
        hint: 'write PATH or NAME=PATH',
      },
    );
  }
  const name = mark === -1 ? {} : { name: arg.slice(0, mark) };
  return { ...readPath(arg.slice(mark + 1), cwd), ...name, typed: arg };
}

/** A path as it is, which names no run. */
export function readPath(given: string, cwd: string): NamedArgument {
  const target = path.resolve(cwd, given);
  const place =
    path.basename(target) === runFileName && statSync(target, { throwIfNoEntry: false })?.isFile() === true
      ? path.dirname(target)
      : target;
  return { typed: given, given, target, place };
}

/**
 * One name a run, in their order, all different: the directory's or file's name, else the Node version, else the
 * commit, else the path as it was typed.
 * @throws {UserError} where the user gave one name twice.
 */
export function nameRuns(runs: readonly (NamedArgument & { readonly run: Run })[]): string[] {
  const own = runs.flatMap(({ name }) => name ?? []);
  // Shards of one name were joined before.
  const twice = own.find((name, index) => own.indexOf(name) < index);
  if (twice !== undefined)
    throw new UserError(`cannot call two runs '${twice}': a name stands for one run`, {
      hint: 'give each run a name of its own',
    });
  const ways: ((run: (typeof runs)[number]) => string)[] = [
    ({ place }) => path.basename(place).replace(/\.json$/, ''),
    ({ run }) => nameRuntime(run.environment),
    ({ run }) => run.environment.commit ?? '',
    ({ given }) => path.normalize(given),
  ];
  const candidates = ways.map((way) => runs.map((run) => run.name ?? way(run)));
  const distinct = candidates.find((names) => new Set(names).size === names.length && !names.includes(''));
  // Even two spellings of one path differ, and the same place twice is refused before; numbers are the last resort.
  return distinct ?? runs.map(({ name }, index) => name ?? `run ${index + 1}`);
}
