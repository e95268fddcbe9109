/**
 * A part of a report for a page that quotes it: one table of a section, or those of its sentences that have a word.
 */
import { UserError, unknownName } from '../user-error.ts';
import type { Block, Section } from './document.ts';

export interface Wanted {
  /** Titles of the section and of those around it, from the outside, in lower case and with hyphens. */
  readonly section: readonly string[];
  /** Which table of the section, from 1; its sentences without it. */
  readonly table?: number;
  /** What a sentence has to have, all of it. */
  readonly words?: readonly string[];
}

/**
 * A table brings its numbered notes, and nothing else of what stands around it.
 * @returns at least one block.
 * @throws {UserError} where the report has no such section, table or sentence, so that a page never quotes nothing.
 */
export function excerptOf(blocks: readonly Block[], { section, table, words = [] }: Wanted): Block[] {
  const inside = enter(blocks, section);
  const place = section.join('/');
  if (table !== undefined) {
    const found = inside.filter((block) => block.kind === 'table').at(table - 1);
    if (found === undefined) throw new UserError(`no table ${table} in ${place}`);
    const next = inside[inside.indexOf(found) + 1];
    const notes = next?.kind === 'list' ? next.items.filter(({ text }) => noteMark.test(text)) : [];
    return [found, ...(notes.length === 0 ? [] : [{ kind: 'list' as const, items: notes }])];
  }
  const items = inside
    .filter((block) => block.kind === 'list')
    .flatMap((list) => list.items)
    .filter(({ text }) => words.every((word) => wordsOf(text).includes(word)));
  if (items.length === 0) throw new UserError(`no sentence with ${words.join(', ')} in ${place}`);
  return [{ kind: 'list', items }];
}

/** Contenders that the tables show with their flags. */
export function contendersIn(blocks: readonly Block[]): string[] {
  const tables = blocks
    .filter((block) => block.kind === 'table')
    .filter(({ columns }) => columns.some(({ title }) => title === 'flags'));
  const cells = tables.flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.flat()));
  return [...new Set(cells.flatMap(({ contender }) => contender ?? []))];
}

/** What a note begins with that cells of the table refer to. */
const noteMark = /^\[\d+\] /;

/** Names with hyphens are one word each, so that no name is found in a longer one. */
function wordsOf(text: string): string[] {
  return text.match(/[\w-]+/g) ?? [];
}

function enter(blocks: readonly Block[], [name, ...rest]: readonly string[]): readonly Block[] {
  if (name === undefined) return blocks;
  const sections = blocks.filter((block): block is Section => block.kind === 'section');
  const found = sections.find(({ title }) => slugOf(title) === name);
  if (found === undefined)
    throw unknownName({ what: 'section', name, choices: sections.map(({ title }) => slugOf(title)) });
  return enter(found.blocks, rest);
}

function slugOf(title: string): string {
  return (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-');
}
