/**
 * The documents of this project, and what they say: links, commands in code, text outside of generated parts.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every document that people read, relative to the root; the changelog is left out, since it tells of what is gone. */
export const documents: readonly string[] = globSync(
  ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'packages/*/README.md'],
  { cwd: root, exclude: (name) => name.includes('node_modules') || name.includes('CHANGELOG') },
).toSorted();

export function readDocument(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** The text without what `docs:update` writes. */
export function withoutGenerated(text: string): string {
  return text.replaceAll(/<!-- generated: [\s\S]*?<!-- end generated -->/g, '');
}

export interface Link {
  readonly file: string;
  readonly target: string;
  /** Relative to the root; the file itself for a link to one of its own headings. */
  readonly leadsTo: string;
  /** Of the heading, without `#`. */
  readonly anchor: string | undefined;
}

/** Links to files and headings of this project; those to the web are nobody's to hold. */
export function linksOf(file: string, text: string = readDocument(file)): Link[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [name = '', anchor] = target.split('#');
      return { file, target, anchor, leadsTo: name === '' ? file : path.join(path.dirname(file), name) };
    });
}

/** Names that headings can be linked by: lower case, without punctuation, hyphens for spaces. */
export function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Lines of code blocks and pieces of code in sentences. */
export function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].flatMap(([, code = '']) =>
    code.replaceAll('\\\n', ' ').split('\n'),
  );
  const indented = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\n', ' '),
  );
  return [...blocks, ...indented, ...inline];
}
