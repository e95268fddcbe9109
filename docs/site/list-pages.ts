/**
 * Which pages the site has, out of the documents of the repository: where each of them stands, its title, its section.
 *
 * A folder below docs/ is a section of its own, found by listing, so that a new page is one file and a new section one
 * folder. Nothing is read from a disk here.
 */
import path from 'node:path';

/** Text of a page before it is rendered, by the path that its links are relative to. */
export interface Document {
  /** From the top level of the repository, with slashes; of a made page, where it would lie. */
  readonly source: string;
  /** Markdown. */
  readonly text: string;
}

export interface Page extends Document {
  /** Where its HTML stands in the site. */
  readonly output: string;
  /** Its first heading, without marks of code. */
  readonly title: string;
  /** Folder of its section; empty for the home page. */
  readonly section: string;
}

export interface Section {
  readonly folder: string;
  readonly title: string;
  /** Its first page, which lists or introduces the others. */
  readonly index: Page;
  /** The others, by their paths. */
  readonly pages: readonly Page[];
}

/** Folders that are sections beside those of docs/; what lies in none of them belongs to the last one. */
const results = 'results';
export const projectFolder = 'project';

/** The first sections, in their order; others follow by name, and the project comes last. */
const firstSections = [results, 'docs/questions', 'docs/guides', 'docs/reference', 'docs/api', 'docs/decisions'];

/** Titles that the name of a folder does not give. */
const titles: Readonly<Record<string, string>> = { 'docs/api': 'API' };

/** By name, with 50 before 100. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** @param documents with one index for each section, as `listMissingIndexes` tells. */
export function listPages(documents: readonly Document[]): Page[] {
  const sources = new Set(documents.map(({ source }) => source));
  return documents
    .map((document) => ({
      ...document,
      output: outputOf(document.source, sources),
      title: titleOf(document),
      section: sectionOf(document.source),
    }))
    .toSorted((a, b) => compare(a.source, b.source));
}

/** Sections in the order of the navigation. @throws {Error} where one has no index. */
export function listSections(pages: readonly Page[]): Section[] {
  const folders = [...new Set(pages.map(({ section }) => section))].filter((folder) => folder !== '');
  return folders
    .toSorted((a, b) => rank(a) - rank(b) || compare(a, b))
    .map((folder) => {
      const own = pages.filter(({ section }) => section === folder);
      const index = own.find(({ output }) => output === `${folder}/index.html`);
      if (index === undefined) throw new Error(`the section ${folder} has no index`);
      return { folder, title: titleOfFolder(folder), index, pages: own.filter((page) => page !== index) };
    });
}

/** Sections whose folder has neither a README.md nor anything else that is its index. */
export function listMissingIndexes(sources: readonly string[]): string[] {
  const known = new Set(sources);
  const folders = new Set(sources.map((source) => sectionOf(source)).filter((folder) => folder !== ''));
  const present = new Set(sources.map((source) => outputOf(source, known)));
  return [...folders].filter((folder) => !present.has(`${folder}/index.html`)).toSorted(compare);
}

/** `Decisions` for docs/decisions. */
export function titleOfFolder(folder: string): string {
  const name = path.posix.basename(folder).replaceAll('-', ' ');
  return titles[folder] ?? name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The first heading; the file's name where there is none. */
function titleOf({ source, text }: Document): string {
  const [, heading = path.posix.basename(source, '.md')] = /^# (.+)$/m.exec(text) ?? [];
  return heading.replaceAll('`', '').replaceAll(/\\(?=[^\w\s])/g, '');
}

/** README.md is its folder's index. The report of a run is that too, where the folder has no other. */
function outputOf(source: string, sources: ReadonlySet<string>): string {
  const { dir, name } = path.posix.parse(source);
  if (name === 'README') return path.posix.join(dir, 'index.html');
  if (name !== 'report') return path.posix.join(dir, `${name}.html`);
  // `report.html` is what the report with plots and filters is called.
  return path.posix.join(dir, sources.has(path.posix.join(dir, 'README.md')) ? 'tables.html' : 'index.html');
}

function sectionOf(source: string): string {
  if (source === 'README.md') return '';
  const [, folder = projectFolder] = /^(docs\/[^/]+|results)\//.exec(source) ?? [];
  return folder;
}

function rank(folder: string): number {
  if (folder === projectFolder) return Number.MAX_VALUE;
  const place = firstSections.indexOf(folder);
  return place === -1 ? firstSections.length : place;
}
