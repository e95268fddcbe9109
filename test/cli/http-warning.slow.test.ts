/**
 * `wirebench http` looks at the machine before it begins: in a process with few descriptors it says so, and goes on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

it.skipIf(process.platform !== 'linux')('warns of a load that the machine cannot carry, and begins it', async () => {
  const out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  const http = ['http', '--quick', '--scenario', 'rpc-tool-call', '--serializer', 'json-stringify', '--out', out];
  // Enough to start with, and fewer than its connections need beside everything else.
  const child = spawn('sh', ['-c', 'ulimit -n 400 && exec "$0" "$@"', process.execPath, main, ...http], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(out, { recursive: true, force: true });
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.includes('% done')) child.kill('SIGINT');
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect(lines[0]).toMatch(
    /^wirebench: a process may open 400 files and connections here, and 10 connections need \d+;/,
  );
  expect(lines.join('\n')).toContain('% done');
  expect(child.exitCode).toBe(130);
});
