/**
 * The two streams of the program, so that no reader can end it.
 *
 * Diagnostics (stderr) are worth less than the work they are about: what cannot be written is dropped and counted,
 * whether its reader has gone, its disk is full or its terminal is dead. The report (stdout) is what was asked for: a
 * reader that has gone, as `head` does, wanted no more, and anything else is a failure that the exit code has to tell.
 */
import type { Writer } from './command.ts';

/** What is used of `process.stdout` and `process.stderr`. */
export type OutputStream = Pick<NodeJS.WriteStream, 'write' | 'on' | 'writableLength' | 'isTTY' | 'columns'>;

/** A writer that never throws and whose stream never raises an error that nobody handles. */
interface Output extends Writer {
  /** Resolves when all that was written has left, or cannot leave, or after `limitMs` where it is given. */
  settle(limitMs?: number): Promise<void>;
}

/** Arbitrary: characters that wait for a slow reader, thousands of lines; what comes beyond them is dropped. */
const mostWaiting = 1024 * 1024;

/** Errors of a stream whose reader has gone: a pipe, a terminal, a socket. */
const goneCodes: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'EIO',
  'ECONNRESET',
  'ENOTCONN',
  'ERR_STREAM_DESTROYED',
]);

/** What both streams have in common. */
abstract class Guarded implements Output {
  protected readonly stream: OutputStream;

  constructor(stream: OutputStream) {
    this.stream = stream;
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  get columns(): number {
    return this.stream.columns;
  }

  abstract write(text: string): void;

  async settle(limitMs?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = limitMs === undefined ? undefined : setTimeout(resolve, limitMs);
    // Called in the order of the writes, with an error where they failed.
    this.stream.write('', () => resolve());
    await promise;
    clearTimeout(timer);
  }
}

/** For stderr: drops what cannot be written, and says how much that was when it can write again. */
export class Diagnostics extends Guarded {
  #lostLines = 0;

  constructor(stream: OutputStream) {
    super(stream);
    waitForNobody(stream);
    // Every write hears of its own failure.
    stream.on('error', () => {});
  }

  write(text: string): void {
    // The stream drops nothing by itself: a log that nobody reads would take all memory there is.
    if (this.stream.writableLength + text.length > mostWaiting) {
      this.#lostLines += countLines(text);
      return;
    }
    if (this.#lostLines > 0) {
      const lost = this.#lostLines;
      this.#lostLines = 0;
      this.#send(`wirebench: ${lost} lines before this one could not be written\n`, lost);
    }
    this.#send(text, countLines(text));
  }

  /** @param lines that are lost where this fails. */
  #send(text: string, lines: number): void {
    this.stream.write(text, (error) => {
      if (error) this.#lostLines += lines;
    });
  }
}

/** For stdout: writes until its reader has gone, and remembers any other failure. */
export class Report extends Guarded {
  #isGone = false;
  #failure: Error | undefined;

  constructor(stream: OutputStream) {
    super(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (goneCodes.has(error.code)) this.#isGone = true;
      else this.#failure ??= error;
    });
  }

  /** Why the report is not whole; `undefined` where it is, or where its reader went. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (!this.#isGone) this.stream.write(text);
  }
}

/**
 * Node lets everything stand still while it writes to a terminal, and one that is paused or lost would stop a service.
 * Its streams have no public way to say otherwise; where this one is gone, they do as before.
 */
function waitForNobody(stream: OutputStream): void {
  const handle = Reflect.get(stream, '_handle') as
    | { readonly setBlocking?: (blocks: boolean) => void }
    | null
    | undefined;
  handle?.setBlocking?.(false);
}

/** Parts of a line, which a progress bar writes, count as one. */
function countLines(text: string): number {
  return Math.max(1, text.split('\n').length - 1);
}
