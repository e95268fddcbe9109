/**
 * Notes what of an answer a recording cannot hold: numbers that no double has, and keys that come twice.
 *
 * A recording is kept all the same, since real catalogs are worth it, and says where it differs from what was sent.
 */
import { describeLosses, findJsonLosses } from '../corpus/json-losses.ts';

/** Collects notes of one source. */
export interface ChangeNotes {
  /** A sentence without a full stop; one that was said already is not said again. */
  add(note: string): void;
  /** What is looked at from here on is of the next page; the first call begins page 1. */
  startPage(): void;
  /** Looks at the text of an answer. @param within the pointer of its list: what stands beside it is not stored. */
  look(text: string, within: string): void;
  list(): string[];
}

/** Notes that are kept: arbitrary, so that a list of a thousand such pages does not fill its own file with them. */
const maxNotes = 20;

export function createChangeNotes(): ChangeNotes {
  const notes = new Set<string>();
  let left = 0;
  let page = 0;
  const add = (note: string): void => {
    if (notes.has(note)) return;
    if (notes.size < maxNotes) notes.add(note);
    else left += 1;
  };
  return {
    add,
    startPage() {
      page += 1;
    },
    look(text, within) {
      for (const loss of describeLosses(findJsonLosses(text, { within }))) add(`page ${page}: ${loss}`);
    },
    list: () => [...notes, ...(left === 0 ? [] : [`and ${left} more of that kind`])],
  };
}
