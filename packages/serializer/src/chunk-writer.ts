/**
 * Writes a few items of a list into memory, in one call of JSON.stringify or from the cache, brackets and commas included.
 */
import { type ByteWriter, partBytes } from './byte-writer.ts';
import type { FragmentCache } from './cache.ts';
import type { Chunk, Replacement } from './replacement.ts';
import type { Shape } from './shapes.ts';
import type { Writer } from './writer.ts';

const openingBracket = 0x5b;
const comma = 0x2c;

export class ChunkWriter {
  readonly #replacement: Replacement;
  readonly #cache: FragmentCache | undefined;

  readonly #bytes: ByteWriter | undefined;

  constructor(request: { replacement: Replacement; cache: FragmentCache | undefined; bytes: ByteWriter | undefined }) {
    this.#bytes = request.bytes;
    this.#replacement = request.replacement;
    this.#cache = request.cache;
  }

  /** The list's closing bracket is left to the caller, who knows the end of the list. */
  write(writer: Writer, chunk: Chunk): void {
    const { list, start, end, shape } = chunk;
    if (this.#cache !== undefined) {
      for (let index = start; index < end; index += 1) {
        writer.writeByte(index === 0 ? openingBracket : comma);
        writer.writeBytes(this.#fragmentOf(this.#cache, { list, index, shape }));
      }
    } else if (shape.writesBytes && this.#bytes !== undefined && this.#writeBytes(writer, chunk, this.#bytes)) {
      return;
    } else if (end - start === 1) {
      this.#writeOne(writer, list[start], start, shape);
    } else {
      const text = textWithin(() => JSON.stringify(this.#replacement.ofItems(chunk)));
      if (text !== undefined) writer.writeItems(text, start === 0 ? openingBracket : comma);
      else
        for (let index = start; index < end; index += 1)
          this.write(writer, { list, start: index, end: index + 1, shape });
    }
  }

  #writeOne(writer: Writer, item: unknown, index: number, shape: Shape): void {
    writer.writeByte(index === 0 ? openingBracket : comma);
    writer.write(this.#textOf(item, index, shape));
  }

  /** @returns false where nothing was written, since somebody else is writing bytes. */
  #writeBytes(writer: Writer, { list, start, end, shape }: Chunk, bytes: ByteWriter): boolean {
    const learned = bytes.begin(shape.learned);
    if (learned === undefined) return false;
    shape.learned = learned;
    const before = writer.length;
    try {
      for (let index = start; index < end; index += 1) {
        if (bytes.length > partBytes) bytes.drain(writer);
        if (bytes.writeItem(list[index], index, index === 0 ? openingBracket : comma)) continue;
        bytes.drain(writer);
        this.#writeOne(writer, list[index], index, shape);
      }
      bytes.drain(writer);
    } finally {
      bytes.finish(writer.length - before);
    }
    shape.writesBytes = learned.isWorthIt;
    return true;
  }

  /** An item's text, with `null` for what has none, as in every list. */
  #textOf(item: unknown, index: number, shape: Shape): string {
    return JSON.stringify(this.#replacement.ofItem(item, index, shape)) ?? 'null';
  }

  #fragmentOf(
    cache: FragmentCache,
    { list, index, shape }: { list: readonly unknown[]; index: number; shape: Shape },
  ): Buffer {
    const item = list[index];
    const make = (): Buffer => {
      const text = this.#textOf(item, index, shape);
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
}

/** True for the error of a string that would be longer than strings can be. */
export function isTooLong(error: unknown): boolean {
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
