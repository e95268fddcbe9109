/**
 * Memory that went out with responses and came back, for the next ones: it is warm, and fresh pages cost more than what
 * is written to them.
 *
 * What comes back is kept as far as responses of late were large, and no longer.
 */

/** Kept at most, in responses as large as the largest of late: so many may be on their way at once. */
const mostResponses = 4;
/** Kept at most, whatever responses are like. */
const mostBytes = 64 * 1024 * 1024;
/** Smaller memory is not worth keeping: Node has a pool of its own for it. */
const leastBytes = 32 * 1024;
/** Memory so many times larger than what is asked for is left to larger responses. */
const mostExcess = 4;
/** What each response leaves of the largest one's size. */
const remembered = 15 / 16;
/** Where memory comes back, sizes are whole multiples of this, so that it fits the next response as well. */
const unitBytes = 64 * 1024;

export class SpareMemory {
  /** What is out and may come back, once, with the length of what it holds. */
  readonly #out = new WeakMap<ArrayBufferLike, number>();
  /** By size, ascending. */
  readonly #idle: Buffer[] = [];
  #idleBytes = 0;
  #largestBytes = 0;
  #isUsed = false;

  /** True once anything has come back: then whole memory is given away and not copied. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Bytes that wait to be used. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Memory with room for so many bytes, some that came back where it fits. */
  take(bytes: number): Buffer {
    if (!this.#isUsed) return Buffer.allocUnsafeSlow(bytes);
    const index = this.#idle.findIndex(({ length }) => length >= bytes);
    const found = this.#idle[index];
    if (found === undefined || found.length > Math.max(leastBytes, bytes) * mostExcess)
      return Buffer.allocUnsafeSlow(bytes < leastBytes ? bytes : Math.ceil(bytes / unitBytes) * unitBytes);
    this.#idle.splice(index, 1);
    this.#idleBytes -= found.length;
    return found;
  }

  /** Notes what goes out: the only part of its memory that is in use. @returns it. */
  noteOut(response: Buffer): Buffer {
    this.#largestBytes *= remembered;
    this.notePieceOut(response);
    this.#forget();
    return response;
  }

  /** The same for a piece of a response: that each is small says nothing of how large whole ones are. */
  notePieceOut(piece: Buffer): Buffer {
    this.#largestBytes = Math.max(piece.length, this.#largestBytes);
    if (piece.buffer.byteLength >= leastBytes) this.#out.set(piece.buffer, piece.length);
    return piece;
  }

  /** Lets the largest size fade by one response; one that went out in pieces is one as well. */
  countResponse(): void {
    this.#largestBytes *= remembered;
    this.#forget();
  }

  /** Takes the memory of what went out; ignores all else: parts of it, and what comes a second time. */
  takeBack({ buffer, length }: Buffer): void {
    if (this.#out.get(buffer) !== length) return;
    this.#out.delete(buffer);
    this.#isUsed = true;
    const whole = Buffer.from(buffer);
    const place = this.#idle.findIndex((idle) => idle.length >= whole.length);
    this.#idle.splice(place === -1 ? this.#idle.length : place, 0, whole);
    this.#idleBytes += whole.length;
    this.#forget();
  }

  /** Lets go of what is more than responses of late need, the largest first. */
  #forget(): void {
    const most = Math.min(mostBytes, (this.#largestBytes + unitBytes) * mostResponses);
    while (this.#idleBytes > most) this.#idleBytes -= (this.#idle.pop() as Buffer).length;
  }
}
