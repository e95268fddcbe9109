/**
 * What the template of a page gets: its HTML, and the links around it, relative to where it stands.
 */
import path from 'node:path';

import { apiFolder } from './describe-api.ts';
import { type Page, type Section, projectFolder } from './list-pages.ts';
import { type Found, listEverything, searchPage } from './list-everything.ts';
import { type Rendered, renderMarkdown } from './render-markdown.ts';
import { outputOfShown, relativeTo } from './resolve-link.ts';

/** A link of the navigation, from the page that has it. */
interface NavigationLink {
  readonly title: string;
  readonly href: string;
  readonly isCurrent: boolean;
}

/** A page as its template gets it: every address is relative to it, and its headings are those that it lists. */
export interface PageView extends Rendered {
  readonly output: string;
  readonly title: string;
  /** The way to the top of the site: empty or `../` some times. */
  readonly up: string;
  readonly sections: readonly NavigationLink[];
  /** Pages that stand beside it. */
  readonly section?: { readonly title: string; readonly pages: readonly NavigationLink[] };
  /** The page before it in its section. */
  readonly previous?: NavigationLink;
  readonly next?: NavigationLink;
  /** True for the one page with a script. */
  readonly hasSearch?: true;
}

/** What is longer pushes a page's own parts away: of such a section only the pages of the same folder stand beside a page. */
const mostListed = 30;

/** A page of a section, or the home page. */
export function viewPage(page: Page, rendered: Rendered, sections: readonly Section[]): PageView {
  const { output } = page;
  const section = sections.find(({ folder }) => folder === page.section);
  const linkTo = (other: Page): NavigationLink => ({
    title: other.title,
    href: relativeTo(output, other.output),
    isCurrent: other === page,
  });
  const order = section === undefined ? [] : [section.index, ...section.pages];
  const [previous, next] = [order[order.indexOf(page) - 1], order[order.indexOf(page) + 1]];
  const inFolder = order.filter((other) => path.posix.dirname(other.output) === path.posix.dirname(output));
  const beside = [order, inFolder].find(({ length }) => length <= mostListed) ?? [];
  // Pages of the API have kinds of exports on the second level, and the exports below.
  const level = page.section === apiFolder ? 3 : 2;
  return {
    html: rendered.html,
    headings: rendered.headings.filter(({ depth }) => depth === level),
    ...frame({ output, title: page.title, sections, current: section?.folder }),
    ...(section !== undefined && beside.length > 1
      ? { section: { title: section.title, pages: beside.map(linkTo) } }
      : {}),
    ...(previous === undefined ? {} : { previous: linkTo(previous) }),
    ...(next === undefined ? {} : { next: linkTo(next) }),
  };
}

/** A page with a file of the repository as it is, or with the names of what a folder holds. */
export async function viewFile(
  { file, isFolder, text }: { file: string; isFolder: boolean; text: string },
  sections: readonly Section[],
): Promise<PageView> {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const { html } = await renderMarkdown(`# ${file}\n\n${fence}text\n${text.trimEnd()}\n${fence}\n`, (href) => href);
  const output = outputOfShown(file, isFolder);
  return { html, headings: [], ...frame({ output, title: file, sections, current: projectFolder }) };
}

/** The page that everything is found on. */
export async function viewSearch(views: readonly Found[], sections: readonly Section[]): Promise<PageView> {
  const found = new Map(views.map((view) => [view.output, view]));
  const text = listEverything(
    sections.map(({ title, index, pages }) => ({
      title,
      pages: [index, ...pages].flatMap(({ output }) => found.get(output) ?? []),
    })),
  );
  const { html } = await renderMarkdown(text, (href) => href);
  const around = frame({ output: searchPage, title: 'Search', sections, current: undefined });
  return { html, headings: [], ...around, hasSearch: true };
}

function frame({
  output,
  title,
  sections,
  current,
}: {
  output: string;
  title: string;
  sections: readonly Section[];
  current: string | undefined;
}): Pick<PageView, 'output' | 'title' | 'up' | 'sections'> {
  return {
    output,
    title,
    up: '../'.repeat(output.split('/').length - 1),
    sections: sections.map(({ folder, title: name, index }) => ({
      title: name,
      href: relativeTo(output, index.output),
      isCurrent: folder === current,
    })),
  };
}
