/**
 * Commands in documents can be called as they are written: their scripts, commands and options exist.
 */
import { describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { invoke } from '../cli/invoke.ts';
import { codeOf, documents, readDocument, withoutGenerated } from './read-documents.ts';

const scripts = packageJson.scripts as Readonly<Record<string, string>>;

/** The program's command behind `bench:json`, or none where a script is something else. */
function commandOfScript(script: string): string | undefined {
  return /^node src\/cli\/main\.ts ([a-z]+)/.exec(scripts[script] ?? '')?.[1];
}

interface Call {
  readonly command: string;
  readonly options: readonly string[];
}

/** What a piece of code calls of this program, if anything: by a script, by `wirebench`, or by the file. */
function readCall(code: string): Call | undefined {
  const [, rest = ''] =
    /(?:^|[/\s])(?:wirebench(?:@[\d.]+)?|main\.ts|(?=bench:|load:|(?:gateway|servers|stack|hey|tune|users)\b))\s*(.*)$/.exec(
      code,
    ) ?? [];
  const [name = ''] = rest.split(/\s/);
  const command = commandOfScript(name) ?? name;
  if (!/^[a-z]+$/.test(command)) return undefined;
  // What stands behind a pipe, a comment or `--` is somebody else's.
  const [own = ''] = rest.split(/\s(?:--|[|#&;>])(?:\s|$)/);
  return { command, options: own.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [] };
}

const known = new Map<string, Set<string>>();
async function optionsOf(command: string): Promise<Set<string> | undefined> {
  const found = known.get(command);
  if (found !== undefined) return found;
  const { stdout } = await invoke([command, '--help']);
  // For a name that is none the program shows the help of all.
  if (!stdout.startsWith(`Usage: wirebench ${command} `)) return undefined;
  const options = new Set(stdout.match(/--[a-z][a-z-]*/g));
  known.set(command, options);
  return options;
}

async function problemsOf(code: string): Promise<string[]> {
  const call = readCall(code);
  if (call === undefined) return [];
  const options = await optionsOf(call.command);
  if (options === undefined) return [`there is no command in: ${code}`];
  return call.options.filter((option) => !options.has(option)).map((option) => `${option} in: ${code}`);
}

/** Options of other programs that documents name without a command before them. */
const ofOthers = new Set(['--expose-gc', '--inspect-brk', '--project', '--autostart', '--autoquit']);

describe('code in documents', () => {
  const code = documents.flatMap((file) => codeOf(withoutGenerated(readDocument(file))));

  it('calls commands with options that they have', async () => {
    expect(code.filter((piece) => readCall(piece) !== undefined).length).toBeGreaterThan(30);
    const problems: string[] = [];
    for (const piece of code) problems.push(...(await problemsOf(piece)));
    expect(problems).toEqual([]);
  });

  it('names options that some command has', async () => {
    const commands = [...new Set(code.flatMap((piece) => readCall(piece)?.command ?? []))];
    const all = new Set<string>(ofOthers);
    for (const command of commands) for (const option of (await optionsOf(command)) ?? []) all.add(option);
    const named = code.flatMap((piece) => piece.match(/^--[a-z][a-z-]*/) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((option) => !all.has(option))).toEqual([]);
  });

  it.each([
    ['npx -y pnpm@12 bench:json --quikc', '--quikc in: npx -y pnpm@12 bench:json --quikc'],
    ['npx wirebench choose --adr x --colour', '--colour in: npx wirebench choose --adr x --colour'],
    ['npx wirebench chose', 'there is no command in: npx wirebench chose'],
  ])('would be found wrong: %s', async (piece, problem) => {
    expect(await problemsOf(piece)).toEqual([problem]);
  });

  it.each(['npx -y pnpm@12 bench:record -- npx a --b', 'wirebench gate --base main | head --lines 1 # --c', 'git log'])(
    'leaves to other programs what is theirs: %s',
    async (piece) => {
      expect(await problemsOf(piece)).toEqual([]);
    },
  );
});
