/**
 * JSON files with a version and a schema: checked both ways, read again once written; what run.json and gate.json
 * share.
 *
 * A reader refuses what it does not know rather than guessing: a foreign file, a newer version, a damaged one.
 */
import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { UserError } from '../user-error.ts';
import { showText } from '../foreign-text.ts';
import { describeProblem } from './problems.ts';
import { writeNewText, writeText } from './write-file.ts';

/** One kind of file: how it is told from others, and what a user is told about it. */
interface VersionedFileKind<T = unknown> {
  /** What the file holds, in the singular, e.g. `run`. */
  readonly noun: string;
  /** The field that holds the version, e.g. `schemaVersion`; a file without it is foreign. */
  readonly versionField: string;
  readonly knownVersions: readonly number[];
  readonly schema: object;
  /**
   * What to do where the file is missing, foreign, or neither known nor whole, and where it cannot be written unless
   * that is to choose another directory; imperatives without a full stop.
   */
  readonly hints: {
    readonly missing: string;
    readonly foreign: string;
    readonly again: string;
    readonly unwritable?: string;
  };
  /**
   * What no schema can say, such as names that have to agree: the place and what is wrong there; `undefined` where all
   * is well.
   */
  findProblem?(content: T): string | undefined;
  /** The content as JSON text; one value a line where left out. */
  layOut?(content: T): string;
}

interface VersionedFile<T> {
  /** @throws {UserError} where the file is missing, is not JSON, is of another version or breaks the schema. */
  read(file: string): T;
  /**
   * Writes the file and reads it again, so that whoever comes back from here may drop what it was made of.
   * @returns the file's path.
   * @throws {UserError} where the file cannot be written, or is another one when it is read.
   * @throws {Error} where the content breaks its own schema, which is a bug.
   */
  write(file: string, content: T): string;
  /** The same for a name that must be new. @returns false where there is such a file, which stays as it is. */
  writeNew(file: string, content: T): boolean;
}

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: false });
addFormats.default(ajv);

/** Compiles the schema once for all files of the kind. */
export function defineVersionedFile<T>(kind: VersionedFileKind<T>): VersionedFile<T> {
  const validate = ajv.compile<T>(kind.schema);
  const problemOf = (content: unknown): string | undefined =>
    validate(content) ? kind.findProblem?.(content) : describeProblem(validate.errors);
  function read(file: string): T {
    const content = parseJson(file, kind);
    checkVersion(file, { content, kind });
    const problem = problemOf(content);
    if (problem === undefined) return content as T;
    throw new UserError(`cannot read ${file}: ${problem}`, {
      hint: `the file was changed or is damaged; ${kind.hints.again}`,
    });
  }
  function toText(content: T): string {
    const problem = problemOf(content);
    if (problem !== undefined) throw new Error(`the ${kind.noun} breaks its own schema: ${problem}`);
    return `${kind.layOut?.(content) ?? JSON.stringify(content, null, 1)}\n`;
  }
  const { unwritable } = kind.hints;
  const writing = unwritable === undefined ? {} : { hint: unwritable };
  function readBack(file: string, text: string): void {
    if (readText(file, kind.hints.again) === text) {
      read(file);
      return;
    }
    throw new UserError(`cannot write ${file}: what is read there is not what was written`, {
      hint: `see whether the disk is sound, or ${unwritable ?? 'choose another directory'}`,
    });
  }
  return {
    read,
    write(file, content) {
      const text = toText(content);
      writeText(file, text, writing);
      readBack(file, text);
      return file;
    },
    writeNew(file, content) {
      const text = toText(content);
      if (!writeNewText(file, text, writing)) return false;
      readBack(file, text);
      return true;
    },
  };
}

function parseJson(file: string, { hints }: Pick<VersionedFileKind, 'hints'>): unknown {
  const text = readText(file, hints.missing);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`cannot read ${file}: it is not JSON: ${showText((error as Error).message)}`, {
      hint: `the file is damaged; ${hints.again}`,
      cause: error,
    });
  }
}

function readText(file: string, hint: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, { hint, cause: error });
  }
}

function checkVersion(
  file: string,
  { content, kind }: { content: unknown; kind: Omit<VersionedFileKind, 'layOut' | 'findProblem'> },
): void {
  const { noun, versionField, knownVersions, hints } = kind;
  const version = (content as Record<string, unknown> | null)?.[versionField];
  if (version === undefined) {
    throw new UserError(`cannot read ${file}: it is not a ${noun} file, it has no ${versionField}`, {
      hint: hints.foreign,
    });
  }
  if (!knownVersions.includes(version as number)) {
    throw new UserError(
      `cannot read ${file}: its ${versionField} is ${showText(JSON.stringify(version))}, this version of wirebench knows ${knownVersions.join(', ')}`,
      { hint: `${hints.again}, or read it with the wirebench that wrote it` },
    );
  }
}
