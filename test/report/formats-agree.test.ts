/**
 * All formats of one run say the same: machine formats hold the run file's own figures, texts hold them after rounding.
 */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { isGiven, nameLoad, ratioOf } from '../../src/compare/cells.ts';
import { isExact, isSame, standing } from '../../src/compare/ratios.ts';
import type { Ratio } from '../../src/model/metric.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import type { Block, Table } from '../../src/report/document.ts';
import bencher from '../../src/report/formats/bencher.ts';
import csv from '../../src/report/formats/csv.ts';
import githubActionBenchmark from '../../src/report/formats/github-action-benchmark.ts';
import json from '../../src/report/formats/json.ts';
import markdown from '../../src/report/formats/markdown.ts';
import terminal from '../../src/report/formats/terminal.ts';
import { formatBytes, formatInterval, formatRatio, formatSpeedup, formatTime } from '../../src/report/quantities.ts';
import { tellLoad } from '../../src/report/http/http-words.ts';
import { formatMetric } from '../../src/report/parts/metric-cells.ts';
import type { HttpCellRecord, MicroCellRecord, RunRecord } from '../../src/run-file/records.ts';
import { infos, reportRecord, toHttp, toRun } from '../records.ts';
import { syntheticHttpRun } from './http/synthetic-http.ts';
import { readCsv } from './read-csv.ts';
import { metadata, syntheticRun } from './run/synthetic-run.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../results/reference/run.json', import.meta.url), 'utf8'),
) as RunRecord;
const subjects = [
  { what: 'a made-up run', run: syntheticRun(), registry: metadata },
  { what: 'the committed reference run', run: reference, registry: await loadRegistry() },
];

interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

function nameOf({ suite, contender, payload, items, variant, sink }: MicroCellRecord): string {
  return [suite, contender, payload, items, variant, sink].join('/');
}

/** The figures of a cell that every machine format has to give back exactly; absent ones are left out. */
function figuresOf({
  latencyNs,
  speedup,
  outputBytes,
  allocatedBytesPerOp,
  throughputBytesPerSec,
  contender,
}: MicroCellRecord): object {
  const isReference = speedup?.reference === contender;
  return JSON.parse(
    JSON.stringify({
      latency: latencyNs?.median,
      latencyLo: latencyNs?.lo,
      latencyHi: latencyNs?.hi,
      speedup: isReference ? undefined : speedup?.ratio,
      speedupLo: speedup?.lo,
      speedupHi: speedup?.hi,
      bytes: outputBytes,
      allocated: allocatedBytesPerOp,
      rate: throughputBytesPerSec,
    }),
  ) as object;
}

function isTimed({ status, latencyNs }: MicroCellRecord): boolean {
  return status === 'ok' && latencyNs !== undefined;
}

function okCells(run: RunRecord): MicroCellRecord[] {
  return run.cells.filter(({ status, outputBytes }) => status === 'ok' && outputBytes !== undefined);
}

/** A figure as CSV has it; an empty field is no figure. */
function number(field: string | undefined): number | undefined {
  return field === undefined || field === '' ? undefined : Number(field);
}

it('is tried on cells that are not ok, too', () => {
  expect(syntheticRun().cells.some(({ status }) => status !== 'ok')).toBe(true);
});

describe.each(subjects)('every format of $what', ({ run, registry }) => {
  const document = reportRecord({ run, registry });
  const options = { color: false, columns: 120, runs: [{ name: 'run', run: toRun(run) }] };
  const cells = okCells(run);

  it('is tried on timed cells and on sizes', () => {
    expect(cells.filter(isTimed).length).toBeGreaterThan(10);
    expect(cells.some(({ encoded }) => encoded !== undefined)).toBe(true);
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
        latency: number(record['latencyNs']),
        latencyLo: number(record['latencyNsLo']),
        latencyHi: number(record['latencyNsHi']),
        speedup: isReference ? undefined : number(record['speedup']),
        speedupLo: number(record['speedupLo']),
        speedupHi: number(record['speedupHi']),
        bytes: number(record['outputBytes']),
        allocated: number(record['allocatedBytesPerOp']),
        rate: number(record['throughputBytesPerSec']),
      };
      expect({ name: nameOf(cell), ...(JSON.parse(JSON.stringify(figures)) as object) }).toEqual({
        name: nameOf(cell),
        ...figuresOf(cell),
      });
      for (const { encoding, sizeBytes } of cell.encoded ?? [])
        expect(number(record[`${encoding}SizeBytes`])).toBe(sizeBytes);
    }
    expect(records.map(({ status }) => status)).toEqual(run.cells.map(({ status }) => status));
  });

  it('json: holds every cell of the run file as it is, without its forks', () => {
    const parsed = JSON.parse(json.render(document, options)) as { runs: [{ name: string; run: RunRecord }] };
    expect(parsed.runs[0].run.cells).toEqual(
      run.cells.map(({ forks, ...cell }) => ({
        ...(JSON.parse(JSON.stringify(cell)) as MicroCellRecord),
        forkCount: forks.length,
      })),
    );
  });

  it('bencher: holds latency, speedup and bytes to the last digit, and throughput as operations a second', () => {
    const benchmarks = JSON.parse(bencher.render(document, options)) as Record<string, Record<string, Metric>>;
    expect(Object.keys(benchmarks).toSorted()).toEqual(cells.map(nameOf).toSorted());
    for (const cell of cells) {
      const { latency, speedup, throughput, ...rest } = benchmarks[nameOf(cell)] ?? {};
      const figures = {
        latency: latency?.value,
        latencyLo: latency?.lower_value,
        latencyHi: latency?.upper_value,
        speedup: speedup?.value,
        speedupLo: speedup?.lower_value,
        speedupHi: speedup?.upper_value,
        bytes: rest['output-size']?.value,
        allocated: rest['allocated-bytes']?.value,
        rate: cell.throughputBytesPerSec,
      };
      expect({ name: nameOf(cell), ...(JSON.parse(JSON.stringify(figures)) as object) }).toEqual({
        name: nameOf(cell),
        ...figuresOf(cell),
      });
      expect(throughput?.value).toBe(latency === undefined ? undefined : 1e9 / latency.value);
      for (const { encoding, sizeBytes } of cell.encoded ?? [])
        expect(rest[`output-size-${encoding}`]?.value).toBe(sizeBytes);
    }
  });

  it('github-action-benchmark: holds every speedup to the last digit, its interval and the rest as reports write them', () => {
    const entries = JSON.parse(githubActionBenchmark.render(document, options)) as Entry[];
    const faster = cells.filter(({ contender, speedup }) => speedup !== undefined && speedup.reference !== contender);
    expect(entries.map(({ name, value }) => [name, value])).toEqual(
      faster.map((cell) => [nameOf(cell), cell.speedup?.ratio]),
    );
    faster.forEach(({ speedup, latencyNs, outputBytes }, index) => {
      const { range, extra, unit } = entries[index] as Entry;
      const { lo, hi } = speedup ?? {};
      expect(range).toBe(lo === undefined || hi === undefined ? undefined : formatInterval({ lo, hi }));
      expect(unit).toBe('x');
      expect(extra.split('\n')).toEqual(
        expect.arrayContaining([
          `time ${formatTime(latencyNs?.median ?? 0)}`,
          `output ${formatBytes(outputBytes ?? 0)}`,
        ]),
      );
    });
  });

  it('terminal and markdown: show the rounded figures of every cell in a table by size, in its own row', () => {
    const rows = rowsOf(document.blocks);
    const texts = { terminal: terminal.render(document, options), markdown: markdown.render(document) };
    const suites = new Set(
      registry.suites.filter((suite) => suite.method === 'latency' && suite.layout === 'by-size').map(({ id }) => id),
    );
    const bySize = cells.filter(isTimed).filter(({ suite }) => suites.has(suite));
    expect(bySize.length).toBeGreaterThan(10);
    for (const cell of bySize) {
      const written = writtenFigures(cell);
      const row = rows.find((own) => own[0] === cell.contender && written.every((figure) => own.includes(figure)));
      expect({ name: nameOf(cell), row }).toEqual({ name: nameOf(cell), row: expect.any(Array) });
      for (const [format, text] of Object.entries(texts)) {
        const line = text
          .split('\n')
          .find((own) => own.includes(cell.contender) && written.every((figure) => own.includes(figure)));
        expect({ format, name: nameOf(cell), line }).toEqual({ format, name: nameOf(cell), line: expect.any(String) });
      }
    }
  });
});

describe('every format of a made-up run over HTTP', () => {
  const run = syntheticHttpRun();
  const all = run.http?.cells ?? [];
  const cells = all.filter(({ status }) => status === 'ok');
  const document = reportRecord({ run, registry: metadata });
  const options = { color: false, columns: 400, runs: [{ name: 'run', run: toRun(run) }] };
  const nameOfHttp = ({ suite, scenario, load, contender }: HttpCellRecord): string =>
    [suite, scenario, nameLoad(load), contender].join('/');

  it('is tried on closed and open loops, single rounds and cells that are not ok', () => {
    expect(cells.length).toBeGreaterThan(15);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['ok', 'failed', 'incorrect']));
    expect(new Set(all.map(({ load }) => load.kind))).toEqual(new Set(['closed', 'open']));
    expect(new Set(all.map(nameOfHttp)).size).toBe(all.length);
    expect(cells.some(({ rounds }) => rounds.length === 1)).toBe(true);
  });

  it('csv: holds the figures of the run file to the last digit, a line a cell', () => {
    const records = readCsv(csv.render(document, options));
    expect(records).toHaveLength(all.length);
    all.forEach((cell, index) => {
      const record = records[index] ?? {};
      const { suite, scenario, contender, status, load, items, rounds } = cell;
      expect(record).toMatchObject({
        run: 'run',
        suite,
        scenario,
        contender,
        status,
        loadKind: load.kind,
        connections: `${load.connections}`,
        items: `${items}`,
        rounds: `${rounds.length}`,
      });
      expect(number(record['requestsPerSecAsked'])).toBe(load.kind === 'open' ? load.requestsPerSec : undefined);
      for (const { name } of infos.load) {
        const { median, lo, hi, ratio } = cell.metrics[name] ?? {};
        const read = ['', 'Lo', 'Hi', 'Ratio', 'RatioLo', 'RatioHi'].map((end) => number(record[name + end]));
        expect({ name: nameOfHttp(cell), metric: name, read }).toEqual({
          name: nameOfHttp(cell),
          metric: name,
          read: [median, lo, hi, ratio?.ratio, ratio?.lo, ratio?.hi],
        });
      }
    });
  });

  it('json: holds everything of the run file as it is, without the rounds', () => {
    const parsed = JSON.parse(json.render(document, options)) as { runs: [{ run: RunRecord }] };
    const { http } = parsed.runs[0].run;
    expect(http?.cells).toEqual(
      all.map(({ rounds, ...cell }) => ({
        ...(JSON.parse(JSON.stringify(cell)) as HttpCellRecord),
        roundCount: rounds.length,
      })),
    );
    expect([http?.suites, http?.scenarios]).toEqual(
      JSON.parse(JSON.stringify([run.http?.suites, run.http?.scenarios])),
    );
  });

  it('bencher: holds medians and bounds of what it follows to the last digit, and the ratio of requests a second', () => {
    const benchmarks = JSON.parse(bencher.render(document, options)) as Record<string, Record<string, Metric>>;
    expect(Object.keys(benchmarks).toSorted()).toEqual(cells.map(nameOfHttp).toSorted());
    const slugs = {
      requestsPerSec: 'throughput',
      p50Ns: 'latency',
      p95Ns: 'latency-p95',
      p99Ns: 'latency-p99',
      cpuNsPerRequest: 'cpu',
      wireBytesPerRequest: 'wire-bytes',
      peakMemoryBytes: 'memory',
    };
    for (const cell of cells) {
      const figures = Object.entries(slugs).map(([name, slug]): [string, Metric | undefined] => {
        const { median, lo, hi } = cell.metrics[name] ?? {};
        if (median === undefined) return [slug, undefined];
        return [
          slug,
          lo === undefined || hi === undefined
            ? { value: median }
            : { value: median, lower_value: lo, upper_value: hi },
        ];
      });
      const ratio = rateRatioOf(cell);
      const bounds =
        ratio?.lo === undefined || ratio.hi === undefined ? {} : { lower_value: ratio.lo, upper_value: ratio.hi };
      const expected = Object.fromEntries(
        [...figures, ['speedup', ratio === undefined ? undefined : { value: ratio.ratio, ...bounds }]].filter(
          ([, metric]) => metric !== undefined,
        ),
      );
      expect({ name: nameOfHttp(cell), measures: benchmarks[nameOfHttp(cell)] }).toEqual({
        name: nameOfHttp(cell),
        measures: expected,
      });
    }
  });

  it('github-action-benchmark: holds every ratio of requests a second to the last digit, and the figures as reports write them', () => {
    const entries = JSON.parse(githubActionBenchmark.render(document, options)) as Entry[];
    const told = cells.filter((cell) => rateRatioOf(cell) !== undefined);
    expect(told.every(({ load }) => load.kind === 'closed')).toBe(true);
    expect(entries.map(({ name, value }) => [name, value])).toEqual(
      told.map((cell) => [nameOfHttp(cell), rateRatioOf(cell)?.ratio]),
    );
    told.forEach((cell, index) => {
      const { range, extra } = entries[index] as Entry;
      const { lo, hi } = rateRatioOf(cell) ?? {};
      expect(range).toBe(lo === undefined || hi === undefined ? undefined : formatInterval({ lo, hi }));
      const figures = infos.load.flatMap((info) => {
        const summary = cell.metrics[info.name];
        return summary === undefined ? [] : [`${info.title} ${formatMetric(summary.median, info)}`];
      });
      expect(extra.split('\n')).toEqual(expect.arrayContaining(figures));
    });
  });

  it('terminal and markdown: show the rounded figures of every cell in the table of its load', () => {
    const texts = {
      terminal: terminal.render(document, options),
      markdown: markdown.render(document).replaceAll(/\*\*|\\/g, ''),
    };
    for (const cell of cells) {
      const column = columnOf(cell);
      for (const name of Object.keys(cell.metrics)) {
        const figure = writtenFigure(cell, name);
        const title = infos.load.find((info) => info.name === name)?.title ?? '';
        expect({ name: nameOfHttp(cell), title, text: column.get(title) }).toEqual({
          name: nameOfHttp(cell),
          title,
          text: figure,
        });
        for (const [format, text] of Object.entries(texts)) {
          const line = text.split('\n').find((own) => own.includes(title) && own.includes(figure));
          expect({ format, name: nameOfHttp(cell), line }).toEqual({
            format,
            name: nameOfHttp(cell),
            line: expect.any(String),
          });
        }
      }
    }
  });

  /** What the table of a cell's load says of its contender, by metric. */
  function columnOf({ suite, scenario, load, contender }: HttpCellRecord): Map<string, string> {
    const titles = [
      run.http?.suites.find(({ id }) => id === suite)?.title,
      run.http?.scenarios.find(({ id }) => id === scenario)?.title,
    ];
    const blocks = titles.reduce<readonly Block[]>(
      (inner, title) =>
        inner.flatMap((block) => (block.kind === 'section' && block.title === title ? block.blocks : [])),
      document.blocks,
    );
    const table = blocks.find((block): block is Table => block.kind === 'table' && block.caption === tellLoad(load));
    const place = table?.columns.findIndex((column) => column.contender === contender) ?? -1;
    return new Map((table === undefined ? [] : tableRows(table)).map((row) => [row[0] ?? '', row[place] ?? '']));
  }
});

/** Of requests a second, but under an open loop, whose rate is given. */
function rateRatioOf(record: HttpCellRecord): Ratio | undefined {
  const cell = toHttp(record);
  return isGiven(cell.id, 'requestsPerSec') ? undefined : ratioOf(cell, 'requestsPerSec');
}

/** What the rules of rounding make of a metric over HTTP: no ratio stands where the interval holds 1. */
function writtenFigure({ contender, metrics }: HttpCellRecord, name: string): string {
  const { median = 0, ratio } = metrics[name] ?? {};
  const text = formatMetric(median, infos.load.find((info) => info.name === name) ?? { unit: 'count' });
  if (ratio === undefined || ratio.reference === contender || isSame(ratio)) return text;
  const { ratio: value, lo, hi } = ratio;
  if (lo === undefined || hi === undefined) return `${text}, ${formatRatio(value)} (fewer than 3 rounds)`;
  if (standing(ratio) === 'no-difference') return `${text}, no difference (${formatInterval({ lo, hi })})`;
  return isExact(ratio)
    ? `${text}, ${formatRatio(value)}`
    : `${text}, ${formatRatio(value)} (${formatInterval({ lo, hi })})`;
}

/** What the rules of rounding make of a timed cell: no number stands where the interval holds 1. */
function writtenFigures({ latencyNs, speedup, outputBytes, contender }: MicroCellRecord): string[] {
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
