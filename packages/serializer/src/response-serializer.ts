/**
 * A serializer for responses: the text of `JSON.stringify`, byte for byte, faster where values have Dates or are long.
 *
 * JSON.stringify writes all of the text, unless a type is opted in to. Values with a `toJSON` are replaced in a copy, so
 * that it stays on its fast path (replacement.ts), and long lists are written in chunks (whole-lists.ts, pieces.ts). Where
 * none of that helps, one call writes the whole value. What is learned about a shape are hints, so a later value that
 * differs is written as correctly. Outside the contract: a getter or `toJSON` whose result changes from call to call, or
 * that changes what is being written; it may run more than once, or before its neighbours are read.
 */
import { Readable } from 'node:stream';
import { types as nodeTypes } from 'node:util';

import { ByteWriter } from './byte-writer.ts';
import type { CacheOptions } from './cache.ts';
import { FragmentCache, StaleFragmentError } from './cache.ts';
import { ChunkWriter, isTooLong } from './chunk-writer.ts';
import type { Split } from './lists.ts';
import { hasLongList, splitLists } from './lists.ts';
import { Looks } from './looks.ts';
import { cutIntoPieces, isLongForPieces, writePieces, yieldToOthers } from './pieces.ts';
import { Replacement } from './replacement.ts';
import type { Shape } from './shapes.ts';
import { ShapeMemory } from './shapes.ts';
import { SpareMemory } from './spare-memory.ts';
import type { KnownClass } from './substitute.ts';
import { createBytesOf, createConvert } from './substitute.ts';
import type { ExtendedTypes } from './types.ts';
import { createReplaceTypes } from './types.ts';
import { chunkBytes, WholeLists } from './whole-lists.ts';
import { ResponseTooLargeError } from './writer.ts';

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
  /**
   * Gives the memory of a response back, for a later one: nobody may read it any more. To be called with what `toBuffer`,
   * `toBody` or `chunks` gave, once it was sent; all else is ignored, and so is what is given back twice.
   */
  recycle(sent: Buffer | string): void;
  /** Forgets an item's cached bytes; to be called when an item is changed in place. */
  invalidate(item: object): void;
}

/** Text up to this length goes out in one write with the headers before it, which a Buffer does not. */
const mostTextLength = 16 * 1024;
/** Lists shorter than this, in items or in expected bytes, are written in one piece. */
const leastListItems = 16;
const leastListBytes = 512 * 1024;
/** The same for text that was pure ASCII lately: no chunk of it is spoiled, so that only the large string costs. */
const leastAsciiListBytes = 4 * 1024 * 1024;
/**
 * Where more than this share of a list's chunks hold characters beyond ASCII, chunks save nothing, and their calls cost: text of
 * any length is left to one call.
 */
const mostMixedShare = 0.9;
/** As above for text of ASCII where items are copied: copies of many items do not stay in the processor's caches. */
const leastAsciiCopiesBytes = 64 * 1024;
/** Characters of a text from which on it may pay for a look afterwards, where there was none before. */
const longText = 32 * 1024;
/** With a cache, a list's items are kept however few they are. */
const leastCachedItems = 2;
/** Levels below the root in which lists are taken out: `result.tools`, `entities.tools`; more where pieces are asked for. */
const levels = 2;
const levelsOfPieces = 4;

/**
 * Makes a serializer. It may be shared by all responses of a process.
 * @throws {RangeError} where `chunkItems` is not a whole number of at least 1.
 */
export function createResponseSerializer(options: ResponseSerializerOptions = {}): ResponseSerializer {
  return new FastPathSerializer(options);
}

class FastPathSerializer implements ResponseSerializer {
  readonly #chunkItems: number | undefined;
  readonly #cache: FragmentCache | undefined;
  readonly #shapes: ShapeMemory;
  readonly #replacement: Replacement;
  readonly #chunks: ChunkWriter;
  readonly #wholeLists: WholeLists;
  readonly #memory = new SpareMemory();
  readonly #looks: Looks;
  /** The shape of the list that was last left to one call of JSON.stringify; tells what the call's text is like. */
  #leftWhole: Shape | undefined;

  constructor({ schema, types = {}, cache, chunkItems }: ResponseSerializerOptions) {
    if (chunkItems !== undefined && (!Number.isSafeInteger(chunkItems) || chunkItems < 1)) {
      throw new RangeError(`chunkItems is a whole number of at least 1, not ${chunkItems}`);
    }
    const { known = [] } = types;
    const convert = createConvert(known);
    const replaceTypes = createReplaceTypes(types, convert);
    this.#chunkItems = chunkItems;
    this.#looks = new Looks({ isAlways: replaceTypes !== undefined || cache !== undefined });
    this.#cache = cache === undefined ? undefined : new FragmentCache(cache);
    this.#shapes = new ShapeMemory(schema, convert);
    this.#replacement = new Replacement({ convert, replaceTypes, shapes: this.#shapes });
    this.#chunks = new ChunkWriter({
      replacement: this.#replacement,
      cache: this.#cache,
      bytes:
        replaceTypes === undefined ? new ByteWriter({ bytesOf: createBytesOf(known) ?? noBytes, convert }) : undefined,
    });
    this.#wholeLists = new WholeLists({
      chunks: this.#chunks,
      shapes: this.#shapes,
      chunkItems,
      memory: this.#memory,
    });
  }

  stringify(value: unknown): string {
    const unseen = this.#looks.isDue() ? undefined : this.#writeUnseen(value);
    return unseen ?? this.#lookAndStringify(value);
  }

  #lookAndStringify(value: unknown): string {
    if (!mayLookInside(value)) return this.#writeOpaque(value);
    try {
      return this.#writeText(value);
    } catch (error) {
      return this.#recover(error, value);
    }
  }

  toBuffer(value: unknown): Buffer {
    const unseen = this.#looks.isDue() ? undefined : this.#writeUnseen(value);
    return unseen === undefined ? this.#lookAndWrite(value) : Buffer.from(unseen);
  }

  #lookAndWrite(value: unknown): Buffer {
    if (!mayLookInside(value)) return Buffer.from(this.#writeOpaque(value));
    try {
      return this.#writeInChunks(value) ?? this.#writeAtOnce(value);
    } catch (error) {
      const written = this.#writeTooLong(error, value) ?? this.#recover(error, value);
      return typeof written === 'string' ? Buffer.from(written) : written;
    }
  }

  toBody(value: unknown): string | Buffer {
    const unseen = this.#looks.isDue() ? undefined : this.#writeUnseen(value);
    if (unseen === undefined) return this.#lookAndWriteBody(value);
    return unseen.length > mostTextLength ? Buffer.from(unseen) : unseen;
  }

  #lookAndWriteBody(value: unknown): string | Buffer {
    if (!mayLookInside(value)) return this.#writeOpaque(value);
    try {
      return this.#writeInChunks(value) ?? this.#writeBody(value);
    } catch (error) {
      return this.#writeTooLong(error, value) ?? this.#recover(error, value);
    }
  }

  *chunks(value: unknown): Generator<Buffer, void, undefined> {
    const split = mayLookInside(value) ? this.#splitForPieces(value) : undefined;
    if (split === undefined) yield* cutIntoPieces(this.toBuffer(value));
    else yield* this.#writePieces(split);
  }

  stream(value: unknown): Readable {
    return Readable.from(yieldToOthers(this.chunks(value)), { objectMode: false });
  }

  recycle(sent: Buffer | string): void {
    if (typeof sent !== 'string') this.#memory.takeBack(sent);
  }

  invalidate(item: object): void {
    this.#cache?.invalidate(item);
  }

  /** By JSON.stringify alone; `undefined` where one string cannot hold it. */
  #writeUnseen(value: unknown): string | undefined {
    let text: string;
    try {
      text = requireText(JSON.stringify(value));
    } catch (error) {
      if (isTooLong(error)) return undefined;
      throw error;
    }
    if (text.length >= longText && this.#looks.isDueAfter(text.length) && this.#couldBeFaster(value))
      this.#looks.found(text.length);
    else this.#looks.foundNothing(text.length);
    return text;
  }

  #couldBeFaster(value: unknown): boolean {
    if (!mayLookInside(value)) return false;
    const isLong = Array.isArray(value) ? this.#isLong(value) : hasLongList(value, this.#isLong, levels);
    // What is noted of a list is for the text that is made next.
    this.#leftWhole = undefined;
    if (isLong) return true;
    const shape = Array.isArray(value) ? this.#shapes.learn(value[0], value) : this.#shapes.learn(value);
    return shape.places !== undefined;
  }

  #writeOpaque(value: unknown): string {
    return requireText(JSON.stringify(this.#replacement.ofOpaque(value)));
  }

  /** What went wrong on the fast way, `JSON.stringify` does, or says best why it cannot. */
  #recover(error: unknown, value: object): string {
    // With an opted-in type the error is the answer: JSON.stringify would write something else.
    if (error instanceof StaleFragmentError || error instanceof ResponseTooLargeError || this.#replacement.hasTypes)
      throw error;
    // The whole would be no shorter.
    if (isTooLong(error)) throw error;
    return requireText(JSON.stringify(value));
  }

  /** False for a list that one call of JSON.stringify is best for, as far as is known. */
  readonly #isLong = (list: readonly unknown[]): boolean => {
    // A proxy notices every look.
    if (nodeTypes.isProxy(list)) return false;
    if (list.length < leastCachedItems) return false;
    if (this.#cache !== undefined) return true;
    if (list.length < leastListItems && (typeof list[0] !== 'object' || list[0] === null)) return false;
    // A look at the items, where one is due: whether they are copied decides.
    const shape = this.#shapes.learn(list[0], list);
    if (list.length < leastListItems) return shape.writesBytes;
    if (shape.writesBytes || list.length * shape.bytesPerItem >= leastBytesOf(shape)) return true;
    this.#leftWhole = shape;
    return false;
  };

  readonly #replaceRest = (rest: unknown): unknown => this.#replacement.ofRest(rest as object);

  #writePieces(split: Split): Generator<Buffer, void, undefined> {
    return writePieces({
      split,
      chunks: this.#chunks,
      shapes: this.#shapes,
      chunkItems: this.#chunkItems,
      memory: this.#memory,
    });
  }

  #splitForPieces(value: object): Split | undefined {
    return splitLists({ value, isLong: isLongForPieces, rest: this.#replaceRest, levels: levelsOfPieces });
  }

  /** `undefined` where there is no long list, so that one call of JSON.stringify is best. */
  #writeInChunks(value: object): Buffer | undefined {
    if (!Array.isArray(value) && !hasLongList(value, this.#isLong, levels)) return undefined;
    const split = splitLists({ value, isLong: this.#isLong, rest: this.#replaceRest, levels });
    if (split === undefined) return undefined;
    const written = this.#wholeLists.write(split);
    this.#looks.found(written.length);
    return written;
  }

  /** What one string could not hold, where it is long by its lists; `undefined` where that is not what went wrong. */
  #writeTooLong(error: unknown, value: object): Buffer | undefined {
    if (!isTooLong(error)) return undefined;
    const split = this.#splitForPieces(value);
    return split === undefined ? undefined : this.#wholeLists.write(split);
  }

  #writeText(value: object): string {
    const replaced = this.#replacement.ofAll(value);
    const text = JSON.stringify(replaced);
    if (replaced === value) this.#looks.foundNothing(text.length);
    else this.#looks.found(text.length);
    return text;
  }

  #writeAtOnce(value: object): Buffer {
    return this.#encode(this.#writeText(value));
  }

  #writeBody(value: object): string | Buffer {
    const text = this.#writeText(value);
    if (text.length > mostTextLength) return this.#encode(text);
    // So short a text says too little about what its characters are like.
    this.#leftWhole = undefined;
    return text;
  }

  /** Also notes what the characters of a list that was left whole are like. */
  #encode(text: string): Buffer {
    const written = Buffer.from(text);
    if (this.#leftWhole !== undefined) {
      const beyondAscii = written.length - text.length;
      this.#leftWhole.isAscii = beyondAscii === 0;
      // So few that most chunks would have none: chunks are worth another try.
      if (beyondAscii * chunkBytes < text.length) this.#leftWhole.mixedShare = 0;
      this.#leftWhole = undefined;
    }
    return written;
  }
}

/** Expected bytes of a list from which on it is written in chunks, where JSON.stringify writes it. */
function leastBytesOf({ isAscii, mixedShare, copy }: Shape): number {
  if (copy !== undefined) return isAscii ? leastAsciiCopiesBytes : 0;
  if (mixedShare > mostMixedShare) return Number.POSITIVE_INFINITY;
  return isAscii ? leastAsciiListBytes : leastListBytes;
}

/** False for primitives, for proxies, which notice every look, and for values whose own `toJSON` decides everything. */
function mayLookInside(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !nodeTypes.isProxy(value) &&
    typeof (value as { toJSON?: unknown }).toJSON !== 'function'
  );
}

function requireText(text: string | undefined): string {
  if (text === undefined) throw new TypeError('the value has no JSON text: it is undefined, a function or a symbol');
  return text;
}

function noBytes(): undefined {
  return undefined;
}
