/**
 * Whole reports of made-up runs against golden files; `vitest run test/report -u` writes them anew, and a person reads the change.
 */
import { describe, expect, it } from 'vitest';

import type { Document } from '../../../src/report/document.ts';
import { loadFormats } from '../../../src/report/formats.ts';
import { ensembleRun } from './ensemble-run.ts';
import { interruptedRun, metadata, syntheticRun } from './synthetic-run.ts';
import { reportRecord } from '../../records.ts';

const formats = await loadFormats();

async function render(
  name: string,
  document: Document,
  options: { color?: boolean; columns?: number } = {},
): Promise<string> {
  const format = formats.get(name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return format.render(document, { color: options.color ?? false, columns: options.columns ?? 110 });
}

const full = reportRecord({ run: syntheticRun(), registry: metadata });
const interrupted = reportRecord({ run: interruptedRun(), registry: metadata });
const ensembles = reportRecord({ run: ensembleRun(), registry: metadata });

describe('a report', () => {
  it.each([
    ['terminal', 'txt'],
    ['markdown', 'md'],
    ['csv', 'csv'],
  ])('of every kind of cell reads in %s as it always has', async (name, extension) => {
    await expect(await render(name, full)).toMatchFileSnapshot(`../../golden/every-kind-of-cell.${extension}`);
  });

  it.each([
    ['terminal', 'txt'],
    ['markdown', 'md'],
  ])('of an interrupted run reads in %s as it always has', async (name, extension) => {
    await expect(await render(name, interrupted, { columns: 100 })).toMatchFileSnapshot(
      `../../golden/interrupted.${extension}`,
    );
  });

  it.each([
    ['terminal', 'txt'],
    ['markdown', 'md'],
  ])('of a run in ensembles on a busy machine reads in %s as it always has', async (name, extension) => {
    await expect(await render(name, ensembles, { columns: 100 })).toMatchFileSnapshot(
      `../../golden/ensembles.${extension}`,
    );
  });

  it('of names that the registry does not know falls back to ids and crowns nobody', async () => {
    const registry = { contenders: [], payloads: [], suites: [] };
    const text = await render('terminal', reportRecord({ run: syntheticRun(), registry }));
    expect(text).toContain('compiled');
    expect(text).toContain('?  not in the registry any more');
    expect(text).not.toContain('the fastest');
  });

  it('of a run without cells says that nothing was measured', async () => {
    const text = await render('terminal', reportRecord({ run: { ...syntheticRun(), cells: [] }, registry: metadata }));
    expect(text).toContain('Nothing was measured.');
    expect(text).not.toContain('Findings');
  });

  it('says no difference and not a speedup where the interval holds 1', async () => {
    const rows = (await render('terminal', full)).split('\n').filter((line) => line.includes('no difference '));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).not.toMatch(/\(\+|\(-/);
  });

  it('names every reason of a cell that is not ok', async () => {
    const reasons = syntheticRun().cells.flatMap(({ reason }) => reason ?? []);
    expect(new Set(reasons).size).toBeGreaterThan(4);
    const text = (await render('terminal', full)).replaceAll(/\s+/g, ' ');
    for (const reason of reasons) expect(text).toContain(reason);
  });

  it('shows a memoizing contender apart', async () => {
    const tables = (await render('terminal', full)).split('\n\n');
    const apart = tables.filter((block) => /^\d+ +cached/m.test(block));
    expect(apart.length).toBeGreaterThan(0);
    for (const block of apart) expect(block).not.toContain('plain');
  });
});
