/**
 * Pages and sections of the site come from listing: titles from headings, an index for each folder, an order.
 */
import { describe, expect, it } from 'vitest';

import { type Document, listMissingIndexes, listPages, listSections } from '../../docs/site/list-pages.ts';

const documents: readonly Document[] = [
  { source: 'README.md', text: '# wirebench\n' },
  { source: 'ARCHITECTURE.md', text: '# Architecture\n' },
  { source: 'project/README.md', text: '# The project\n' },
  { source: 'docs/decisions/README.md', text: '# Decisions\n' },
  { source: 'docs/decisions/0002-b.md', text: 'Before.\n\n# What `a_b` \\(is\\)\n\n# Another\n' },
  { source: 'docs/questions/README.md', text: '# Questions\n' },
  { source: 'docs/questions/why.md', text: 'No heading.\n' },
  { source: 'docs/news/README.md', text: '# News\n' },
  { source: 'results/README.md', text: '# Results\n' },
  { source: 'results/by-size/100.md', text: '# 100\n' },
  { source: 'results/by-size/50.md', text: '# 50\n' },
  { source: 'results/reference/report.md', text: '# wirebench run\n' },
  { source: 'results/both/README.md', text: '# Both\n' },
  { source: 'results/both/report.md', text: '# A run\n' },
  { source: 'examples/README.md', text: '# Examples\n' },
];
const pages = listPages(documents);

describe('a page', () => {
  it.each([
    ['README.md', 'index.html'],
    ['ARCHITECTURE.md', 'ARCHITECTURE.html'],
    ['docs/decisions/README.md', 'docs/decisions/index.html'],
    ['docs/decisions/0002-b.md', 'docs/decisions/0002-b.html'],
    ['results/reference/report.md', 'results/reference/index.html'],
    ['results/both/README.md', 'results/both/index.html'],
    ['results/both/report.md', 'results/both/tables.html'],
  ])('of %s is %s', (source, output) => {
    expect(pages.find((page) => page.source === source)?.output).toBe(output);
  });

  it('has a place of its own', () => {
    expect(new Set(pages.map(({ output }) => output)).size).toBe(documents.length);
  });

  it('is called as its first heading, without marks, or as its file', () => {
    const titleOf = (source: string): string | undefined => pages.find((page) => page.source === source)?.title;
    expect(titleOf('docs/decisions/0002-b.md')).toBe('What a_b (is)');
    expect(titleOf('docs/questions/why.md')).toBe('why');
  });
});

describe('a section', () => {
  const sections = listSections(pages);

  it('is a folder below docs/, the results, or what is left, in the order of the navigation', () => {
    expect(sections.map(({ folder, title }) => [folder, title])).toEqual([
      ['results', 'Results'],
      ['docs/questions', 'Questions'],
      ['docs/decisions', 'Decisions'],
      ['docs/news', 'News'],
      ['project', 'Project'],
    ]);
  });

  it('has its index apart, and the others by number', () => {
    const [results] = sections;
    expect(results?.index.source).toBe('results/README.md');
    const inOrder = results?.pages.map(({ source }) => source).filter((source) => source.includes('by-size'));
    expect(inOrder).toEqual(['results/by-size/50.md', 'results/by-size/100.md']);
  });

  it('does not hold the home page', () => {
    expect(sections.flatMap((section) => section.pages).map(({ source }) => source)).not.toContain('README.md');
  });

  it('needs an index, which is made where it is missing', () => {
    const without = documents.filter(({ source }) => source !== 'docs/questions/README.md');
    expect(listMissingIndexes(documents.map(({ source }) => source))).toEqual([]);
    expect(listMissingIndexes(without.map(({ source }) => source))).toEqual(['docs/questions']);
    expect(() => listSections(listPages(without))).toThrow('the section docs/questions has no index');
  });
});
