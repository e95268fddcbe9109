/**
 * Writes responses with long lists into one Buffer, a chunk of a list at a time.
 *
 * One character beyond Latin-1 so makes one chunk a two-byte string and not the whole response, and no string of
 * megabytes is built. The steps follow what the last ones took, and memory follows what was written.
 */
import type { ChunkWriter } from './chunk-writer.ts';
import type { Split } from './lists.ts';
import { firstStepOf, nextStepOf } from './pace.ts';
import type { ShapeMemory } from './shapes.ts';
import type { SpareMemory } from './spare-memory.ts';
import { Writer } from './writer.ts';

/**
 * Bytes of a list that are written at a time: many, so that the cost of a call is hidden, and few where characters
 * beyond Latin-1 are expected among copies, so that such a one spoils little. Copies are best written while they are in
 * the processor's cache.
 */
export const chunkBytes = 16 * 1024;
const spoiledChunkBytes = 2 * 1024;
/** Memory that is kept for the next response at most; larger responses get fresh memory. */
const mostSpareBytes = 16 * 1024 * 1024;
/**
 * Memory is got ahead for at most so many times the largest response of late, or a first guess of it: what was learned
 * from one list sizes no memory for another.
 */
const mostAhead = 4;
const firstLargestBytes = 256 * 1024;
/** An item's expected size counts where the first items of this very list are not far below it. */
const mostShrinkage = 4;

const closingBracket = 0x5d;

export class WholeLists {
  readonly #chunks: ChunkWriter;
  readonly #shapes: ShapeMemory;
  readonly #chunkItems: number | undefined;
  readonly #memory: SpareMemory;
  #spare: Writer | undefined;
  /** Bytes of the largest response of late; half of it is forgotten with each smaller one. */
  #largestBytes = firstLargestBytes;

  /** @param request.chunkItems items written at a time; by their size where it is left out. */
  constructor(request: {
    chunks: ChunkWriter;
    shapes: ShapeMemory;
    chunkItems: number | undefined;
    memory: SpareMemory;
  }) {
    this.#memory = request.memory;
    this.#chunks = request.chunks;
    this.#shapes = request.shapes;
    this.#chunkItems = request.chunkItems;
  }

  write({ texts, lists }: Split): Buffer {
    // Taken while it is in use, since a toJSON may call this very serializer.
    let writer = this.#spare ?? new Writer(undefined, this.#memory);
    this.#spare = undefined;
    for (const [index, list] of lists.entries()) {
      writer.write(texts[index] as string);
      writer = this.#writeList(writer, list);
    }
    writer.write(texts.at(-1) as string);
    const written = writer.take();
    if (writer.capacity <= mostSpareBytes) this.#spare = writer;
    this.#largestBytes = Math.max(written.length, this.#largestBytes / 2);
    return this.#memory.noteOut(written);
  }

  /** @returns the writer that goes on: another one where the list turned out to be so long. */
  #writeList(first: Writer, list: readonly unknown[]): Writer {
    let writer = first;
    const shape = this.#shapes.learn(list[0], list);
    const isSmall = shape.copy !== undefined && !shape.writesBytes && !shape.isAscii;
    const aimedBytes = isSmall ? spoiledChunkBytes : chunkBytes;
    const before = writer.length;
    const beyondAsciiBefore = writer.beyondAscii;
    const { length } = list;
    let [chunks, mixedChunks] = [0, 0];
    let step = this.#chunkItems ?? firstStepOf(shape.bytesPerItem, aimedBytes);
    for (let start = 0; start < length;) {
      const end = Math.min(start + step, length);
      const chunkStart = writer.length;
      const beyondAsciiAtStart = writer.beyondAscii;
      this.#chunks.write(writer, { list, start, end, shape });
      const bytes = writer.length - chunkStart;
      chunks += 1;
      if (writer.beyondAscii > beyondAsciiAtStart) mixedChunks += 1;
      if (start === 0)
        writer = this.#makeRoom(writer, {
          items: length - end,
          bytesPerItem: shape.bytesPerItem,
          seenPerItem: bytes / end,
        });
      if (this.#chunkItems === undefined) step = nextStepOf({ items: end - start, bytes }, aimedBytes);
      start = end;
    }
    writer.writeByte(closingBracket);
    shape.bytesPerItem = (writer.length - before) / length;
    shape.isAscii = writer.beyondAscii === beyondAsciiBefore;
    shape.mixedShare = mixedChunks / chunks;
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
}
