/**
 * Text of somebody else inside a message: cut off, and without characters that a terminal would act on.
 */

import { replaceUnsafe } from '../foreign-text.ts';

/** Longest piece of a caller's text in a message; arbitrary, names are shorter. */
const longestQuote = 80;

/** In quotes, cut off after `longestQuote` characters. */
export function quote(text: string): string {
  return escapeControls(JSON.stringify(cut(text, longestQuote)));
}

/** On one line, without quotes. @param longest characters that are kept; an ellipsis stands for the rest. */
export function escapeAndCut(text: string, longest: number): string {
  return escapeControls(cut(text, longest));
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Characters that move, hide or reorder what stands beside them. */
function escapeControls(text: string): string {
  return replaceUnsafe(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
