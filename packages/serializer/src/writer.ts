/**
 * Memory that texts are written into one after the other, and that is used again for the next response.
 *
 * Fresh memory costs more to write to than a copy at the end costs, since its pages have to be brought in first; for
 * megabytes it is the other way round, and where memory comes back, nothing has to be copied. What is given away is a
 * copy or is not used again before it came back, so no response can overwrite another that is still being sent.
 */
import { SpareMemory } from './spare-memory.ts';

/** The largest memory that is asked for: Node's own writes into Buffers of several GiB go wrong, and end the process. */
const mostBytes = 2 ** 31 - 1;
/** A new writer's memory; a few items. */
const firstBytes = 16 * 1024;
/** From this size on the memory itself is given away; seen on a virtual machine, where a second-level cache ends. */
const givenAwayBytes = 2 * 1024 * 1024;
/** Share of the memory given away that may be empty. */
const mostWaste = 0.25;

/** What is written does not fit into one Buffer. */
export class ResponseTooLargeError extends RangeError {
  constructor() {
    super(`the response has more than ${mostBytes} bytes, which one Buffer should not hold; use chunks() or stream()`);
    this.name = 'ResponseTooLargeError';
  }
}

export class Writer {
  readonly #spares: SpareMemory;
  #buffer: Buffer;
  #end = 0;
  #beyondAscii = 0;

  /**
   * @param expectedBytes of what will be written; more is got where it is needed.
   * @param spares where memory is got.
   */
  constructor(expectedBytes: number = firstBytes, spares: SpareMemory = new SpareMemory()) {
    this.#spares = spares;
    this.#buffer = spares.take(Math.min(Math.max(firstBytes, expectedBytes), mostBytes));
  }

  /** A writer with what was written here, which this one no longer has. */
  moveInto(expectedBytes: number): Writer {
    const larger = new Writer(Math.max(expectedBytes, this.#end), this.#spares);
    larger.#end = this.#buffer.copy(larger.#buffer, 0, 0, this.#end);
    larger.#beyondAscii = this.#beyondAscii;
    this.#end = 0;
    return larger;
  }

  /** Whether so much is better written to memory that is given away than to memory that is used again. */
  static isGivenAway(expectedBytes: number): boolean {
    return expectedBytes >= givenAwayBytes;
  }

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.#end;
  }

  /** Bytes written so far that no character of ASCII accounts for; it only grows where other characters came. */
  get beyondAscii(): number {
    return this.#beyondAscii;
  }

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** @throws {ResponseTooLargeError} beyond what one Buffer may hold, as the other ways of writing do. */
  write(text: string): void {
    // Three bytes are the most that one UTF-16 unit takes in UTF-8; counted only where that might not fit.
    if (this.#buffer.length - this.#end < text.length * 3) this.#reserve(Buffer.byteLength(text));
    const bytes = this.#buffer.write(text, this.#end, 'utf8');
    this.#beyondAscii += bytes - text.length;
    this.#end += bytes;
  }

  /**
   * Writes the items of a JSON list and leaves the list open.
   * @param text a list with at least one item, brackets included.
   * @param opening the character in the opening bracket's place: that bracket, or a comma after earlier items.
   */
  writeItems(text: string, opening: number): void {
    const start = this.#end;
    this.write(text);
    this.#buffer[start] = opening;
    this.#end -= 1;
  }

  /** @param code of one ASCII character. */
  writeByte(code: number): void {
    this.#reserve(1);
    this.#buffer[this.#end] = code;
    this.#end += 1;
  }

  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** What was written, in memory that the writer does not use again; the writer is empty after it. */
  take(): Buffer {
    const [bytes, buffer, spares] = [this.#end, this.#buffer, this.#spares];
    this.#end = 0;
    const isFull = bytes >= buffer.length * (1 - mostWaste);
    if (isFull && (spares.isUsed || Writer.isGivenAway(bytes))) {
      this.#buffer = spares.take(spares.isUsed ? buffer.length : firstBytes);
      return buffer.subarray(0, bytes);
    }
    const taken = spares.take(bytes);
    buffer.copy(taken, 0, 0, bytes);
    return taken.subarray(0, bytes);
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length - this.#end >= bytes) return;
    const needed = this.#end + bytes;
    if (needed > mostBytes) throw new ResponseTooLargeError();
    // By what has been written, and by nothing else.
    const larger = this.#spares.take(Math.min(Math.max(needed, this.#buffer.length * 2), mostBytes));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
