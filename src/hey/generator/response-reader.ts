/**
 * Reads responses off a connection, one at a time, in whatever pieces they come.
 *
 * node:http would do it too, and takes several times as long: a load that shares a machine with its server must not be
 * the slower of both. A response that comes in one piece is handed on without being copied.
 * Source: RFC 9112, sections 6 and 7.
 */
import { type HeadReader, MalformedResponse, type ResponseHead } from './response-head.ts';

/** Bytes of a head, or of the line of a chunk. Arbitrary: four times what servers take as a request's head. */
const mostHeadBytes = 64 * 1024;
/** Bytes of a body: each connection has memory of that size, and what is judged has to be one string. */
const mostBodyBytes = 64 * 1024 * 1024;

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const nothing = Buffer.alloc(0);

/** What is to come next. */
type Expecting = 'head' | 'length' | 'chunk line' | 'chunk' | 'chunk end' | 'trailers' | 'close' | 'nothing';

export class ResponseReader {
  readonly #heads: HeadReader;
  #expecting: Expecting = 'nothing';
  /** A piece of a head or of a line; a copy, since the bytes it came in are used again. */
  #piece: Buffer = nothing;
  /** Bytes that are left of what has a length. */
  #left = 0;
  #store: Buffer = nothing;
  #stored = 0;
  #head: ResponseHead | undefined;
  #body: Buffer = nothing;
  #receivedBytes = 0;
  #hasSurplus = false;

  /** @param heads may be shared by all connections that send the same request. */
  constructor(heads: HeadReader) {
    this.#heads = heads;
  }

  /** Gets ready for the next response. */
  begin(): void {
    this.#expecting = 'head';
    this.#piece = nothing;
    this.#stored = 0;
    this.#head = undefined;
    this.#body = nothing;
    this.#receivedBytes = 0;
    this.#hasSurplus = false;
  }

  /** Of this response, as they came. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Of a whole response. */
  get head(): ResponseHead {
    if (this.#head === undefined) throw new Error('no response has been read');
    return this.#head;
  }

  /** Of a whole response; valid until the next call. */
  get body(): Buffer {
    return this.#body;
  }

  /** Whether the connection may be used for another request. */
  get keepsAlive(): boolean {
    // More than what was asked for cannot be told from the next answer.
    return this.#head?.keepsAlive === true && !this.#hasSurplus;
  }

  /**
   * Takes what came next.
   * @param bytes not kept. @returns whether the response is whole.
   * @throws {MalformedResponse}
   */
  read(bytes: Buffer): boolean {
    this.#receivedBytes += bytes.length;
    let rest: Buffer | undefined = bytes;
    if (this.#piece.length > 0) {
      rest = Buffer.concat([this.#piece, bytes]);
      this.#piece = nothing;
    }
    while (rest !== undefined && this.#expecting !== 'nothing') rest = this.#step(rest);
    this.#hasSurplus = this.#expecting === 'nothing' && rest !== undefined && rest.length > 0;
    return this.#expecting === 'nothing';
  }

  /** The connection has ended. @returns whether that makes the response whole. */
  end(): boolean {
    if (this.#expecting !== 'close') return false;
    this.#finish();
    return true;
  }

  /** @returns what is left; `undefined` where more is needed. */
  #step(rest: Buffer): Buffer | undefined {
    switch (this.#expecting) {
      case 'head':
        return this.#readHead(rest);
      case 'length':
        return this.#readLength(rest);
      case 'chunk line':
        return this.#readChunkLine(rest);
      case 'chunk':
        return this.#readChunk(rest);
      case 'chunk end':
      case 'trailers':
        return this.#readLineEnd(rest);
      case 'close':
        this.#append(rest);
        return undefined;
      case 'nothing':
        return rest;
    }
  }

  #readHead(rest: Buffer): Buffer | undefined {
    const end = rest.indexOf(headEnd);
    if (end === -1) return this.#keep(rest);
    const head = this.#heads.read(rest.toString('latin1', 0, end));
    const behind = rest.subarray(end + headEnd.length);
    // Interim responses (RFC 9110, section 15.2) come before the one that counts; 101 would be another protocol.
    if (head.status < 200 && head.status !== 101) return behind;
    this.#head = head;
    const { framing } = head;
    if (framing.kind === 'none') this.#finish();
    else if (framing.kind === 'chunks') this.#expecting = 'chunk line';
    else if (framing.kind === 'close') this.#expecting = 'close';
    else this.#expectLength(framing.bytes);
    return behind;
  }

  #expectLength(bytes: number): void {
    if (bytes > mostBodyBytes) throw tooLarge();
    this.#left = bytes;
    this.#expecting = 'length';
  }

  #readLength(rest: Buffer): Buffer | undefined {
    if (this.#stored === 0 && rest.length >= this.#left) {
      this.#expecting = 'nothing';
      this.#body = rest.subarray(0, this.#left);
      return rest.subarray(this.#left);
    }
    return this.#take(rest, () => this.#finish());
  }

  #readChunkLine(rest: Buffer): Buffer | undefined {
    const end = rest.indexOf(lineEnd);
    if (end === -1) return this.#keep(rest);
    const [, size] = /^([0-9a-f]{1,8})[\t ]*(?:;|$)/i.exec(rest.toString('latin1', 0, end)) ?? [];
    if (size === undefined) throw new MalformedResponse('response with a malformed chunk');
    this.#left = Number.parseInt(size, 16);
    this.#expecting = this.#left === 0 ? 'trailers' : 'chunk';
    return rest.subarray(end + lineEnd.length);
  }

  #readChunk(rest: Buffer): Buffer | undefined {
    return this.#take(rest, () => {
      this.#expecting = 'chunk end';
    });
  }

  /** The line end behind a chunk, or lines of trailers until an empty one. */
  #readLineEnd(rest: Buffer): Buffer | undefined {
    const end = rest.indexOf(lineEnd);
    if (end === -1) return this.#keep(rest);
    if (this.#expecting === 'chunk end') {
      if (end > 0) throw new MalformedResponse('response with a malformed chunk');
      this.#expecting = 'chunk line';
    } else if (end === 0) this.#finish();
    return rest.subarray(end + lineEnd.length);
  }

  /** Takes what is left of something with a length, as far as it has come. */
  #take(rest: Buffer, whenWhole: () => void): Buffer | undefined {
    const taken = rest.length < this.#left ? rest : rest.subarray(0, this.#left);
    this.#append(taken);
    this.#left -= taken.length;
    if (this.#left > 0) return undefined;
    whenWhole();
    return rest.subarray(taken.length);
  }

  #append(bytes: Buffer): void {
    const needed = this.#stored + bytes.length;
    if (needed > mostBodyBytes) throw tooLarge();
    if (needed > this.#store.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#store.length, this.#left));
      this.#store.copy(larger, 0, 0, this.#stored);
      this.#store = larger;
    }
    bytes.copy(this.#store, this.#stored);
    this.#stored = needed;
  }

  #finish(): void {
    this.#expecting = 'nothing';
    this.#body = this.#store.subarray(0, this.#stored);
  }

  #keep(rest: Buffer): undefined {
    if (rest.length > mostHeadBytes) throw new MalformedResponse('response with an endless header or chunk line');
    this.#piece = Buffer.from(rest);
    return undefined;
  }
}

function tooLarge(): MalformedResponse {
  return new MalformedResponse(`response of more than ${mostBodyBytes / 1024 / 1024} MiB`);
}
