/**
 * The HTML report in a real browser: it filters, sorts, remembers, prints, and asks for nothing but itself.
 */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import html from '../../src/report/formats/html.ts';
import { metadata, syntheticRun } from '../report/run/synthetic-run.ts';
import { skipReason, startVisitor, type Visitor } from './chromium.ts';
import { exampleDocument, hostileDocument, hostileTexts } from './documents.ts';
import { reportRecord } from '../records.ts';

const example = await html.render(exampleDocument());

/** Rows of the first table that can be seen, as `label contender`. */
function visibleRows(page: Page): Promise<string[]> {
  const rows = "[...document.querySelectorAll('main tbody tr')].filter((row) => row.checkVisibility())";
  return page.evaluate(`${rows}.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent).join(' '))`);
}

function visibleSeries(page: Page): Promise<string[]> {
  const marks =
    "[...document.querySelectorAll('figure [data-contender]')].filter((mark) => mark.closest('figure').checkVisibility() && getComputedStyle(mark).display !== 'none')";
  return page.evaluate(`[...new Set(${marks}.map((mark) => mark.dataset.contender))].toSorted()`);
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate<axe.AxeResults>('axe.run()');
  return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

const all = ['slow', 'quick', 'missing', 'steady'];
const inBoth = (contenders: readonly string[]): string[] =>
  ['10', '1,000'].flatMap((label) => contenders.map((contender) => `${label} ${contender}`));

if (skipReason !== undefined) process.stderr.write(`browser tests of the HTML report are skipped: ${skipReason}\n`);

describe.skipIf(skipReason !== undefined)('the page in a browser', () => {
  let visitor: Visitor;

  beforeAll(async () => {
    visitor = await startVisitor();
  });

  afterAll(() => visitor.close());

  it('opens from a file without a message or a request', async () => {
    const { page, complaints } = await visitor.open(example);
    expect(await page.title()).toBe('A made-up run');
    expect(await visibleRows(page)).toEqual(inBoth(all));
    expect(complaints).toEqual([]);
  });

  it('notices a page that asks for something or throws', async () => {
    const { page, complaints } = await visitor.open(
      '<!doctype html><img src="other.png"><script>throw new Error("broken")</script>',
    );
    await page.waitForLoadState();
    expect(complaints.join('\n')).toMatch(/request: .*other\.png/);
    expect(complaints.join('\n')).toContain('error: broken');
  });

  it.each(hostileTexts)('shows %j everywhere as text', async (text) => {
    const { page, complaints } = await visitor.open(await html.render(hostileDocument(text)));
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('img, main script, [onload], [onfocus], [onerror]').count()).toBe(0);
    // The filters find it again, whatever its name.
    await page.getByText('Contenders', { exact: false }).first().click();
    await page.locator('input[name=contender]').uncheck();
    expect(await visibleRows(page)).toEqual([]);
    expect(await visibleSeries(page)).toEqual([]);
    await page.reload();
    expect(await page.locator('input[name=contender]').isChecked()).toBe(false);
    expect(await visibleRows(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('filters rows by words', async () => {
    const { page } = await visitor.open(example);
    await page.getByLabel('Filter rows').fill('TIMES Quick');
    expect(await visibleRows(page)).toEqual(inBoth(['quick']));
    expect(await page.getByRole('status').textContent()).toBe('2 of 8 rows');
    await page.getByLabel('Filter rows').fill('no such word');
    expect(await page.getByText('The filters hide every row of: Times of things').isVisible()).toBe(true);
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('filters rows and series by contender', async () => {
    const { page } = await visitor.open(example);
    expect(await visibleSeries(page)).toEqual(['quick', 'slow', 'steady']);
    await page.getByText('Contenders (4 of 4)').click();
    await page.getByLabel('quick').uncheck();
    expect(await visibleRows(page)).toEqual(inBoth(['slow', 'missing', 'steady']));
    expect(await visibleSeries(page)).toEqual(['slow', 'steady']);
    await page.getByRole('button', { name: 'None' }).click();
    expect(await visibleRows(page)).toEqual([]);
    expect(await page.getByText('The filters hide every series of: Speedup of things').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'All' }).click();
    expect(await visibleRows(page)).toEqual(inBoth(all));
    expect(await visibleSeries(page)).toEqual(['quick', 'slow', 'steady']);
  });

  it.each([
    [{ s: 'with' }, ['quick', 'steady']],
    [{ s: 'without' }, ['slow', 'missing']],
    [{ s: 'with', b: 'without' }, ['steady']],
  ])('filters by flags: %j', async (choices, expected) => {
    const { page } = await visitor.open(example);
    await page.getByText('Flags').click();
    for (const [mark, choice] of Object.entries(choices))
      await page.locator(`select[data-mark=${mark}]`).selectOption(choice);
    expect(await visibleRows(page)).toEqual(inBoth(expected));
    expect(await visibleSeries(page)).toEqual(expected.filter((id) => id !== 'missing').toSorted());
  });

  it('sorts by figures inside each group, by keyboard, with what has none last', async () => {
    const { page } = await visitor.open(example);
    const head = page.getByRole('columnheader', { name: 'time' });
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await visibleRows(page)).toEqual(inBoth(['quick', 'steady', 'slow', 'missing']));
    await page.keyboard.press('Space');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await visibleRows(page)).toEqual(inBoth(['slow', 'steady', 'quick', 'missing']));
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBeNull();
    expect(await visibleRows(page)).toEqual(inBoth(all));
  });

  it('sorts by text, and whole groups by their labels', async () => {
    const { page } = await visitor.open(example);
    await page.getByRole('button', { name: 'contender' }).click();
    expect(await visibleRows(page)).toEqual(inBoth(['missing', 'quick', 'slow', 'steady']));
    await page.getByRole('button', { name: 'items' }).click();
    await page.getByRole('button', { name: 'items' }).click();
    expect(await visibleRows(page)).toEqual(
      inBoth(all).toSorted((a, b) => Number(a.startsWith('10 ')) - Number(b.startsWith('10 '))),
    );
  });

  it('keeps the view in the address, and resets it', async () => {
    const first = await visitor.open(example);
    await first.page.getByLabel('Filter rows').fill('10');
    await first.page.getByText('Contenders (4 of 4)').click();
    await first.page.getByLabel('quick').uncheck();
    await first.page.getByText('Flags').click();
    await first.page.locator('select[data-mark=s]').selectOption('without');
    await first.page.getByLabel('Theme').selectOption('dark');
    await first.page.getByRole('button', { name: 'time' }).click();
    const fragment = new URL(first.page.url()).hash;
    const second = await visitor.open(example, { fragment });
    expect(await visibleRows(second.page)).toEqual(await visibleRows(first.page));
    expect(await visibleRows(second.page)).toEqual(['10 slow', '10 missing']);
    expect(await second.page.getByRole('columnheader', { name: 'time' }).getAttribute('aria-sort')).toBe('ascending');
    expect(await second.page.getByLabel('Theme').inputValue()).toBe('dark');
    await second.page.getByRole('button', { name: 'Reset' }).click();
    expect(await visibleRows(second.page)).toEqual(inBoth(all));
    expect(new URL(second.page.url()).hash).toBe('');
    expect(second.complaints).toEqual([]);
  });

  it('keeps the filters when a link leads elsewhere in the page', async () => {
    const { page } = await visitor.open(example);
    await page.getByLabel('Filter rows').fill('steady');
    await page.getByRole('link', { name: 'Legend' }).click();
    await page.waitForFunction("location.hash.includes('at=')");
    expect(await visibleRows(page)).toEqual(inBoth(['steady']));
    expect(await page.getByRole('heading', { name: 'Legend' }).isVisible()).toBe(true);
  });

  it.each([
    '#sort=t1.99.ascending&sort=t1.1.sideways&sort=t9.0.ascending&theme=pink&at=nowhere&with=z',
    '#%',
    '#hide=%E0%A4%A',
  ])('takes an address from elsewhere without complaint: %s', async (fragment) => {
    const { page, complaints } = await visitor.open(example, { fragment });
    expect(await visibleRows(page)).toEqual(inBoth(all));
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('passes an accessibility check in %s with a whole run', async (colorScheme) => {
    const run = await html.render(reportRecord({ run: syntheticRun(), registry: metadata }));
    // High enough for all of it, since what is not on the screen is not laid out.
    const { page, complaints } = await visitor.open(run, { colorScheme, viewport: { width: 1400, height: 20_000 } });
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'passes an accessibility check in %s, folded and unfolded',
    async (colorScheme) => {
      const { page } = await visitor.open(example, { colorScheme, viewport: { width: 1400, height: 3000 } });
      expect(await violations(page)).toEqual([]);
      await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Filter rows').fill('no such word');
      expect(await violations(page)).toEqual([]);
    },
  );

  it('follows the system between light and dark until it is told otherwise', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const { page } = await visitor.open(example, { colorScheme: 'light' });
    const light = await page.evaluate(ground);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.evaluate(ground)).not.toBe(light);
    await page.getByLabel('Theme').selectOption('light');
    expect(await page.evaluate(ground)).toBe(light);
  });

  it('prints what is folded, in light, without controls', async () => {
    const { page } = await visitor.open(example, { colorScheme: 'dark' });
    const folded = page.getByText('Only for those who unfold it.');
    expect(await folded.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await folded.isVisible()).toBe(true);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.getByLabel('Filter rows').isVisible()).toBe(false);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
  });

  it('lets wide tables scroll in their own box on a narrow screen', async () => {
    const { page } = await visitor.open(example, { viewport: { width: 240, height: 600 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(240);
    const box = page.getByRole('group', { name: 'Times of things' });
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.scroll:has(table)')].every((element) => element.scrollWidth > element.clientWidth)",
      ),
    ).toBe(true);
    expect(await box.getAttribute('tabindex')).toBe('0');
  });

  it('can be read without JavaScript', async () => {
    const { page } = await visitor.open(example, { javaScriptEnabled: false });
    expect(await page.getByRole('row').count()).toBe(1 + 8);
    expect(await page.getByText('Which one is fastest?').isVisible()).toBe(true);
    expect(await page.getByRole('search').count()).toBe(0);
    expect(await page.getByRole('columnheader').getByRole('button').count()).toBe(0);
  });
});
