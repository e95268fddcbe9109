/**
 * Keeps the bytes of items that were written before, by the items' identity.
 *
 * The cache cannot see that an item was changed: whoever changes one says so, by a new version or by `invalidate`, or
 * puts a new object in its place, as most stores do. Entries go with their items when these are collected.
 */

export interface CacheOptions {
  /** Bytes kept at most, fragments only. The least recently used half goes when the other half is full. */
  readonly maxBytes?: number;
  /** The item's version, e.g. `(tool) => tool.version`; a fragment counts only for the version it was written for. */
  readonly version?: (item: object) => unknown;
  /** Development mode: writes every item anew and throws where it no longer matches what was kept. */
  readonly verify?: boolean;
}

interface Fragment {
  readonly version: unknown;
  readonly bytes: Buffer;
}

/** Enough for the largest list endpoint of a gateway, small beside its other memory. */
const defaultMaxBytes = 64 * 1024 * 1024;

/** An item was changed while its old bytes were kept: a mistake of the program, found in development mode. */
export class StaleFragmentError extends Error {
  constructor(kept: Buffer) {
    super(
      `an item was changed behind the cache's back: call invalidate(item) or give it a new version; kept was ${kept.toString('utf8', 0, 200)}`,
    );
    this.name = 'StaleFragmentError';
  }
}

export class FragmentCache {
  readonly #halfBytes: number;
  readonly #version: (item: object) => unknown;
  readonly #verify: boolean;
  // Two generations: what is used moves to the young one, and the old one is dropped whole.
  #young = new WeakMap<object, Fragment>();
  #old = new WeakMap<object, Fragment>();
  #youngBytes = 0;

  /** @throws {RangeError} where `maxBytes` is not a positive number. */
  constructor({ maxBytes = defaultMaxBytes, version = () => undefined, verify = false }: CacheOptions) {
    if (!(maxBytes > 0)) throw new RangeError(`cache.maxBytes is a positive number of bytes, not ${maxBytes}`);
    this.#halfBytes = maxBytes / 2;
    this.#version = version;
    this.#verify = verify;
  }

  /**
   * The item's bytes, kept or made.
   * @param make writes the item.
   * @throws {StaleFragmentError} in development mode where the item was changed without a new version.
   */
  bytesOf(item: object, make: () => Buffer): Buffer {
    const version = this.#version(item);
    const young = this.#young.get(item);
    const kept = young ?? this.#old.get(item);
    if (kept === undefined || !Object.is(kept.version, version)) {
      const bytes = make();
      this.#keep(item, { version, bytes });
      return bytes;
    }
    if (this.#verify && !make().equals(kept.bytes)) throw new StaleFragmentError(kept.bytes);
    if (young === undefined) this.#keep(item, kept);
    return kept.bytes;
  }

  /** Forgets the item's bytes, if there are any. */
  invalidate(item: object): void {
    this.#young.delete(item);
    this.#old.delete(item);
  }

  #keep(item: object, fragment: Fragment): void {
    // Before anything else: one that is not kept must not push out those that are.
    if (fragment.bytes.length > this.#halfBytes) return;
    if (this.#youngBytes + fragment.bytes.length > this.#halfBytes) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#youngBytes = 0;
    }
    this.#young.set(item, fragment);
    this.#youngBytes += fragment.bytes.length;
  }
}
