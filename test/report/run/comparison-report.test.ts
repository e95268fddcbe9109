import { describe, expect, it } from 'vitest';

import type { Observation } from '../../../src/model/cell.ts';
import type { Environment } from '../../../src/model/environment.ts';
import type { MicroCellRecord, RunRecord } from '../../../src/run-file/records.ts';
import { toRun } from '../../records.ts';
import { reportComparison } from '../../../src/report/run/comparison-report.ts';
import type { Block, Table } from '../../../src/report/document.ts';
import type { NamedRun } from '../../../src/report/named-run.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { formatInterval, formatRatio, formatTime } from '../../../src/report/quantities.ts';
import { ensembleRun } from './ensemble-run.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';

const run = syntheticRun();

function elsewhere(environment: Partial<Environment>, changes: Partial<RunRecord> = {}): RunRecord {
  return { ...run, environment: { ...run.environment, ...environment }, ...changes };
}

/** The run with some of its cells changed; `undefined` takes a cell out. */
function withCells(change: (cell: MicroCellRecord) => MicroCellRecord | undefined): RunRecord {
  return { ...run, cells: run.cells.flatMap((cell) => change(cell) ?? []) };
}

function failOnNaN(observation: Observation): Observation {
  return observation.input === 'NaN' ? { ...observation, outcome: 'error' } : observation;
}

function isCompiledAt(cell: MicroCellRecord, items: number): boolean {
  return cell.suite === 'speed' && cell.contender === 'compiled' && cell.variant === 'text' && cell.items === items;
}

function report(...runs: RunRecord[]): Block[] {
  const names = ['here', 'there', 'elsewhere', 'd', 'e', 'f'];
  return [
    ...reportComparison({
      runs: runs.map((one, index) => ({ name: names[index] ?? '', run: toRun(one) })),
      registry: metadata,
    }).blocks,
  ];
}

function flatten(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => (block.kind === 'section' ? [block, ...flatten(block.blocks)] : [block]));
}

function tables(blocks: readonly Block[]): Table[] {
  return flatten(blocks).filter((block) => block.kind === 'table');
}

/** Rows with their group's label in front. */
function rowsOf({ groups }: Table): string[][] {
  return groups.flatMap(({ label, rows }) =>
    rows.map((row) => [...(label === undefined ? [] : [label.text]), ...row.map(({ text }) => text)]),
  );
}

function speedTable(blocks: readonly Block[]): string[][] {
  const table = tables(blocks).find(({ caption }) => caption === 'list: a list | of things (text variant, bytes)');
  if (table === undefined) throw new Error('there is no table of the text variant');
  return rowsOf(table);
}

function listed(blocks: readonly Block[]): string[] {
  return flatten(blocks).flatMap((block) => (block.kind === 'list' ? block.items.map(({ text }) => text) : []));
}

describe('what differs', () => {
  it('is on top: versions, machine, packages, commit, seed and profile, and what is the same is said to be', () => {
    const environment = { node: '1.2.3', cpuModel: 'Other CPU', packages: { compiled: '2.0.0' }, commit: 'fedcba9' };
    const other = elsewhere(environment, { seed: 8, profile: 'quick' });
    const blocks = report(run, other);
    expect(blocks[0]).toMatchObject({ kind: 'section', title: 'What differs between the runs' });
    const rows = rowsOf(tables(blocks)[0] as Table).slice(2);
    expect(rows).toEqual([
      ['node', '0.0.0', '1.2.3'],
      ['processor', 'Imaginary CPU', 'Other CPU'],
      ['commit', 'abcdef0', 'fedcba9'],
      ['profile', 'standard', 'quick'],
      ['seed', '7', '8'],
      ['compiled', '1.2.3', '2.0.0'],
      ['packed', '4.5.6', '–'],
    ]);
    const same = flatten(blocks).find((block) => block.kind === 'note' && block.tone === 'muted');
    expect(same).toMatchObject({
      text: 'The same in all of them: V8 0.0, system TestOS 1, architecture x64, cores 2.',
    });
  });

  it('is said to be nothing where nothing differs', () => {
    const texts = flatten(report(run, elsewhere({}))).flatMap((block) =>
      block.kind === 'paragraph' ? [block.text] : [],
    );
    expect(texts).toContain('Nothing that is recorded of their circumstances differs.');
  });

  it('carries the warnings of each run under its name', () => {
    const blocks = flatten(report(run, elsewhere({}, { interrupted: true, warnings: [] })));
    const notes = blocks.flatMap((block) => (block.kind === 'note' && block.tone === 'warning' ? [block.text] : []));
    expect(notes).toEqual([
      'here: the machine was busy when the run started',
      'there: it was interrupted: cells have fewer rounds than planned, or are missing altogether',
    ]);
  });

  it('has the noise of each run, where any of them knows it', () => {
    const { noise } = ensembleRun();
    const rows = tables(report(run, elsewhere({}, { noise: noise! }))).flatMap(rowsOf);
    expect(rows).toContainEqual(['identical code read within', '–', expect.stringMatching(/^\d\.\d%$/)]);
    expect(rows).toContainEqual(['turns at the floor of the processor', '–', '40%']);
    expect(
      tables(report(run, elsewhere({})))
        .flatMap(rowsOf)
        .flat(),
    ).not.toContain('identical code read within');
  });

  it('warns where an earlier method is held against today’s', () => {
    const { noise } = ensembleRun();
    const later = elsewhere({}, { noise: noise! });
    const warnings = (...runs: RunRecord[]): string[] =>
      flatten(report(...runs)).flatMap((block) =>
        block.kind === 'note' && block.text.includes('earlier method') ? [block.text] : [],
      );
    expect(warnings(run, later)).toEqual([expect.stringMatching(/^here was measured by an earlier method/)]);
    expect(warnings(later, run, run)).toEqual([expect.stringMatching(/^there and elsewhere were measured/)]);
    expect(warnings(run, run)).toEqual([]);
    expect(warnings(later, later)).toEqual([]);
    expect(warnings({ ...run, cells: [] }, later)).toEqual([]);
  });
});

describe('the tables', () => {
  it('hold the speedup of each run with its interval, and say that they overlap', () => {
    const cell = run.cells.find((one) => isCompiledAt(one, 1000));
    const { ratio = 0, lo = 0, hi = 0 } = cell?.speedup ?? {};
    const told = `${formatRatio(ratio)} (${formatInterval({ lo, hi })})`;
    expect(speedTable(report(run, elsewhere({})))).toContainEqual(['1,000', 'compiled', 'sd', told, told, 'overlap']);
  });

  it('say where intervals lie apart, and name the farthest', () => {
    const faster = withCells((cell) => {
      if (!isCompiledAt(cell, 10) || cell.speedup === undefined) return cell;
      return { ...cell, speedup: { ...cell.speedup, ratio: 3, lo: 2.9, hi: 3.1 } };
    });
    const blocks = report(run, faster, elsewhere({}));
    const row = speedTable(blocks).find(([items, contender]) => items === '10' && contender === 'compiled');
    expect(row?.slice(4)).toEqual(['3.0x (2.9–3.1x)', row?.[3], 'apart']);
    const pairs = rowsOf(tables(blocks)[1] as Table);
    expect(pairs.map(([first, second]) => [first, second])).toEqual([
      ['here', 'there'],
      ['here', 'elsewhere'],
      ['there', 'elsewhere'],
    ]);
    expect(pairs.map((pair) => pair[5])).toEqual([
      'compiled, list, 10 items, text, bytes: 1.25x, then 3.0x',
      'none apart',
      'compiled, list, 10 items, text, bytes: 3.0x, then 1.25x',
    ]);
  });

  it("hold no time, since two machines' times say nothing of a contender", () => {
    const slow = withCells((cell) =>
      cell.latencyNs === undefined ? cell : { ...cell, latencyNs: { median: cell.latencyNs.median * 7 } },
    );
    const timed = [run, slow].flatMap(({ cells }) => cells.flatMap(({ latencyNs }) => latencyNs ?? []));
    const times = new Set(timed.map(({ median }) => formatTime(median)));
    const texts = tables(report(run, slow)).flatMap((table) => rowsOf(table).flat());
    expect(times.size).toBeGreaterThan(10);
    expect(texts.filter((text) => [...times].some((time) => text.includes(time)))).toEqual([]);
    expect(speedTable(report(run, slow))).toEqual(speedTable(report(run, elsewhere({}))));
  });

  it('do not call ratios over different references comparable', () => {
    const other = withCells((cell) =>
      cell.speedup === undefined ? cell : { ...cell, speedup: { ...cell.speedup, reference: 'packed' } },
    );
    const blocks = report(run, other);
    expect(speedTable(blocks).map((row) => row.at(-1))).toContain('other references');
    expect(speedTable(blocks).map((row) => row.at(-1))).not.toContain('overlap');
    expect(rowsOf(tables(blocks)[1] as Table)).toEqual([['here', 'there', '0', '–', '–', '–']]);
  });

  it('print no number where the interval holds 1', () => {
    const rows = speedTable(report(run, elsewhere({}))).filter((row) =>
      row.some((text) => text.startsWith('no difference')),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row[3]).toMatch(/^no difference \([\d.]+–[\d.]+x\)$/);
  });

  it('show a memoizing contender apart', () => {
    const blocks = report(run, elsewhere({}));
    expect(speedTable(blocks).map(([, contender]) => contender)).not.toContain('cached');
    const apart = tables(blocks)
      .filter(({ caption }) => caption?.endsWith('shown apart') === true)
      .flatMap(rowsOf);
    expect(apart.map(([, contender]) => contender)).toContain('cached');
  });

  it('tell outputs of another size, in bytes that no machine changes', () => {
    const larger = withCells((cell) => {
      return cell.suite === 'sizes' && cell.contender === 'roomy'
        ? { ...cell, outputBytes: (cell.outputBytes ?? 0) * 2 }
        : cell;
    });
    const row = tables(report(run, larger))
      .flatMap(rowsOf)
      .find((own) => own.includes('roomy'));
    expect(row?.at(-1)).toBe('100% apart');
    expect(listed(report(run, larger))).toContain(
      'roomy at 100: outputs of different size (107 KB and 214 KB), so the values or the text differ',
    );
  });

  it('list only those inputs that are handled differently', () => {
    const other = withCells((cell) => ({
      ...cell,
      ...(cell.observations === undefined ? {} : { observations: cell.observations.map(failOnNaN) }),
    }));
    const table = tables(report(run, other)).find(({ caption }) => caption === 'What is handled differently');
    expect(table === undefined ? [] : rowsOf(table)).toEqual([
      ['plain', 'NaN', 'converted', 'error'],
      ['compiled', 'NaN', 'changed', 'error'],
    ]);
    const alike = 'What more than one run looked at was handled alike in all of them.';
    expect(flatten(report(run, elsewhere({})))).toContainEqual({ kind: 'paragraph', text: alike });
  });

  it('keep their columns for runs that have nothing in common', () => {
    const mine = withCells((cell) => (cell.items === 10 ? cell : undefined));
    const theirs = withCells((cell) => (cell.items === 100 ? cell : undefined));
    for (const { columns, groups } of tables(report(mine, theirs))) {
      for (const { rows } of groups) for (const row of rows) expect(row).toHaveLength(columns.length);
    }
    const row = speedTable(report(mine, theirs)).find(([items, contender]) => items === '100' && contender === 'plain');
    expect(row?.slice(3, 5)).toEqual(['–', 'reference']);
  });
});

describe('below the tables', () => {
  it('stands what is ok in one run and not in another, with the reason', () => {
    const broken = withCells((cell) => {
      if (!isCompiledAt(cell, 10) && !isCompiledAt(cell, 1000)) return cell;
      const { latencyNs: _time, speedup: _speedup, ...rest } = cell;
      return { ...rest, status: 'incorrect', reason: 'at /0: wrote\n1 where 2 was expected' };
    });
    const blocks = report(run, broken);
    expect(listed(blocks)).toContain(
      'compiled at 10 and 1,000: ok in here; incorrect in there: at /0: wrote⏎1 where 2 was expected',
    );
    const row = speedTable(blocks).find(([items, contender]) => items === '10' && contender === 'compiled');
    expect(row?.slice(4)).toEqual(['incorrect', '']);
  });

  it('stands what only some runs have', () => {
    const blocks = report(
      run,
      withCells((cell) => (cell.contender === 'picky' ? undefined : cell)),
      elsewhere({}),
    );
    expect(listed(blocks)).toContain('picky at 10, 100 and 1,000: only in here and elsewhere');
  });

  it('stands every reason of a cell that is not ok, once where all runs agree', () => {
    const text = listed(report(run, elsewhere({}))).join('\n');
    const reasons = run.cells.filter(({ suite }) => suite === 'speed').flatMap(({ reason }) => reason ?? []);
    expect(new Set(reasons).size).toBeGreaterThan(2);
    for (const reason of reasons) expect(text).toContain(`${reason} (all runs)`);
  });
});

describe('a comparison as text', () => {
  it('shows names from outside as they are and nothing that they could do', () => {
    const odd = withCells((cell) => ({ ...cell, contender: `${cell.contender}\u001b` }));
    const runs: NamedRun[] = [
      { name: 'a\u001b[31m|*b*\nc', run: toRun(run) },
      { name: '<script>', run: toRun(odd) },
    ];
    const document = reportComparison({ runs, registry: metadata });
    const text = terminal.render(document, { color: false, columns: 200 });
    expect(text).toContain('a␛[31m|*b*⏎c');
    expect(text).not.toContain('\u001b');
    expect(markdown.render(document)).toContain(String.raw`\<script\>`);
  });

  it.each([2, 6])('of %d runs keeps every line within its screen', (count) => {
    const document = reportComparison({
      runs: Array.from({ length: count }, (_none, index) => ({
        name: `node-${index}`,
        run: toRun(elsewhere({ node: `${index}` })),
      })),
      registry: metadata,
    });
    const columns = count === 2 ? 110 : 140;
    const lines = terminal.render(document, { color: false, columns }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });
});
