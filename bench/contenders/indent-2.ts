/**
 * JSON text indented by two spaces, as debug endpoints and files on disk have it.
 *
 * Kept to measure what indentation adds to a response before and after compression. Deliberately absent: any claim to
 * speed.
 */
import type { LayoutContender } from '../../src/model/contender.ts';

/** Two spaces: what prettier and most editors write, and what "pretty" flags of HTTP servers give. */
const INDENT = 2;

export default {
  kind: 'layout',
  title: 'indented by 2',
  package: null,
  tier: 'quick',
  capabilities: [],
  equality: 'json',
  load() {
    return Promise.resolve(() => ({ stringify: (value) => JSON.stringify(value, null, INDENT) }));
  },
} satisfies LayoutContender;
