/**
 * Nobody types what was measured: outside of generated parts, pages hold no ratio, no rate and no short time.
 */
import { expect, it } from 'vitest';

import { documents, readDocument, withoutGenerated } from './read-documents.ts';

/** Decisions are left out: they tell what was seen on the day that they were made. */
const pages = documents.filter((file) => !file.startsWith('docs/decisions/') && file !== 'SECURITY.md');

const figure = /\d[\d.,]*x(?![\w-])|\d (?:MB\/s|ns|µs)(?!\w)/g;

it('pages have no typed figures of measurements', () => {
  expect(pages.length).toBeGreaterThan(10);
  const typed = pages.flatMap((file) =>
    [...withoutGenerated(readDocument(file)).matchAll(figure)].map(([text]) => `${file}: ${text}`),
  );
  expect(typed).toEqual([]);
});

it.each(['1.40x', 'is 12x as fast', '951 MB/s', '40 ns'])('would be found: %s', (text) => {
  expect(text.match(figure)).not.toBeNull();
});
