/**
 * Links lead somewhere, from a checkout and from an installed package, and every page is one click from the README.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { anchorsOf, documents, linksOf, readDocument, root } from './read-documents.ts';

const links = documents.flatMap((file) => linksOf(file));

describe('a link', () => {
  it('leads to a file, and to a heading that is there', () => {
    expect(links.length).toBeGreaterThan(100);
    const broken = links.filter(({ leadsTo, anchor }) => {
      if (!existsSync(path.join(root, leadsTo))) return true;
      return anchor !== undefined && !anchorsOf(readDocument(leadsTo)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('would be found broken', () => {
    const [gone, here] = linksOf('docs/guides/gate.md', 'a [page](gone.md) and [part](#what-happens), `[code](x.md)`');
    expect([gone?.leadsTo, gone?.anchor]).toEqual(['docs/guides/gone.md', undefined]);
    expect([here?.leadsTo, here?.anchor]).toEqual(['docs/guides/gate.md', 'what-happens']);
    expect(anchorsOf("# A\n## What's `new`, and why?\n")).toEqual(['a', 'whats-new-and-why']);
  });

  it('in a published page leads to a published file', () => {
    const always = new Set(['README.md', 'LICENSE', 'package.json']);
    const published = (name: string): boolean =>
      always.has(name) ||
      packageJson.files.some((entry) => path.matchesGlob(name, entry) || name.startsWith(`${entry}/`));
    const pages = documents.filter(published);
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'docs/guides/gate.md']));
    expect(links.filter(({ file, leadsTo }) => published(file) && !published(leadsTo))).toEqual([]);
  });
});

describe('the README', () => {
  it('links every guide, every page of reference and the list of decisions', () => {
    const linked = new Set(linksOf('README.md').map(({ leadsTo }) => leadsTo));
    const pages = documents.filter((file) => /^docs\/(?:guides|reference)\//.test(file));
    expect(pages.length).toBeGreaterThan(10);
    expect([...pages, 'docs/decisions/README.md'].filter((page) => !linked.has(page))).toEqual([]);
  });

  it('is read in a minute', () => {
    // The limit of lines is arbitrary; what is longer has a page of its own.
    expect(readDocument('README.md').split('\n').length).toBeLessThanOrEqual(130);
  });
});
