/**
 * A document whose texts are all fit to be read by a person, whoever made them; formats for people begin with it.
 */
import { showStrings } from '../foreign-text.ts';
import type { Document } from './document.ts';

/** Program text keeps its lines; every other text is one. */
export function showDocument(document: Document): Document {
  return showStrings(document, (object) => 'kind' in object && object.kind === 'code');
}
