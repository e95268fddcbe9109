/**
 * What a command of the CLI is: one file under commands/, found by listing that directory.
 *
 * Only src/cli knows argv, console and exit codes; a command gets them as `Io`, so that tests run it in-process.
 */
import type { Command } from 'commander';

import type { Surroundings } from '../model/surroundings.ts';
import type { ExitCode } from '../user-error.ts';

/** Where a command writes; `process.stdout` fits, and so does a test's array of strings. */
export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Takes the program's own control codes, where `write` keeps those of others out. */
  readonly withControls?: Writer;
}

/** Everything of the process that a command may touch. */
export interface Io extends Surroundings {
  /** The report. */
  readonly stdout: Writer;
  /** Progress and warnings. */
  readonly stderr: Writer;
}

/** One command of the CLI; the file's name is the command's name. */
export interface CliCommand {
  /** One line for the list of commands. */
  readonly summary: string;
  /** True where it changes files of this project itself; an installed package does not offer it. */
  readonly needsCheckout?: true;
  /** Declares arguments and options on an empty commander command. */
  configure(command: Command): void;
  /**
   * Does the work.
   * @param parsed.options as commander parsed them; @param parsed.args the command's positional arguments;
   * @param parsed.argv everything as it was typed, the command's name first; @param parsed.given names of the options that
   * were given and did not come from a default.
   * @throws {UserError} for every expected failure.
   */
  run(
    parsed: { options: Record<string, unknown>; args: string[]; argv: readonly string[]; given: ReadonlySet<string> },
    io: Io,
  ): Promise<ExitCode>;
}
