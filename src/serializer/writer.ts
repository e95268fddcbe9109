/**
 * A Buffer that texts are written into one after the other, without a copy at the end.
 *
 * The result is a view of memory that nobody else uses: every response gets its own. Deliberately absent: reuse of
 * memory between responses, which would let one response overwrite another that is still being sent.
 */

export class Writer {
  #buffer: Buffer;
  #end = 0;

  /** @param expectedBytes of the whole output; more is allocated where it turns out too few. */
  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(expectedBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#end;
  }

  write(text: string): void {
    // Three bytes are the most that one UTF-16 unit takes in UTF-8; counted only where that might not fit.
    if (this.#buffer.length - this.#end < text.length * 3) this.#reserve(Buffer.byteLength(text));
    this.#end += this.#buffer.write(text, this.#end, 'utf8');
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

  /** What was written; the writer must not be used any more. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length - this.#end >= bytes) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#end + bytes, Math.ceil(this.#buffer.length * 1.5)));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
