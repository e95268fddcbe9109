/**
 * Text of a user's document made fit for a message: quoted, on one line, shortened, nothing in it that a terminal obeys.
 *
 * Deliberately absent: the escapes of single report formats, which know their own markup.
 */

/** Characters shown of a text: arbitrary, so that a message with two of them fits two lines of a terminal. */
const maxShown = 60;

/** As a JSON string; a long one loses its end. */
export function quoted(text: string): string {
  return escaped(JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}...` : text));
}

/** Without quotes, for what has its own form: a pointer, a number, another program's message. */
export function plain(text: string): string {
  return escaped(text.length > 2 * maxShown ? `${text.slice(0, 2 * maxShown)}...` : text);
}

/** Beside control characters: marks that turn the direction of text around, and halves of surrogate pairs. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
