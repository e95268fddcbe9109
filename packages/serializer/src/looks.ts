/**
 * Whether a response is looked at before it is written.
 *
 * A look costs about as much as a thousand characters of text, and JSON.stringify writes the same without it: only speed
 * depends on it. So looks are paid for, by what is written and by what earlier looks found. Where short responses hold
 * nothing but text, hardly any is looked at, and where looks find something, all are.
 */

/** Looks before anything is known. */
const firstLooks = 32;
/** Characters that pay for a look: it adds about a hundredth to what they took, with code and data out of the caches. */
const charactersPerLook = 128 * 1024;
/** Characters written faster because of a look save about as much time as so many times their number pay for. */
const timesFound = 2048;

export class Looks {
  readonly #isAlways: boolean;
  /** Characters that are not spent. */
  #left = firstLooks * charactersPerLook;
  /** Characters of long texts that nobody looked at. The first one pays at once. */
  #unseen = charactersPerLook;

  /** @param options.isAlways where more than speed depends on looks. */
  constructor({ isAlways }: { isAlways: boolean }) {
    this.#isAlways = isAlways;
  }

  isDue(): boolean {
    if (this.#left >= charactersPerLook) {
      this.#left -= charactersPerLook;
      return true;
    }
    return this.#isAlways;
  }

  /**
   * Whether so many characters that nobody looked at before pay for a look afterwards. Of their own, not of what all responses
   * pay: short ones come so often that they would use up every look that a long one has paid for.
   */
  isDueAfter(characters: number): boolean {
    this.#unseen += characters;
    if (this.#unseen < charactersPerLook) return false;
    this.#unseen = 0;
    return true;
  }

  /** So many characters were written, and no look could have helped. */
  foundNothing(characters: number): void {
    this.#left += characters;
  }

  /** So many characters were written, or could have been, in a better way than by one call of JSON.stringify. */
  found(characters: number): void {
    this.#left = Math.max(this.#left, characters * timesFound);
  }
}
