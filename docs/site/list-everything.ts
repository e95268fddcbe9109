/**
 * The page that everything is found on: every page by section, with what it lists of itself.
 *
 * Without a script it is an index; `public/search.js` puts a field above it that leaves what has all words.
 */
import type { Rendered } from './render-markdown.ts';

/** Where it stands. */
export const searchPage = 'search.html';

/** A page to be found, with its address from the top of the site. */
export interface Found extends Pick<Rendered, 'headings'> {
  readonly output: string;
  readonly title: string;
}

/** Markdown with addresses of the site, from its top. */
export function listEverything(
  sections: readonly { readonly title: string; readonly pages: readonly Found[] }[],
): string {
  const parts = sections.map(({ title, pages }) => `## ${escape(title)}\n\n${pages.map(listPage).join('')}`);
  return `# Search\n\nEvery page, with the parts that it has.\n\n${parts.join('\n')}`;
}

function listPage({ output, title, headings }: Found): string {
  const parts = headings.map(({ text, slug }) => `  - [${escape(text)}](${encodeURI(output)}#${slug})\n`);
  return `- [${escape(title)}](${encodeURI(output)})\n${parts.join('')}`;
}

/** Text as it is, whatever it has that Markdown would read. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>&!]/g, '\\$&');
}
