/**
 * Text of others, wherever a person reads it: nothing in it moves a cursor, rings a bell, ends a line, hides or turns
 * text.
 *
 * Names, reasons, messages and keys come from files, servers and contenders that nobody has reviewed. One class of
 * characters is kept out everywhere; what stands in their place differs with what surrounds them. It is applied where
 * text is written (the formats, the program's stderr), so that nobody who makes a sentence can forget it. Single
 * formats know their own markup, and data that a program reads keeps every character.
 */
import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters (C0, DEL, C1), format characters (marks of direction, zero widths, tags), separators of lines and
 * paragraphs, halves of surrogate pairs, and what no XML may hold. The two joiners stay: emoji and whole scripts need
 * them.
 */
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;

/**
 * One line in which every such character shows as a symbol.
 * @returns a well-formed string: `⏎` for line breaks, `␛` and its like for control characters, `�` for what has none.
 */
export function showText(text: string): string {
  return replaceUnsafe(text.replaceAll(/\r\n|[\n\r\u2028\u2029]/g, '⏎'), symbolOf);
}

/** The same for text of several lines, such as a stack or a message with a list: its `\n` stay, all else shows. */
export function showLines(text: string): string {
  return text.split(/\r?\n/).map(showText).join('\n');
}

/**
 * One line for the middle of a sentence: line breaks, runs of blanks and every such character are one blank, control
 * sequences are gone, and a long text loses its end. For what programs and servers say, where no character counts.
 * @param most characters that are kept; 300, about four lines of a terminal, unless given.
 */
export function toOneLine(text: string, most = 300): string {
  const line = replaceUnsafe(stripVTControlCharacters(text), () => ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most)}...`;
}

/** Each such character as what the caller makes of it, e.g. an escape of the language that the text is quoted in. */
export function replaceUnsafe(text: string, replace: (character: string) => string): string {
  return text.replaceAll(unsafe, replace);
}

/** What a thrown value says, as it says it; anything can be thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** JSON text with the same content, in which such characters are escapes; its own line breaks stay. */
export function escapeInJson(json: string): string {
  return replaceUnsafe(json, (character) => (character === '\n' ? character : escapeUnits(character)));
}

/** `\u001b`; two of them for a character beyond the first plane. */
export function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/**
 * A copy of data in which every string is fit to be read, and none is longer than a page; keys stay as they are.
 * @param isProgram true for an object whose text keeps its lines.
 */
export function showStrings<T>(value: T, isProgram: (object: object) => boolean = () => false): T {
  return show(value, { isProgram, show: showShortened }) as T;
}

interface TextWalk {
  readonly isProgram: (object: object) => boolean;
  readonly show: (text: string) => string;
}

function show(value: unknown, walk: TextWalk): unknown {
  if (typeof value === 'string') return walk.show(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => show(item, walk));
  const inside = walk.isProgram(value) ? { ...walk, show: showLines } : walk;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item, inside)]));
}

/**
 * Characters of one text in a report: far beyond what this program says, so that it is somebody else's when it is cut.
 */
const mostCharacters = 10_000;

function showShortened(text: string): string {
  if (text.length <= mostCharacters) return showText(text);
  const note = ` … (${text.length} characters)`;
  // What was cut is, with this note, short enough to be shown again as it is.
  return showText(text.slice(0, mostCharacters - note.length)) + note;
}

function symbolOf(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 begins a block of pictures for the first 32 control characters, in their order.
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
