/**
 * Finds what would make a package manager write outside of a side: directories, workspaces and locked places that its
 * own configuration puts elsewhere.
 *
 * A user's own configuration (`~/.npmrc` and its like) is not looked at: what it says was not brought by a side. This
 * guards against what a repository holds in good faith; a script that an install runs can write wherever its user can.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { isObject, parseObject } from '../../json.ts';
import { isBelow } from './directories.ts';

/** A setting that leads out of a side. */
export interface Redirect {
  /** The file's name, e.g. `.npmrc`. */
  readonly file: string;
  /** The line as it stands there, without the blanks around it. */
  readonly line: string;
}

/** @param request.home where the package manager runs; @param request.checkout what must not be left. */
export function findRedirect({ home, checkout }: { home: string; checkout: string }): Redirect | undefined {
  for (const [file, linesOf] of Object.entries(readers)) {
    const full = path.join(home, file);
    if (!existsSync(full)) continue;
    const found = linesOf(readFileSync(full, 'utf8')).find(({ value }) => leadsOutside(value, { home, checkout }));
    if (found !== undefined) return { file, line: found.line };
  }
  return undefined;
}

interface ConfiguredPath {
  readonly line: string;
  readonly value: string;
}

/**
 * Settings whose value is a directory to write to; those that name a program, a certificate or a token are not meant.
 */
const directoryKey = /(?:dir|folder|prefix|cache|tmp|store|statepath|datapath)$/i;

const readers: Readonly<Record<string, (text: string) => ConfiguredPath[]>> = {
  '.npmrc': (text) => settings(text, /^([^=\s]+)\s*=\s*(.*)$/).filter(({ key }) => directoryKey.test(key)),
  // Classic yarn: `modules-folder "../x"`, or `--install.modules-folder "../x"` for one command.
  '.yarnrc': (text) => settings(text, /^(?:--(?:\w+\.)?)?([\w-]+)\s+(.*)$/).filter(({ key }) => directoryKey.test(key)),
  '.yarnrc.yml': (text) => settings(text, /^["']?(\w+)["']?\s*:\s*(.*)$/).filter(({ key }) => directoryKey.test(key)),
  'bunfig.toml': (text) => settings(text, /^([\w.]+)\s*=\s*(.*)$/).filter(({ key }) => directoryKey.test(key)),
  'pnpm-workspace.yaml': (text) => [
    ...settings(text, /^["']?([\w-]+)["']?\s*:\s*(.*)$/).filter(({ key }) => directoryKey.test(key)),
    ...listIn(text, 'packages'),
  ],
  'pnpm-lock.yaml': (text) => keysIn(text, 'importers'),
  'package.json': (text) => workspacesOf(parseObject(text) ?? {}),
  'lerna.json': (text) => workspacesOf(parseObject(text) ?? {}),
  'package-lock.json': (text) => lockedPlaces(parseObject(text) ?? {}),
  'npm-shrinkwrap.json': (text) => lockedPlaces(parseObject(text) ?? {}),
};

function settings(text: string, pattern: RegExp): (ConfiguredPath & { key: string })[] {
  return lines(text).flatMap((line) => {
    const [, key, value] = pattern.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ line, key, value: unquote(value) }];
  });
}

/** Scalars of a list in a YAML file, in either notation. */
function listIn(text: string, name: string): ConfiguredPath[] {
  return sectionOf(text, name).flatMap((line) =>
    line
      .replace(/^\s*-\s*/, '')
      .replaceAll(/^[^[]*\[|\].*$/g, '')
      .split(',')
      .map((value) => ({ line: line.trim(), value: unquote(value) }))
      // A pattern that takes something away adds no place.
      .filter(({ value }) => !value.startsWith('!')),
  );
}

/** Keys one level below a key at the top of a YAML file. */
function keysIn(text: string, name: string): ConfiguredPath[] {
  return sectionOf(text, name).flatMap((line) => {
    const key = /^ {2}(\S.*?):\s*(?:\{\})?$/.exec(line)?.[1];
    return key === undefined ? [] : [{ line: line.trim(), value: unquote(key) }];
  });
}

/** The line with the key itself and those below it. */
function sectionOf(text: string, name: string): string[] {
  const all = text.split(/\r?\n/);
  const start = all.findIndex((line) => new RegExp(`^["']?${name}["']?\\s*:`).test(line));
  if (start < 0) return [];
  const length = all.slice(start + 1).findIndex((line) => /^[^\s#-]/.test(line));
  const [first = '', ...rest] = all.slice(start, length < 0 ? undefined : start + 1 + length);
  return [first.replace(/^[^:]*:/, ''), ...rest];
}

function workspacesOf(manifest: Record<string, unknown>): ConfiguredPath[] {
  const { workspaces, packages } = manifest;
  const nested = isObject(workspaces) ? workspaces['packages'] : workspaces;
  return [nested, packages]
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .flatMap((value) =>
      typeof value === 'string' && !value.startsWith('!') ? [{ line: JSON.stringify(value), value }] : [],
    );
}

/** npm writes packages to the places that its lockfile names. */
function lockedPlaces({ packages }: Record<string, unknown>): ConfiguredPath[] {
  return isObject(packages) ? Object.keys(packages).map((value) => ({ line: JSON.stringify(value), value })) : [];
}

function leadsOutside(value: string, { home, checkout }: { home: string; checkout: string }): boolean {
  // What a variable or `~` stands for is no place inside of a temporary directory.
  if (/^(?:~|\$|%|[a-z]:[\\/])/i.test(value) || path.isAbsolute(value)) return true;
  return !isBelow(path.resolve(home, value), checkout);
}

function lines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));
}

function unquote(value: string): string {
  const trimmed = value.trim();
  const quoted = /^(["'])(.*?)\1/.exec(trimmed);
  return quoted?.[2] ?? trimmed.replace(/\s+#.*$/, '');
}
