/**
 * Finds the files that a project's configuration leads to, without importing any.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { WirebenchConfig } from '../config.ts';
import { showText } from '../foreign-text.ts';
import { listModules, type ListedModule } from '../own-files.ts';
import { UserError } from '../user-error.ts';

/** Where a project's modules are looked for. */
export interface ProjectRequest {
  readonly config: WirebenchConfig;
  /** The configuration's; its paths are relative to it. */
  readonly directory: string;
}

/**
 * The files that a configuration leads to, found without importing any.
 * @throws {UserError} where a path leads nowhere.
 */
export function listProjectModules({ config, directory }: ProjectRequest): {
  readonly contenders: readonly ListedModule[];
  readonly payloads: readonly ListedModule[];
} {
  const listed = ({ id, path: file }: OwnFile): ListedModule => ({ id, url: pathToFileURL(file).href });
  return {
    contenders: findFiles({ what: 'contender', paths: config.contenders ?? [], directory, others: [] }).map(listed),
    payloads: findFiles({ what: 'payload', paths: config.payloads ?? [], directory, others: ['.json'] }).map(listed),
  };
}

/** A file that the configuration leads to. */
export interface OwnFile {
  readonly what: string;
  readonly id: string;
  readonly path: string;
  /** As the configuration has it, for messages. */
  readonly shown: string;
}

const moduleExtensions = ['.ts', '.js', '.mjs'];

/** Ids are parts of cell names and of comma-separated lists, and they are printed. */
const idPattern = /^[\w.-]+$/;

export function findFiles(request: {
  what: string;
  paths: readonly string[];
  directory: string;
  others: readonly string[];
}): OwnFile[] {
  const { what, paths, directory, others } = request;
  const extensions = [...moduleExtensions, ...others];
  const files = paths.flatMap((given) => {
    if (path.isAbsolute(given)) {
      throw new UserError(`cannot load the ${what} ${quote(given)}: the path is absolute`, {
        hint: 'write it relative to wirebench.config, so that it means the same in every checkout',
      });
    }
    const place = path.resolve(directory, given);
    const stats = statSync(place, { throwIfNoEntry: false });
    if (stats === undefined) {
      throw new UserError(`cannot load the ${what} ${quote(given)}: there is no such file or directory`, {
        hint: 'paths in wirebench.config are relative to its own directory',
      });
    }
    return stats.isDirectory() ? listDirectory({ what, given, place, others }) : [{ what, path: place, shown: given }];
  });
  const named = files.map((file) => {
    const extension = extensions.find((known) => file.path.endsWith(known));
    if (extension === undefined) {
      throw new UserError(`cannot load the ${what} ${quote(file.shown)}: it is no ${extensions.join(', ')} file`, {
        hint: 'name a module, or a directory of modules',
      });
    }
    const id = path.basename(file.path, extension);
    if (!idPattern.test(id)) {
      throw new UserError(`cannot load the ${what} ${quote(file.shown)}: its name cannot be an id`, {
        hint: 'name the file with letters, digits, dots, hyphens and underscores',
      });
    }
    return { ...file, id };
  });
  // A file that is named itself and lies in a directory that is named, too, is one file.
  return [...new Map(named.map((file) => [file.path, file])).values()];
}

function listDirectory(request: {
  what: string;
  given: string;
  place: string;
  others: readonly string[];
}): Omit<OwnFile, 'id'>[] {
  const { what, given, place, others } = request;
  const modules = listModules(pathToFileURL(place + path.sep)).map(({ url }) =>
    path.basename(decodeURIComponent(new URL(url).pathname)),
  );
  const rest = readdirSync(place).filter((name) => others.some((extension) => name.endsWith(extension)));
  const names = [...modules, ...rest].toSorted();
  if (names.length === 0) {
    throw new UserError(`cannot load ${what}s from ${quote(given)}: the directory has none`, {
      hint: `put a module into it, or take it out of wirebench.config`,
    });
  }
  return names.map((name) => ({ what, path: path.join(place, name), shown: path.join(given, name) }));
}

/** @throws {UserError} where two files have one id. */
export function refuseDoubles(files: readonly OwnFile[]): void {
  for (const [index, file] of files.entries()) {
    const first = files.slice(0, index).find(({ id }) => id === file.id);
    if (first === undefined) continue;
    throw new UserError(`two ${file.what}s have the id '${file.id}': ${quote(first.shown)} and ${quote(file.shown)}`, {
      hint: 'give one of the files another name, which is its id',
    });
  }
}

export function cannotUse(
  file: OwnFile,
  { why, hint, cause }: { why: string; hint: string; cause?: unknown },
): UserError {
  return new UserError(`cannot use the ${file.what} ${quote(file.shown)}: ${why}`, { hint, cause });
}

export function quote(name: string): string {
  return `'${showText(name)}'`;
}
