/**
 * The document as JSON, for programs that want a report's structure; the run file has the measurements.
 */
import type { Format } from '../formats.ts';

export default {
  extension: 'json',
  render: (document) => `${JSON.stringify(document, null, 2)}\n`,
} satisfies Format;
