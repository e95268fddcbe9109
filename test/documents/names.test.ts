/**
 * What documents and comments name exists: files of this project, its scripts, and the program's commands.
 */
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { documents, root } from './read-documents.ts';

/** What commands write by default, and files of a user's own project. */
const made = [
  /^results\/(?:latest|gate|choose|http)\//,
  /^bench\/(?:our-serializer\.ts|orders\.json|payloads\/response\.ts)$/,
];

const sources = globSync(['src/**/*.ts', 'bench/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: root });

/** Of a module the comments only, since its code builds paths of its own. */
function proseOf(file: string): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  return file.endsWith('.ts')
    ? text
        .split('\n')
        .filter((line) => /^\s*(?:\*|\/\/|\/\*\*)/.test(line))
        .join('\n')
    : text;
}

function found(files: readonly string[], pattern: RegExp): { file: string; name: string }[] {
  return files.flatMap((file) => [...proseOf(file).matchAll(pattern)].map(([, name = '']) => ({ file, name })));
}

it('every file that is named exists', () => {
  const named = found(
    [...documents, ...sources],
    /(?<![\w/.@:-])((?:src|test|bench|fixtures|results|examples)\/[\w./-]+\.(?:ts|md|json|py|mjs|js|yml|html))\b/g,
  );
  expect(named.length).toBeGreaterThan(30);
  const places = ({ file, name }: { file: string; name: string }): string[] => [
    path.join(root, name),
    path.join(root, path.dirname(file), name),
  ];
  const missing = named.filter((mention) => !places(mention).some((place) => existsSync(place)));
  expect(missing.filter(({ name }) => !made.some((pattern) => pattern.test(name)))).toEqual([]);
});

it('every folder that a new file goes to exists', () => {
  const named = found(documents, /`((?:src|test|bench|docs|fixtures|packages)\/[\w/-]+)\/<[a-z]+>/g);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ name }) => !existsSync(path.join(root, name)))).toEqual([]);
});

it('every script that is named exists', () => {
  const own = new Set([
    'install',
    'exec',
    'dlx',
    'add',
    'test',
    'pack',
    'publish',
    'link',
    'run',
    ...Object.keys(packageJson.scripts),
  ]);
  const named = found([...documents, ...sources], /\bpnpm(?:@\d+)? ((?:[a-z]+:)+[a-z-]+)/g);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ name }) => !own.has(name))).toEqual([]);
});

it('every command that is named exists', () => {
  const commands = new Set(readdirSync(path.join(root, 'src/cli/commands')).map((name) => path.basename(name, '.ts')));
  const named = found([...documents, ...sources], /`(?:npx )?wirebench ([a-z]+)/g);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ name }) => !commands.has(name))).toEqual([]);
});
