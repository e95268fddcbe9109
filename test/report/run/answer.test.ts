/**
 * The answer in a few sentences: it says what the run's findings say, for runs of every kind, and keeps quiet about the rest.
 */
import { describe, expect, it } from 'vitest';

import type { MicroCellRecord, RunRecord } from '../../../src/run-file/records.ts';
import { reportAnswer } from '../../../src/report/run/answer.ts';
import { ensembleRun } from './ensemble-run.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';
import { toRun } from '../../records.ts';

const run = syntheticRun();

function answer(cells: readonly MicroCellRecord[], more: Partial<RunRecord> = {}): string {
  const { blocks } = reportAnswer({
    run: toRun({ ...run, ...more, cells }),
    registry: metadata,
    suite: 'speed',
    payload: 'list',
  });
  return blocks.map((block) => (block.kind === 'paragraph' ? block.text : block.kind)).join('\n');
}

/** The cells of these contenders alone. */
function cellsOf(...contenders: readonly string[]): readonly MicroCellRecord[] {
  return run.cells.filter(({ contender }) => contenders.includes(contender));
}

describe('the answer of a run', () => {
  it('names the fastest of each representation with its ratio, and where it is undecided', () => {
    expect(answer(cellsOf('plain', 'compiled'))).toBe(
      'Where datetimes and UUIDs are text, the fastest JSON serializer in this run is compiled at 10 items (1.25x as ' +
        'fast as plain) and plain at 1,000 items. Where datetimes and UUIDs are objects, the fastest JSON serializer ' +
        'in this run is compiled at 10, 100 and 1,000 items (2.0x, 2.2x and 2.5x as fast as plain). Not decided: ' +
        'compiled and plain cannot be told apart on text at 100 items; 0 of the 12 timings behind this are noisy.',
    );
  });

  it('ranks no format with a decoder of its own, nothing that remembers, and no wrong output', () => {
    const text = answer(run.cells);
    for (const contender of ['packed', 'cached', 'forgetful is', 'missing', 'picky at'])
      expect(text).not.toContain(contender);
  });

  it('says that everything is decided where it is, and counts noise', () => {
    const decided = cellsOf('plain', 'compiled').filter(({ items, variant }) => items === 10 && variant === 'native');
    expect(answer(decided)).toBe(
      'Where datetimes and UUIDs are text, this run compares no JSON serializers. Where datetimes and UUIDs are ' +
        'objects, the fastest JSON serializer in this run is compiled at 10 items (2.0x as fast as plain). Every ' +
        'size is decided; 0 of the 2 timings behind this are noisy.',
    );
  });

  it('ends with the noise of the run where there are twins, and where anything was timed', () => {
    const { noise } = ensembleRun();
    if (noise === undefined) throw new Error('it has noise');
    expect(answer(cellsOf('plain', 'compiled'), { noise })).toMatch(
      /timings behind this are noisy\. Identical code read within \d\.\d% of itself\.$/,
    );
    expect(answer([], { noise })).toMatch(/Nothing was timed\.$/);
    expect(answer(cellsOf('plain'), { noise: { ...noise, twins: [] } })).not.toContain('Identical');
  });

  it('names nobody where nobody is ahead', () => {
    const tied = cellsOf('plain', 'compiled').filter(({ items, variant }) => items === 100 && variant === 'text');
    expect(answer(tied)).toContain(
      'Where datetimes and UUIDs are text, no JSON serializer is shown to be the fastest at any size.',
    );
  });

  it('of a run without such cells says that nothing was timed', () => {
    expect(answer([])).toBe(
      'Where datetimes and UUIDs are text, this run compares no JSON serializers. Where datetimes and UUIDs are ' +
        'objects, this run compares no JSON serializers. Nothing was timed.',
    );
  });
});
