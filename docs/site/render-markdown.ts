/**
 * Markdown to HTML, by Astro's own renderer: links are led to where the site has their targets, tables and program text
 * can be scrolled by keyboard.
 */
import { createSatteriMarkdownProcessor } from '@astrojs/markdown-satteri';

/** A page's HTML with its headings of the second level. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly { readonly slug: string; readonly text: string }[];
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
          filter: ['a', 'pre', 'table'],
          visit(node, context) {
            if (node.tagName === 'a') {
              const href = node.properties['href'];
              if (typeof href === 'string') context.setProperty(node, 'href', lead(href));
            } else if (node.tagName === 'pre') {
              context.setProperty(node, 'tabIndex', 0);
            } else {
              tables += 1;
              context.wrapNode(node, {
                raw: `<div class="table" role="group" tabindex="0" aria-label="Table ${tables}"></div>`,
              });
            }
          },
        },
      },
    ],
  });
  const { code, metadata } = await processor.render(text);
  return { html: code, headings: metadata.headings.filter(({ depth }) => depth === 2) };
}
