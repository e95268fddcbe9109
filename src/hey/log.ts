/**
 * The file that a load leaves behind: its settings and its report, without secrets, whole or not at all.
 */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

import { writeNewText, writeText } from '../store/write-file.ts';
import { UserError } from '../user-error.ts';

const hint = 'choose another file with -l';

/** The name of a log where none is given: `hey-20261129_014502.log`, of the local time. */
export function logNameOf(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${moment.getFullYear()}${two(moment.getMonth() + 1)}${two(moment.getDate())}`;
  return `hey-${date}_${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}.log`;
}

/**
 * Finds out before the load whether its log can be written.
 * @param file absolute.
 * @throws {UserError} where there is no such directory, or nothing can be written there.
 */
export function checkLogPlace(file: string): void {
  const directory = path.dirname(file);
  const fail = (reason: string): never => {
    throw new UserError(`cannot write the log ${JSON.stringify(file)}: ${reason}`, { hint });
  };
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) fail('there is no such directory');
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) fail('it is a directory');
  try {
    accessSync(directory, constants.W_OK);
  } catch {
    fail('nothing can be written there');
  }
}

/**
 * Writes a log that the user has named, in place of an earlier one.
 * @throws {UserError} where the disk does not take it.
 */
export function writeLog(file: string, text: string): void {
  writeText(file, text, { hint, noun: 'the log' });
}

/**
 * Writes a log under a name that nobody has chosen, and never in place of another one.
 * @returns the name, with a number where the second has a log already.
 * @throws {UserError} where the disk does not take it.
 */
export function writeNewLog(file: string, text: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? file : file.replace(/\.log$/, `-${number}.log`);
    if (writeNewText(name, text, { hint, noun: 'the log' })) return name;
  }
}
