/**
 * Whether a response is looked at before it is written.
 *
 * A look costs about as much as a hundred characters of text, and JSON.stringify writes the same without it: only speed
 * depends on it. So looks are paid for, by what is written and by what earlier looks found. Where short responses hold
 * nothing but text, hardly any is looked at, and where looks find something, all are.
 */

/** Looks before anything is known. */
const firstLooks = 32;
/** Characters that pay for a look: it adds less than a hundredth to what they took. */
const charactersPerLook = 64 * 1024;
/** Characters written faster because of a look save about as much time as so many times their number pay for. */
const timesFound = 2048;

export class Looks {
  readonly #isAlways: boolean;
  /** Characters that are not spent. */
  #left = firstLooks * charactersPerLook;

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

  /** So many characters were written, and no look could have helped. */
  foundNothing(characters: number): void {
    this.#left += characters;
  }

  /** So many characters were written, or could have been, in a better way than by one call of JSON.stringify. */
  found(characters: number): void {
    this.#left = Math.max(this.#left, characters * timesFound);
  }
}
