/**
 * The example projects as tests use them: where they lie, what they ask for, and how their programs are started.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { execa } from 'execa';

/** The checkout. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

const preload = `--import=${pathToFileURL(fileURLToPath(new URL('resolve-wirebench.ts', import.meta.url))).href}`;

/** For `node` and everything that it starts: `wirebench` is this checkout. */
export const preloaded: Readonly<Record<string, string>> = { NODE_OPTIONS: preload };

export interface Manifest {
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Directory of an example. */
export function directoryOf(example: string): string {
  return path.join(root, 'examples', example);
}

export function readManifestOf(example: string): Manifest {
  return JSON.parse(readFileSync(path.join(directoryOf(example), 'package.json'), 'utf8')) as Manifest;
}

/** Packages that an example's modules import, by name, sorted. */
export function importedPackages(example: string): string[] {
  const directory = directoryOf(example);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('node_modules'),
  );
  const text = files.map((name) => readFileSync(path.join(directory, name), 'utf8')).join('\n');
  const specifiers = [...text.matchAll(/\b(?:from|import) '([^'.][^']*)'/g)].map((match) => match[1] ?? '');
  return [...new Set(specifiers.filter((name) => !name.startsWith('node:')).map(packageOf))].toSorted();
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** A command line of `wirebench` in an example's directory. @returns its standard output. */
export async function wirebenchIn(example: string, argv: readonly string[]): Promise<string> {
  const main = path.join(root, 'src/cli/main.ts');
  const { stdout } = await execa(process.execPath, [main, ...argv], {
    cwd: directoryOf(example),
    env: { ...preloaded, NO_COLOR: '1' },
  });
  return stdout;
}

/** Keys of the cells that the gate would measure in an example. */
export async function planGateOf(example: string): Promise<string[]> {
  const program = fileURLToPath(new URL('plan-gate.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, [program, directoryOf(example)], { env: preloaded });
  return stdout.split('\n');
}
