/**
 * The machine's own Chromium for tests of the HTML page, driven by playwright-core; nothing is downloaded.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser'];

/** The first Chromium on the PATH. */
const executable: string | undefined = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .flatMap((directory) => names.map((name) => path.join(directory, name)))
  .find((file) => existsSync(file));

/** Why browser tests are skipped; `undefined` where they run. */
export const skipReason: string | undefined =
  executable === undefined ? `no ${names.join(' or ')} on the PATH; "apt-get install chromium" brings it` : undefined;

/** A page, and what it did that it should not. */
interface OpenPage {
  readonly page: Page;
  /** Console messages, uncaught errors, dialogs and requests for anything but the file itself. */
  readonly complaints: readonly string[];
}

/** Opens pages from files, each in a profile of its own. */
export interface Visitor {
  /** @param options.fragment of the address, with its `#`. */
  open(text: string, options?: BrowserContextOptions & { readonly fragment?: string }): Promise<OpenPage>;
  close(): Promise<void>;
}

/** Starts the browser. @throws {Error} where there is none. */
export async function startBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(skipReason);
  // Chromium's own sandbox needs rights that root in a container does not have; the pages are our own.
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: executable, args });
}

/** Starts the browser for pages from files. @throws {Error} where there is none. */
export async function startVisitor(): Promise<Visitor> {
  const browser = await startBrowser();
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-page-'));
  let count = 0;
  return {
    async open(text, { fragment = '', ...options } = {}) {
      count += 1;
      const file = path.join(directory, `page-${count}.html`);
      writeFileSync(file, text);
      return visit(browser, { url: pathToFileURL(file).href, fragment, options });
    },
    async close() {
      await browser.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function visit(
  browser: Browser,
  { url, fragment, options }: { url: string; fragment: string; options: BrowserContextOptions },
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().replace(/#.*$/, '') !== url) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url + fragment);
  return { page, complaints };
}
