/**
 * Finds what a JSON text says and a JavaScript value cannot hold: numbers that change, and keys that come twice.
 *
 * It reads the text itself, because both are gone once it is parsed, and in one loop, so that no depth of nesting is
 * too much. The text has been parsed before.
 * Source: RFC 8259, sections 4 (names should be unique) and 6 (numbers).
 */
import { pointerTo } from '../json.ts';
import { plain } from './quoted.ts';

/** The kinds of loss, each with its first place. */
export interface JsonLosses {
  /**
   * Numbers of which JSON.stringify writes back less than the text says; another spelling of the same double is none.
   */
  readonly changedNumbers: LossCount<{ readonly source: string; readonly written: string }>;
  /** Keys that come more than once in an object, of which the last one counts. */
  readonly duplicateKeys: LossCount<unknown>;
}

interface LossCount<Example> {
  readonly count: number;
  /** Absent where there is none. */
  readonly first?: Example & { readonly pointer: string };
}

/** An array or object that is being read; `key` is where the reader stands in it. */
interface NestingLevel {
  key: string | number;
  /** Keys so far, raw as in the text; absent for an array. */
  readonly keys?: Set<string>;
}

const zero = 48;
const nine = 57;
const minus = 45;
const quote = 34;
const backslash = 92;

/**
 * Digits that a double always keeps, whatever they are. A number with no more of them and a small exponent needs no
 * closer look. Source: IEEE 754, DBL_DIG.
 */
const safeDigits = 15;

/** Digits that always suffice to tell one double from all others. Source: IEEE 754, DBL_DECIMAL_DIG. */
const namingDigits = 17;

/** The most that `toPrecision` gives; a number with more digits is taken for one that a double cannot hold. */
const maxPrecision = 100;

/**
 * @param text valid JSON.
 * @param options.within a JSON Pointer: only what lies below it counts; everything does where it is empty.
 */
export function findJsonLosses(text: string, { within = '' }: { readonly within?: string } = {}): JsonLosses {
  const levels: NestingLevel[] = [];
  let numbers: JsonLosses['changedNumbers'] = { count: 0 };
  let keys: JsonLosses['duplicateKeys'] = { count: 0 };
  let isKey = false;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const level = levels.at(-1);
    if (code === quote) {
      const end = endOfString(text, index);
      if (isKey && level?.keys !== undefined) {
        const key = readKey(text.slice(index, end));
        const pointer = level.keys.has(key) ? pointerOf([...levels.slice(0, -1), { key }]) : undefined;
        if (pointer !== undefined && isWithin(pointer, within))
          keys = { count: keys.count + 1, first: keys.first ?? { pointer } };
        level.keys.add(key);
        level.key = key;
        isKey = false;
      }
      index = end;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, index);
      const source = text.slice(index, end);
      const written = rewritten(source);
      const pointer = written === undefined ? '' : pointerOf(levels);
      if (written !== undefined && isWithin(pointer, within)) {
        numbers = { count: numbers.count + 1, first: numbers.first ?? { pointer, source, written } };
      }
      index = end;
    } else {
      const character = text[index];
      if (character === '{') levels.push({ key: '', keys: new Set() });
      else if (character === '[') levels.push({ key: 0 });
      else if (character === '}' || character === ']') levels.pop();
      else if (character === ',' && typeof level?.key === 'number') level.key += 1;
      if (character === '{' || character === ',') isKey = levels.at(-1)?.keys !== undefined;
      index += 1;
    }
  }
  return { changedNumbers: numbers, duplicateKeys: keys };
}

/** One sentence without a full stop for each kind of loss that occurs. */
export function describeLosses({ changedNumbers, duplicateKeys }: JsonLosses): string[] {
  const notes: string[] = [];
  if (changedNumbers.first !== undefined) {
    const { pointer, source, written } = changedNumbers.first;
    const many = changedNumbers.count === 1 ? 'a number changes' : `${changedNumbers.count} numbers change`;
    const first = changedNumbers.count === 1 ? '' : 'the first one, ';
    notes.push(
      `${many} on the way through JavaScript: ${first}${plain(source)} at ${showPointer(pointer)}, is written as ${written}`,
    );
  }
  if (duplicateKeys.first !== undefined) {
    const many = duplicateKeys.count === 1 ? 'a key comes' : `${duplicateKeys.count} keys come`;
    notes.push(
      `${many} again in the same object, where only the last value counts; the first one is ${showPointer(duplicateKeys.first.pointer)}`,
    );
  }
  return notes;
}

/** A pointer for a sentence; the empty one has no form of its own. */
export function showPointer(pointer: string): string {
  return pointer === '' ? 'the top' : plain(pointer);
}

function isWithin(pointer: string, within: string): boolean {
  return within === '' || pointer.startsWith(`${within}/`);
}

function pointerOf(levels: readonly Pick<NestingLevel, 'key'>[]): string {
  return pointerTo(...levels.map(({ key }) => key));
}

/**
 * What is written for the number where that says something else; undefined where it does not.
 *
 * A fraction is read as the nearest double by everybody, so another spelling of that double changes nothing. What
 * counts is a value that no double has (too large, or too small and not 0), the sign of a zero, an integer of which
 * digits are lost, since many readers hold those exactly, and a fraction with more digits than it takes to name a
 * double, unless they are the double's own.
 */
function rewritten(source: string): string | undefined {
  // Most numbers are short; an exponent has at least three characters, and a zero begins with its digit.
  const isSigned = source.startsWith('-0');
  if (source.length <= safeDigits && !isSigned && !/[eE]/.test(source)) return undefined;
  const value = Number(source);
  const written = JSON.stringify(value);
  if (written === 'null' || Object.is(value, -0)) return written;
  const said = decimal(source);
  if (said === decimal(written)) return undefined;
  if (value === 0 || /^-?\d+$/.test(source)) return written;
  const digits = countDigits(source);
  return digits <= namingDigits || (digits <= maxPrecision && said === decimal(value.toPrecision(digits)))
    ? undefined
    : written;
}

/** Digits from the first that is not 0 to the last that is written: what `toPrecision` would have been asked for. */
function countDigits(source: string): number {
  const [mantissa = ''] = source.toLowerCase().split('e');
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

/** The same text for the same value: significant digits and the exponent of the last one. */
function decimal(source: string): string {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${mantissa.startsWith('-') ? '-' : ''}${significant}e${scale}`;
}

/** Two spellings of one key are one key, so escapes have to be read. */
function readKey(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, index: number): boolean {
  let before = index - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (index - before) % 2 === 0;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  // Everything that may stand inside a number: digits, a point, signs and e.
  while ('0123456789.+-eE'.includes(text[end] ?? ' ')) end += 1;
  return end;
}
