/**
 * Runs a command line in-process with writers of its own, as tests need it.
 */
import { runCli } from '../../src/cli/run-cli.ts';
import type { ExitCode } from '../../src/user-error.ts';

export interface Invocation {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param options.signal stands for Ctrl-C when aborted;
 * @param options.env is all of the environment that the command sees;
 * @param options.ask stands for the person at a terminal, without which there is none.
 */
export async function invoke(
  argv: readonly string[],
  options: {
    cwd?: string;
    signal?: AbortSignal;
    env?: Record<string, string>;
    ask?: (question: string) => Promise<boolean>;
  } = {},
): Promise<Invocation> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
    ...(options.ask === undefined ? {} : { ask: options.ask }),
  });
  return { code, stdout, stderr };
}

/** The arguments of a command line without quotes. */
export function words(line: string): string[] {
  return line.split(' ');
}
