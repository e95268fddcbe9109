/**
 * The serializers under several versions of Node.js, Bun and Deno: a run a runtime, one round of each in turn, so that a
 * slow quarter of an hour falls upon all of them alike.
 *
 * `pnpm bench:runtimes` adds to the runs in --out what they lack of --rounds; what is asked for beyond that is handed to
 * `wirebench run`, as in `pnpm bench:runtimes -- --payload tools --items 10,1000`. Ctrl-C keeps every whole round.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { describeDeath } from '../../src/process/death.ts';

/** By the folder that keeps its run; those of Node.js are the lines that get security fixes today, and the newest. */
const runtimes: Readonly<Record<string, readonly string[]>> = {
  'node-22': ['--runtime', 'node@22'],
  'node-24': ['--runtime', 'node@24'],
  'node-26': [],
  bun: ['--runtime', 'bun'],
  deno: ['--runtime', 'deno'],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: path.join('results', 'reference', 'runtimes') },
    rounds: { type: 'string', default: '5' },
  },
});
const asked = positionals.length > 0 ? positionals : ['--suite', 'serialize', '--payload', 'tools'];
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const [name, runtime] of Object.entries(runtimes)) {
    const out = path.join(values.out, name);
    const measured = countRounds(path.join(out, 'run.json'));
    if (measured >= round) continue;
    process.stderr.write(`round ${round} of ${values.rounds}: ${name}\n`);
    await measure(
      measured === 0 ? [...runtime, ...asked, '--forks', '1', '--out', out] : ['--more', '1', '--out', out],
    );
  }
}

/** As the run was asked for; 0 where there is none yet. */
function countRounds(file: string): number {
  if (!existsSync(file)) return 0;
  const { plan } = JSON.parse(readFileSync(file, 'utf8')) as { plan?: { forks?: number } };
  return plan?.forks ?? 0;
}

async function measure(options: readonly string[]): Promise<void> {
  const { signal } = interruption;
  const result = await runToEnd({ command: [process.execPath, main, 'run', ...options], env: process.env, signal });
  if (hasSucceeded(result)) return;
  if (signal.aborted) process.exit(130);
  throw new Error(`wirebench run ${options.join(' ')} ${describeDeath(result)}: ${result.stderr}`);
}
