/**
 * Says where a text stops being JSON: JSON.parse quotes what stands there, which finds nothing in a large file.
 *
 * It reads the text in one loop, so that neither its size nor its nesting is too much.
 * Source: RFC 8259, sections 2 to 7.
 */

/** What may come next: a token, or the end of what is open. */
type NextToken = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
/** In pieces, since one expression for a string of megabytes would need a stack of its own. */
// oxlint-disable-next-line no-control-regex -- strings must not hold control characters
const plainPiece = /[^"\\\u0000-\u001f]*/y;
const escapePiece = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/**
 * One line for a reader, e.g. `line 3, column 14`; both count from 1, columns in UTF-16 units.
 * @param text not JSON; of valid JSON the end is named.
 */
export function locateJsonError(text: string): string {
  const before = text.slice(0, findError(text));
  const lastBreak = before.lastIndexOf('\n');
  let line = 1;
  for (let index = before.indexOf('\n'); index !== -1; index = before.indexOf('\n', index + 1)) line += 1;
  return `line ${line}, column ${before.length - lastBreak}`;
}

/** Index of the first character that no JSON text has after those before it; the length where only more is missing. */
function findError(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: NextToken = 'value';
  let index = skip(space, text, 0);
  while (index < text.length) {
    const character = text[index] as string;
    let end = index + 1;
    if (expected.startsWith('value') && (character === '{' || character === '[')) {
      open.push(character);
      expected = character === '{' ? 'key or end' : 'value or end';
    } else if (expected.endsWith('end') && character === (open.at(-1) === '{' ? '}' : ']') && open.length > 0) {
      open.pop();
      expected = 'comma or end';
    } else if (expected === 'comma or end' && character === ',' && open.length > 0) {
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expected === 'colon' && character === ':') {
      expected = 'value';
    } else if (character === '"' && (expected.startsWith('key') || expected.startsWith('value'))) {
      const string = readString(text, index);
      if (!string.isWhole) return string.end;
      end = string.end;
      expected = expected.startsWith('key') ? 'colon' : 'comma or end';
    } else if (expected.startsWith('value')) {
      end = Math.max(skip(number, text, index), skip(word, text, index));
      if (end === index) return index;
      expected = 'comma or end';
    } else {
      return index;
    }
    index = skip(space, text, end);
  }
  return text.length;
}

/** Where the string that begins at `start` ends, or where it stops being one. */
function readString(text: string, start: number): { end: number; isWhole: boolean } {
  let index = skip(plainPiece, text, start + 1);
  while (text[index] === '\\') {
    const end = skip(escapePiece, text, index);
    if (end === index) return { end, isWhole: false };
    index = skip(plainPiece, text, end);
  }
  const isWhole = text[index] === '"';
  return { end: isWhole ? index + 1 : index, isWhole };
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
