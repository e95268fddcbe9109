/**
 * Where a link of a document leads on the site: to a page, to a file that the site has, or to the repository's host.
 *
 * Every address is relative and names a file, so that the site works from a disk and below any path of a server.
 */
import path from 'node:path';

/** What links may lead to. */
export interface SiteIndex {
  /** Outputs of pages by their sources. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Files of the repository, from its top level. */
  readonly files: ReadonlySet<string>;
  /** Files that are made for the site and are no pages, e.g. reports with plots. */
  readonly made: ReadonlySet<string>;
  /** Address of the repository at its host, if it has one. */
  readonly host: string | undefined;
}

export interface Resolved {
  /** As it stands in the page; of a link that leads nowhere, as it was. */
  readonly href: string;
  /** A file of the repository that the site has to show. */
  readonly shows?: string;
  /** True where nothing is there. */
  readonly isBroken?: true;
}

/** Texts and figures that browsers show as they are; everything else gets a page around it. */
const shownAsIs = /\.(?:jsonl?|csv|txt|svg|png)$/;

/** @param link.from source of the page that has the link. */
export function resolveLink(link: { href: string; from: string; output: string }, site: SiteIndex): Resolved {
  const { href, from, output } = link;
  if (/^[a-z][a-z+.-]*:/i.test(href) || href.startsWith('#')) return { href };
  const [, name = '', fragment = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const target = path.posix.join(path.posix.dirname(from), decodeURI(name)).replace(/\/$/, '');
  const page = site.outputs.get(target) ?? site.outputs.get(path.posix.join(target, 'README.md'));
  if (page !== undefined) return { href: relativeTo(output, page) + fragment };
  if (site.made.has(target)) return { href: relativeTo(output, target) + fragment };
  const isFile = site.files.has(target);
  const isFolder = [...site.files].some((file) => file.startsWith(`${target}/`));
  if (!isFile && !isFolder) return { href, isBroken: true };
  if (site.host !== undefined)
    return { href: `${site.host}/${isFile ? 'blob' : 'tree'}/main/${encodeURI(target)}${fragment}` };
  return { href: relativeTo(output, outputOfShown(target, isFolder)), shows: target };
}

/** Where the site has a file of the repository that is no document; a folder is a list. */
export function outputOfShown(file: string, isFolder: boolean): string {
  // What begins with a dot is hidden, and is left out where sites are packed for publishing.
  const place = file.replaceAll(/(?<=^|\/)\./g, '');
  if (isFolder) return `${place}/index.html`;
  return shownAsIs.test(file) ? place : `${place}.html`;
}

/** The way from one file of the site to another. */
export function relativeTo(output: string, target: string): string {
  return encodeURI(path.posix.relative(path.posix.dirname(output), target));
}

/**
 * The repository's address at a host whose pages are laid out as GitHub's are, out of what a package.json says.
 * @returns `undefined` where it says nothing or names another kind of host.
 */
export function hostOf(repository: string | { readonly url: string } | undefined): string | undefined {
  const text = typeof repository === 'object' ? repository.url : (repository ?? '');
  const [, name] = /(?:^github:|github\.com[/:])([\w-]+\/[\w.-]+?)(?:\.git)?$/.exec(text) ?? [];
  return name === undefined ? undefined : `https://github.com/${name}`;
}
