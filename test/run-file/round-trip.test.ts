/**
 * From run files to runs and back: nothing is lost, whichever version wrote the file and whoever knows its metrics.
 */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { reassess } from '../../src/compare/reassess.ts';
import type { MetricInfo } from '../../src/model/metric.ts';
import { loadFormatsFor } from '../../src/report/formats.ts';
import { fromRecord } from '../../src/run-file/read.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import { readWarning, tellWarning } from '../../src/run-file/warnings.ts';
import { toRecord } from '../../src/run-file/write.ts';
import { reportRecord, toRun } from '../records.ts';
import { syntheticHttpRun } from '../report/http/synthetic-http.ts';
import { metadata, syntheticRun } from '../report/run/synthetic-run.ts';

const committed = ['', 'http/', 'python/', 'recorded/', 'serializer/'].map((name) => {
  const url = new URL(`../../results/reference/${name}run.json`, import.meta.url);
  return { name: name || 'serializers', record: JSON.parse(readFileSync(url, 'utf8')) as RunRecord };
});

/** Metrics that no version has, and of which nothing but the file tells. */
const strange: readonly MetricInfo[] = [
  { name: 'spreadNs', source: 'fork', title: 'spread', unit: 'nanoseconds', better: 'lower', order: 99 },
  { name: 'p42Ns', source: 'load', title: 'p42', unit: 'nanoseconds', better: 'lower', order: 99, slug: 'latency-p42' },
];

function withStrangeMetrics(): RunRecord {
  const { cells } = syntheticRun();
  const { http } = syntheticHttpRun();
  if (http === undefined) throw new Error('the made-up run has nothing over HTTP');
  const summary = { median: 4200, lo: 4100, hi: 4300, confidence: 0.95 };
  return {
    ...syntheticRun(),
    metrics: strange,
    cells: cells.map((cell) =>
      cell.latencyNs === undefined
        ? cell
        : { ...cell, metrics: { spreadNs: { ...summary, rounds: [{ round: 0, value: 4200 }] } } },
    ),
    http: {
      ...http,
      cells: http.cells.map((cell) =>
        cell.status === 'ok'
          ? {
              ...cell,
              metrics: { ...cell.metrics, p42Ns: summary },
              rounds: cell.rounds.map((round) => ({ ...round, metrics: { ...round.metrics, p42Ns: 4200 } })),
            }
          : cell,
      ),
    },
  };
}

describe('a run file', () => {
  it.each(committed)('of $name is the same after it was read and written again', ({ record }) => {
    const { metrics, ...rest } = toRecord(toRun(record));
    // Files of early versions do not say what their metrics are.
    const { metrics: given = metrics, ...others } = record;
    expect(rest).toEqual(others);
    expect(metrics).toEqual(given);
    expect(metrics?.length).toBeGreaterThan(5);
  });

  it.each(committed)('of $name is reassessed once and for all, and keeps its medians', ({ record }) => {
    const run = toRun(record);
    const again = reassess(run);
    expect(reassess(again)).toEqual(again);
    const mediansOf = ({ cells, http }: typeof run): unknown =>
      [...cells, ...(http?.cells ?? [])].map(({ metrics }) =>
        Object.values(metrics).map(({ summary }) => summary?.median),
      );
    expect(mediansOf(again)).toEqual(mediansOf(run));
  });

  it('keeps metrics that nobody knows any more, with what they are', () => {
    const record = withStrangeMetrics();
    const run = fromRecord(record, []);
    expect(toRecord(run)).toEqual(record);
    expect(run.metrics).toEqual(strange);
  });

  it('is reported with them, in every format that shows them', async () => {
    const formats = await loadFormatsFor('runs');
    const { http, ...micro } = withStrangeMetrics();
    const loads = { ...micro, cells: [], ...(http === undefined ? {} : { http }) };
    const showing = async (record: RunRecord, words: readonly string[]): Promise<string[]> => {
      const runs = [{ name: 'run', run: toRun(record) }];
      const document = reportRecord({ run: record, registry: metadata });
      const shown: string[] = [];
      for (const [name, format] of formats) {
        const text = await format.render(document, { columns: 200, color: false, runs });
        if (words.some((word) => text.includes(word))) shown.push(name);
      }
      return shown.toSorted();
    };
    const tables = ['csv', 'html', 'json', 'markdown', 'terminal'];
    expect(await showing(micro, ['spread'])).toEqual(tables);
    expect(await showing(loads, ['p42'])).toEqual(['bencher', ...tables, 'github-action-benchmark'].toSorted());
  });

  it('tells units by names where it does not say what its metrics are', () => {
    const { metrics: _unsaid, ...record } = withStrangeMetrics();
    const [cell] = fromRecord(record, []).http?.cells ?? [];
    expect(cell?.metrics['p42Ns']).toMatchObject({ unit: 'nanoseconds', better: 'lower' });
    expect(cell?.metrics['requestsPerSec']).toMatchObject({ unit: 'perSec', better: 'higher' });
    expect(cell?.metrics['wireBytesPerRequest']).toMatchObject({ unit: 'bytes', better: 'lower' });
  });
});

describe('a warning', () => {
  it('of noise is found again by its sentence; any other is passed on in its own words', () => {
    for (const of of ['values', 'interval'] as const)
      expect(readWarning(tellWarning({ code: 'noisy', of }))).toEqual({ code: 'noisy', of });
    for (const text of ['only 2 rounds', 'only 2 forks', 'noisy: but in other words', '1 of 3 forks failed: it hung'])
      expect(tellWarning(readWarning(text))).toBe(text);
  });

  it('of noise is known by the sentence of version 0.1 too', () => {
    expect(readWarning('noisy: the forks lie more than a factor of 1.25 apart')).toEqual({
      code: 'noisy',
      of: 'values',
    });
  });

  it('says in how many rounds it was told where not all of them did', () => {
    const told = (count: number, of: number, evidence: 'fork' | 'round'): string =>
      tellWarning({ code: 'told', text: 'it was warm', rounds: { count, of, evidence } });
    expect([told(1, 1, 'fork'), told(3, 3, 'fork'), told(3, 3, 'round'), told(2, 3, 'round')]).toEqual([
      'it was warm',
      'it was warm (in 3 of 3 processes)',
      'it was warm',
      'it was warm (in 2 of 3 rounds)',
    ]);
  });
});
