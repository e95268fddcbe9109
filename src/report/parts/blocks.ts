/**
 * The small blocks of a document, made from their text.
 */
import type { Block, List, ListItem, Section } from '../document.ts';

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

/** What the reader must not miss. */
export function warning(text: string): Block {
  return { kind: 'note', tone: 'warning', text };
}

/** What the reader may miss. */
export function remark(text: string): Block {
  return { kind: 'note', tone: 'muted', text };
}

/** A command to copy. */
export function command(text: string): Block {
  return { kind: 'code', text };
}

/** A list, or no block where it would have no items. */
export function list(items: readonly (ListItem | string)[]): List[] {
  if (items.length === 0) return [];
  return [{ kind: 'list', items: items.map((item) => (typeof item === 'string' ? { text: item } : item)) }];
}

export function section(title: string, blocks: readonly Block[]): Section {
  return { kind: 'section', title, blocks };
}

/** Reference material, which a format with little room only announces. */
export function details(summary: string, blocks: readonly Block[]): Block {
  return { kind: 'details', summary, blocks };
}
