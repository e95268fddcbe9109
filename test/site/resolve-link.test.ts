/**
 * Links of documents on the site: relative, to files, and broken where nothing is there.
 */
import { describe, expect, it } from 'vitest';

import { hostOf, resolveLink, type SiteIndex } from '../../docs/site/resolve-link.ts';

const site: SiteIndex = {
  outputs: new Map([
    ['README.md', 'index.html'],
    ['docs/guides/gate.md', 'docs/guides/gate.html'],
    ['docs/guides/ci.md', 'docs/guides/ci.html'],
    ['docs/decisions/README.md', 'docs/decisions/index.html'],
    ['results/reference/report.md', 'results/reference/index.html'],
  ]),
  files: new Set([
    'README.md',
    'docs/guides/gate.md',
    'src/gate/settings.ts',
    'results/reference/run.json',
    'examples/ci-gate/.github/workflows/gate.yml',
  ]),
  made: new Set(['results/reference/report.html']),
  host: undefined,
};
const fromGate = (href: string, index: SiteIndex = site): ReturnType<typeof resolveLink> =>
  resolveLink({ href, from: 'docs/guides/gate.md', output: 'docs/guides/gate.html' }, index);

describe('a link', () => {
  it.each([
    ['ci.md', 'ci.html'],
    ['ci.md#in-short', 'ci.html#in-short'],
    ['#what-happens', '#what-happens'],
    ['../../README.md', '../../index.html'],
    ['../decisions', '../decisions/index.html'],
    ['../decisions/README.md', '../decisions/index.html'],
    ['../../results/reference/report.md', '../../results/reference/index.html'],
    ['../../results/reference/report.html', '../../results/reference/report.html'],
    ['https://example.com/a.md', 'https://example.com/a.md'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
  ])('%s becomes %s', (href, expected) => {
    expect(fromGate(href)).toEqual({ href: expected });
  });

  it.each([
    ['../../src/gate/settings.ts', '../../src/gate/settings.ts.html', 'src/gate/settings.ts'],
    ['../../src/gate/', '../../src/gate/index.html', 'src/gate'],
    ['../../results/reference/run.json', '../../results/reference/run.json', 'results/reference/run.json'],
    [
      '../../examples/ci-gate/.github/workflows/gate.yml',
      '../../examples/ci-gate/github/workflows/gate.yml.html',
      'examples/ci-gate/.github/workflows/gate.yml',
    ],
  ])('%s to what is no page shows it', (href, expected, shows) => {
    expect(fromGate(href)).toEqual({ href: expected, shows });
  });

  it('to what is no page goes to the host, where there is one', () => {
    const hosted = { ...site, host: 'https://github.com/a/b' };
    expect(fromGate('../../src/gate/settings.ts#L3', hosted)).toEqual({
      href: 'https://github.com/a/b/blob/main/src/gate/settings.ts#L3',
    });
    expect(fromGate('../../src/gate', hosted)).toEqual({ href: 'https://github.com/a/b/tree/main/src/gate' });
    expect(fromGate('ci.md', hosted)).toEqual({ href: 'ci.html' });
  });

  it.each(['gone.md', '../../src/gat', '/docs/guides/ci.md', '../../../outside.md'])('%s is broken', (href) => {
    expect(fromGate(href)).toEqual({ href, isBroken: true });
  });
});

it.each([
  ['github:a/b', 'https://github.com/a/b'],
  ['git+https://github.com/a/b.git', 'https://github.com/a/b'],
  [{ url: 'git@github.com:a/b-c.d.git' }, 'https://github.com/a/b-c.d'],
  ['https://example.com/a/b', undefined],
  [undefined, undefined],
] as const)('the host of %j is %s', (repository, host) => {
  expect(hostOf(repository)).toBe(host);
});
