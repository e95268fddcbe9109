/**
 * The tutorial as somebody new goes through it, in empty directories, with the packages as they would be published: what
 * is typed, what comes, and how long it takes.
 *
 * `pnpm bench:tutorial` records all chapters anew; pages show them by the recording alone.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { TranscriptStep } from '../../src/model/transcript.ts';
import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { chapters } from './tutorial/chapters.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = path.join(root, 'results', 'tutorial');
const place = mkdtempSync(path.join(tmpdir(), 'wirebench-tutorial-'));

try {
  await pack(root, 'wirebench.tgz');
  await pack(path.join(root, 'packages', 'serializer'), 'json-response-serializer.tgz');
  const steps: TranscriptStep[] = [];
  for (const { name, commands } of chapters) {
    const directory = path.join(place, name);
    mkdirSync(directory);
    for (const command of commands) {
      process.stderr.write(`${name}: ${command}\n`);
      steps.push(await take(name, command, directory));
    }
  }
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'steps.jsonl'), steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Into a file beside the chapters' directories. */
async function pack(directory: string, name: string): Promise<void> {
  const command = ['npx', '-y', 'pnpm@12', '--dir', directory, 'pack', '--out', path.join(place, name)] as const;
  const packed = await runToEnd({ command, env: process.env });
  if (!hasSucceeded(packed)) throw new Error(packed.output);
}

async function take(chapter: string, command: string, cwd: string): Promise<TranscriptStep> {
  const startedMs = performance.now();
  const { end, output } = await runToEnd({ command: ['bash', '-c', command], env: environment(), cwd });
  return {
    chapter,
    command,
    output: readable(output),
    exitCode: end.how === 'exited' ? end.exitCode : 1,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
  };
}

/** None of the programs of this checkout, except the Node.js that runs it. */
function environment(): Record<string, string | undefined> {
  const others = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(root));
  const PATH = [path.dirname(process.execPath), ...others].join(path.delimiter);
  return { ...process.env, PATH, NO_COLOR: '1', npm_config_audit: 'false', npm_config_fund: 'false' };
}

/** Without the directory of this machine, progress that is overwritten, and empty lines at both ends. */
function readable(output: string): string {
  return output
    .replaceAll(place, '~')
    .split('\n')
    .map((line) => line.split('\r').at(-1) ?? '')
    .filter((line) => !/^wirebench: \d+% done/.test(line))
    .join('\n')
    .trim();
}
