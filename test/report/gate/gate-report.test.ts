/**
 * What the report of a gate session says, in which order, and that a command in it survives a shell.
 */
import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import type { Block, Document, Table } from '../../../src/report/document.ts';
import { reportGate } from '../../../src/report/gate/gate-report.ts';
import { summarizeGate } from '../../../src/report/gate/gate-sentences.ts';
import { tellRepeatCommand } from '../../../src/report/gate/repeat-command.ts';
import { gateSession, hostileName, sessionOf } from './gate-session.ts';

function flatten(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => [block, ...('blocks' in block ? flatten(block.blocks) : [])]);
}

function tablesOf({ blocks }: Document): Table[] {
  return flatten(blocks).filter((block) => block.kind === 'table');
}

function textsOf(document: Document): string {
  return JSON.stringify(document);
}

describe('the report of a gate', () => {
  it('puts the verdict into the title and the worst cells into the first sentence', () => {
    const document = reportGate(gateSession());
    expect(document.title).toBe('wirebench gate: regression');
    const [answer] = document.blocks;
    expect(answer?.kind === 'answer' && answer.sentences[0]).toEqual({
      text:
        '3 of 10 cells regressed: ' +
        'serialize/forgetful/tools/10/native/bytes writes a wrong output (first difference at /0/createdAt); ' +
        'serialize/fast-json-stringify/tools/1,000/native/bytes is 7.1% slower (5.2% to 9.0%; tolerance 3%); ' +
        'serialize/roomy/tools/1,000/text/bytes writes 4.0% more bytes (1,000 to 1,040 bytes; tolerance 1%). ' +
        'Of the others, 1 could not be measured, 1 is inconclusive, 1 improved, 1 is new, 1 is gone and 2 pass.',
    });
  });

  it('names no more than three regressions and counts the rest', () => {
    const session = sessionOf('regression');
    const text = summarizeGate({ cells: [...session.cells, ...session.cells] });
    expect(text).toContain('6 of 6 cells regressed');
    expect(text.endsWith('; and 3 more.')).toBe(true);
  });

  it('claims a pass only where every cell passes', () => {
    expect(summarizeGate(sessionOf('pass'))).toBe('No cell regressed: 2 of 2 cells pass.');
    expect(summarizeGate(sessionOf('inconclusive', 'pass'))).toBe(
      'None of 3 cells regressed: 1 is inconclusive and 2 pass.',
    );
    expect(reportGate(sessionOf('inconclusive', 'pass')).title).toBe('wirebench gate: inconclusive');
  });

  it('sorts by severity, inside a verdict by effect, and lists passing cells last', () => {
    const [table] = tablesOf(reportGate(gateSession()));
    expect(table?.groups.map(({ label }) => label?.text)).toEqual([
      'regression',
      'failed',
      'inconclusive',
      'improvement',
      'new',
      'gone',
      'pass',
    ]);
    expect(table?.groups[0]?.rows.map(([cell]) => cell?.text)).toEqual([
      'serialize/forgetful tools/10/native/bytes',
      'serialize/fast-json-stringify tools/1,000/native/bytes',
      'serialize/roomy tools/1,000/text/bytes',
    ]);
    expect(table?.groups.at(-1)?.rows.map(([, time]) => time?.text)).toEqual(['+1.2%', '+0.1%']);
  });

  it('counts the usable duets of the stage that decided', () => {
    const [table] = tablesOf(reportGate(gateSession()));
    const forks = table?.groups.flatMap(({ rows }) => rows.map((row) => row[4]?.text));
    expect(forks?.[1]).toBe('3');
    expect(forks).toContain('2 of 3');
  });

  it('shows counts only where they changed: any byte of the output, allocations beyond their wobble', () => {
    const counts = tablesOf(reportGate(gateSession())).find(
      ({ caption }) => caption?.startsWith('Bytes an operation') === true,
    );
    const rows = counts?.groups.flatMap(({ rows: own }) => own.map((row) => row.map(({ text }) => text).join(' ')));
    expect(rows).toEqual([
      'serialize/roomy tools/1,000/text/bytes output 1,000 1,040 +4.0% 1% regression',
      'serialize/roomy tools/1,000/text/bytes allocated 2,000 1,800 -10% 2.5% improvement',
      'serialize/plain tools/5,000/native/bytes output 120,000 120,001 +0.0% 1% pass',
    ]);
  });

  it('gives the command for every cell that regressed, failed or is inconclusive, and for no other', () => {
    const commands = flatten(reportGate(gateSession()).blocks)
      .filter((block) => block.kind === 'code')
      .map(({ text }) => text);
    expect(commands).toHaveLength(5);
    expect(commands[1]).toBe(
      'npx -y pnpm@12 bench:gate --base 0123456789ab --suite serialize --contender fast-json-stringify --payload tools ' +
        '--items 1000 --variant native --sink bytes',
    );
    expect(flatten(reportGate(sessionOf('pass')).blocks).filter((block) => block.kind === 'code')).toEqual([]);
  });

  it('names the head where the candidate is a commit', () => {
    const session = gateSession();
    const command = tellRepeatCommand(
      { ...session, candidate: { ...session.candidate, ref: 'feature', commit: 'fedcba987654' } },
      session.cells[0]!.cell,
    );
    expect(command).toContain('--base 0123456789ab --head fedcba987654 --suite');
  });

  it.each([hostileName, "it's", '$(touch x)', "\u202eback\\slash's", 'a b'])(
    'quotes the name %j so that a shell gives it back',
    (contender) => {
      const command = tellRepeatCommand(gateSession(), { ...gateSession().cells[0]!.cell, contender });
      expect(command).not.toMatch(/[\p{Cc}\u202e]/u);
      const script = `npx() { for part; do printf '%s\\0' "$part"; done; }; ${command}`;
      const parts = execFileSync('bash', ['--norc', '-c', script], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
      }).split('\0');
      expect(parts[parts.indexOf('--contender') + 1]).toBe(contender);
    },
  );

  it('says what it compared, package by package where versions differ', () => {
    const document = reportGate(gateSession());
    const texts = textsOf(document);
    expect(texts).toContain('baseline: origin/main at 0123456789ab, node 0.0.0');
    expect(texts).toContain('candidate: working tree at ba9876543210-dirty, node 0.0.1');
    const packages = tablesOf(document)
      .at(-1)
      ?.groups.flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text)));
    expect(packages).toEqual([
      ['__proto__|x', '–', '3.0.0'],
      ['fast-json-stringify', '1.2.3', '1.2.4'],
      ['removed', '2.0.0', '–'],
    ]);
    const session = gateSession();
    const alike = reportGate({ ...session, candidate: { ...session.candidate, packages: session.baseline.packages } });
    expect(textsOf(alike)).toContain('Both sides have the same versions of 3 measured packages.');
  });

  it('says what it could detect and what it left out', () => {
    const texts = textsOf(reportGate(gateSession()));
    expect(texts).toContain('a slowdown of 2.1% shows in at least half of the cells, one of 9.0% in all of them');
    expect(texts).toContain(
      'left out, no time within the budget: 2 cells: serialize/slow/tools/5,000/native/bytes, serialize/slow/tools/100/native/bytes',
    );
    expect(texts).toContain(
      'left out, it writes no text | only bytes: 1 cell: serialize/packed/tools/1,000/native/string',
    );
  });

  it('keeps many left-out cells apart but loses none', () => {
    const session = gateSession();
    const many = Array.from({ length: 30 }, (_, index) => ({
      cell: { ...session.cells[0]!.cell, items: index + 1 },
      reason: 'no time',
    }));
    const blocks = flatten(reportGate({ ...session, leftOut: many }).blocks);
    const details = blocks.find((block) => block.kind === 'details');
    const listed =
      details?.kind === 'details' ? details.blocks.flatMap((block) => (block.kind === 'list' ? block.items : [])) : [];
    expect(listed).toHaveLength(30);
    expect(JSON.stringify(blocks)).toContain('left out, no time: 30 cells');
  });

  it('of a session without cells says that nothing was measured', () => {
    const document = reportGate({ ...gateSession(), cells: [], interrupted: true, verdict: 'inconclusive' });
    expect(document.blocks[0]).toEqual({ kind: 'answer', sentences: [{ text: 'Nothing was measured.' }] });
    expect(textsOf(document)).toContain('This session was stopped before every planned duet was measured.');
    expect(textsOf(document)).not.toContain('slowdown of');
  });
});
