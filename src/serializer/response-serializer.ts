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

import type { CacheOptions } from './cache.ts';
import { FragmentCache, StaleFragmentError } from './cache.ts';
import type { CopyItem } from './compile.ts';
import { compileCopy } from './compile.ts';
import type { Split } from './lists.ts';
import { splitLists } from './lists.ts';
import type { Place } from './places.ts';
import { findPlaces, mergePlaces, placesOfSchema } from './places.ts';
import type { Convert, KnownClass } from './substitute.ts';
import { callToJson, createConvert, visit } from './substitute.ts';
import type { Extend, ExtendedTypes } from './types.ts';
import { createExtend } from './types.ts';
import { Writer } from './writer.ts';

export interface ResponseSerializerOptions {
  /** JSON Schema of the responses, references resolved; saves the first looks. A value need not fit it. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Types beyond JSON.stringify, all off, and classes whose text can be had faster than through their `toJSON`. */
  readonly types?: ExtendedTypes & { readonly known?: readonly KnownClass[] };
  /** Keeps the bytes of items between responses; off unless given. */
  readonly cache?: CacheOptions;
  /** Items of a long list that are written at a time; by their size unless given. */
  readonly chunkItems?: number;
}

export interface ResponseSerializer {
  /** The text that `JSON.stringify(value)` gives; throws what it throws. @throws {TypeError} for what has no JSON text. */
  stringify(value: unknown): string;
  /** The same text as UTF-8, in memory of its own. */
  toBuffer(value: unknown): Buffer;
  /** The same text as a server sends it with the least work: short ones as they are, long ones as UTF-8. */
  toBody(value: unknown): string | Buffer;
  /** The same bytes in pieces, each made when it is asked for, so that other work can run in between. */
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

const openingBracket = 0x5b;
const closingBracket = 0x5d;
const comma = 0x2c;

/** What has been learned about responses that look alike. */
interface Shape {
  place: Place | undefined;
  /** Made from `place`; absent where there are no places. */
  copy: CopyItem | undefined;
  calls: number;
  nextLook: number;
  lookEvery: number;
  bytesPerItem: number;
  /** Whether the last response was; a guess before the first. */
  isAscii: boolean;
}

/** Items that the first look takes in, spread over the list; later looks take in one. */
const firstLookItems = 32;
/** Looks become rarer while they find nothing new, down to one in this many calls. */
const rarestLook = 64;
/** While nothing was found anywhere, one in so many short responses is looked at. */
const rarestQuestion = 8;
/** Shapes that are remembered; beyond, all are forgotten, which costs looks and nothing else. */
const mostShapes = 256;
/** A first guess at an item's size. */
const guessedBytesPerItem = 1024;

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
    this.#shapes = new ShapeMemory(placesOfSchema(schema), this.#convert);
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
      return Buffer.from(this.#recover(error, value));
    }
  }

  toBody(value: unknown): string | Buffer {
    if (!isOpenToHelp(value)) return this.#writePlainly(value);
    try {
      return this.#writeInChunks(value) ?? this.#writeBody(value);
    } catch (error) {
      return this.#recover(error, value);
    }
  }

  *chunks(value: unknown): Generator<Buffer, void, undefined> {
    const split = isOpenToHelp(value) ? this.#split(value) : undefined;
    if (split === undefined) {
      yield this.toBuffer(value);
      return;
    }
    const writer = new Writer();
    for (const [index, list] of split.lists.entries()) {
      writer.write(split.texts[index] as string);
      const shape = this.#shapes.learn(list[0], list);
      const step = this.#stepOf(shape);
      for (let start = 0; start < list.length; start += step) {
        this.#writeChunk(writer, { list, start, shape }, Math.min(start + step, list.length));
        if (writer.length >= pieceBytes) yield writer.take();
      }
      writer.writeByte(closingBracket);
    }
    writer.write(split.texts.at(-1) as string);
    yield writer.take();
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
    if (error instanceof StaleFragmentError || this.#extend !== undefined) throw error;
    return requireText(JSON.stringify(value));
  }

  /** The value with everything replaced that JSON.stringify would be slow at; itself where there is nothing. */
  #replaceAll(value: object): unknown {
    if (this.#extend !== undefined) return this.#extend(value, '');
    if (!Array.isArray(value)) return this.#replaceAround(value);
    const shape = this.#shapes.learn(value[0], value);
    return shape.place === undefined ? value : value.map((item, index) => this.#replaceItem(item, index, shape));
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

  #split(value: object): Split | undefined {
    if (!Array.isArray(value)) {
      return splitLists({ value, isLong: this.#isLong, rest: this.#replaceShell });
    }
    return this.#isLong(value) ? { texts: ['', ''], lists: [value] } : undefined;
  }

  /** `undefined` where there is no long list, so that one call of JSON.stringify is best. */
  #writeInChunks(value: object): Buffer | undefined {
    const split = this.#split(value);
    if (split === undefined) return undefined;
    // Taken while it is in use, since a toJSON may call this very serializer.
    const expectedBytes = this.#expectBytes(split);
    const writer = Writer.isGivenAway(expectedBytes) ? new Writer(expectedBytes) : (this.#spare ?? new Writer());
    if (writer === this.#spare) this.#spare = undefined;
    for (const [index, list] of split.lists.entries()) {
      writer.write(split.texts[index] as string);
      const shape = this.#shapes.learn(list[0], list);
      const step = this.#stepOf(shape);
      const before = writer.length;
      const beyondAsciiBefore = writer.beyondAscii;
      for (let start = 0; start < list.length; start += step) {
        this.#writeChunk(writer, { list, start, shape }, Math.min(start + step, list.length));
      }
      writer.writeByte(closingBracket);
      shape.bytesPerItem = (writer.length - before) / list.length;
      shape.isAscii = writer.beyondAscii === beyondAsciiBefore;
    }
    writer.write(split.texts.at(-1) as string);
    const written = writer.take();
    if (writer.capacity <= mostSpareBytes) this.#spare = writer;
    return written;
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

  /** As large as the lists' shapes have been lately, and a little more. */
  #expectBytes({ texts, lists }: Split): number {
    let bytes = 0;
    for (const text of texts) bytes += text.length;
    for (const list of lists) bytes += list.length * 1.02 * this.#shapes.recall(list[0]).bytesPerItem;
    return Math.ceil(bytes);
  }

  /** Items of this shape that are written at a time. */
  #stepOf({ bytesPerItem, copy }: Shape): number {
    if (this.#chunkItems !== undefined) return this.#chunkItems;
    return Math.max(1, Math.round((copy === undefined ? chunkBytes : chunkBytesOfCopies) / bytesPerItem));
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
      writer.writeItems(JSON.stringify(this.#replaceItems(position, end)), start === 0 ? openingBracket : comma);
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
    const isCacheable = typeof item === 'object' && item !== null && typeof (item as { toJSON?: unknown }).toJSON !== 'function';
    return isCacheable ? cache.bytesOf(item, make) : make();
  }

  #replaceItems({ list, start, shape }: Position, end: number): unknown[] {
    // Most lists need no more than a look at each item; the loop is kept small, since it is all that text costs.
    if (shape.copy === undefined && this.#extend === undefined && !needsIndexes(list, start, end)) return list.slice(start, end);
    const items: unknown[] = [];
    for (let index = start; index < end; index += 1) items.push(this.#replaceItem(list[index], index, shape));
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

/** Remembers what responses that look alike have in common; all of it hints. */
class ShapeMemory {
  readonly #hint: Place | undefined;
  readonly #convert: Convert;
  readonly #shapes = new Map<string, Shape>();
  #hasPlaces = false;
  #questions = 0;

  constructor(schemaPlaces: Place | undefined, convert: Convert) {
    this.#convert = convert;
    this.#hint = mergePlaces(schemaPlaces, elementPlaces(schemaPlaces));
  }

  /** False for most calls while no shape has places: what is short should not wait for a look-up. */
  isWorthAsking(): boolean {
    this.#questions += 1;
    return this.#hasPlaces || this.#questions % rarestQuestion === 1;
  }

  /** The shape of a value, or of a list's items by the first, after a look at some of them where one is due. */
  learn(first: unknown, list?: readonly unknown[]): Shape {
    const shape = this.recall(first);
    shape.calls += 1;
    if (shape.calls >= shape.nextLook) this.#look(list ?? [first], shape);
    return shape;
  }

  #look(list: readonly unknown[], shape: Shape): void {
    const count = shape.calls === 1 ? Math.min(list.length, firstLookItems) : 1;
    let { place } = shape;
    for (let seen = 0; seen < count; seen += 1) {
      // Spread over the list, and somewhere else at every look.
      const index = Math.floor(((seen + (shape.calls % 7) / 7) * list.length) / count) % list.length;
      place = mergePlaces(place, findPlaces(list[index]));
    }
    shape.lookEvery = place === shape.place ? Math.min(shape.lookEvery * 2, rarestLook) : 1;
    if (place !== shape.place) this.#setPlace(shape, place);
    shape.nextLook = shape.calls + shape.lookEvery;
  }

  #setPlace(shape: Shape, place: Place | undefined): void {
    shape.place = place;
    this.#hasPlaces ||= place !== undefined;
    shape.copy = place === undefined ? undefined : compileCopy(place, this.#convert);
  }

  /** By the first item's first key: cheap, and a shape that is mistaken for another costs time and nothing else. */
  recall(first: unknown): Shape {
    const key = firstKeyOf(first);
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    if (this.#shapes.size >= mostShapes) this.#shapes.clear();
    const shape: Shape = { place: undefined, copy: undefined, calls: 0, nextLook: 1, lookEvery: 1, bytesPerItem: guessedBytesPerItem, isAscii: false };
    this.#setPlace(shape, this.#hint);
    this.#shapes.set(key, shape);
    return shape;
  }
}

function firstKeyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  for (const key in value) return key;
  return '';
}

/** Places of the elements of every list in a tree, as one tree. */
function elementPlaces(place: Place | undefined): Place | undefined {
  if (place === undefined) return undefined;
  let found = place.element;
  for (const below of place.below) found = mergePlaces(found, elementPlaces(below));
  return found;
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

/** False for primitives and for values whose own `toJSON` decides everything. */
function isOpenToHelp(value: unknown): value is object {
  return typeof value === 'object' && value !== null && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
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
