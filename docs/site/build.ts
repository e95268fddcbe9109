/**
 * Builds the site: plans it, lets Astro write the pages, puts reports beside them, and fails where a link leads nowhere.
 *
 * `node docs/site/build.ts [DIRECTORY]`, or `pnpm site`. Nothing is asked of a network, and Astro's telemetry is off.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { UserError } from '../../src/user-error.ts';
import { findBrokenLinks } from './find-broken-links.ts';
import { writtenAs } from './route-of.ts';
import { planSite, type Site } from './plan-site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [directory = 'dist-site'] = process.argv.slice(2);
const target = path.resolve(directory);

try {
  rmSync(target, { recursive: true, force: true });
  const site = await planSite(root);
  await writePages(site, target);
  for (const { output, text } of site.files) {
    mkdirSync(path.dirname(path.join(target, output)), { recursive: true });
    writeFileSync(path.join(target, output), text);
  }
  const problems = findBrokenLinks(target);
  if (problems.length > 0) throw new UserError(`the site has links that lead nowhere:\n${problems.join('\n')}`);
  process.stdout.write(`${site.pages.length} pages and ${site.files.length} files written to ${target}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`);
  process.exitCode = 1;
}

/** Pages by their template; `virtual:pages` is how it gets them. */
async function writePages({ pages }: Site, outDir: string): Promise<void> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  const { build } = await import('astro');
  const name = 'virtual:pages';
  await build({
    root: path.join(root, 'docs/site'),
    srcDir: '.',
    outDir,
    cacheDir: path.join(root, 'node_modules/.astro'),
    configFile: false,
    logLevel: 'warn',
    build: { format: 'file' },
    compressHTML: false,
    vite: {
      cacheDir: path.join(root, 'node_modules/.vite-site'),
      plugins: [
        {
          name: 'site-pages',
          resolveId: (id: string) => (id === name ? `\0${name}` : undefined),
          load: (id: string) => (id === `\0${name}` ? `export default ${JSON.stringify(pages)};` : undefined),
        },
      ],
    },
  });
  for (const { output } of pages) renameSync(path.join(outDir, writtenAs(output)), path.join(outDir, output));
}
