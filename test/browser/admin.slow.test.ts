/**
 * The gateway's admin page in a real browser: by its keyboard alone, without errors of accessibility, with hostile names as
 * text.
 */
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { post, startFederation } from '../gateway/upstreams/start-federation.ts';
import { startTestServers } from '../servers/start-test-servers.ts';
import { skipReason, startBrowser } from './chromium.ts';

const hostile = `<img src=x onerror="document.title='taken'">`;

if (skipReason !== undefined) process.stderr.write(`browser tests of the admin page are skipped: ${skipReason}\n`);

describe.skipIf(skipReason !== undefined)('the admin page in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(() => browser.close());

  /** The page lets nobody's script in, and the test's own has to be. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ bypassCSP: true, ...options });
    return context.newPage();
  }

  it('leads from the overview to one entity by the keyboard alone', { timeout: 30_000 }, async () => {
    const [server] = await startTestServers('benchmark', {
      settings: { counts: { tools: 60, resources: 0, prompts: 0 } },
    });
    const { url, register } = await startFederation();
    await register('behind', `${server.url}/mcp`);
    await post(`${url}/tools`, { name: hostile });
    const page = await open();
    const requested: string[] = [];
    page.on('request', (request) => void requested.push(new URL(request.url()).origin));
    await page.goto(`${url}/admin/`);
    expect(await page.textContent('h1')).toBe('Overview');
    expect(await page.textContent('main')).toContain('behind');
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 100; step += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement?.textContent')) === name) return;
      }
      throw new Error(`the keyboard does not reach ${name}`);
    };
    await tabTo('tools');
    await Promise.all([page.waitForURL('**/admin/tools'), page.keyboard.press('Enter')]);
    await tabTo('Next page');
    await Promise.all([page.waitForURL('**/admin/tools?cursor=*'), page.keyboard.press('Enter')]);
    await tabTo(hostile);
    await Promise.all([page.waitForURL(/admin\/tools\/[0-9a-f-]{36}$/), page.keyboard.press('Enter')]);
    expect(await page.textContent('h1')).toBe(hostile);
    expect(await page.title()).toBe(`${hostile} – gateway`);
    expect(new Set(requested)).toEqual(new Set([url]));
  });

  it.each(['light', 'dark'] as const)('has no error of accessibility, %s', { timeout: 30_000 }, async (colorScheme) => {
    const { url } = await startFederation();
    await post(`${url}/tools`, { name: 'one' });
    const page = await open({ colorScheme });
    for (const place of ['/admin/', '/admin/tools', '/admin/prompts']) {
      await page.goto(`${url}${place}`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });
});
