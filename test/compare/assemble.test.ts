/**
 * From outcomes of forks to cells: statuses, summaries, speedups and warnings on small cases worked out by hand.
 */
import { describe, expect, it } from 'vitest';

import type { ForkOutcome } from '../../src/model/cell.ts';
import type { MicroCellRecord } from '../../src/run-file/records.ts';
import { storeMicro } from '../records.ts';
import { assembleOutcomes, cellId, plan, timed } from './outcomes.ts';

const references = { speed: 'plain' };

function assemble(outcomes: readonly ForkOutcome[], cells = plan(outcomes)): MicroCellRecord[] {
  return storeMicro(assembleOutcomes(outcomes, references, cells));
}

function only(outcomes: readonly ForkOutcome[]): MicroCellRecord {
  const [cell] = assemble(outcomes);
  if (cell === undefined) throw new Error('no cell came out');
  return cell;
}

function observe(round: number, output: string): ForkOutcome {
  const own = { input: `only ${round}`, outcome: 'kept', output } as const;
  return { cell: plain, round, status: 'ok', observations: [{ input: 'NaN', outcome: 'converted', output }, own] };
}

const plain = cellId();
const quick = cellId({ contender: 'quick' });

describe('assembleCells', () => {
  it('keeps the order of the plan and leaves out cells that were never measured', () => {
    const late = cellId({ contender: 'late' });
    const cells = assemble([...timed(quick, [5]), ...timed(plain, [10])], [plain, late, quick]);
    expect(cells.map(({ contender }) => contender)).toEqual(['plain', 'quick']);
  });

  it('takes the median over the forks, and the longest pause', () => {
    const outcomes = timed(plain, [10, 40, 11], { outputBytes: 110 });
    const cell = only(outcomes);
    expect(cell.latencyNs?.median).toBe(11);
    expect(cell.peakBlockNs).toBe(80);
    expect(cell.throughputBytesPerSec).toBeCloseTo((110 * 1e9) / 11, 3);
    expect(cell.gcTimeShare).toBe(0.1);
    expect(cell).not.toHaveProperty('allocatedBytesPerOp');
  });

  it('leaves out an account that no fork has kept', () => {
    const outcomes = timed(plain, [10, 11]).map(({ fork, ...outcome }): ForkOutcome => {
      if (fork === undefined) return outcome;
      const { gcTimeShare: _, ...rest } = fork;
      return { ...outcome, fork: rest };
    });
    expect(only(outcomes)).not.toHaveProperty('gcTimeShare');
  });

  it('gives one fork no bounds', () => {
    expect(only(timed(plain, [10])).latencyNs).toEqual({ median: 10 });
  });

  it('keeps the median inside its interval when forks fall into two modes', () => {
    const { latencyNs } = only(timed(plain, [10, 10, 10, 10, 10, 10, 20, 20, 20, 20]));
    expect(latencyNs?.median).toBe(10);
    expect(latencyNs?.lo).toBeLessThanOrEqual(10);
    expect(latencyNs?.hi).toBeGreaterThan(10);
  });

  it('forms speedups inside the round, so that drift of the machine cancels', () => {
    const [, cell] = assemble([...timed(plain, [100, 150, 300]), ...timed(quick, [50, 75, 150])]);
    expect(cell?.speedup).toMatchObject({ reference: 'plain', confidence: 0.95 });
    expect(cell?.speedup?.ratio).toBeCloseTo(2, 12);
    expect(cell?.speedup?.lo).toBeCloseTo(2, 12);
    expect(cell?.speedup?.hi).toBeCloseTo(2, 12);
  });

  it('leaves rounds out of a speedup that one side lacks', () => {
    const outcomes = [...timed(plain, [100, 100, 1]), ...timed(quick, [50, 50])];
    expect(assemble(outcomes)[1]?.speedup?.ratio).toBeCloseTo(2, 12);
  });

  it('gives a speedup of one common round no bounds and the reference a plain 1', () => {
    const cells = assemble([...timed(plain, [100]), ...timed(quick, [50])]);
    expect(cells[0]?.speedup).toEqual({ reference: 'plain', ratio: 1 });
    expect(cells[1]?.speedup?.ratio).toBeCloseTo(2, 12);
    expect(cells[1]?.speedup).not.toHaveProperty('lo');
  });

  it('gives no speedup where the reference is not ok or there is none', () => {
    const broken: ForkOutcome = { cell: plain, round: 0, status: 'failed', reason: 'it crashed' };
    expect(assemble([broken, ...timed(quick, [50, 50])])[1]).not.toHaveProperty('speedup');
    expect(only(timed(quick, [50, 50]))).not.toHaveProperty('speedup');
  });

  it('makes a cell incorrect by one incorrect fork, without any figures', () => {
    const reason = 'first difference at /0';
    const wrong: ForkOutcome = { cell: plain, round: 3, status: 'incorrect', reason, example: 'x' };
    const cell = only([...timed(plain, [10, 11, 12]), wrong]);
    expect(cell).toMatchObject({ status: 'incorrect', example: 'x' });
    expect(cell.reason).toBe('first difference at /0 (in 1 of 4 processes)');
    expect(cell).not.toHaveProperty('latencyNs');
    expect(cell).not.toHaveProperty('speedup');
  });

  it('turns some failed forks into a warning and all failed forks into the status', () => {
    const failed: ForkOutcome = { cell: plain, round: 3, status: 'failed', reason: 'it hung' };
    expect(only([...timed(plain, [10, 10, 10]), failed]).warnings).toEqual(['1 of 4 processes failed: it hung']);
    expect(only([failed])).toMatchObject({ status: 'failed', reason: 'it hung', forks: [], warnings: [] });
  });

  it('lets a round that was measured again replace the earlier one', () => {
    const first: ForkOutcome = { cell: plain, round: 0, status: 'failed', reason: 'it was killed' };
    const cell = only([first, ...timed(plain, [10, 10.1, 10.2])]);
    expect(cell.status).toBe('ok');
    expect(cell.forks.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(cell.warnings).toEqual([]);
  });

  it('tells a warning of several forks once, with how many had it', () => {
    const outcomes = timed(plain, [10, 10, 10]).map((outcome): ForkOutcome => {
      if (outcome.fork === undefined || outcome.round === 2) return outcome;
      return { ...outcome, fork: { ...outcome.fork, warnings: ['warm-up did not settle'] } };
    });
    expect(only(outcomes).warnings).toEqual(['warm-up did not settle (in 2 of 3 processes)']);
  });

  it('marks a cell noisy whose interval is wide, and one of two forks that lie apart', () => {
    expect(only(timed(plain, [10, 13, 9])).warnings).toEqual([expect.stringMatching(/^noisy: /)]);
    expect(only(timed(plain, [10, 10.1, 10.2])).warnings).toEqual([]);
    expect(only(timed(plain, [10, 14])).warnings).toEqual([expect.stringMatching(/^noisy: /), 'only 2 rounds']);
    expect(only(timed(plain, [10, 10.5])).warnings).toEqual(['only 2 rounds']);
  });

  it('warns where forks wrote different amounts', () => {
    const outcomes = [...timed(plain, [10, 10, 10]), ...timed(plain, [10, 10, 10, 10], { outputBytes: 120 }).slice(3)];
    expect(only(outcomes).warnings).toEqual(['output size differs between processes: 100 to 120 bytes']);
  });

  it('takes sizes from the forks of a size suite', () => {
    const outcomes = [2, 4, 9].map((latencyNs, round): ForkOutcome => ({
      cell: plain,
      round,
      status: 'ok',
      size: { outputBytes: 100, encoded: [{ encoding: 'gzip', level: 6, sizeBytes: 40, latencyNs }] },
    }));
    const cell = only(outcomes);
    expect(cell).toMatchObject({ status: 'ok', outputBytes: 100, forks: [], warnings: [] });
    expect(cell.encoded).toEqual([{ encoding: 'gzip', level: 6, sizeBytes: 40, latencyNs: 4 }]);
  });

  it('merges observations and warns where forks disagree', () => {
    const cell = only([observe(0, 'null'), observe(1, '0')]);
    expect(cell.observations?.map(({ input, output }) => [input, output])).toEqual([
      ['NaN', 'null'],
      ['only 0', 'null'],
      ['only 1', '0'],
    ]);
    expect(cell.warnings).toEqual(['output for NaN differs between processes']);
  });

  it('gives no cells for no outcomes', () => {
    expect(assemble([], [plain, quick])).toEqual([]);
  });
});
