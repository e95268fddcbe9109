/**
 * Places in a schema: where references within it lead, and what is wrong at one.
 *
 * Source: RFC 6901, section 6 (a JSON pointer as the fragment of a URL).
 */

/** A place in a schema, as a JSON pointer, and what is wrong there. */
export interface SchemaProblem {
  readonly pointer: string;
  readonly reason: string;
}

/** What a reference such as `#/$defs/Range` leads to; `undefined` where it leads nowhere, or out of the document. */
export function followReference(root: object, reference: string): unknown {
  if (reference === '#' || reference === '') return root;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = unescapeStep(step);
    if (name === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** `undefined` for text that no fragment of a URL has. */
function unescapeStep(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
