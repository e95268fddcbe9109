/**
 * The latest events with their ids, for readers who come back and say which one they had last.
 *
 * Ids count up within one process and carry its mark, so that an id of another start, or of another gateway, is known to
 * be none of ours. Deliberately absent: sockets, and what an event says.
 */

/** Arbitrary: as many as a reader who was gone for a moment can have missed. */
const mostEvents = 1000;
/** Arbitrary; below what may wait for one reader, so that coming back does not make it the one who is too slow. */
const mostBytes = 512 * 1024;

export class KeptEvents {
  readonly #mark: string;
  readonly #texts: string[] = [];
  #bytes = 0;
  #last = 0;

  /** @param mark of this process: letters and digits. */
  constructor(mark: string) {
    this.#mark = mark;
  }

  /** The id of the newest event, or one that stands for the time before the first. */
  get lastId(): string {
    return `${this.#mark}-${this.#last}`;
  }

  /** Keeps an event under the next id. @returns its text as it is sent, the id included. */
  add(data: string): string {
    this.#last += 1;
    const text = `id: ${this.lastId}\ndata: ${data}\n\n`;
    this.#texts.push(text);
    this.#bytes += text.length;
    while (this.#texts.length > mostEvents || this.#bytes > mostBytes) this.#bytes -= this.#texts.shift()?.length ?? 0;
    return text;
  }

  /** Texts of the events behind the one with this id; `undefined` where not all of them are known any more. */
  since(id: string): readonly string[] | undefined {
    const [, mark, number] = /^([^-]+)-(0|[1-9]\d{0,14})$/.exec(id) ?? [];
    const missed = this.#last - Number(number);
    if (mark !== this.#mark || missed < 0 || missed > this.#texts.length) return undefined;
    return missed === 0 ? [] : this.#texts.slice(-missed);
  }
}
