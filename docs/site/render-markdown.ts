/**
 * Markdown to HTML, by Astro's own renderer: links are led to where the site has their targets, tables and program text
 * can be scrolled by keyboard.
 */
import { createSatteriMarkdownProcessor } from '@astrojs/markdown-satteri';

/** A page's HTML with its headings, in their order. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly { readonly depth: number; readonly slug: string; readonly text: string }[];
}

/** @param lead gives the address that takes the place of one in the document. */
export async function renderMarkdown(text: string, lead: (href: string) => string): Promise<Rendered> {
  let tables = 0;
  const processor = await createSatteriMarkdownProcessor({
    smartypants: false,
    // Colours of program text would double most pages; names and comments read well without them.
    syntaxHighlight: false,
    hastPlugins: [
      {
        name: 'site',
        element: {
          filter: ['a', 'pre', 'table', 'th', 'td'],
          visit(node, context) {
            switch (node.tagName) {
              case 'a': {
                const href = node.properties['href'];
                if (typeof href === 'string') context.setProperty(node, 'href', lead(href));
                return undefined;
              }
              case 'pre':
                return context.setProperty(node, 'tabIndex', 0);
              case 'table':
                tables += 1;
                return context.wrapNode(node, {
                  raw: `<div class="table" role="group" tabindex="0" aria-label="Table ${tables}"></div>`,
                });
              default: {
                // The pages allow no style but the site's own.
                const isRight = node.properties['style']?.endsWith('right') === true;
                const properties = isRight ? { className: ['right'] } : {};
                // A heading without text is none to a screen reader; the corner of a table may be empty.
                const isEmptyHead = node.tagName === 'th' && context.textContent(node).trim() === '';
                return { ...node, tagName: isEmptyHead ? 'td' : node.tagName, properties };
              }
            }
          },
        },
      },
    ],
  });
  const { code, metadata } = await processor.render(text);
  return { html: code, headings: metadata.headings };
}
