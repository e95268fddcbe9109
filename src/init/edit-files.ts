/**
 * Changes to files that a project has already: scripts in package.json, lines in .gitignore. What is there stays as it is.
 *
 * package.json is edited as text, so that its order, indentation and line ends stay.
 */
import { applyEdits, modify } from 'jsonc-parser';

import { isObject, parseObject } from '../json.ts';

/** True where two texts differ at most in their line ends, which git may change on the way. */
export function isSameText(text: string, other: string): boolean {
  return text.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}

/** The scripts of a package.json; a text that is none has none. */
export function scriptsOf(text: string): Readonly<Record<string, unknown>> {
  const scripts = parseObject(text.replace(/^\uFEFF/, ''))?.['scripts'];
  return isObject(scripts) ? scripts : {};
}

/** The text of package.json with these scripts; of a name that is taken nothing changes. */
export function addScripts(text: string, scripts: Readonly<Record<string, string>>): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const [, indent = '  '] = /\n([ \t]+)"/.exec(text) ?? [];
  const formattingOptions = {
    eol: lineEndOf(text),
    insertSpaces: !indent.includes('\t'),
    tabSize: indent.includes('\t') ? 1 : indent.length,
  };
  const taken = scriptsOf(text);
  let edited = text.slice(mark.length);
  for (const [name, command] of Object.entries(scripts)) {
    if (taken[name] !== undefined) continue;
    edited = applyEdits(edited, modify(edited, ['scripts', name], command, { formattingOptions }));
  }
  return mark + edited;
}

/** The text of .gitignore with these directories, each as `results/gate/`; those that it ignores already are left out. */
export function addIgnored(text: string, directories: readonly string[]): string {
  const ignored = new Set(text.split(/\r?\n/).map((line) => normalize(line)));
  const missing = directories.filter(
    (directory) => !ignored.has(normalize(directory)) && !ignored.has(normalize(directory.split('/')[0] ?? '')),
  );
  if (missing.length === 0) return text;
  const end = lineEndOf(text);
  const start = text === '' || text.endsWith('\n') ? text : text + end;
  return start + missing.map((directory) => directory + end).join('');
}

/** A pattern without what may stand around it: `/results/`, `results/**` and `results` are one. */
function normalize(pattern: string): string {
  return pattern
    .trim()
    .replace(/^\//, '')
    .replace(/\/?\*{0,2}$/, '');
}

/** The text's own line ends; those of the first line count. */
function lineEndOf(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}
