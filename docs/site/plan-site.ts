/**
 * The whole site as data: every page with its HTML, its navigation and its neighbours, and the files beside the pages.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { UserError } from '../../src/user-error.ts';
import { describeApi } from './describe-api.ts';
import {
  type Document,
  listMissingIndexes,
  listPages,
  listSections,
  projectFolder,
  titleOfFolder,
} from './list-pages.ts';
import { type MadeFile, showMeasured } from './measured.ts';
import { type PageView, viewFile, viewPage, viewSearch } from './page-views.ts';
import { renderMarkdown } from './render-markdown.ts';
import { hostOf, outputOfShown, resolveLink, type SiteIndex } from './resolve-link.ts';

export interface Site {
  readonly pages: readonly PageView[];
  /** Written beside the pages as they are. */
  readonly files: readonly MadeFile[];
}

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
    views.push(viewPage(page, rendered, sections));
  }
  if (problems.length > 0)
    throw new UserError(`links lead nowhere:\n${problems.join('\n')}`, { hint: 'correct them, or make their targets' });
  views.push(await viewSearch(views, sections));
  const files = [...reports];
  for (const file of shown) {
    const isFolder = !index.files.has(file);
    const text = isFolder
      ? listed.filter((name) => name.startsWith(`${file}/`)).join('\n')
      : readFileSync(path.join(root, file), 'utf8');
    const output = outputOfShown(file, isFolder);
    if (output.endsWith('.html')) views.push(await viewFile({ file, isFolder, text }, sections));
    else files.push({ output, text });
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
    .map((page) => `- [${page.title}](${path.posix.relative(folder, page.source)})`);
  const title = folder === projectFolder ? 'The project' : titleOfFolder(folder);
  return { source, text: `# ${title}\n\n${lines.join('\n')}\n` };
}
