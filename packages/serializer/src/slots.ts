/**
 * Placeholders for datetimes and UUIDs, each as long as the text it stands for: JSON.stringify writes them with all the
 * rest, and their digits are written over them in the bytes, without a string for each.
 *
 * A placeholder begins with the character DEL, which JSON.stringify writes as it is and which texts hardly ever hold, a
 * number, and a secret of this process. What is not found again as it was handed out makes all of the text void.
 */
import { randomBytes } from 'node:crypto';
import { types } from 'node:util';

import { plainTime, tabledMs } from './datetime.ts';
import { writeDatetime, writeUuid } from './digits.ts';
import type { BytesOf, Convert } from './substitute.ts';

const del = 0x7f;
const delText = '\x7f';
/** Digits of a number: the ASCII characters from `#` to `[`, which need no escape. */
const firstDigit = 35;
const base = 57;
/** As many as two digits can tell apart. */
const mostSlots = base * base;
const secret = Buffer.from(randomBytes(8).map((byte) => firstDigit + (byte % base)));
const [firstSecret, secondSecret] = [secret.readInt32LE(0), secret.readInt32LE(4)];
const filler = '.';

const dateLength = 24;
const uuidLength = 36;
/** Of a UUID in a list, with quotes and a comma or bracket. */
const elementLength = uuidLength + 3;
/** UUIDs of one list that one placeholder stands for; longer lists are taken apart. */
const longestList = 32;
/** Placeholders of lists that are kept, since each is a kilobyte or so. */
const mostListPlaceholders = 512;

/** What a slot holds, other than a list of so many UUIDs. */
const aDate = -1;
const aUuid = 0;
const written = -2;

export class Slots implements Convert {
  readonly #bytesOf: BytesOf;
  readonly #others: Convert;
  readonly #kinds = new Int32Array(mostSlots);
  readonly #times = new Float64Array(mostSlots);
  readonly #uuids: (Uint8Array | undefined)[] = [];
  readonly #datePlaceholders: string[] = [];
  readonly #uuidPlaceholders: string[] = [];
  readonly #listPlaceholders = new Map<number, string>();
  /** Slots in use; a list has one for each of its elements. */
  #count = 0;
  #placeholders = 0;

  /** @param others what converts all that has no slot. */
  constructor({ bytesOf, others }: { bytesOf: BytesOf; others: Convert }) {
    this.#bytesOf = bytesOf;
    this.#others = others;
  }

  /** Forgets what an earlier text had, also one that was never written. */
  clear(): void {
    for (let slot = 0; slot < this.#count; slot += 1) this.#uuids[slot] = undefined;
    this.#count = 0;
    this.#placeholders = 0;
  }

  one(value: object, key: string): unknown {
    const slot = this.#count;
    if (slot === mostSlots || types.isProxy(value)) return this.#others.one(value, key);
    if (value instanceof Date) {
      const ms = plainTime(value);
      if (ms === undefined || !(ms >= 0 && ms < tabledMs)) return this.#others.one(value, key);
      this.#times[slot] = ms;
      return this.#take(slot, aDate, (this.#datePlaceholders[slot] ??= makePlaceholder(dateLength, slot)));
    }
    const bytes = this.#bytesOf(value);
    if (bytes === undefined) return this.#others.one(value, key);
    this.#uuids[slot] = bytes;
    return this.#take(slot, aUuid, (this.#uuidPlaceholders[slot] ??= makePlaceholder(uuidLength, slot)));
  }

  list(list: readonly unknown[]): unknown {
    const slot = this.#count;
    const { length } = list;
    if (length === 0 || length > longestList || slot + length > mostSlots) return undefined;
    for (let index = 0; index < length; index += 1) {
      const element = list[index];
      if (typeof element !== 'object' || element === null || types.isProxy(element)) return undefined;
      const bytes = this.#bytesOf(element);
      if (bytes === undefined) return undefined;
      this.#uuids[slot + index] = bytes;
    }
    this.#count += length - 1;
    return this.#take(slot, length, this.#listPlaceholder(length, slot));
  }

  /**
   * Writes over all placeholders.
   * @param request.text as JSON.stringify gave it. @param request.start of its UTF-8 in `bytes`, `request.end` behind it.
   * @returns false where a placeholder was not found; the bytes are of no use then.
   */
  fill(request: { text: string; bytes: Buffer; view: DataView; start: number; end: number }): boolean {
    const { text, bytes, view, start, end } = request;
    // Then characters and bytes have the same places, and strings are searched with less ado than Buffers.
    const isAscii = end - start === text.length;
    let from = start;
    for (let left = this.#placeholders; left > 0;) {
      const found = isAscii ? start + text.indexOf(delText, from - start) : bytes.indexOf(del, from);
      if (found < from || found + dateLength > end) return false;
      from = found + 1;
      if (view.getInt32(found + 3, true) !== firstSecret || view.getInt32(found + 7, true) !== secondSecret) continue;
      const slot = (view.getUint8(found + 1) - firstDigit) * base + view.getUint8(found + 2) - firstDigit;
      if (!this.#fillOne(slot, view, found)) return false;
      left -= 1;
    }
    return true;
  }

  /** Positional, since it is called for every place. @returns false for a slot that nobody has, or had. */
  #fillOne(slot: number, view: DataView, at: number): boolean {
    if (!(slot >= 0 && slot < this.#count)) return false;
    const kind = this.#kinds[slot] as number;
    if (kind === written) return false;
    this.#kinds[slot] = written;
    if (kind === aDate) writeDatetime(this.#times[slot] as number, view, at);
    else if (kind === aUuid) writeUuid(this.#uuids[slot] as Uint8Array, view, at);
    else this.#fillList(slot, kind, view, at - 1);
    return true;
  }

  /** Over the quotes as well: a placeholder with them is as long as the list. */
  #fillList(slot: number, length: number, view: DataView, start: number): void {
    let at = start;
    view.setUint8(at, 0x5b);
    for (let index = 0; index < length; index += 1) {
      view.setUint8(at + 1, 0x22);
      writeUuid(this.#uuids[slot + index] as Uint8Array, view, at + 2);
      view.setUint16(at + elementLength - 1, 0x2c22, true);
      at += elementLength;
    }
    view.setUint8(at, 0x5d);
  }

  #take(slot: number, kind: number, placeholder: string): string {
    this.#kinds[slot] = kind;
    this.#count += 1;
    this.#placeholders += 1;
    return placeholder;
  }

  #listPlaceholder(length: number, slot: number): string {
    const key = length * mostSlots + slot;
    const known = this.#listPlaceholders.get(key);
    if (known !== undefined) return known;
    const made = makePlaceholder(length * elementLength - 1, slot);
    if (this.#listPlaceholders.size < mostListPlaceholders) this.#listPlaceholders.set(key, made);
    return made;
  }
}

/** @param length at least that of a datetime. */
function makePlaceholder(length: number, slot: number): string {
  const head = [del, firstDigit + Math.floor(slot / base), firstDigit + (slot % base), ...secret];
  // Flat, or JSON.stringify would have to make it so each time.
  return Buffer.from(String.fromCharCode(...head).padEnd(length, filler), 'latin1').toString('latin1');
}
