/**
 * Writes responses in pieces, each made when it is asked for: small enough, and soon enough, that nobody else waits.
 */
import { setImmediate } from 'node:timers/promises';
import { types as nodeTypes } from 'node:util';

import type { ChunkWriter } from './chunk-writer.ts';
import type { Split } from './lists.ts';
import { endOfStep, roughSize } from './pace.ts';
import type { ShapeMemory } from './shapes.ts';
import type { SpareMemory } from './spare-memory.ts';
import { Writer } from './writer.ts';

/** Bytes of a piece: one or two writes of a socket, a fraction of a millisecond of work. */
const pieceBytes = 64 * 1024;
/** Milliseconds after which a piece is given out however small it is: its items have a slow `toJSON`. */
const pieceMs = 5;
/** Milliseconds of one step from which on the next one has one item: a fraction of a piece's. */
const slowMs = 1;

const closingBracket = 0x5d;

/** @param request.chunkItems items written at a time at most; by their size where it is left out. */
export function* writePieces(request: {
  split: Split;
  chunks: ChunkWriter;
  shapes: ShapeMemory;
  chunkItems: number | undefined;
  memory: SpareMemory;
}): Generator<Buffer, void, undefined> {
  const { split, chunks, shapes } = request;
  const piece = new Piece(request.memory);
  for (const [index, list] of split.lists.entries()) {
    piece.writer.write(split.texts[index] as string);
    if (piece.isDue) yield* piece.handOut();
    const shape = shapes.learn(list[0], list);
    let lastItems = 1;
    let lastBytes = Infinity;
    const { length } = list;
    for (let start = 0; start < length; start += lastItems) {
      const before = piece.writer.length;
      const end = Math.min(
        endOfStep({ list, start, lastItems, lastBytes, leftBytes: pieceBytes - before }),
        start + (request.chunkItems ?? length),
      );
      const beganMs = performance.now();
      chunks.write(piece.writer, { list, start, end, shape });
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

/** Whether a list's items go out one by one where pieces are asked for: all but short lists of short primitives. */
export function isLongForPieces(list: readonly unknown[]): boolean {
  if (list.length < 2 || nodeTypes.isProxy(list)) return false;
  const first = list[0];
  if (typeof first === 'object' && first !== null) return true;
  return roughSize(list, pieceBytes) > pieceBytes;
}

/** Parts of the same memory, each of a piece's length but the last. */
export function* cutIntoPieces(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

/** Lets the event loop turn once after each piece, whoever reads them. */
export async function* yieldToOthers(pieces: Iterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}

/** A piece that is being written. */
class Piece {
  readonly #memory: SpareMemory;
  #writer: Writer;
  #beganMs = performance.now();

  constructor(memory: SpareMemory) {
    this.#memory = memory;
    this.#writer = new Writer(undefined, memory);
  }

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
    if (this.#writer.capacity > 4 * pieceBytes) this.#writer = new Writer(undefined, this.#memory);
    this.#writer.writeBytes(taken.subarray(taken.length - restBytes));
    const whole = taken.subarray(0, taken.length - restBytes);
    if (whole.length <= pieceBytes) yield this.#memory.notePieceOut(whole);
    else yield* cutIntoPieces(whole);
    // Not before the last one is asked for: a reader that takes its time has made nobody wait.
    this.#beganMs = performance.now();
  }

  *finish(): Generator<Buffer, void, undefined> {
    this.#memory.countResponse();
    yield* cutIntoPieces(this.#writer.take());
  }
}
