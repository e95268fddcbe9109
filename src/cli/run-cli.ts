/**
 * One command line: finds the commands under commands/, parses arguments, maps failures to exit codes.
 *
 * Takes its writers as arguments, so that tests run it in-process; main.ts gives it those of the process.
 */
import { Command, CommanderError } from '@commander-js/extra-typings';

import { showLines } from '../foreign-text.ts';
import { importModules, isInstalled, readManifest } from '../own-files.ts';
import type { ExitCode } from '../user-error.ts';
import { UserError } from '../user-error.ts';
import type { CliCommand, Io, Writer } from './command.ts';

const commandsDirectory = new URL('commands/', import.meta.url);

/**
 * Runs one command line.
 * @param argv the arguments after the program's name.
 * @returns the exit code: 0 done, 1 regression or strict failure, 2 could not run, 3 inconclusive, 130 interrupted.
 */
export async function runCli(argv: readonly string[], process: Io): Promise<ExitCode> {
  const io: Io = { ...process, stderr: withoutControls(process.stderr) };
  let exitCode: ExitCode = 0;
  const program = new Command('wirebench')
    .description('Trustworthy JSON serialization benchmarks for gateways.')
    .version(readManifest().version, '-v, --version')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'wirebench: ')),
      getOutHelpWidth: () => io.stdout.columns ?? defaultColumns,
      getErrHelpWidth: () => io.stderr.columns ?? defaultColumns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done or pass, 1 regression or --strict failure, 2 could not run, 3 inconclusive, 130 interrupted.',
    );

  const onExit = (code: ExitCode): void => {
    exitCode = code;
  };
  for (const [name, command] of await loadCommands(argv)) command.addTo(program, name, { argv, io, onExit });

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

/**
 * Whatever is told on stderr may quote files, servers and modules: no character of theirs reaches a terminal as a
 * command.
 */
function withoutControls(stderr: Writer): Writer {
  return {
    write: (text) => stderr.write(showLines(text)),
    get isTTY() {
      return stderr.isTTY ?? false;
    },
    get columns() {
      return stderr.columns ?? defaultColumns;
    },
    withControls: stderr,
  };
}

/** Where nobody knows the width. */
const defaultColumns = 100;

function explain(error: unknown, io: Io): ExitCode {
  // commander has written its own message; help and version end with 0, everything else is a usage error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    io.stderr.write(`wirebench: ${error.message}${hint}\n`);
    return error.code;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`wirebench: a bug in wirebench: ${text}\n`);
  return 2;
}

/**
 * Only the command that is called, since what the others import takes longer than a short command; all of them for
 * anything else, such as help.
 */
async function loadCommands([name]: readonly string[]): Promise<[string, CliCommand][]> {
  const called = name === undefined ? [] : await importModules<CliCommand>(commandsDirectory, name);
  const modules = called.length > 0 ? called : await importModules<CliCommand>(commandsDirectory);
  return modules
    .filter(({ content }) => !isInstalled || !content.needsCheckout)
    .map(({ id, content }) => [id, content]);
}
