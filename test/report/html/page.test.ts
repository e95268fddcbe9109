/**
 * What the HTML report owes its reader before any browser sees it: all of the document, nothing but text in it, its size.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

import { describe, expect, it } from 'vitest';

import type { Plan } from '../../../src/measure/plan.ts';
import { planRun } from '../../../src/measure/plan.ts';
import type { MicroCellRecord, RunRecord } from '../../../src/run-file/records.ts';
import { reportRecord } from '../../records.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';
import html from '../../../src/report/formats/html.ts';
import { exampleDocument, hostileDocument, hostileTexts } from '../../browser/documents.ts';
import { syntheticHttpRun } from '../http/synthetic-http.ts';
import { metadata, syntheticRun } from '../run/synthetic-run.ts';

const example = await html.render(exampleDocument());
const report = reportRecord({ run: syntheticRun(), registry: metadata });
const page = await html.render(report);
const httpReport = reportRecord({ run: syntheticHttpRun(), registry: metadata });
const httpPage = await html.render(httpReport);

/** What stands inside the page's elements of that name, in their order. */
function contentsOf(text: string, element: string): string[] {
  return [...text.matchAll(new RegExp(`<${element}\\b[^>]*>([\\s\\S]*?)</${element}>`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

function visibleText(text: string): string {
  const body = text.slice(text.indexOf('<main'), text.indexOf('</main>')).replaceAll(/<[^>]*>/g, ' ');
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  return body.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
}

/** All strings under the keys that carry a document's text; of a chart those beside its picture. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const shown = new Set(['text', 'title', 'caption', 'labelTitle', 'summary']);
  // Titles of axes and names of series are the picture's business.
  if ('kind' in value && value.kind === 'chart')
    return Object.entries(value).flatMap(([key, inner]) => (shown.has(key) ? [String(inner)] : []));
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (shown.has(key) ? [inner] : []) : textsOf(inner),
  );
}

describe('the HTML page', () => {
  it.each([
    ['a made-up run', page, report.blocks],
    ['a made-up run over HTTP', httpPage, httpReport.blocks],
    ['every kind of block', example, exampleDocument().blocks],
  ])('says all that the document says: %s', (_, text, blocks) => {
    // Tags inside a text, which keep a part of it together, leave blanks.
    const flat = (told: string): string => told.replaceAll(/\s+/g, ' ');
    const shown = flat(visibleText(text));
    const missing = textsOf(blocks).filter((told) => told.split('\n').some((line) => !shown.includes(flat(line))));
    expect(textsOf(blocks).length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('keeps the bounds of a figure on one line, and lets readers filter columns by contender', () => {
    expect(httpPage).toMatch(/<td class="good"[^>]*>104, 1\.55x <span>\([\d.]+–[\d.]+x\)<\/span>/);
    const places = [...httpPage.matchAll(/<th scope="col" data-c="(\d+)">/g)].map(
      (match) => httpReport.contenders?.[Number(match[1])]?.id,
    );
    expect(new Set(places)).toEqual(
      new Set(syntheticHttpRun().http?.suites.flatMap(({ contenders }) => contenders.map(({ id }) => id))),
    );
  });

  it('allows its own style and script by their hashes and nothing else', () => {
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const hash = (text: string | undefined): string =>
      `'sha256-${createHash('sha256')
        .update(text ?? '')
        .digest('base64')}'`;
    expect(policy.split('; ')).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hash(contentsOf(page, 'style')[0])}`);
    expect(policy).toContain(`script-src ${hash(contentsOf(page, 'script')[1])}`);
    expect(policy).not.toContain('unsafe');
  });

  it('names nothing that would have to be fetched', () => {
    expect(example).not.toMatch(/\s(?:src|srcset|action|poster|background)=/);
    expect(example).not.toMatch(/href="(?!#)/);
    expect(example).not.toMatch(/url\((?!#)|@import/);
  });

  it('has a script that can be compiled', () => {
    expect(() => new Script(contentsOf(page, 'script')[1] ?? 'missing(')).not.toThrow();
  });

  it('has headings in order and identifiers that occur once', () => {
    for (const text of [example, page]) {
      const levels = [...text.matchAll(/<h([1-6])\b/g)].map((match) => Number(match[1]));
      expect(levels[0]).toBe(1);
      expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
      const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
      expect(ids.length).toBeGreaterThan(5);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });

  it('links to what exists', () => {
    for (const [, id] of example.matchAll(/href="#([^"]*)"/g)) expect(example).toContain(`id="${id}"`);
  });

  it('draws each chart into a figure with its summary', () => {
    const [figure = ''] = contentsOf(example, 'figure');
    expect(figure).toContain('<svg');
    expect(contentsOf(figure, 'figcaption')[0]).toContain('What is highest at each size, in words.');
  });

  it.each(hostileTexts)('lets %j be nothing but text', async (hostile) => {
    const text = await html.render(hostileDocument(hostile));
    const usual = await html.render(hostileDocument('usual'));
    // The same elements and attributes as with a harmless text, in the same order.
    const tags = (markup: string): string[] => [...markup.matchAll(/<[!/a-z][^\s>]*/gi)].map(([tag]) => tag);
    expect(tags(text)).toEqual(tags(usual));
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text.isWellFormed()).toBe(true);
  });

  it('is the same for the same document', async () => {
    expect(await html.render(exampleDocument())).toBe(example);
  });

  it('shows an empty document as a page with its title', async () => {
    const empty = await html.render({ title: 'nothing', blocks: [] });
    expect(contentsOf(empty, 'h1')).toEqual(['nothing']);
    expect(empty.endsWith('</html>\n')).toBe(true);
  });

  it.each(['quick', 'standard', 'thorough'] as const)(
    'stays below 3 MB with the cells of a %s run',
    async (profile) => {
      const registry = await loadRegistry();
      const stored = JSON.parse(
        readFileSync(new URL('../../../results/reference/run.json', import.meta.url), 'utf8'),
      ) as RunRecord;
      const run = {
        ...stored,
        profile,
        cells: makeCells(planRun({ registry, profile, selection: {}, seed: 1 }).cells, stored.cells),
      };
      const text = await html.render(reportRecord({ run, registry }));
      expect(text.length).toBeGreaterThan(run.cells.length * 100);
      expect(Buffer.byteLength(text)).toBeLessThan(3_000_000);
    },
  );
});

/** Every cell of a plan with the results of a measured one of its suite; what they say is nonsense, how much they say is not. */
function makeCells(planned: Plan['cells'], measured: readonly MicroCellRecord[]): MicroCellRecord[] {
  return planned.map(({ id }, index) => {
    const own = measured.filter(({ suite, status }) => suite === id.suite && status === 'ok');
    const model = own[index % own.length];
    if (model === undefined) throw new Error(`the reference run has no cell of the suite ${id.suite}`);
    return { ...model, ...id };
  });
}
