/**
 * The latest events with their ids, for readers who come back and say which one they had last.
 *
 * Ids count up within one process and carry a mark of it and of the reader, so that an id of another start, of another
 * gateway or of another caller is known to be none of this reader's.
 */
import { createHmac, randomBytes } from 'node:crypto';

/** Arbitrary: as many as a reader who was gone for a moment can have missed. */
const mostEvents = 1000;
/** Arbitrary; less than may wait for one reader, so that a reader who comes back is not cut off as too slow at once. */
const mostBytes = 512 * 1024;

export class KeptEvents {
  /** Nobody outside of this process knows it, so that nobody can make up a mark. */
  readonly #key = randomBytes(16);
  readonly #texts: string[] = [];
  #bytes = 0;
  #last = 0;

  /** The mark in all ids of a reader. @param reader the same text always gives the same mark. */
  markOf(reader: string): string {
    return createHmac('sha256', this.#key).update(reader).digest('hex').slice(0, 12);
  }

  /** The id of the newest event, or one that stands for the time before the first. */
  lastId(mark: string): string {
    return `${mark}-${this.#last}`;
  }

  /** Keeps an event as the next one. @returns its text but for the id, which `withMark` puts in front of it. */
  add(data: string): string {
    this.#last += 1;
    const text = `-${this.#last}\ndata: ${data}\n\n`;
    this.#texts.push(text);
    this.#bytes += text.length;
    while (this.#texts.length > mostEvents || this.#bytes > mostBytes) this.#bytes -= this.#texts.shift()?.length ?? 0;
    return text;
  }

  /** Events behind the one with this id, as they are sent; `undefined` where not all of them are known any more. */
  since(id: string, mark: string): readonly string[] | undefined {
    const [, givenMark, number] = /^([^-]+)-(0|[1-9]\d{0,14})$/.exec(id) ?? [];
    const missed = this.#last - Number(number);
    if (givenMark !== mark || missed < 0 || missed > this.#texts.length) return undefined;
    return missed === 0 ? [] : this.#texts.slice(-missed).map((text) => withMark(text, mark));
  }
}

/** An event as it is sent to readers with this mark. */
export function withMark(text: string, mark: string): string {
  return `id: ${mark}${text}`;
}
