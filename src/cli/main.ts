#!/usr/bin/env node
/**
 * The `wirebench` program: hands the process' arguments, streams and signals to `runCli`, and its answer back.
 *
 * The only module that touches `process`; it has no exports, so that nothing imports it. The rest is imported only on
 * a Node.js that can run it: on another one the imports alone would end in a stack of somebody else's.
 */
import { isSupportedNode, supportedNodes } from './node-version.ts';

if (!isSupportedNode(process.versions.node)) {
  process.stderr.write(`wirebench: Node.js ${process.versions.node} cannot run wirebench: it needs ${supportedNodes}; install one of these\n`);
  process.exit(2);
}
const { runCli } = await import('./run-cli.ts');

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first signal lets the command save and report; a second one means it.
    if (abort.signal.aborted) process.exit(130);
    abort.abort(signal);
  });
}
// A reader such as `head` may close the pipe early; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
});
