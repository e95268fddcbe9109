/**
 * Writes values as UTF-8 by itself, without a string in between: for items of many dates and UUIDs.
 *
 * Keys are kept as they stand in the text, in words of eight bytes, and found by the order in which they came last time.
 * What is not certain to be written as JSON.stringify writes it is left to it: a value by its own text, a proxy or an
 * item that is too large or too deep as a whole. There is one memory for all, so whoever is called from inside finds it
 * in use.
 */
import { types } from 'node:util';

import { formatDatetime, plainTime, tabledMs } from './datetime.ts';
import { twoDigits, writeDatetime, writeUuid } from './digits.ts';
import { currentEpoch, type Key, Keys, writeKey } from './kept-keys.ts';
import type { BytesOf, Convert } from './substitute.ts';
import type { Writer } from './writer.ts';

/** Bytes of an item at most; a list goes out in parts of about that size. */
const capacity = 64 * 1024;
/** A key and a value without a length of their own take less. */
const slack = 512;
const limit = capacity - slack;
/** An item that begins beyond it goes into the next part, so that most items have room. */
export const partBytes = capacity / 2;
/** Levels that are written; deeper values, and cycles, are left to JSON.stringify. */
const mostLevels = 32;
/** Characters up to which a string is written one by one; beyond, one call and a look at the bytes cost less. */
const shortString = 24;
/**
 * Where it is faster than JSON.stringify with copies: the share of bytes in Dates and UUIDs, which copies hold as strings
 * that are made for them alone, the share of bytes in long strings, and the share of keys that are not kept. The first one
 * lies between seed items, which lose by this way, and servers, which gain; the others are arbitrary.
 */
const leastReplacedShare = 0.2;
const mostLongShare = 0.5;
const mostStrangeShare = 0.05;
/** Of that many bytes half is forgotten. */
const forgottenBytes = 256 * 1024;

/** In place of the position behind what was written. */
const noText = -1;
const cannot = -2;

const memory = new ArrayBuffer(capacity + slack);
const bytes = Buffer.from(memory) as Buffer & { utf8Write(text: string, offset: number, length: number): number };
const view = new DataView(memory);
let isInUse = false;
/** Of the writer that uses it. Functions that share them are called with less ado than methods of a class. */
let bytesOf: BytesOf = () => undefined;
let convert: Convert = (value) => value;
/** Bytes of long strings, which JSON.stringify would write faster. */
let longBytes = 0;
/** Bytes of Dates and UUIDs. */
let replacedBytes = 0;
/** Keys, and those that were not kept. */
let allKeys = 0;
let strangeKeys = 0;

/** What items of a kind are like, by those that were written byte by byte. */
export class Learned {
  readonly keys = new Keys();
  #replacedBytes = 0;
  #allKeys = 0;
  #strangeKeys = 0;
  #longBytes = 0;
  #written = 0;

  /** Whether this is the faster way for them. */
  get isWorthIt(): boolean {
    return (
      this.#replacedBytes >= this.#written * leastReplacedShare &&
      this.#longBytes <= this.#written * mostLongShare &&
      this.#strangeKeys <= this.#allKeys * mostStrangeShare
    );
  }

  /** Adds what some of them had; what was long ago counts less and less. */
  note(seen: Readonly<Record<'replacedBytes' | 'allKeys' | 'strangeKeys' | 'longBytes' | 'written', number>>): void {
    const kept = this.#written > forgottenBytes ? 0.5 : 1;
    this.#replacedBytes = this.#replacedBytes * kept + seen.replacedBytes;
    this.#allKeys = this.#allKeys * kept + seen.allKeys;
    this.#strangeKeys = this.#strangeKeys * kept + seen.strangeKeys;
    this.#longBytes = this.#longBytes * kept + seen.longBytes;
    this.#written = this.#written * kept + seen.written;
  }
}

// oxlint-disable-next-line typescript/unbound-method -- called with an object each time; see lists.ts
const { hasOwnProperty } = Object.prototype;
const dateToJson: unknown = Reflect.get(Date.prototype, 'toJSON');
const hasWellFormed = 'isWellFormed' in String.prototype;
const wordOf = (text: string): number => Buffer.from(text).readInt32LE(0);
const [nullWord, trueWord, falsWord] = [wordOf('null'), wordOf('true'), wordOf('fals')];
const quote = 0x22;
const comma = 0x2c;

export class ByteWriter {
  readonly #bytesOf: BytesOf;
  readonly #convert: Convert;
  #learned = new Learned();
  #end = 0;

  constructor(request: { bytesOf: BytesOf; convert: Convert }) {
    this.#bytesOf = request.bytesOf;
    this.#convert = request.convert;
  }

  /**
   * @param learned as `begin` gave it for items of the same kind before; `undefined` the first time.
   * @returns what to give it the next time; `undefined` where somebody else is writing, so that nothing can be written.
   */
  begin(learned: Learned | undefined): Learned | undefined {
    if (isInUse) return undefined;
    isInUse = true;
    this.#learned = learned?.keys.epoch === currentEpoch() ? learned : new Learned();
    this.#end = 0;
    [replacedBytes, allKeys, strangeKeys, longBytes] = [0, 0, 0, 0];
    bytesOf = this.#bytesOf;
    convert = this.#convert;
    return this.#learned;
  }

  /**
   * Lets others write; to be called after `begin`, whatever happened in between.
   * @param written bytes of the items since.
   */
  finish(written: number): void {
    isInUse = false;
    this.#learned.note({ replacedBytes, allKeys, strangeKeys, longBytes, written });
  }

  /** Bytes that wait for `drain`. */
  get length(): number {
    return this.#end;
  }

  /** Moves what was written. */
  drain(writer: Writer): void {
    writer.writeBytes(bytes.subarray(0, this.#end));
    this.#end = 0;
  }

  /**
   * Writes an item of a list. Positional, since it is called for every item.
   * @param opening the character before it: a bracket or a comma.
   * @returns false where it is left to JSON.stringify; nothing was written then.
   */
  writeItem(item: unknown, index: number, opening: number): boolean {
    const start = this.#end;
    view.setUint8(start, opening);
    const end = writeValue(item, start + 1, index, this.#learned.keys, 0);
    if (end === cannot) return false;
    this.#end = end === noText ? writeNull(start + 1) : end;
    return true;
  }
}

/** @returns the position behind the value, `noText` or `cannot`; so do all below. */
function writeValue(value: unknown, at: number, key: string | number, keys: Keys, level: number): number {
  if (typeof value === 'string') return writeString(value, at);
  if (value === null) return writeNull(at);
  if (typeof value === 'object') return writeAnyObject(value, at, key, keys, level);
  if (typeof value === 'number') return writeNumber(value, at);
  if (typeof value === 'boolean') return writeBoolean(value, at);
  return typeof value === 'bigint' ? cannot : noText;
}

function writeAnyObject(value: object, at: number, key: string | number, keys: Keys, level: number): number {
  if (types.isProxy(value) || level === mostLevels) return cannot;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function') {
    if (Array.isArray(value)) return writeList(value, at, (keys.element ??= new Keys()), level + 1);
    // A primitive inside counts, whatever prototype its object was given.
    if (types.isBoxedPrimitive(value)) return cannot;
    return writeObject(value, at, keys, level + 1);
  }
  if (toJSON === dateToJson && value instanceof Date) {
    const ms = plainTime(value);
    if (ms !== undefined) return writeTime(ms, at);
  }
  const uuid = bytesOf(value);
  if (uuid !== undefined) {
    view.setUint8(at, quote);
    writeUuid(uuid, view, at + 1);
    replacedBytes += 38;
    view.setUint8(at + 37, quote);
    return at + 38;
  }
  return writeOther(value, at, key);
}

function writeObject(value: object, start: number, keys: Keys, level: number): number {
  let at = start;
  let opening = 0x7b;
  let key: Key | undefined;
  let predicted = keys.first;
  for (const name in value) {
    if (!hasOwnProperty.call(value, name)) continue;
    allKeys += 1;
    const field = (value as Record<string, unknown>)[name];
    key = predicted !== undefined && predicted.name === name ? predicted : keys.find(name, key);
    predicted = key.next;
    // What `JSON.rawJSON` makes is told by its key.
    if (at > limit || name === 'rawJSON') return cannot;
    const afterKey = key.length === -1 ? writeStrangeKey(name, at) : writeKey(key, view, at);
    if (afterKey === cannot || afterKey > limit) return cannot;
    view.setUint8(at, opening);
    let end: number;
    if (typeof field === 'string') end = writeString(field, afterKey);
    else if (field === null) end = writeNull(afterKey);
    else end = writeValue(field, afterKey, name, (key.below ??= new Keys()), level);
    if (end === cannot) return cannot;
    if (end === noText) continue;
    at = end;
    opening = comma;
  }
  if (at > limit) return cannot;
  if (opening === 0x7b) view.setUint8(at++, opening);
  view.setUint8(at, 0x7d);
  return at + 1;
}

function writeList(list: readonly unknown[], start: number, keys: Keys, level: number): number {
  const { length } = list;
  let at = start;
  view.setUint8(at, 0x5b);
  if (length === 0) at += 1;
  for (let index = 0; index < length; index += 1) {
    if (at > limit) return cannot;
    if (index > 0) view.setUint8(at, comma);
    const end = writeValue(list[index], at + 1, index, keys, level);
    if (end === cannot) return cannot;
    at = end === noText ? writeNull(at + 1) : end;
  }
  if (at > limit) return cannot;
  view.setUint8(at, 0x5d);
  return at + 1;
}

function writeString(text: string, at: number): number {
  const { length } = text;
  if (length > shortString) return writeLongString(text, at);
  view.setUint8(at, quote);
  const start = at + 1;
  const whole = length - 3;
  let index = 0;
  let units = 0;
  let escapes = 0;
  for (; index < whole; index += 4) {
    const a = text.charCodeAt(index);
    const b = text.charCodeAt(index + 1);
    const c = text.charCodeAt(index + 2);
    const d = text.charCodeAt(index + 3);
    units |= a | b | c | d;
    const word = a | (b << 8) | (c << 16) | (d << 24);
    escapes |= findEscapes(word);
    view.setInt32(start + index, word, true);
  }
  for (; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === quote || unit === 0x5c) return writeText(JSON.stringify(text), at);
    units |= unit;
    view.setUint8(start + index, unit);
  }
  // With a character beyond ASCII the words were no characters, and nothing is known of escapes.
  if (units > 0x7f || escapes !== 0) return writeText(JSON.stringify(text), at);
  view.setUint8(start + length, quote);
  return start + length + 1;
}

function writeLongString(text: string, at: number): number {
  const { length } = text;
  if (at + length * 3 > limit) return cannot;
  longBytes += length;
  const start = at + 1;
  const written = bytes.utf8Write(text, start, length * 3);
  // A lone surrogate has no UTF-8; JSON.stringify escapes it.
  if (written !== length && !(hasWellFormed && text.isWellFormed())) return writeText(JSON.stringify(text), at);
  const end = start + written;
  // Spaces, so that the last word has no escapes of its own.
  view.setInt32(end, 0x20202020, true);
  for (let place = start; place < end; place += 4)
    if (findEscapes(view.getInt32(place, true)) !== 0) return writeText(JSON.stringify(text), at);
  view.setUint8(at, quote);
  view.setUint8(end, quote);
  return end + 1;
}

function writeStrangeKey(name: string, at: number): number {
  strangeKeys += 1;
  return writeText(`,${JSON.stringify(name)}:`, at);
}

/** Text that is JSON already. */
function writeText(text: string, at: number): number {
  if (at + text.length * 3 > limit) return cannot;
  return at + bytes.utf8Write(text, at, text.length * 3);
}

function writeTime(ms: number, at: number): number {
  if (Number.isNaN(ms)) return writeNull(at);
  if (!(ms >= 0 && ms < tabledMs)) return writeText(`"${formatDatetime(ms)}"`, at);
  view.setUint8(at, quote);
  writeDatetime(ms, view, at + 1);
  replacedBytes += 26;
  view.setUint8(at + 25, quote);
  return at + 26;
}

/** What has a `toJSON` that nobody knows. */
function writeOther(value: object, at: number, key: string | number): number {
  const text = JSON.stringify(convert(value, String(key))) as string | undefined;
  return text === undefined ? noText : writeText(text, at);
}

function writeNull(at: number): number {
  view.setInt32(at, nullWord, true);
  return at + 4;
}

function writeBoolean(value: boolean, at: number): number {
  view.setInt32(at, value ? trueWord : falsWord, true);
  if (value) return at + 4;
  view.setUint8(at + 4, 0x65);
  return at + 5;
}

function writeNumber(value: number, at: number): number {
  if ((value | 0) === value && value >= 0) return writeInteger(value, at);
  if (!Number.isFinite(value)) return writeNull(at);
  const text = String(value);
  const { length } = text;
  for (let index = 0; index < length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
  return at + length;
}

/** @param value 0 to 2^31 - 1; -0 is written like 0. */
function writeInteger(value: number, at: number): number {
  const digits = twoDigits as unknown as number[];
  if (value < 10) {
    view.setUint8(at, 0x30 + value);
    return at + 1;
  }
  if (value < 100) {
    view.setUint16(at, digits[value]!, true);
    return at + 2;
  }
  const hundreds = (value / 100) | 0;
  const end = writeInteger(hundreds, at);
  view.setUint16(end, digits[value - hundreds * 100]!, true);
  return end + 2;
}

/**
 * Not 0 where one of four bytes has to be escaped: a quote, a backslash or a control character.
 * Source: S. E. Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte less than n" and "has a zero byte".
 */
function findEscapes(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  return (
    (((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes)) &
    0x80808080
  );
}
