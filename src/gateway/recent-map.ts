/**
 * A Map with a limit: what was not used for longest leaves first.
 */
export class RecentMap<Key, Value> {
  readonly #most: number;
  /** In the order of their last use, which a Map keeps where an entry is put in again. */
  readonly #entries = new Map<Key, Value>();

  /** @param most entries, at least 1. */
  constructor(most: number) {
    this.#most = most;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** Counts as a use. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#most && oldest !== undefined) this.#entries.delete(oldest);
  }

  clear(): void {
    this.#entries.clear();
  }
}
