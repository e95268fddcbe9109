/**
 * The check of a built site finds what is broken, and nothing in what is whole.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, it } from 'vitest';

import { findBrokenLinks } from '../../docs/site/find-broken-links.ts';

function check(files: Readonly<Record<string, string>>): string[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-links-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    return findBrokenLinks(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

it('a whole site has none', () => {
  expect(
    check({
      'index.html':
        '<link rel="icon" href="data:,"><link href="site.css"><a href="a/b.html#part">b</a><a href="https://example.com">out</a><script>const x = \'<a href="gone.html">\';</script>',
      'site.css': '',
      'a/b.html': '<h2 id=part>Part</h2><a href="../index.html">up</a><a href="#part">here</a>',
      'a/run.json': '{"href": "<a href=gone.html>"}',
    }),
  ).toEqual([]);
});

it.each([
  ['<a href="gone.html">x</a>', 'index.html links gone.html, which is not there'],
  ['<a class=x href=gone.html>x</a>', 'index.html links gone.html, which is not there'],
  ['<a href="#gone">x</a>', 'index.html has no part #gone'],
  ['<a href="/index.html">x</a>', 'index.html has an address from the top of a server: /index.html'],
  ['<link rel="stylesheet" href="https://example.com/a.css">', 'index.html asks for https://example.com/a.css'],
  ['<img src="//example.com/a.png">', 'index.html asks for //example.com/a.png'],
])('%s is one', (html, problem) => {
  expect(check({ 'index.html': html })).toEqual([problem]);
});
