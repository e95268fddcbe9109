/**
 * Text of a user's document made fit for a message: quoted, on one line, shortened, nothing in it that a terminal
 * obeys.
 */

import { escapeUnits, replaceUnsafe } from '../foreign-text.ts';

/** Characters shown of a text: arbitrary, so that a message with two of them fits two lines of a terminal. */
const maxShown = 60;

/** As a JSON string; a long one loses its end. */
export function quoted(text: string): string {
  return replaceUnsafe(JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}...` : text), escapeUnits);
}

/** Without quotes, for what has its own form: a pointer, a number, another program's message. */
export function plain(text: string): string {
  return replaceUnsafe(text.length > 2 * maxShown ? `${text.slice(0, 2 * maxShown)}...` : text, escapeUnits);
}
