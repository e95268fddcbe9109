/**
 * What a comparison with a stored run says, against golden files, and that it never says more than it knows.
 */
import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { BaselineCell } from '../../../src/compare/baseline.ts';
import type { MicroCellId } from '../../../src/model/cell.ts';
import type { Tolerance } from '../../../src/model/gate.ts';
import { reportBaseline } from '../../../src/report/gate/baseline-report.ts';
import type { Document } from '../../../src/report/document.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { hostileName } from './gate-session.ts';

function render(name: string, document: Document): string {
  return name === 'markdown' ? markdown.render(document) : terminal.render(document, { color: false, columns: 110 });
}

const tolerance: Tolerance = { time: 0.02, outputBytes: 0.01, allocations: 0.01 };

function cellId(contender: string): MicroCellId {
  return { suite: 'serialize', contender, payload: 'tools', items: 1000, variant: 'native', sink: 'bytes' };
}

const slower: BaselineCell = {
  cell: cellId('slower'),
  tolerance,
  changes: [
    { reference: 'plain', change: { value: 0.12, lo: 0.08, hi: 0.16, confidence: 0.95 } },
    { reference: 'native', change: { value: 0.1, lo: 0.05, hi: 0.15, confidence: 0.95 } },
  ],
  isSuspect: true,
};
const steady: BaselineCell = {
  cell: cellId('steady'),
  tolerance: { ...tolerance, time: 0.025 },
  changes: [
    { reference: 'plain', change: { value: -0.004, lo: -0.02, hi: 0.012, confidence: 0.95 } },
    { reference: 'native', change: { value: 0.003 } },
  ],
  isSuspect: false,
};
const reference: BaselineCell = {
  cell: cellId('native'),
  tolerance,
  changes: [{ reference: 'plain', change: { value: 0.001, lo: -0.01, hi: 0.012, confidence: 0.95 } }],
  isSuspect: false,
};
const cells = [slower, steady, reference];

describe('a comparison with a stored run', () => {
  it.each([
    ['terminal', 'baseline.txt'],
    ['markdown', 'baseline.md'],
  ])('reads in %s as it always has', async (name, file) => {
    await expect(render(name, reportBaseline({ cells, commit: 'abcdef012345' }))).toMatchFileSnapshot(
      `../../golden/${file}`,
    );
  });

  it('counts suspects in its title, and has no command where there is none', () => {
    expect(reportBaseline({ cells, commit: 'abc' }).title).toBe('1 cell to confirm');
    expect(reportBaseline({ cells: [slower, slower], commit: 'abc' }).title).toBe('2 cells to confirm');
    const quiet = reportBaseline({ cells: [steady, reference], commit: 'abc' });
    expect(quiet.title).toBe('Nothing suspicious beside the stored baseline');
    expect(render('terminal', quiet)).not.toContain('bench:gate');
  });

  it('has a column for each reference, and a dash where a reference would stand beside itself', () => {
    const rows = render('markdown', reportBaseline({ cells, commit: 'abc' }))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows[0]).toMatch(/beside plain .* beside native/);
    expect(rows.find((row) => row.includes('serialize/native'))).toMatch(/\| *– *\|/);
  });

  it('gives one command for each suspect, whole and on a line of its own', () => {
    const commands = render('terminal', reportBaseline({ cells, commit: 'abc' }))
      .split('\n')
      .filter((line) => line.includes('bench:gate'));
    expect(commands.map((line) => line.trim())).toEqual([
      'npx -y pnpm@12 bench:gate --base abc --suite serialize --contender slower --payload tools --items 1000 --variant native --sink bytes',
    ]);
  });

  it('says what a commit leaves out where the stored run was measured on a changed tree', () => {
    const text = render('terminal', reportBaseline({ cells, commit: 'abc-dirty' })).replaceAll(/\s+/g, ' ');
    expect(text).toContain('was measured on a changed tree');
    expect(text).toContain('--base abc --suite');
  });

  it('has no command without a commit to measure against', () => {
    const text = render('terminal', reportBaseline({ cells, commit: undefined })).replaceAll(/\s+/g, ' ');
    expect(text).toContain('The stored run names no commit.');
    expect(text).not.toContain('bench:gate');
  });

  it('warns where there is one reference only', () => {
    expect(JSON.stringify(reportBaseline({ cells: [reference], commit: 'abc' }))).toContain(
      'only one reference (plain)',
    );
    expect(JSON.stringify(reportBaseline({ cells, commit: 'abc' }))).not.toContain('only one reference');
  });

  it('lets no name act on the screen or in a shell', () => {
    const text = render(
      'terminal',
      reportBaseline({ cells: [{ ...slower, cell: cellId(hostileName) }], commit: 'abc' }),
    );
    expect(stripVTControlCharacters(text)).toBe(text);
    const commands = text.split('\n').filter((line) => line.includes('bench:gate'));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/--contender \$'.*' --payload tools /);
  });
});
