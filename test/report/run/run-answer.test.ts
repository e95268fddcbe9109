/**
 * What the report of a run begins with: sentences out of its findings, the strongest first, the same in every format.
 */
import { describe, expect, it } from 'vitest';

import { loadFormats } from '../../../src/report/formats.ts';
import type { Answer } from '../../../src/report/document.ts';
import { reportRecord } from '../../records.ts';
import type { RunRecord } from '../../../src/run-file/records.ts';
import { syntheticHttpRun } from '../http/synthetic-http.ts';
import { ensembleRun } from './ensemble-run.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';

const formats = await loadFormats();

function answerOf(run: RunRecord): Answer | undefined {
  return reportRecord({ run, registry: metadata }).blocks.find((block) => block.kind === 'answer');
}

function textsOf(run: RunRecord): string[] {
  return answerOf(run)?.sentences.map(({ text }) => text) ?? [];
}

/** The cells of these contenders alone. */
function runOf(...contenders: readonly string[]): RunRecord {
  const run = syntheticRun();
  return { ...run, cells: run.cells.filter(({ contender }) => contenders.includes(contender)) };
}

describe('the answer that a run begins with', () => {
  it('is the first block, the strongest sentence first', () => {
    const run = runOf('plain', 'compiled');
    const { blocks } = reportRecord({ run, registry: metadata });
    expect(blocks[0]?.kind).toBe('answer');
    const [strongest, weaker] = textsOf(run);
    expect(strongest).toMatch(
      /^Speed, datetimes and UUIDs as objects: compiled is fastest in all 3 groups, 2\.0x to 2\.5x as fast as plain \(intervals within [\d.]+–[\d.]+x\)\.$/,
    );
    expect(weaker).toMatch(/^Speed, datetimes and UUIDs as text: compiled is fastest on list at 10 items, 1\.25x/);
    expect(weaker).toContain('plain, the reference, is fastest on list at 1,000 items');
    expect(weaker).toContain(
      'nobody is shown to be fastest on list at 100 items (compiled and plain cannot be told apart)',
    );
  });

  it('names where the order flips', () => {
    expect(
      textsOf(runOf('plain', 'compiled')).some((text) => text.includes('the order of compiled and plain flips with')),
    ).toBe(true);
  });

  it('carries a chart of its strongest sentence, under an identifier of its own', () => {
    const run = runOf('plain', 'compiled');
    const chart = answerOf(run)?.chart;
    expect(chart?.id).toMatch(/^answer-chart-speed-speedup-list-native/);
    const ids = JSON.stringify(reportRecord({ run, registry: metadata }).blocks).match(/"id":"[^"]*chart[^"]*"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says what the run leaves open, what would decide it, and what identical code read', () => {
    const open = textsOf(ensembleRun()).at(-1);
    expect(open).toMatch(/^Open: \d+ of the \d+ timings; about \d+ more ensembles would decide \d+/);
    expect(open).toContain('identical code read within');
  });

  it('calls nothing decided that has too few rounds for an interval', () => {
    const run = ensembleRun();
    const cells = run.cells.map(({ speedup, ...cell }) =>
      speedup === undefined ? cell : { ...cell, speedup: { reference: speedup.reference, ratio: speedup.ratio } },
    );
    expect(textsOf({ ...run, cells }).at(-1)).toMatch(/^Open: \d+ of the \d+ timings with fewer than 3 rounds/);
  });

  it('is one for a run of several kinds', () => {
    const http = syntheticHttpRun();
    const { blocks } = reportRecord({ run: { ...http, cells: runOf('plain', 'compiled').cells }, registry: metadata });
    const [answer, ...others] = blocks.filter((block) => block.kind === 'answer');
    expect(others).toEqual([]);
    const texts = answer?.sentences.map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('Speed, datetimes and UUIDs as objects'));
    expect(texts).toContainEqual(expect.stringContaining('compiled instead of plain'));
  });

  it('says what a server answers that stands beside no other', () => {
    const run = syntheticHttpRun();
    const [suite] = run.http?.suites ?? [];
    if (run.http === undefined || suite === undefined) throw new Error('nothing over HTTP');
    const http = {
      ...run.http,
      suites: [{ ...suite, contenders: suite.contenders.filter(({ id }) => id === suite.reference) }],
      cells: run.http.cells.filter((cell) => cell.suite === suite.id && cell.contender === suite.reference),
    };
    const texts = textsOf({ ...run, http });
    expect(texts[0]).toMatch(/ answers up to [\d,.]+ requests a second of .+ \(.+\), 95% of them within /);
    expect(texts).toContain('No other server was measured beside it.');
  });

  it('begins with it where a run was stopped', () => {
    expect(textsOf({ ...runOf('plain', 'compiled'), interrupted: true })[0]).toContain('was stopped early');
  });

  it('is left out where nothing was measured', () => {
    expect(answerOf({ ...syntheticRun(), cells: [] })).toBeUndefined();
  });

  it('has the same sentences in every format that people read', async () => {
    const run = runOf('plain', 'compiled');
    const document = reportRecord({ run, registry: metadata });
    for (const name of ['terminal', 'markdown', 'html', 'json']) {
      const rendered = (await formats.get(name)?.render(document, { color: false, columns: 4000 })) ?? '';
      const text = rendered.replaceAll(/\s+/g, ' ');
      for (const sentence of textsOf(run)) {
        expect(text).toContain(sentence.slice(0, 40));
        expect(text).toContain(sentence.slice(-20));
      }
    }
    const page = (await formats.get('html')?.render(document, { color: false, columns: 80 })) ?? '';
    expect(page).toContain('<section class="answer" aria-labelledby="answer">');
    expect(page.slice(page.indexOf('<section class="answer"')).indexOf('<svg')).toBeGreaterThan(0);
  });
});

describe('the answer of a session over HTTP', () => {
  it('tells of the first suite before others, farthest from the reference first', () => {
    const [first, second] = textsOf(syntheticHttpRun());
    expect(first).toBe(
      'compiled instead of plain: up to 1.55x (1.52–1.59x) the requests a second (1,000 things), down to 0.92x (0.90–0.94x) the requests a second (a small | call); more in 2, fewer in 1, no difference shown in 1 of 4 scenarios.',
    );
    expect(second).toBe('shaky instead of plain: no difference shown in all 4 scenarios.');
  });
});
