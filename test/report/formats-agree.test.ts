/**
 * All formats of one run say the same: machine formats hold the run file's own figures, texts hold them after rounding.
 */
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { isTimed } from '../../src/compare/cells.ts';
import type { Cell } from '../../src/model.ts';
import type { Run } from '../../src/model/run.ts';
import { loadRegistry } from '../../src/registry.ts';
import type { Block, Table } from '../../src/report/document.ts';
import bencher from '../../src/report/formats/bencher.ts';
import csv from '../../src/report/formats/csv.ts';
import githubActionBenchmark from '../../src/report/formats/github-action-benchmark.ts';
import json from '../../src/report/formats/json.ts';
import markdown from '../../src/report/formats/markdown.ts';
import terminal from '../../src/report/formats/terminal.ts';
import { formatBytes, formatInterval, formatSpeedup, formatTime } from '../../src/report/quantities.ts';
import { reportRun } from '../../src/report/run/run-report.ts';
import { readRun } from '../../src/store/run-file.ts';
import { readCsv } from './read-csv.ts';
import { metadata, syntheticRun } from './run/synthetic-run.ts';

const reference = readRun(fileURLToPath(new URL('../../results/reference/run.json', import.meta.url)));
const subjects = [
  { what: 'a made-up run', run: syntheticRun(), registry: metadata },
  { what: 'the committed reference run', run: reference, registry: await loadRegistry() },
];

interface Metric { readonly value: number; readonly lower_value?: number; readonly upper_value?: number }
interface Entry { readonly name: string; readonly unit: string; readonly value: number; readonly range?: string; readonly extra: string }

function nameOf({ suite, contender, payload, items, variant, sink }: Cell): string {
  return [suite, contender, payload, items, variant, sink].join('/');
}

/** The figures of a cell that every machine format has to give back exactly; absent ones are left out. */
function figuresOf({ latencyNs, speedup, outputBytes, allocatedBytesPerOp, throughputBytesPerSec, contender }: Cell): object {
  const isReference = speedup?.reference === contender;
  return JSON.parse(JSON.stringify({
    latency: latencyNs?.median, latencyLo: latencyNs?.lo, latencyHi: latencyNs?.hi,
    speedup: isReference ? undefined : speedup?.ratio, speedupLo: speedup?.lo, speedupHi: speedup?.hi,
    bytes: outputBytes, allocated: allocatedBytesPerOp, rate: throughputBytesPerSec,
  })) as object;
}

function okCells(run: Run): Cell[] {
  return run.cells.filter(({ status, outputBytes }) => status === 'ok' && outputBytes !== undefined);
}

/** A figure as CSV has it; an empty field is no figure. */
function number(field: string | undefined): number | undefined {
  return field === undefined || field === '' ? undefined : Number(field);
}

describe.each(subjects)('every format of $what', ({ run, registry }) => {
  const document = reportRun({ run, registry });
  const options = { color: false, columns: 120, runs: [{ name: 'run', run }] };
  const cells = okCells(run);

  it('is tried on timed cells, on sizes and on cells that are not ok', () => {
    expect(cells.filter(isTimed).length).toBeGreaterThan(10);
    expect(cells.some(({ encoded }) => encoded !== undefined)).toBe(true);
    expect(run.cells.some(({ status }) => status !== 'ok')).toBe(true);
  });

  it('csv: holds the figures of the run file to the last digit', () => {
    const records = readCsv(csv.render(document, options));
    expect(records).toHaveLength(run.cells.length);
    const parts = ['suite', 'contender', 'payload', 'items', 'variant', 'sink'];
    const read = new Map(records.map((record) => [parts.map((part) => record[part]).join('/'), record]));
    for (const cell of cells) {
      const record = read.get(nameOf(cell)) ?? {};
      const isReference = record['reference'] === record['contender'];
      const figures = {
        latency: number(record['latencyNs']), latencyLo: number(record['latencyNsLo']), latencyHi: number(record['latencyNsHi']),
        speedup: isReference ? undefined : number(record['speedup']), speedupLo: number(record['speedupLo']), speedupHi: number(record['speedupHi']),
        bytes: number(record['outputBytes']), allocated: number(record['allocatedBytesPerOp']), rate: number(record['throughputBytesPerSec']),
      };
      expect({ name: nameOf(cell), ...JSON.parse(JSON.stringify(figures)) as object }).toEqual({ name: nameOf(cell), ...figuresOf(cell) });
      for (const { encoding, sizeBytes } of cell.encoded ?? []) expect(number(record[`${encoding}SizeBytes`])).toBe(sizeBytes);
    }
    expect(records.map(({ status }) => status)).toEqual(run.cells.map(({ status }) => status));
  });

  it('json: holds every cell of the run file as it is, without its forks', () => {
    const parsed = JSON.parse(json.render(document, options)) as { runs: [{ name: string; run: Run }] };
    expect(parsed.runs[0].run.cells).toEqual(run.cells.map(({ forks, ...cell }) => ({ ...JSON.parse(JSON.stringify(cell)) as Cell, forkCount: forks.length })));
  });

  it('bencher: holds latency, speedup and bytes to the last digit, and throughput as operations a second', () => {
    const benchmarks = JSON.parse(bencher.render(document, options)) as Record<string, Record<string, Metric>>;
    expect(Object.keys(benchmarks).toSorted()).toEqual(cells.map(nameOf).toSorted());
    for (const cell of cells) {
      const { latency, speedup, throughput, ...rest } = benchmarks[nameOf(cell)] ?? {};
      const figures = {
        latency: latency?.value, latencyLo: latency?.lower_value, latencyHi: latency?.upper_value,
        speedup: speedup?.value, speedupLo: speedup?.lower_value, speedupHi: speedup?.upper_value,
        bytes: rest['output-size']?.value, allocated: rest['allocated-bytes']?.value, rate: cell.throughputBytesPerSec,
      };
      expect({ name: nameOf(cell), ...JSON.parse(JSON.stringify(figures)) as object }).toEqual({ name: nameOf(cell), ...figuresOf(cell) });
      expect(throughput?.value).toBe(latency === undefined ? undefined : 1e9 / latency.value);
      for (const { encoding, sizeBytes } of cell.encoded ?? []) expect(rest[`output-size-${encoding}`]?.value).toBe(sizeBytes);
    }
  });

  it('github-action-benchmark: holds every speedup to the last digit, its interval and the rest as reports write them', () => {
    const entries = JSON.parse(githubActionBenchmark.render(document, options)) as Entry[];
    const faster = cells.filter(({ contender, speedup }) => speedup !== undefined && speedup.reference !== contender);
    expect(entries.map(({ name, value }) => [name, value])).toEqual(faster.map((cell) => [nameOf(cell), cell.speedup?.ratio]));
    faster.forEach(({ speedup, latencyNs, outputBytes }, index) => {
      const { range, extra, unit } = entries[index] as Entry;
      const { lo, hi } = speedup ?? {};
      expect(range).toBe(lo === undefined || hi === undefined ? undefined : formatInterval({ lo, hi }));
      expect(unit).toBe('x');
      expect(extra.split('\n')).toEqual(expect.arrayContaining([`time ${formatTime(latencyNs?.median ?? 0)}`, `output ${formatBytes(outputBytes ?? 0)}`]));
    });
  });

  it('terminal and markdown: show the rounded figures of every cell in a table by size, in its own row', () => {
    const rows = rowsOf(document.blocks);
    const texts = { terminal: terminal.render(document, options), markdown: markdown.render(document) };
    const suites = new Set(registry.suites.filter((suite) => suite.method === 'latency' && suite.layout === 'by-size').map(({ id }) => id));
    const bySize = cells.filter(isTimed).filter(({ suite }) => suites.has(suite));
    expect(bySize.length).toBeGreaterThan(10);
    for (const cell of bySize) {
      const written = writtenFigures(cell);
      const row = rows.find((own) => own[0] === cell.contender && written.every((figure) => own.includes(figure)));
      expect({ name: nameOf(cell), row }).toEqual({ name: nameOf(cell), row: expect.any(Array) });
      for (const [format, text] of Object.entries(texts)) {
        const line = text.split('\n').find((own) => own.includes(cell.contender) && written.every((figure) => own.includes(figure)));
        expect({ format, name: nameOf(cell), line }).toEqual({ format, name: nameOf(cell), line: expect.any(String) });
      }
    }
  });
});

/** What the rules of rounding make of a timed cell: no number stands where the interval holds 1. */
function writtenFigures({ latencyNs, speedup, outputBytes, contender }: Cell): string[] {
  const { ratio = 1, lo, hi, reference: against } = speedup ?? {};
  const hasInterval = lo !== undefined && hi !== undefined && against !== contender;
  const isTold = hasInterval && (lo > 1 || hi < 1);
  return [
    formatTime(latencyNs?.median ?? 0),
    formatBytes(outputBytes ?? 0),
    ...(hasInterval ? [formatInterval({ lo, hi })] : []),
    ...(isTold ? [formatSpeedup(ratio)] : []),
    ...(hasInterval && !isTold ? ['no difference'] : []),
  ];
}

function rowsOf(blocks: readonly Block[]): string[][] {
  return blocks.flatMap((block) => {
    if (block.kind === 'section' || block.kind === 'details') return rowsOf(block.blocks);
    return block.kind === 'table' ? tableRows(block) : [];
  });
}

function tableRows({ groups }: Table): string[][] {
  return groups.flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text)));
}
