/**
 * The page that everything is found on lists pages and their parts as text, whatever they are called.
 */
import { expect, it } from 'vitest';

import { listEverything } from '../../docs/site/list-everything.ts';
import { renderMarkdown } from '../../docs/site/render-markdown.ts';

it('lists every page of a section with its parts', async () => {
  const text = listEverything([
    {
      title: 'Results',
      pages: [
        {
          output: 'results/a b.html',
          title: '<b>_x_</b> [y](z) `c`',
          headings: [{ depth: 2, slug: 'p', text: 'P*q*' }],
        },
        { output: 'results/c.html', title: 'C', headings: [] },
      ],
    },
  ]);
  const { html, headings } = await renderMarkdown(text, (href) => href);
  expect(headings.map(({ text: heading }) => heading)).toEqual(['Search', 'Results']);
  expect(html).toContain('<a href="results/a%20b.html">&lt;b&gt;_x_&lt;/b&gt; [y](z) `c`</a>');
  expect(html).toContain('<a href="results/a%20b.html#p">P*q*</a>');
  expect(html).toContain('<a href="results/c.html">C</a>');
});
