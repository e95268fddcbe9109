/**
 * Whole bodies as they went out, compressed or not, each valid for the revisions that were read before it was made.
 *
 * A revision is another number after every change, and it is asked for at every request. A body made while something
 * changed carries the older revision and is not found by anybody who asks after the change, so that none needs a time
 * to live.
 */

/** A body with what has to be sent with it. */
export interface CachedBody {
  readonly body: Buffer;
  /** What it is valid for; another text is another state. */
  readonly revision: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Least recently used bodies leave first. */
export class ResponseCache {
  readonly #mostBytes: number;
  readonly #bodies = new Map<string, CachedBody>();
  #bytes = 0;

  /** @param mostBytes of all bodies and keys together, at least 0; a single body beyond it is not kept. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `undefined` where there is none for that revision; one of another revision is forgotten. */
  find(key: string, revision: string): CachedBody | undefined {
    const found = this.#bodies.get(key);
    if (found === undefined) return undefined;
    this.#forget(key, found);
    if (found.revision !== revision) return undefined;
    this.#keep(key, found);
    return found;
  }

  /** Takes the place of an earlier body with that key. */
  store(key: string, cached: CachedBody): void {
    const earlier = this.#bodies.get(key);
    if (earlier !== undefined) this.#forget(key, earlier);
    if (sizeOf(key, cached) > this.#mostBytes) return;
    this.#keep(key, cached);
    for (const [oldKey, old] of this.#bodies) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#forget(oldKey, old);
    }
  }

  #keep(key: string, cached: CachedBody): void {
    this.#bodies.set(key, cached);
    this.#bytes += sizeOf(key, cached);
  }

  #forget(key: string, cached: CachedBody): void {
    this.#bodies.delete(key);
    this.#bytes -= sizeOf(key, cached);
  }
}

/** Keys count too: a client can make up any number of long ones. */
function sizeOf(key: string, { body }: CachedBody): number {
  return key.length + body.length;
}
