/**
 * What a command of the CLI is: one file under commands/, found by listing that directory.
 *
 * Only src/cli knows argv, console and exit codes; a command gets them as `Io`, so that tests run it in-process.
 */
import type { Command, OptionValues } from '@commander-js/extra-typings';

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
  /** Asks a person what is answered by yes or no; absent where nobody sits at a terminal. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** What a command gets: its options and arguments as commander parsed them, and how the program was called. */
interface Call<Args extends unknown[], Options extends OptionValues> {
  readonly options: Options;
  readonly args: Args;
  /** Everything as it was typed, the command's name first. */
  readonly argv: readonly string[];
  /** Names of the options that were given and did not come from a default. */
  readonly given: ReadonlySet<string>;
}

interface CommandDefinition<Args extends unknown[], Options extends OptionValues> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** True where it changes files of this project itself; an installed package does not offer it. */
  readonly needsCheckout?: true;
  /** Declares arguments and options on an empty commander command; their types are those that `run` gets. */
  readonly declare: (command: Command) => Command<Args, Options>;
  /** Does the work. @throws {UserError} for every expected failure. */
  readonly run: (call: Call<Args, Options>, io: Io) => Promise<ExitCode>;
}

/** One command of the CLI, whatever its options are; the file's name is the command's name. */
export interface CliCommand {
  readonly needsCheckout: boolean;
  /**
   * Adds it to the program under a name.
   * @param invocation.argv the arguments after the program's name.
   * @param invocation.onExit told the exit code where this was the command that was called and it ended by itself.
   */
  readonly addTo: (
    program: Command,
    name: string,
    invocation: { argv: readonly string[]; io: Io; onExit: (code: ExitCode) => void },
  ) => void;
}

/** The options that a function declares, for whatever else of a command takes them. */
export type OptionsOf<Declare extends (command: Command) => unknown> =
  ReturnType<Declare> extends Command<infer _Args, infer Options> ? Options : never;

/** Makes a command of its declaration, which infers what `run` gets. */
export function defineCommand<Args extends unknown[], Options extends OptionValues>(
  definition: CommandDefinition<Args, Options>,
): CliCommand {
  return {
    needsCheckout: definition.needsCheckout === true,
    addTo(program, name, { argv, io, onExit }) {
      const command = definition.declare(program.command(name).description(definition.summary));
      command.action(async () => {
        const options = command.opts();
        const given = new Set(Object.keys(options).filter((option) => command.getOptionValueSource(option) === 'cli'));
        onExit(await definition.run({ options, args: command.processedArgs, argv, given }, io));
      });
    },
  };
}
