/**
 * The layout that Python's `json.dumps` writes by default: `, ` between members and `: ` after keys.
 *
 * Kept to measure what separators alone add to a response. Real characters stay real: Python's `\u` escapes are a
 * different choice and would hide the one in question. Deliberately absent: any claim to speed.
 * Source: the `separators` parameter in the documentation of Python's `json` module.
 */
import type { LayoutContender } from '../../src/model/contender.ts';

export default {
  kind: 'layout',
  title: 'Python separators',
  package: null,
  tier: 'quick',
  capabilities: [],
  equality: 'json',
  note: 'JSON text with ", " and ": " between tokens, without \\u escapes.',
  load() {
    return Promise.resolve(() => ({ stringify: writeSpaced }));
  },
} satisfies LayoutContender;

/** JSON text of a value in either variant; what `JSON.stringify` leaves out is left out here too. */
function writeSpaced(value: unknown): string {
  return writeParsed(JSON.parse(JSON.stringify(value)));
}

function writeParsed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeParsed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${writeParsed(member)}`);
  return `{${members.join(', ')}}`;
}
