/**
 * What every format owes its reader: control codes only where asked for, text that shows as it is, tables that fit.
 */
import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { Document } from '../../src/report/document.ts';
import type { Format } from '../../src/report/format.ts';
import { loadFormatsFor } from '../../src/report/formats.ts';
import csv from '../../src/report/formats/csv.ts';
import json from '../../src/report/formats/json.ts';
import markdown from '../../src/report/formats/markdown.ts';
import terminal from '../../src/report/formats/terminal.ts';
import { metadata, syntheticRun } from './run/synthetic-run.ts';
import { reportRecord, toRun } from '../records.ts';

const formats = await loadFormatsFor('runs');
const report = reportRecord({ run: syntheticRun(), registry: metadata });

function find(name: string): Format {
  const format = formats.get(name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return format;
}

function tableOf(text: string, tableCell: { code?: true } = {}): Document {
  const columns = [
    { title: 'name', align: 'left' as const },
    { title: 'text', align: 'left' as const },
  ];
  const rows = [[{ text: 'a' }, { text, ...tableCell }]];
  return { title: 't', blocks: [{ kind: 'table', columns, groups: [{ rows }] }] };
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const plain = { color: false, columns: 100 };
const plainWithRuns = { ...plain, runs: [{ name: 'run', run: toRun(syntheticRun()) }] };

describe.each([...formats.keys()])('the format %s', (name) => {
  it('has no control code without colour and ends in a newline', async () => {
    const text = await find(name).render(report, plainWithRuns);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('terminal', () => {
  it('paints where asked for and says the same then', () => {
    const painted = terminal.render(report, { color: true, columns: 100 });
    expect(painted).toContain('\u001b[');
    expect(trimLines(stripVTControlCharacters(painted))).toBe(terminal.render(report, plain));
  });

  it.each([100, 120])('keeps every line within %d columns', (columns) => {
    const lines = terminal.render(report, { color: false, columns }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });

  it('wraps text but never cuts a name on a narrow screen', () => {
    const text = terminal.render(report, { color: false, columns: 60 });
    expect(text).toContain('forgetful');
    expect(text).not.toMatch(/forget…/);
  });

  it('keeps a line break in a value from breaking the row', () => {
    expect(terminal.render(tableOf('one\ntwo'), plain)).toContain('one⏎two');
  });
});

describe('markdown', () => {
  it('escapes what would end a table cell or start markup', () => {
    const text = markdown.render(tableOf('a|b *c* _d_ <e> `f` &lt;'));
    expect(text).toContain(String.raw`a\|b \*c\* \_d\_ \<e\> \`f\` \&lt;`);
  });

  it('fences program text with more backticks than it holds', () => {
    const text = markdown.render(tableOf('x ``y`` |', { code: true }));
    expect(text).toContain('```x ``y`` \\|```');
  });

  it('keeps every table as wide in each row as in its head', () => {
    const text = markdown.render(report);
    const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) {
      const widths = table
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('does not let an item that starts with a dash become a list of its own', () => {
    const items = [{ text: '-  no such value' }, { text: '1. x' }];
    const document: Document = { title: 't', blocks: [{ kind: 'list', items }] };
    expect(markdown.render(document)).toContain('- \\-  no such value\n- 1\\. x');
  });
});

describe('json', () => {
  it('gives the document back, and the sentences of its answer by themselves', () => {
    const { answer, ...document } = JSON.parse(json.render(report)) as Record<string, unknown>;
    expect(document).toEqual(JSON.parse(JSON.stringify(report)));
    const [first] = report.blocks;
    expect(first?.kind === 'answer' && first.sentences.map(({ text }) => text)).toEqual(answer);
  });
});

describe('csv', () => {
  it('quotes commas, quotes and line breaks', () => {
    expect(csv.render(tableOf('a,"b"\nc'))).toContain('"a,""b""\nc"');
  });
});
