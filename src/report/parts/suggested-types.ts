/**
 * What is said of strings that look like datetimes and UUIDs and were measured as text.
 *
 * Whether a gateway holds them as objects is known to its author alone, and it changes the answer more than anything.
 */
import type { SuggestedType } from '../../model/sample.ts';
import { formatCount } from '../quantities.ts';

/** Suggestions that are listed; more of them are of the same kind. Arbitrary. */
const mostSuggestions = 5;

/** @returns a sentence without a full stop; undefined where there is nothing to suggest. */
export function tellSuggestedTypes(suggested: readonly SuggestedType[]): string | undefined {
  if (suggested.length === 0) return undefined;
  const rules = suggested.slice(0, mostSuggestions).map(({ pointer, type }) => `${pointer}=${type}`);
  const others = suggested.length - mostSuggestions;
  const more = others > 0 ? ` and ${formatCount(others)} more` : '';
  return `looks like datetimes and UUIDs, measured as text; where your driver gives objects: --types ${rules.join(',')}${more}`;
}
