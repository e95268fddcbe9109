/**
 * Finds out before a long session whether its files can be written where they are to be.
 */
import { accessSync, constants, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { UserError } from '../user-error.ts';

/**
 * Makes the directory where it is missing.
 *
 * A working tree may hold links that a change brought, and a report written through one would replace another file.
 * @param request.out as it was typed, relative to `cwd`. @param request.isUsual true where the user did not name it;
 *   one that the user names may lie anywhere. @param request.files names of what will be written.
 * @throws {UserError} where it cannot be written, the usual one leads elsewhere, or one of the files is a link.
 */
export function openOutputDirectory(request: {
  cwd: string;
  out: string;
  isUsual: boolean;
  files: readonly string[];
}): void {
  const { cwd, out, isUsual, files } = request;
  const directory = path.resolve(cwd, out);
  const hint = 'choose another directory with --out';
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new UserError(`cannot write to ${directory}: ${(error as Error).message}`, { hint, cause: error });
  }
  if (isUsual && path.relative(realpathSync(cwd), realpathSync(directory)) !== out)
    throw new UserError(`cannot write to ${out}: it is a link that leads elsewhere`, {
      hint: `delete the link, or ${hint}`,
    });
  for (const name of files) {
    if (lstatSync(path.join(directory, name), { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new UserError(`cannot write ${path.join(out, name)}: it is a link`, { hint: `delete the link, or ${hint}` });
  }
}
