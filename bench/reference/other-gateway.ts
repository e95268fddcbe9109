/**
 * A gateway that is not ours, measured by `wirebench http --url --mcp`: mcp-proxy (MIT), which stands in front of one of
 * our servers; and the same server asked directly.
 *
 * `pnpm bench:other-gateway --record` installs it in a temporary directory, runs none of its install scripts, and stores
 * the run of each below `--out`; without `--record` it shows the stored reports. `--quick` is a trial.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { type Child, hasSucceeded, runToEnd, startChild } from '../../src/process/child.ts';
import { childEnvironment } from '../../src/process/child-environment.ts';
import { describeDeath } from '../../src/process/death.ts';
import { makeScratchDirectory } from '../../src/process/scratch-directory.ts';

const gateway = { name: 'mcp-proxy', version: '6.7.19', program: 'dist/bin/mcp-proxy.mjs' };
/** What stands behind it: as many tools as a server of some size has, and small answers. */
const server = ['--kind', 'benchmark', '--tools', '50', '--tool-size', '100'];
const host = '127.0.0.1';
/** Many times what it takes, over a slow line too. */
const installLimitMs = 300_000;
const startLimitMs = 60_000;
const lookMs = 100;

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    // Reports call a server by its address, so that it is the same each time.
    port: { type: 'string', default: '8931' },
    out: { type: 'string', default: path.join('results', 'reference', 'other-gateway') },
  },
});
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const url = `http://${host}:${values.port}/mcp`;
const front = ['--host', host, '--port', values.port, '--server', 'stream', '--'];
/** Folder below `--out` of each, and the command that starts it. */
const sides: Readonly<Record<string, (installed: string) => [string, ...string[]]>> = {
  directly: () => [process.execPath, main, 'servers', '--count', '1', '--start-port', values.port, ...server],
  [gateway.name]: (installed) => [
    process.execPath,
    path.join(path.dirname(createRequire(`${installed}/`).resolve(`${gateway.name}/package.json`)), gateway.program),
    ...front,
    process.execPath,
    main,
    'servers',
    '--stdio',
    ...server,
  ],
};

if (values.record) await record();
for (const side of Object.keys(sides)) show(side);

async function record(): Promise<void> {
  const scratch = makeScratchDirectory({ purpose: 'gateway' });
  try {
    await install(scratch.path);
    for (const [side, commandOf] of Object.entries(sides)) await measure(side, commandOf(scratch.path));
  } finally {
    scratch.remove();
  }
}

async function install(directory: string): Promise<void> {
  const options = ['--prefix', directory, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  const ended = await runToEnd({
    command: ['npm', 'install', ...options, `${gateway.name}@${gateway.version}`],
    env: process.env,
    cwd: directory,
    timeLimitMs: installLimitMs,
  });
  if (!hasSucceeded(ended)) throw new Error(`npm ${describeDeath(ended)}`);
}

async function measure(side: string, command: [string, ...string[]]): Promise<void> {
  // Its code is not ours.
  const serving = startChild({ command, env: childEnvironment(process.env), talksOver: 'nothing' });
  try {
    await untilListening(serving, side);
    const options = ['--url', url, '--mcp', '--write', '--out', path.join(values.out, side)];
    const measuring = startChild({
      command: [process.execPath, main, 'http', ...options, ...(values.quick ? ['--quick'] : [])],
      env: process.env,
      talksOver: 'nothing',
      onStderr: (text) => process.stderr.write(text),
    });
    const ended = await measuring.ended;
    if (!hasSucceeded(ended)) throw new Error(`wirebench http ${describeDeath(ended)}`);
  } finally {
    await serving.kill();
  }
}

/** Until it answers anything at all. */
async function untilListening(serving: Child, side: string): Promise<void> {
  const untilMs = performance.now() + startLimitMs;
  const gone = serving.ended.then((ended) => {
    throw new Error(`${side} ${describeDeath(ended)}`);
  });
  const listening = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const answered = await fetch(url, { method: 'DELETE' }).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await delay(lookMs);
    }
    throw new Error(`${side} does not listen on port ${values.port}`);
  };
  // It is told of its end later as well, when nobody waits for it any more.
  gone.catch(() => {});
  await Promise.race([listening(), gone]);
}

function show(side: string): void {
  const report = path.join(values.out, side, 'report.md');
  const text = existsSync(report)
    ? readFileSync(report, 'utf8')
    : `Nothing is recorded of ${side} yet: pnpm bench:other-gateway --record\n`;
  process.stdout.write(text);
}
