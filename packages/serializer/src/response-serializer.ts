/**
 * A serializer for responses: the text of `JSON.stringify`, byte for byte, faster where values have Dates or are long.
 *
 * How: values with a `toJSON` are replaced in a copy (substitute.ts), so that JSON.stringify stays on its fast path;
 * long lists are written in chunks into one Buffer (writer.ts), so that one character beyond Latin-1 makes one chunk a
 * two-byte string and not the whole response, and no string of megabytes is ever built. Where nothing of that helps it
 * steps aside. It needs no configuration; what it learns about a shape are hints, so a later value that differs is
 * written as correctly. Outside the contract: a getter or `toJSON` whose result changes from call to call, or that
 * changes what is being written; it may run more than once, or before its neighbours are read.
 * Deliberately absent: any text that JSON.stringify did not write, unless a type is opted in to.
 */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { types as nodeTypes } from 'node:util';

import type { CacheOptions } from './cache.ts';
import { FragmentCache, StaleFragmentError } from './cache.ts';
import type { Split } from './lists.ts';
import { splitLists } from './lists.ts';
import { endOfStep, firstStepOf, nextStepOf, roughSize } from './pace.ts';
import type { Shape } from './shapes.ts';
import { ShapeMemory } from './shapes.ts';
import type { Convert, KnownClass } from './substitute.ts';
import { callToJson, createConvert, visit } from './substitute.ts';
import type { Extend, ExtendedTypes } from './types.ts';
import { createExtend } from './types.ts';
import { ResponseTooLargeError, Writer } from './writer.ts';

export interface ResponseSerializerOptions {
  /** JSON Schema of the responses, references resolved; saves the first looks. A value need not fit it. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Types beyond JSON.stringify, all off, and classes whose text can be had faster than through their `toJSON`. */
  readonly types?: ExtendedTypes & { readonly known?: readonly KnownClass[] };
  /** Keeps the bytes of items between responses; off unless given. */
  readonly cache?: CacheOptions;
  /** Items of a long list that are written at a time, in `chunks` at most; by their size unless given. */
  readonly chunkItems?: number;
}

export interface ResponseSerializer {
  /** The text that `JSON.stringify(value)` gives; throws what it throws. @throws {TypeError} for what has no JSON text. */
  stringify(value: unknown): string;
  /** The same text as UTF-8, in memory of its own. @throws {RangeError} too where that would be 2 GiB or more. */
  toBuffer(value: unknown): Buffer;
  /** The same text as a server sends it with the least work: short ones as they are, long ones as UTF-8. */
  toBody(value: unknown): string | Buffer;
  /**
   * The same bytes in pieces, each made when it is asked for, so that other work can run in between. A piece has 64 KiB
   * at most, and its items take about 5 ms, unless a single one takes longer. Items are those of lists at the top or up to
   * four levels below it; what is around them, and a value without such a list, is made at once and cut.
   */
  chunks(value: unknown): Generator<Buffer, void, undefined>;
  /** The pieces as a stream that waits for its reader. */
  stream(value: unknown): Readable;
  /** Forgets an item's cached bytes; to be called when an item is changed in place. */
  invalidate(item: object): void;
}

/**
 * Bytes of a list that are written at a time. Few, so that a character beyond Latin-1 spoils little; many, so that
 * the cost of a call is hidden. Copies of items are best written while they are in the processor's cache.
 */
const chunkBytes = 16 * 1024;
const chunkBytesOfCopies = 2 * 1024;
/** Text up to this length goes out in one write with the headers before it, which a Buffer does not. */
const mostTextLength = 16 * 1024;
/** Lists shorter than this, in items or in expected bytes, are written in one piece. */
const leastListItems = 16;
const leastListBytes = 512 * 1024;
/** The same for text that was pure ASCII lately: no chunk of it is spoiled, so that only the large string costs. */
const leastAsciiListBytes = 4 * 1024 * 1024;
/** With a cache, a list's items are kept however few they are. */
const leastCachedItems = 2;
/** Memory that is kept for the next response at most; larger responses get fresh memory. */
const mostSpareBytes = 16 * 1024 * 1024;
/** Bytes of a piece of `chunks`: one or two writes of a socket, a fraction of a millisecond of work. */
const pieceBytes = 64 * 1024;
/** Milliseconds after which a piece is given out however small it is: its items have a slow `toJSON`. */
const pieceMs = 5;
/** Milliseconds of one step from which on the next one has one item: a fraction of a piece's. */
const slowMs = 1;
/** Levels below the root in which lists are taken out: `result.tools`, `entities.tools`; more where pieces are asked for. */
const levels = 2;
const levelsOfPieces = 4;
/**
 * Memory is got ahead for at most so many times the largest response of late, or a first guess of it: what was learned
 * from one list sizes no memory for another.
 */
const mostAhead = 4;
const firstLargestBytes = 256 * 1024;
/** An item's expected size counts where the first items of this very list are not far below it. */
const mostShrinkage = 4;

const openingBracket = 0x5b;
const closingBracket = 0x5d;
const comma = 0x2c;

/**
 * Makes a serializer. It may be shared by all responses of a process.
 * @throws {RangeError} where `chunkItems` is not a whole number of at least 1.
 */
export function createResponseSerializer(options: ResponseSerializerOptions = {}): ResponseSerializer {
  return new FastPathSerializer(options);
}

class FastPathSerializer implements ResponseSerializer {
  readonly #chunkItems: number | undefined;
  readonly #convert: Convert;
  readonly #extend: Extend | undefined;
  readonly #cache: FragmentCache | undefined;
  readonly #shapes: ShapeMemory;
  #spare: Writer | undefined;
  /** Bytes of the largest response of late; half of it is forgotten with each smaller one. */
  #largestBytes = firstLargestBytes;
  /** The shape of the list that was last left to one call of JSON.stringify; tells what the call's text is like. */
  #leftWhole: Shape | undefined;

  constructor({ schema, types = {}, cache, chunkItems }: ResponseSerializerOptions) {
    if (chunkItems !== undefined && (!Number.isSafeInteger(chunkItems) || chunkItems < 1)) {
      throw new RangeError(`chunkItems is a whole number of at least 1, not ${chunkItems}`);
    }
    this.#chunkItems = chunkItems;
    this.#convert = createConvert(types.known ?? []);
    this.#extend = createExtend(types, this.#convert);
    this.#cache = cache === undefined ? undefined : new FragmentCache(cache);
    this.#shapes = new ShapeMemory(schema, this.#convert);
  }

  stringify(value: unknown): string {
    if (!isOpenToHelp(value)) return this.#writePlainly(value);
    try {
      return JSON.stringify(this.#replaceAll(value));
    } catch (error) {
      return this.#recover(error, value);
    }
  }

  toBuffer(value: unknown): Buffer {
    if (!isOpenToHelp(value)) return Buffer.from(this.#writePlainly(value));
    try {
      return this.#writeInChunks(value) ?? this.#writeAtOnce(value);
    } catch (error) {
      const written = this.#writeTooLong(error, value) ?? this.#recover(error, value);
      return typeof written === 'string' ? Buffer.from(written) : written;
    }
  }

  toBody(value: unknown): string | Buffer {
    if (!isOpenToHelp(value)) return this.#writePlainly(value);
    try {
      return this.#writeInChunks(value) ?? this.#writeBody(value);
    } catch (error) {
      return this.#writeTooLong(error, value) ?? this.#recover(error, value);
    }
  }

  *chunks(value: unknown): Generator<Buffer, void, undefined> {
    const split = isOpenToHelp(value) ? this.#splitForPieces(value) : undefined;
    if (split === undefined) {
      yield* cutIntoPieces(this.toBuffer(value));
      return;
    }
    const piece = new Piece();
    for (const [index, list] of split.lists.entries()) {
      piece.writer.write(split.texts[index] as string);
      if (piece.isDue) yield* piece.handOut();
      const shape = this.#shapes.learn(list[0], list);
      let lastItems = 1;
      let lastBytes = Infinity;
      const { length } = list;
      for (let start = 0; start < length; start += lastItems) {
        const before = piece.writer.length;
        const end = Math.min(
          endOfStep({ list, start, lastItems, lastBytes, leftBytes: pieceBytes - before }),
          start + (this.#chunkItems ?? length),
        );
        const beganMs = performance.now();
        this.#writeChunk(piece.writer, { list, start, shape }, end);
        lastItems = end - start;
        // What is slow to write comes one by one.
        lastBytes = performance.now() - beganMs > slowMs ? Infinity : (piece.writer.length - before) / lastItems;
        if (piece.isDue) yield* piece.handOut();
      }
      piece.writer.writeByte(closingBracket);
    }
    piece.writer.write(split.texts.at(-1) as string);
    yield* piece.finish();
  }

  stream(value: unknown): Readable {
    return Readable.from(yieldToOthers(this.chunks(value)), { objectMode: false });
  }

  invalidate(item: object): void {
    this.#cache?.invalidate(item);
  }

  #writePlainly(value: unknown): string {
    return requireText(JSON.stringify(this.#extend === undefined ? value : this.#extend(value, '')));
  }

  /** What went wrong on the fast way, `JSON.stringify` does, or says best why it cannot. */
  #recover(error: unknown, value: object): string {
    // With an opted-in type the error is the answer: JSON.stringify would write something else.
    if (error instanceof StaleFragmentError || error instanceof ResponseTooLargeError || this.#extend !== undefined)
      throw error;
    // The whole would be no shorter.
    if (isTooLong(error)) throw error;
    return requireText(JSON.stringify(value));
  }

  /** The value with everything replaced that JSON.stringify would be slow at; itself where there is nothing. */
  #replaceAll(value: object): unknown {
    if (this.#extend !== undefined) return this.#extend(value, '');
    if (!Array.isArray(value)) return this.#replaceAround(value);
    const shape = this.#shapes.learn(value[0], value);
    return shape.place === undefined ? value : this.#replaceItems({ list: value, start: 0, shape }, value.length);
  }

  /** For what is around lists, and for responses without one. */
  #replaceAround(value: object): unknown {
    if (this.#extend !== undefined) return this.#extend(value, '');
    if (!this.#shapes.isWorthAsking()) return value;
    const { place } = this.#shapes.learn(value);
    return place === undefined ? value : visit(value, place, '', this.#convert);
  }

  /** False for a list that one call of JSON.stringify is best for, as far as is known. */
  readonly #isLong = (list: readonly unknown[]): boolean => {
    if (nodeTypes.isProxy(list)) return false;
    if (this.#cache !== undefined) return list.length >= leastCachedItems;
    if (list.length < leastListItems) return false;
    // A look at the items, where one is due: whether they are copied decides.
    const shape = this.#shapes.learn(list[0], list);
    const least = shape.isAscii ? leastAsciiListBytes : leastListBytes;
    if (shape.copy !== undefined || list.length * shape.bytesPerItem >= least) return true;
    this.#leftWhole = shape;
    return false;
  };

  readonly #replaceShell = (shell: unknown): unknown => this.#replaceAround(shell as object);

  #splitForPieces(value: object): Split | undefined {
    return splitLists({ value, isLong: isLongForPieces, rest: this.#replaceShell, levels: levelsOfPieces });
  }

  /** `undefined` where there is no long list, so that one call of JSON.stringify is best. */
  #writeInChunks(value: object): Buffer | undefined {
    const split = splitLists({ value, isLong: this.#isLong, rest: this.#replaceShell, levels });
    return split === undefined ? undefined : this.#writeSplit(split);
  }

  #writeSplit({ texts, lists }: Split): Buffer {
    // Taken while it is in use, since a toJSON may call this very serializer.
    let writer = this.#spare ?? new Writer();
    this.#spare = undefined;
    for (const [index, list] of lists.entries()) {
      writer.write(texts[index] as string);
      writer = this.#writeList(writer, list);
    }
    writer.write(texts.at(-1) as string);
    const written = writer.take();
    if (writer.capacity <= mostSpareBytes) this.#spare = writer;
    this.#largestBytes = Math.max(written.length, this.#largestBytes / 2);
    return written;
  }

  /** @returns the writer that goes on: another one where the list turned out to be so long. */
  #writeList(first: Writer, list: readonly unknown[]): Writer {
    let writer = first;
    const shape = this.#shapes.learn(list[0], list);
    const chunk = shape.copy === undefined ? chunkBytes : chunkBytesOfCopies;
    const before = writer.length;
    const beyondAsciiBefore = writer.beyondAscii;
    const { length } = list;
    let step = this.#chunkItems ?? firstStepOf(shape.bytesPerItem, chunk);
    for (let start = 0; start < length;) {
      const end = Math.min(start + step, length);
      const chunkStart = writer.length;
      this.#writeChunk(writer, { list, start, shape }, end);
      const bytes = writer.length - chunkStart;
      if (start === 0)
        writer = this.#makeRoom(writer, {
          items: length - end,
          bytesPerItem: shape.bytesPerItem,
          seenPerItem: bytes / end,
        });
      if (this.#chunkItems === undefined) step = nextStepOf({ items: end - start, bytes }, chunk);
      start = end;
    }
    writer.writeByte(closingBracket);
    shape.bytesPerItem = (writer.length - before) / length;
    shape.isAscii = writer.beyondAscii === beyondAsciiBefore;
    return writer;
  }

  /**
   * Fresh memory for what is left of a list, where that is so much that the memory itself is given away.
   * @param left.bytesPerItem as similar lists had, believed as far as the items seen of this one allow.
   */
  #makeRoom(writer: Writer, left: { items: number; bytesPerItem: number; seenPerItem: number }): Writer {
    const perItem = left.bytesPerItem <= left.seenPerItem * mostShrinkage ? left.bytesPerItem : left.seenPerItem;
    const expected = Math.min(writer.length + Math.ceil(left.items * perItem * 1.02), this.#largestBytes * mostAhead);
    if (!Writer.isGivenAway(expected) || expected <= writer.length) return writer;
    const larger = writer.moveInto(expected);
    if (writer.capacity <= mostSpareBytes) this.#spare = writer;
    return larger;
  }

  /** What one string could not hold, where it is long by its lists; `undefined` where that is not what went wrong. */
  #writeTooLong(error: unknown, value: object): Buffer | undefined {
    if (!isTooLong(error)) return undefined;
    const split = this.#splitForPieces(value);
    return split === undefined ? undefined : this.#writeSplit(split);
  }

  #writeAtOnce(value: object): Buffer {
    return this.#encode(JSON.stringify(this.#replaceAll(value)));
  }

  #writeBody(value: object): string | Buffer {
    const text = JSON.stringify(this.#replaceAll(value));
    if (text.length > mostTextLength) return this.#encode(text);
    // So short a text says too little about what its characters are like.
    this.#leftWhole = undefined;
    return text;
  }

  /** Also notes what the characters of a list that was left whole are like. */
  #encode(text: string): Buffer {
    const written = Buffer.from(text);
    if (this.#leftWhole !== undefined) {
      this.#leftWhole.isAscii = written.length === text.length;
      this.#leftWhole = undefined;
    }
    return written;
  }

  #writeChunk(writer: Writer, position: Position, end: number): void {
    const { list, start, shape } = position;
    if (this.#cache !== undefined) {
      for (let index = start; index < end; index += 1) {
        writer.writeByte(index === 0 ? openingBracket : comma);
        writer.writeBytes(this.#fragmentOf(this.#cache, { list, start: index, shape }));
      }
    } else if (end - start === 1) {
      writer.writeByte(start === 0 ? openingBracket : comma);
      writer.write(this.#textOf(list, start, shape));
    } else {
      const text = textWithin(() => JSON.stringify(this.#replaceItems(position, end)));
      if (text !== undefined) writer.writeItems(text, start === 0 ? openingBracket : comma);
      else
        for (let index = start; index < end; index += 1)
          this.#writeChunk(writer, { list, start: index, shape }, index + 1);
    }
  }

  /** An item's text, with `null` for what has none, as in every list. */
  #textOf(list: readonly unknown[], index: number, shape: Shape): string {
    return JSON.stringify(this.#replaceItem(list[index], index, shape)) ?? 'null';
  }

  #fragmentOf(cache: FragmentCache, { list, start, shape }: Position): Buffer {
    const item = list[start];
    const make = (): Buffer => {
      const text = this.#textOf(list, start, shape);
      // Memory of its own, since a piece of the shared pool would keep all of the pool alive.
      const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
      bytes.write(text);
      return bytes;
    };
    // An item whose text depends on its index is not the item's own.
    const isCacheable =
      typeof item === 'object' && item !== null && typeof (item as { toJSON?: unknown }).toJSON !== 'function';
    return isCacheable ? cache.bytesOf(item, make) : make();
  }

  #replaceItems({ list, start, shape }: Position, end: number): unknown[] {
    const items: unknown[] = [];
    // Most lists need no more than a look at each item; the loop is kept small, since it is all that text costs.
    if (shape.copy === undefined && this.#extend === undefined && !needsIndexes(list, start, end)) {
      // By index, since a list's own methods are no business of JSON.
      for (let index = start; index < end; index += 1) items.push(list[index]);
    } else {
      for (let index = start; index < end; index += 1) items.push(this.#replaceItem(list[index], index, shape));
    }
    return items;
  }

  /** What JSON.stringify is to write for an item. Positional, since it is called for every item. */
  #replaceItem(item: unknown, index: number, { copy }: Shape): unknown {
    if (this.#extend !== undefined) return this.#extend(item, String(index));
    if (typeof item === 'bigint') return callToJson(item, String(index));
    if (typeof item !== 'object' || item === null) return item;
    // Here and not in JSON.stringify, which would not know the item's index.
    if (typeof (item as { toJSON?: unknown }).toJSON === 'function') return this.#convert(item, String(index));
    return copy === undefined ? item : copy(item);
  }
}

interface Position {
  readonly list: readonly unknown[];
  readonly start: number;
  readonly shape: Shape;
}

/** True where an item has a `toJSON`, which is given the item's index in the whole list. */
function needsIndexes(list: readonly unknown[], start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const item = list[index];
    if (typeof item === 'bigint') return true;
    if (typeof item === 'object' && item !== null && (item as { toJSON?: unknown }).toJSON !== undefined) return true;
  }
  return false;
}

/** False for primitives, for proxies, which notice every look, and for values whose own `toJSON` decides everything. */
function isOpenToHelp(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !nodeTypes.isProxy(value) &&
    typeof (value as { toJSON?: unknown }).toJSON !== 'function'
  );
}

/** Whether a list's items go out one by one where pieces are asked for: all but short lists of short primitives. */
function isLongForPieces(list: readonly unknown[]): boolean {
  if (list.length < 2 || nodeTypes.isProxy(list)) return false;
  const first = list[0];
  if (typeof first === 'object' && first !== null) return true;
  return roughSize(list, pieceBytes) > pieceBytes;
}

/** A piece of `chunks` that is being written. */
class Piece {
  #writer = new Writer();
  #beganMs = performance.now();

  get writer(): Writer {
    return this.#writer;
  }

  /** Full, or so long in the making that others have waited enough. */
  get isDue(): boolean {
    const { length } = this.#writer;
    return length > pieceBytes || (length > 0 && performance.now() - this.#beganMs >= pieceMs);
  }

  /** All that is there where it is late, else what makes whole pieces. */
  *handOut(): Generator<Buffer, void, undefined> {
    const taken = this.#writer.take();
    const restBytes = taken.length > pieceBytes ? taken.length % pieceBytes : 0;
    // An item of megabytes leaves its memory behind, which no other piece will fill.
    if (this.#writer.capacity > 4 * pieceBytes) this.#writer = new Writer();
    this.#writer.writeBytes(taken.subarray(taken.length - restBytes));
    yield* cutIntoPieces(taken.subarray(0, taken.length - restBytes));
    // Not before the last one is asked for: a reader that takes its time has made nobody wait.
    this.#beganMs = performance.now();
  }

  *finish(): Generator<Buffer, void, undefined> {
    yield* cutIntoPieces(this.#writer.take());
  }
}

/** Parts of the same memory, each of a piece's length but the last. */
function* cutIntoPieces(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

/** True for the error of a string that would be longer than strings can be. */
function isTooLong(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Invalid string length';
}

/** `undefined` where the text would be longer than a string can be. */
function textWithin(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    if (isTooLong(error)) return undefined;
    throw error;
  }
}

/** Lets the event loop turn once after each piece, whoever reads them. */
async function* yieldToOthers(pieces: Iterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}

function requireText(text: string | undefined): string {
  if (text === undefined) throw new TypeError('the value has no JSON text: it is undefined, a function or a symbol');
  return text;
}
