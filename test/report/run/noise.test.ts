/**
 * What a report says of a run's own noise, and of what would decide where the run could not.
 */
import { describe, expect, it } from 'vitest';

import type { RunNoise, TwinReading } from '../../../src/model/noise.ts';
import csv from '../../../src/report/formats/csv.ts';
import json from '../../../src/report/formats/json.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { formatPercent } from '../../../src/report/quantities.ts';
import type { RunRecord } from '../../../src/run-file/records.ts';
import { cellId } from '../../compare/outcomes.ts';
import { reportRecord, toRun } from '../../records.ts';
import { readCsv } from '../read-csv.ts';
import { ensembleRun } from './ensemble-run.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';

function textOf(run: RunRecord): string {
  const document = reportRecord({ run, registry: metadata });
  return terminal.render(document, { color: false, columns: 110 }).replaceAll(/\s+/g, ' ');
}

/** So many rounds, each with its ratio. */
function roundsOf(count: number): TwinReading['rounds'] {
  return Array.from({ length: count }, (_, round) => ({ round, ratio: 1 }));
}

function twin(more: Partial<TwinReading> = {}): TwinReading {
  return { cell: cellId(), rounds: roundsOf(5), ratio: 1.004, lo: 0.99, hi: 1.02, confidence: 0.95, ...more };
}

function withNoise(noise: Partial<RunNoise>): string {
  return textOf({ ...ensembleRun(), noise: { twins: [], ...noise } });
}

describe('the noise of a run', () => {
  it('stands before every table', () => {
    const text = textOf(ensembleRun());
    expect(text.indexOf('identical code read within')).toBeGreaterThan(0);
    expect(text.indexOf('identical code read within')).toBeLessThan(text.indexOf('A speedup is'));
  });

  it('is the twin that reads farthest from itself, to either side', () => {
    expect(withNoise({ twins: [twin(), twin({ ratio: 0.975, lo: 0.96, hi: 0.99 })] })).toContain(
      'On this machine, during this run, identical code read within 2.5%: in 2 groups the reference took part twice (5 ensembles each), and 1 of the 2 intervals of its ratio to itself holds 1.',
    );
    expect(withNoise({ twins: [twin()] })).toContain(
      'within 0.4%: in 1 group the reference took part twice (5 ensembles each), and the interval of its ratio to itself holds 1.',
    );
    expect(withNoise({ twins: [twin({ lo: 1.001 })] })).toContain(
      'the interval of its ratio to itself does not hold 1.',
    );
  });

  it('says so where there are too few ensembles for an interval', () => {
    const { lo: _lo, hi: _hi, confidence: _confidence, ...thin } = twin({ rounds: roundsOf(2) });
    expect(withNoise({ twins: [thin, { ...thin, rounds: roundsOf(1) }] })).toContain(
      '(1 to 2 ensembles each), and fewer than 3 ensembles give no interval.',
    );
  });

  it('says how often the processor was at its floor, and what others used where that is worth a word', () => {
    expect(withNoise({ cleanShare: 0.93, stolenShare: 0.004, othersShare: 0.009 })).toContain(
      'The processor was at its floor in 93% of the turns. A speedup is',
    );
    expect(withNoise({ othersShare: 0.31, stolenShare: 0.02 })).toContain(
      "Of the machine's processor time, other programs used 31%, and the hypervisor gave 2.0% to other machines.",
    );
    expect(withNoise({ stolenShare: 0.02 })).toContain('processor time, the hypervisor gave 2.0% to other machines.');
  });

  it('warns where processes could not be pinned', () => {
    expect(withNoise({ clock: 'elapsed' })).toContain('! Processes could not be pinned to one processor');
    expect(withNoise({})).not.toContain('pinned');
  });

  it('is of several machines where shards were joined', () => {
    const run = ensembleRun();
    const { environment, startedAt, durationMs } = run;
    const part = { index: 1, environment, startedAt, durationMs, groups: ['speed/list/10/text/bytes'] };
    expect(textOf({ ...run, shards: { of: 1, parts: [part] } })).toContain('On these machines, during this run');
  });

  it('is not told of runs of version 0.1, and neither is what would decide', () => {
    const text = textOf(syntheticRun());
    for (const word of ['identical code', 'floor', 'ensemble', 'What would decide']) expect(text).not.toContain(word);
  });
});

describe('what would decide', () => {
  const text = textOf(ensembleRun());

  it('is so many more ensembles, by cell, with the command', () => {
    expect(text).toMatch(/Speed: compiled on list \(text, bytes\) at 10 items \(1\.0\dx, about \d+ more\)/);
    const [, most] = /wirebench run --more (\d+)/.exec(text) ?? [];
    const told = [...text.matchAll(/about (\d+) more/g)].map(([, count]) => Number(count));
    expect(Math.max(...told)).toBe(Number(most));
  });

  it('says where no number of ensembles is reasonable, and that a quieter machine would help', () => {
    expect(text).toMatch(/More ensembles than anybody waits for.*Speed: shaky on list \(text, bytes\) at 100 items/);
    expect(text).toMatch(/\d of these \d cells found the machine busy/);
  });

  it('has no command where nothing can be added, another one for shards, and a condition where the run is unfinished', () => {
    const { plan, ...unplanned } = ensembleRun();
    expect(textOf(unplanned)).toContain('about');
    expect(textOf(unplanned)).not.toContain('--more');
    expect(textOf({ ...unplanned, plan: plan!, interrupted: true })).toContain('once `--resume` has finished it');
    const { environment, startedAt, durationMs } = unplanned;
    const part = { index: 1, environment, startedAt, durationMs, groups: ['speed/list/10/text/bytes'] };
    expect(textOf({ ...ensembleRun(), shards: { of: 1, parts: [part] } })).toContain('each of the shards needs it');
  });

  it('is not asked where everything is decided', () => {
    const run = ensembleRun();
    const decided = run.cells.filter(({ contender, items }) => items === 10 && contender !== 'compiled');
    expect(textOf({ ...run, cells: decided })).not.toContain('What would decide');
  });
});

describe('the noise in every format', () => {
  const run = ensembleRun();
  const document = reportRecord({ run, registry: metadata });
  const options = { color: false, columns: 120, runs: [{ name: 'run', run: toRun(run) }] };
  const { noise } = run;
  if (noise === undefined) throw new Error('it has noise');

  it('json: holds its noise as the run file does', () => {
    const parsed = JSON.parse(json.render(document, options)) as { runs: [{ run: RunRecord }] };
    expect(parsed.runs[0].run.noise).toEqual(noise);
  });

  it('csv: holds what twins read, and the shares that each cell was measured with', () => {
    const records = readCsv(csv.render(document, options));
    const twins = records.filter(({ twinRatio }) => twinRatio !== '');
    expect(
      twins.map(({ twinRatio, twinRatioLo, twinRatioHi }) => [twinRatio, twinRatioLo, twinRatioHi].map(number)),
    ).toEqual(noise.twins.map(({ ratio, lo, hi }) => [ratio, lo, hi]));
    expect(twins.map(({ contender, reference }) => [contender, reference])).toEqual([
      ['plain', 'plain'],
      ['plain', 'plain'],
    ]);
    const shares = records.map(({ cleanShare, stolenShare, othersShare }) =>
      [cleanShare, stolenShare, othersShare].map(number),
    );
    expect(shares).toEqual(
      run.cells.map(({ forks: [fork] }) => [fork?.cleanShare, fork?.stolenShare, fork?.othersShare]),
    );
  });

  it('texts: say in words how far twins read apart, and how often the processor was at its floor', () => {
    const farthest = Math.max(...noise.twins.map(({ ratio }) => Math.abs(ratio - 1)));
    for (const text of [terminal.render(document, options), markdown.render(document)]) {
      const told = text.replaceAll(/\s+/g, ' ');
      expect(told).toContain(`identical code read within ${formatPercent(farthest)}:`);
      expect(told).toContain(`at its floor in ${formatPercent(noise.cleanShare ?? 0)} of the turns`);
    }
  });
});

/** A figure as CSV has it; an empty field is no figure. */
function number(field: string | undefined): number | undefined {
  return field === undefined || field === '' ? undefined : Number(field);
}
