/**
 * Shows that the gate is alive: an injected slowdown fails, identical sides pass, a corrupt baseline is refused.
 *
 * The last of the slow tests (`pnpm gate:canary`), as whole commands on the checkout's own HEAD. It measures, hence no test: a
 * wide tolerance keeps chance out of it. Deliberately absent: any speed of this machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cell = [
  '--suite',
  'serialize',
  '--contender',
  'json-stringify',
  '--payload',
  'tools',
  '--items',
  '100',
  '--variant',
  'text',
  '--sink',
  'bytes',
];

interface Check {
  readonly what: string;
  readonly args: readonly string[];
  readonly exitCode: number;
}

const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-canary-'));
try {
  const corrupt = path.join(directory, 'corrupt.json');
  writeFileSync(corrupt, '{"schemaVersion":1,"cells":[');
  const sides = [
    '--base',
    'HEAD',
    '--head',
    'HEAD',
    '--tolerance',
    '5%',
    ...cell,
    '--out',
    path.join(directory, 'gate'),
  ];
  const checks: Check[] = [
    { what: 'a corrupt baseline is refused', args: ['--baseline', corrupt], exitCode: 2 },
    { what: 'a slowdown of 15% fails', args: [...sides, '--inject-slowdown', '0.15'], exitCode: 1 },
    { what: 'identical sides pass', args: sides, exitCode: 0 },
  ];
  for (const check of checks) {
    if (!(await holds(check))) process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function holds({ what, args, exitCode }: Check): Promise<boolean> {
  const result = await execa(process.execPath, ['src/cli/main.ts', 'gate', ...args], {
    cwd: root,
    reject: false,
    all: true,
  });
  const isRight = result.exitCode === exitCode;
  process.stdout.write(`canary: ${what}: exit code ${result.exitCode}${isRight ? '' : `, not ${exitCode}`}\n`);
  if (!isRight) process.stdout.write(`${result.all}\n`);
  return isRight;
}
