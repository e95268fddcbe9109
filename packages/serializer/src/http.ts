/**
 * Sends a value as the JSON response of a plain `node:http` server.
 *
 * Short responses go out whole, with their Content-Length; long ones in chunks, with backpressure and with other work
 * let in between. Compression and conditional requests are left to the server around it.
 */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { ResponseSerializer } from './response-serializer.ts';

export interface SendOptions {
  readonly serializer: Pick<ResponseSerializer, 'chunks'> & Partial<Pick<ResponseSerializer, 'recycle'>>;
  /** 200 unless given. With 204 and 304, which have no body, the value is not written. */
  readonly status?: number;
  /** Beside Content-Type, which they may replace, and the length, which is always this module's. */
  readonly headers?: OutgoingHttpHeaders;
}

/** How a response ended that was begun. */
export type SendResult =
  | { readonly outcome: 'sent' }
  /** The client went away before it had everything; the rest was not serialized. */
  | { readonly outcome: 'aborted' }
  /** The value could not be written to its end; the client sees a connection that breaks. */
  | { readonly outcome: 'failed'; readonly error: unknown };

/**
 * Bytes up to which a response is completed in memory before its first byte is sent. Until then an error can still
 * become a status of 500, and a Content-Length is free. It is a few pieces of the serializer, less than a millisecond of
 * work; twice or half of it would do as well.
 */
const mostWholeBytes = 256 * 1024;
/** The same in pieces: where items are slow to write, pieces come small and each after a few milliseconds. */
const mostWholePieces = 16;

/**
 * Settles when the response is out of this process's hands. A request with HEAD gets the headers of GET and no body.
 * @param res with no header sent yet.
 * @throws what the serializer throws before the first byte is sent; nothing was sent then, and the caller can still
 *   answer. A later error does not reject: it destroys the response and is in the result.
 */
export async function send(
  res: ServerResponse,
  value: unknown,
  { serializer, status = 200, headers = {} }: SendOptions,
): Promise<SendResult> {
  if (res.destroyed) return { outcome: 'aborted' };
  if (status === 204 || status === 304) {
    res.writeHead(status, headers);
    return finish(res);
  }
  const pieces = serializer.chunks(value);
  const { head, isComplete } = takeHead(pieces);
  writeHead(res, { status, headers, ...(isComplete ? { bytes: sizeOf(head) } : {}) });
  if (res.req.method === 'HEAD') {
    pieces.return();
    return finish(res);
  }
  if (!isComplete) return writeLong(res, { head, rest: pieces, serializer });
  const body = head.length === 1 ? head[0] : Buffer.concat(head);
  if (head.length > 1) for (const piece of head) serializer.recycle?.(piece);
  return finish(res, body);
}

/** The first pieces, until they are too many to wait for more. */
function takeHead(pieces: Iterator<Buffer>): { head: Buffer[]; isComplete: boolean } {
  const head: Buffer[] = [];
  for (let bytes = 0; bytes <= mostWholeBytes && head.length < mostWholePieces;) {
    const next = pieces.next();
    if (next.done === true) return { head, isComplete: true };
    head.push(next.value);
    bytes += next.value.length;
  }
  return { head, isComplete: false };
}

/** Without `bytes` the response is chunked, which is what Node does by itself. */
function writeHead(
  res: ServerResponse,
  { status, headers, bytes }: { status: number; headers: OutgoingHttpHeaders; bytes?: number },
): void {
  const all: OutgoingHttpHeaders = {};
  let type: OutgoingHttpHeaders[string] = res.getHeader('Content-Type') ?? 'application/json; charset=utf-8';
  for (const [name, field] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower === 'content-type') type = field ?? type;
    else if (lower !== 'content-length' && lower !== 'transfer-encoding' && field !== undefined) all[name] = field;
  }
  // Only where there is one: to Node a removed header is one that it must not add by itself either.
  if (res.hasHeader('Content-Length')) res.removeHeader('Content-Length');
  res.writeHead(status, { 'Content-Type': type, ...(bytes === undefined ? {} : { 'Content-Length': bytes }), ...all });
}

async function writeLong(
  res: ServerResponse,
  request: { head: readonly Buffer[]; rest: Generator<Buffer, void, undefined>; serializer: SendOptions['serializer'] },
): Promise<SendResult> {
  const { head, rest, serializer } = request;
  const write = (piece: Buffer): void => {
    // Called when the piece has left this process; after an error its memory is simply let go.
    res.write(piece, (error) => {
      if (error === null || error === undefined) serializer.recycle?.(piece);
    });
  };
  try {
    for (const piece of head) write(piece);
    for (;;) {
      if (res.writableNeedDrain) await nextEvent(res, ['drain', 'close']);
      // A fast socket drains without leaving this turn of the event loop, and others would wait for the whole list.
      await nextTurn();
      if (res.destroyed) return { outcome: 'aborted' };
      const next = rest.next();
      if (next.done === true) return await finish(res);
      write(next.value);
    }
  } catch (error) {
    res.destroy(error instanceof Error ? error : new Error('the response could not be serialized', { cause: error }));
    return { outcome: 'failed', error };
  } finally {
    // A generator that is not run to its end is told so, and lets go of the value.
    rest.return();
  }
}

async function finish(res: ServerResponse, body?: Buffer): Promise<SendResult> {
  if (res.destroyed) return { outcome: 'aborted' };
  const ended = nextEvent(res, ['finish', 'close']);
  res.end(body);
  await ended;
  return { outcome: res.writableFinished ? 'sent' : 'aborted' };
}

/** Resolves with the first of the events; for a response that has closed already, at once. */
function nextEvent(res: ServerResponse, names: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed) return resolve();
    const settle = (): void => {
      for (const name of names) res.off(name, settle);
      resolve();
    };
    for (const name of names) res.once(name, settle);
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
