/**
 * The whole site as data: every page with its HTML, its navigation and its neighbours, and the files beside the pages.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { UserError } from '../../src/user-error.ts';
import { apiFolder, describeApi } from './describe-api.ts';
import {
  type Document,
  listMissingIndexes,
  listPages,
  listSections,
  type Page,
  projectFolder,
  type Section,
  titleOf,
  titleOfFolder,
} from './list-pages.ts';
import { type MadeFile, showMeasured } from './measured.ts';
import { renderMarkdown, type Rendered } from './render-markdown.ts';
import { hostOf, outputOfShown, relativeTo, resolveLink, type SiteIndex } from './resolve-link.ts';

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
  readonly section: { readonly title: string; readonly pages: readonly NavigationLink[] } | undefined;
  /** Pages before and after it in its section. */
  readonly previous: NavigationLink | undefined;
  readonly next: NavigationLink | undefined;
}

export interface Site {
  readonly pages: readonly PageView[];
  /** Written beside the pages as they are. */
  readonly files: readonly MadeFile[];
}

/** What is longer pushes a page's own parts away: of such a section only the pages of the same folder stand beside a page. */
const mostListed = 30;

/** @throws {UserError} where links lead nowhere. */
export async function planSite(root: string): Promise<Site> {
  const listed = await listFiles(root);
  const [{ documents: measured, reports }, api] = await Promise.all([showMeasured(root, listed), describeApi(root)]);
  const written = listed
    .filter((file) => file.endsWith('.md') && !file.startsWith('test/') && !file.startsWith('fixtures/'))
    .map((source): Document => ({ source, text: readFileSync(path.join(root, source), 'utf8') }));
  const made = new Set(measured.map(({ source }) => source));
  const documents = [...written.filter(({ source }) => !made.has(source)), ...measured, ...api];
  const missing = listMissingIndexes(documents.map(({ source }) => source));
  const pages = listPages([...documents, ...missing.map((folder) => makeIndex(folder, documents))]);
  const { repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    repository?: string | { url: string };
  };
  const index: SiteIndex = {
    outputs: new Map(pages.map(({ source, output }) => [source, output])),
    files: new Set(listed),
    made: new Set(reports.map(({ output }) => output)),
    host: hostOf(repository),
  };
  const sections = listSections(pages);
  const shown = new Set<string>();
  const problems: string[] = [];
  const views: PageView[] = [];
  for (const page of pages) {
    const rendered = await renderMarkdown(page.text, (href) => {
      const link = resolveLink({ href, from: page.source, output: page.output }, index);
      if (link.isBroken === true) problems.push(`${page.source} links ${href}, which is not there`);
      if (link.shows !== undefined) shown.add(link.shows);
      return link.href;
    });
    views.push(viewPage({ page, rendered, sections }));
  }
  if (problems.length > 0)
    throw new UserError(`links lead nowhere:\n${problems.join('\n')}`, { hint: 'correct them, or make their targets' });
  const files = [...reports];
  for (const file of shown) {
    const output = outputOfShown(file, !listed.includes(file));
    if (!output.endsWith('.html')) files.push({ output, text: readFileSync(path.join(root, file), 'utf8') });
    else views.push(await showFile({ file, root, listed, sections }));
  }
  return { pages: views, files };
}

/** Files of the repository that git knows or would take, from the top level. @throws {UserError} without git. */
async function listFiles(root: string): Promise<string[]> {
  const listing = await runToEnd({
    command: ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    env: process.env,
    cwd: root,
  });
  if (!hasSucceeded(listing))
    throw new UserError(`git cannot list the files of ${root}: ${listing.stderr.trim()}`, {
      hint: 'the site is built in a checkout',
    });
  return [...new Set(listing.answer.split('\0'))].filter((file) => file !== '' && existsSync(path.join(root, file)));
}

/** The first page of a section that has none: a list of its pages. */
function makeIndex(folder: string, documents: readonly Document[]): Document {
  const source = `${folder}/README.md`;
  const lines = listPages(documents)
    .filter(({ section }) => section === folder)
    .map((page) => `- [${titleOf(page)}](${path.posix.relative(folder, page.source)})`);
  const title = folder === projectFolder ? 'The project' : titleOfFolder(folder);
  return { source, text: `# ${title}\n\n${lines.join('\n')}\n` };
}

function viewPage({
  page,
  rendered,
  sections,
}: {
  page: Page;
  rendered: Rendered;
  sections: readonly Section[];
}): PageView {
  const { output } = page;
  const section = sections.find(({ folder }) => folder === page.section);
  const linkTo = (other: Page): NavigationLink => ({
    title: other.title,
    href: relativeTo(output, other.output),
    isCurrent: other === page,
  });
  const linkToAny = (other: Page | undefined): NavigationLink | undefined => other && linkTo(other);
  const order = section === undefined ? [] : [section.index, ...section.pages];
  const place = order.indexOf(page);
  const inFolder = order.filter((other) => path.posix.dirname(other.output) === path.posix.dirname(output));
  const beside = [order, inFolder].find(({ length }) => length <= mostListed) ?? [];
  // Pages of the API have kinds of exports on the second level, and the exports below.
  const level = page.section === apiFolder ? 3 : 2;
  return {
    html: rendered.html,
    headings: rendered.headings.filter(({ depth }) => depth === level),
    ...frame({ output, title: page.title, sections, current: section?.folder }),
    section: section && beside.length > 1 ? { title: section.title, pages: beside.map(linkTo) } : undefined,
    previous: linkToAny(order[place - 1]),
    next: linkToAny(order[place + 1]),
  };
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

/** A page with a file of the repository as it is, or with the names in a folder. */
async function showFile({
  file,
  root,
  listed,
  sections,
}: {
  file: string;
  root: string;
  listed: readonly string[];
  sections: readonly Section[];
}): Promise<PageView> {
  const isFolder = statSync(path.join(root, file)).isDirectory();
  const text = isFolder
    ? listed.filter((name) => name.startsWith(`${file}/`)).join('\n')
    : readFileSync(path.join(root, file), 'utf8');
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const rendered = await renderMarkdown(`# ${file}\n\n${fence}text\n${text.trimEnd()}\n${fence}\n`, (href) => href);
  const output = outputOfShown(file, isFolder);
  return {
    ...rendered,
    headings: [],
    ...frame({ output, title: file, sections, current: projectFolder }),
    section: undefined,
    previous: undefined,
    next: undefined,
  };
}
