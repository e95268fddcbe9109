#!/usr/bin/env node
/**
 * The `wirebench` program: hands the process' arguments, streams and signals to `runCli`, and its answer back.
 *
 * The only module that touches `process`; it has no exports, so that nothing imports it. The rest is imported only on
 * a Node.js that can run it: on another one the imports alone would end in a stack of somebody else's.
 */
import { isSupportedNode, supportedNodes } from './node-version.ts';

if (!isSupportedNode(process.versions.node)) {
  process.stderr.write(
    `wirebench: Node.js ${process.versions.node} cannot run wirebench: it needs ${supportedNodes}; install one of these\n`,
  );
  process.exit(2);
}
const { runCli } = await import('./run-cli.ts');
const { Diagnostics, Report } = await import('./output.ts');
const { askPerson } = await import('./ask.ts');

/** Milliseconds that a reader has for what is left of the output when the program ends; arbitrary. */
const lastWordsMs = 1_000;

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first signal lets the command save and report; a second one means it.
    if (abort.signal.aborted) {
      // A progress bar has hidden the cursor and lets no line wrap.
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\u001B[?7h');
      process.exit(130);
    }
    abort.abort(signal);
  });
}
const stdout = new Report(process.stdout);
const stderr = new Diagnostics(process.stderr);
const exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
  ...(process.stdin.isTTY && process.stderr.isTTY
    ? {
        ask: (question: string) =>
          askPerson({ question, input: process.stdin, output: process.stderr, signal: abort.signal }),
      }
    : {}),
});
// A person may read a long report for as long as they like, but not after they have asked the program to end.
await stdout.settle(abort.signal.aborted ? lastWordsMs : undefined);
const { failure } = stdout;
if (failure !== undefined)
  stderr.write(
    `wirebench: cannot write to stdout: ${failure.message}; see that there is room, or write somewhere else\n`,
  );
process.exitCode = failure !== undefined && exitCode === 0 ? 2 : exitCode;
await stderr.settle(lastWordsMs);
// Nothing is left to do, and whatever nobody reads would keep the process for ever.
if (process.stderr.writableLength > 0 || (abort.signal.aborted && process.stdout.writableLength > 0)) process.exit();
