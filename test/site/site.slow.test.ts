/**
 * The whole site: it builds, its links lead somewhere, its pages are small, and a browser reads them from a disk and from
 * below a path of a server, light, dark and narrow, without asking anything of another host.
 */
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findBrokenLinks } from '../../docs/site/find-broken-links.ts';
import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { skipReason, startBrowser } from '../browser/chromium.ts';
import { documents } from '../documents/read-documents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-site-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files: readonly string[] = [];

beforeAll(async () => {
  const built = await runToEnd({
    command: [process.execPath, 'docs/site/build.ts', directory],
    env: process.env,
    cwd: root,
  });
  if (!hasSucceeded(built)) throw new Error(`the site was not built: ${built.output}${built.stderr}`);
  files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
});

const isReport = (file: string): boolean => path.basename(file) === 'report.html';

describe('the site', () => {
  it('has a page for every document, the reports of the committed runs, and the API', () => {
    const made = documents.map((file) => file.replace(/(?<=^|\/)README\.md$/, 'index.html').replace(/\.md$/, '.html'));
    expect(made.filter((file) => !files.includes(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'results/reference/report.html',
        'results/history/report.html',
        'results/by-payload/tools.html',
        'results/by-size/100.html',
        'results/by-sink/bytes.html',
        'docs/api/wirebench.html',
        'docs/api/json-response-serializer.html',
      ]),
    );
    expect(readFileSync(path.join(directory, 'docs/api/wirebench.html'), 'utf8')).toContain('defineConfig');
  });

  it('begins with the answer of the README', () => {
    const [, answer = ''] = /<!-- generated: answer [^\n]*\n\n(.+)\n/.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(answer.length).toBeGreaterThan(50);
    expect(readFileSync(path.join(directory, 'index.html'), 'utf8')).toContain(answer);
  });

  it('leads back from every report', () => {
    const reports = files.filter(isReport);
    expect(reports.length).toBeGreaterThan(3);
    for (const report of reports) {
      const up = path.relative(path.dirname(report), '.');
      const text = readFileSync(path.join(directory, report), 'utf8');
      expect(text).toContain(`<a href="${up}/index.html">wirebench</a>`);
      expect(text).toContain(`<a href="${up}/results/index.html">Results</a>`);
    }
  });

  it('has no link that leads nowhere and asks nothing of another host', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(findBrokenLinks(directory)).toEqual([]);
  });

  it('is small, and only reports and the search have scripts', () => {
    const sizeOf = (file: string): number => statSync(path.join(directory, file)).size;
    const pages = files.filter((file) => file.endsWith('.html') && !isReport(file));
    // Tables of results may be those of a thorough run, which has over two thousand rows; other pages are read in minutes,
    // and a longer one wants to be two.
    const limitOf = (file: string): number => (file.startsWith('results/') ? 1_000_000 : 200_000);
    expect(pages.filter((file) => sizeOf(file) > limitOf(file))).toEqual([]);
    const withScript = pages.filter((file) => /<script\b/.test(readFileSync(path.join(directory, file), 'utf8')));
    expect(withScript).toEqual(['search.html']);
    // Room for a thorough run, whose values and report are most of it; beyond that somebody publishes what was not meant.
    expect(files.reduce((sum, file) => sum + sizeOf(file), 0)).toBeLessThan(40_000_000);
  });
});

/** How a page is looked at, one after the other. */
interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  /** Of axe's rules; all where it is left out. */
  readonly rules?: readonly string[];
}

const light: Look = { name: 'light', colorScheme: 'light', width: 1280 };
const looks: readonly Look[] = [
  light,
  // The same page in other colours.
  { name: 'dark', colorScheme: 'dark', width: 1280, rules: ['color-contrast', 'link-in-text-block'] },
  { name: 'narrow', colorScheme: 'light', width: 400 },
];

/** What a server calls them; nothing else is asked for. */
const types: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript' };

/** A page of the server alone that does what pages should not. */
const badPage = 'bad.html';

/** One of each kind. */
const looked = [
  'index.html',
  'search.html',
  'results/index.html',
  'results/reference/recorded/report.html',
  'docs/guides/gate.html',
  'docs/api/json-response-serializer.html',
  'docs/decisions/index.html',
  'examples/ci-gate/wirebench.config.ts.html',
];

if (skipReason !== undefined) process.stderr.write(`browser tests of the site are skipped: ${skipReason}\n`);

describe.skipIf(skipReason !== undefined)('the site in a browser', () => {
  let browser: Browser;
  const server = createServer((request, response) => {
    const name = decodeURI(request.url ?? '').replace(/^\/wirebench\//, '');
    if (name === badPage)
      return response.end('<!doctype html><img src="gone.png"><script>throw new Error("broken")</script>');
    if (!files.includes(name)) return response.writeHead(404).end();
    const type = types[path.extname(name)] ?? 'text/html';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
    createReadStream(path.join(directory, name)).pipe(response);
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  const fromDisk = (): string => `${pathToFileURL(directory).href}/`;
  const fromServer = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/wirebench/`;

  /** What is wrong with a page, in one look after the other. */
  async function complaintsOf(base: string, name: string, inLooks: readonly Look[]): Promise<string[]> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(base) && !request.url().startsWith('data:'))
        complaints.push(`asks ${request.url()}`);
    });
    page.on('requestfailed', (request) => complaints.push(`does not get ${request.url()}`));
    await page.goto(base + name);
    await page.evaluate(axe.source);
    for (const { name: look, colorScheme, width, rules } of inLooks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
        complaints.push(`${look}: too wide`);
      // With `preload` it would ask for the style again, by a request that pages do not allow.
      const options = { preload: false, ...(rules === undefined ? {} : { runOnly: rules }) };
      const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
      for (const { id, nodes } of violations) complaints.push(...nodes.map(({ html }) => `${look}: ${id}: ${html}`));
    }
    await page.close();
    return complaints;
  }

  it.each(looked)('%s reads well from a disk, light, dark and narrow', async (name) => {
    expect(await complaintsOf(fromDisk(), name, looks)).toEqual([]);
  });

  it.each(['index.html', 'docs/guides/gate.html'])('%s reads well below a path of a server', async (name) => {
    expect(await complaintsOf(fromServer(), name, [light])).toEqual([]);
  });

  it('notices a page that does what it should not', async () => {
    const complaints = (await complaintsOf(fromServer(), badPage, [light])).join('\n');
    expect(complaints).toContain('error: broken');
    expect(complaints).toContain('404');
    expect(complaints).toContain('light: image-alt');
  });

  it.each([
    ['a disk', fromDisk],
    ['a server', fromServer],
  ])('leads from the home page to a decision and back, from %s', async (_name, base) => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`${base()}index.html`);
    await page.getByRole('link', { name: 'Decisions', exact: true }).click();
    await page.getByRole('link', { name: 'The HTML page is one file without a request' }).click();
    expect(page.url()).toBe(`${base()}docs/decisions/0059-the-page-is-one-file-without-a-request.html`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'The HTML page is one file without a request',
    );
    await page.getByRole('link', { name: 'wirebench', exact: true }).click();
    expect(page.url()).toBe(`${base()}index.html`);
    await page.close();
  });

  it.each([
    ['a disk', fromDisk],
    ['a server', fromServer],
  ])('finds what has all words, from %s', async (_name, base) => {
    const page = await browser.newPage();
    await page.goto(`${base()}search.html`);
    const items = page.locator('main li:visible');
    const all = await items.count();
    expect(all).toBeGreaterThan(100);
    await page.getByLabel('Words').fill('FAST path clock');
    expect(await items.allTextContents()).toEqual(["Whether a value leaves V8's fast path is found without a clock"]);
    expect(await page.getByRole('status').textContent()).toBe(`1 of ${all}`);
    await page.getByLabel('Words').fill('no such words');
    expect(await items.count()).toBe(0);
    await page.getByLabel('Words').fill('');
    expect(await items.count()).toBe(all);
    await page.close();
  });
});
