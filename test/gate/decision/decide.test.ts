/**
 * Every rule of the decision on a handful of forks written out by hand.
 */
import { describe, expect, it } from 'vitest';

import { type CellEvidence } from '../../../src/gate/decision/evidence.ts';
import { decide, verdictOfSession } from '../../../src/gate/decision/decide.ts';
import { findSuspects } from '../../../src/gate/decision/suspects.ts';
import type { CellStatus } from '../../../src/model/cell.ts';
import type { Duet, DuetSide, GateCell, Verdict } from '../../../src/model/gate.ts';
import { evidence, forksOf, judge, slowScreen, unchangedScreen, unmeasured } from './forks.ts';

describe('the verdict on time', () => {
  it('passes an unsuspected cell on its first look', () => {
    expect(judge(unchangedScreen)).toMatchObject({ verdict: 'pass', stage: 'screen' });
  });

  it('fails a slowdown that fresh forks confirm', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.08, nullChange: 0.002 })]);
    expect(cell).toMatchObject({
      verdict: 'regression',
      stage: 'confirm',
      reason: 'slower by 8%, beyond the tolerance of 3% on 12 duets',
    });
    expect(cell.time?.value).toBeCloseTo(0.08, 6);
    expect(cell.time?.lo).toBeGreaterThan(0.03);
    expect(cell.nullArm?.value).toBeCloseTo(0.002, 6);
  });

  it('lets fresh forks alone decide, however bad the first look was', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0 })]);
    expect(cell).toMatchObject({ verdict: 'pass', stage: 'confirm' });
    expect(cell.time?.value).toBeCloseTo(0, 6);
  });

  it('finds the mirrored change an improvement', () => {
    const duets = [
      ...forksOf({ stage: 'screen', forks: 4, change: -0.1 }),
      ...forksOf({ stage: 'confirm', forks: 12, change: -0.08 }),
    ];
    expect(judge(duets)).toMatchObject({
      verdict: 'improvement',
      reason: 'faster by 8%, beyond the tolerance of 3% on 12 duets',
    });
  });

  it('says that forks cannot tell a change from the tolerance', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.021, spread: 0.03 })]);
    expect(cell).toMatchObject({
      verdict: 'pass',
      reason: 'slower by 2.1%, within what 12 duets can tell from the tolerance of 3%',
    });
  });

  it('does not fail what the null arm shows as well', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.08, nullChange: -0.09 })]);
    expect(cell.verdict).toBe('inconclusive');
    expect(
      judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.2, nullChange: -0.09 })]).verdict,
    ).toBe('regression');
  });

  it('is inconclusive where two copies of the baseline differ', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0, nullChange: 0.05 })]);
    expect(cell).toMatchObject({
      verdict: 'inconclusive',
      reason: 'two copies of the baseline differ: the second is slower by 5%',
    });
    const sure = { stage: 'confirm', forks: 12, nullChange: -0.02, spread: 0.005 } as const;
    expect(judge([...slowScreen, ...forksOf({ ...sure, change: 0.015 })]).verdict).toBe('inconclusive');
    // Even a slowdown as large as the difference between the copies would be within the tolerance.
    expect(judge([...slowScreen, ...forksOf({ ...sure, change: 0 })]).verdict).toBe('pass');
    const chance = forksOf({ stage: 'confirm', forks: 12, change: 0, nullChange: -0.02, spread: 0.03 });
    expect(judge([...slowScreen, ...chance]).verdict).toBe('pass');
  });

  it('is inconclusive where forks spread too far', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0, spread: 0.2 })]);
    expect(cell.verdict).toBe('inconclusive');
    expect(cell.detectable).toBeGreaterThan(0.06);
  });

  it('does not pass an estimate of more than twice the tolerance that it cannot prove', () => {
    const cell = judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.065, spread: 0.06 })]);
    expect(cell).toMatchObject({ verdict: 'inconclusive', reason: 'slower by 6.5%, which 12 duets cannot confirm' });
  });

  it('does not pass what so few forks could never fail', () => {
    const few = forksOf({ stage: 'confirm', forks: 6, change: 0.05, spread: 0.01 });
    expect(judge([...slowScreen, ...few])).toMatchObject({
      verdict: 'inconclusive',
      reason: '6 duets are too few to fail at a false-alarm rate of 1%',
    });
    expect(judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 6, change: 0 })]).verdict).toBe('pass');
    expect(judge([...slowScreen, ...forksOf({ stage: 'confirm', forks: 1, change: 0 })]).verdict).toBe('inconclusive');
  });

  it('never passes a suspect without fresh forks, unless it may only be faster', () => {
    expect(judge(slowScreen)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'slower by 10% at first look, not confirmed',
    });
    expect(judge([]).verdict).toBe('inconclusive');
    const faster = forksOf({ stage: 'screen', forks: 4, change: -0.1 });
    expect(judge(faster)).toMatchObject({ verdict: 'pass', reason: 'faster by 10% at first look, not confirmed' });
    expect(judge(faster, 'stopped')).toMatchObject({
      verdict: 'pass',
      reason: 'faster by 10% at first look, and no time was left to confirm it',
    });
    expect(judge(slowScreen, 'stopped')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'slower by 10% at first look, and no time was left to confirm it',
    });
  });

  it('corrects for the number of confirmed cells', () => {
    const borderline = (number: number): CellEvidence =>
      evidence([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.05, spread: 0.02 })], number);
    const unchanged = (number: number): CellEvidence =>
      evidence([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0 })], number);
    const verdictAmong = (others: number): Verdict | undefined => {
      const cells = [borderline(0), ...Array.from({ length: others }, (_, index) => unchanged(index + 1))];
      return decide({ cells, falseAlarmRate: 0.01 }).find(({ cell }) => cell.contender === 'contender-0')?.verdict;
    };
    expect(verdictAmong(0)).toBe('regression');
    expect(verdictAmong(29)).toBe('pass');
  });

  it('refuses a false-alarm rate that is none', () => {
    for (const falseAlarmRate of [0, 0.5, Number.NaN])
      expect(() => decide({ cells: [], falseAlarmRate })).toThrow(RangeError);
  });
});

describe('the verdict on statuses', () => {
  const ok: DuetSide = { status: 'ok' };
  const bad = (status: CellStatus, reason = 'why'): DuetSide => ({ status, reason });

  it.each<[string, DuetSide, DuetSide, Verdict]>([
    ['a wrong output of the candidate alone', ok, bad('incorrect'), 'regression'],
    ['a baseline that lacks the contender', bad('unavailable', "no such contender 'x'"), ok, 'new'],
    ['a baseline that cannot do the cell', bad('unsupported'), ok, 'new'],
    ['a baseline that crashes', bad('failed'), ok, 'new'],
    ['a baseline with a wrong output', bad('incorrect'), ok, 'new'],
    ['a candidate that lacks the contender', ok, bad('unavailable', "no such contender 'x'"), 'gone'],
    ['a candidate that no longer does the cell', ok, bad('unsupported'), 'gone'],
    ['a candidate whose library does not load', ok, bad('unavailable', 'Cannot find package'), 'failed'],
    ['a candidate that crashes', ok, bad('failed'), 'failed'],
    ['two sides that crash', bad('failed'), bad('failed'), 'unmeasured'],
    ['two sides with a wrong output', bad('incorrect'), bad('incorrect'), 'unmeasured'],
    ['two sides that lack it', bad('unavailable'), bad('unavailable'), 'unmeasured'],
    ['a wrong output of what the baseline does not do', bad('unsupported'), bad('incorrect'), 'unmeasured'],
  ])('judges %s', (_, baseline, candidate, verdict) => {
    const cell = judge([unmeasured(baseline, candidate), unmeasured(baseline, candidate)]);
    expect(cell.verdict).toBe(verdict);
    expect(cell.reason).toContain(baseline.reason ?? candidate.reason ?? 'nothing');
    expect(cell.time).toBeUndefined();
  });

  it('fails a wrong output in a single fork among many', () => {
    const cell = judge([...unchangedScreen, unmeasured(ok, bad('incorrect', '/0/id differs'))]);
    expect(cell).toMatchObject({ verdict: 'regression', reason: 'wrong output: /0/id differs' });
  });

  it('goes on without a single fork that crashed, and says so', () => {
    const cell = judge([...unchangedScreen, unmeasured(ok, bad('failed', 'exit code 9'))]);
    expect(cell.verdict).toBe('pass');
    expect(cell.reason).toContain('1 of 5 duets not measured: exit code 9');
  });

  it('calls a cell failed where most forks crashed', () => {
    const crash = unmeasured(ok, bad('failed', 'exit code 9'));
    expect(judge([...unchangedScreen, crash, crash, crash, crash, crash]).verdict).toBe('failed');
  });
});

describe('the verdict on counts', () => {
  const screenWith = (baseline: Partial<DuetSide>, candidate: Partial<DuetSide>, forks = 4): Duet[] =>
    forksOf({ stage: 'screen', forks, change: 0, side: { baseline, candidate } });

  it('fails an output that grew in every fork, without any test', () => {
    const cell = judge(screenWith({ outputBytes: 1000 }, { outputBytes: 1020 }, 2));
    expect(cell.outputBytes).toEqual({ baseline: 1000, candidate: 1020, change: 0.02, verdict: 'regression' });
    expect(cell).toMatchObject({ verdict: 'regression', reason: 'output: 2% more bytes (1000 to 1020)' });
  });

  it('passes an output that grew within the tolerance', () => {
    expect(judge(screenWith({ outputBytes: 1000 }, { outputBytes: 1010 })).verdict).toBe('pass');
  });

  it('calls a smaller output an improvement', () => {
    expect(judge(screenWith({ outputBytes: 1000 }, { outputBytes: 900 })).verdict).toBe('improvement');
  });

  /** Both stages, with the same counts in every fork. */
  const confirmWith = (before: number, after: number): Duet[] => {
    const side = { baseline: { allocatedBytesPerOp: before }, candidate: { allocatedBytesPerOp: after } };
    return [
      ...forksOf({ stage: 'screen', forks: 4, change: 0, side }),
      ...forksOf({ stage: 'confirm', forks: 12, change: 0, side }),
    ];
  };
  const withOdd = (duets: readonly Duet[], odd: number): Duet[] =>
    duets.map((duet, index) =>
      index < odd ? { ...duet, candidate: { ...duet.candidate, allocatedBytesPerOp: 1000 } } : duet,
    );

  it('fails allocations that rose by enough, once fresh forks have shown it', () => {
    expect(judge(confirmWith(1000, 1100)).verdict).toBe('regression');
    expect(judge(confirmWith(100, 150)).verdict).toBe('pass');
    expect(judge(screenWith({ allocatedBytesPerOp: 1000 }, { allocatedBytesPerOp: 1100 })).verdict).toBe(
      'inconclusive',
    );
  });

  it('takes allocations from none for a rise', () => {
    const cell = judge(confirmWith(0, 100));
    expect(cell.verdict).toBe('regression');
    expect(Number.isFinite(cell.allocations?.change)).toBe(true);
  });

  it('fails allocations that rose in nine forks of ten, and not those that rose in fewer', () => {
    expect(judge(withOdd(confirmWith(1000, 1500), 1)).allocations?.verdict).toBe('regression');
    expect(judge(withOdd(confirmWith(1000, 1500), 2)).allocations?.verdict).toBe('pass');
  });

  it('suspects allocations that rose in half of the forks, and not those of a single odd one', () => {
    const screen = confirmWith(1000, 1500).slice(0, 4);
    expect(findSuspects([evidence(withOdd(screen, 2))])).toMatchObject([
      { kind: 'unclear', reason: 'allocations rose in many duets of the first look' },
    ]);
    expect(findSuspects([evidence(withOdd(screen, 3))])).toEqual([]);
  });

  it('lets the worst of time and counts stand', () => {
    const faster = forksOf({
      stage: 'confirm',
      forks: 12,
      change: -0.2,
      side: { baseline: { outputBytes: 100 }, candidate: { outputBytes: 200 } },
    });
    expect(judge(faster).verdict).toBe('regression');
    const doubtful = forksOf({
      stage: 'screen',
      forks: 4,
      change: 0.1,
      side: { baseline: { outputBytes: 1000 }, candidate: { outputBytes: 900 } },
    });
    expect(judge(doubtful).verdict).toBe('inconclusive');
  });
});

describe('a session', () => {
  const withVerdict = (verdict: Verdict): GateCell => ({ ...judge(unchangedScreen), verdict });

  it.each<[Verdict[], string]>([
    [[], 'pass'],
    [['pass', 'improvement', 'new', 'gone', 'unmeasured'], 'pass'],
    [['pass', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'failed'], 'failed'],
    [['failed', 'regression', 'inconclusive'], 'regression'],
  ])('of %j is %s', (verdicts, expected) => {
    expect(verdictOfSession(verdicts.map(withVerdict))).toBe(expected);
  });

  it('lists the most severe cell first, and the slowest first among equals', () => {
    const confirm = (change: number, number: number): CellEvidence =>
      evidence([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change })], number);
    const cells = decide({
      cells: [
        evidence(unchangedScreen, 1),
        confirm(0.1, 2),
        evidence(slowScreen, 3),
        confirm(-0.1, 4),
        confirm(0.3, 5),
      ],
      falseAlarmRate: 0.01,
    });
    expect(cells.map(({ cell, verdict }) => [cell.contender, verdict])).toEqual([
      ['contender-5', 'regression'],
      ['contender-2', 'regression'],
      ['contender-3', 'inconclusive'],
      ['contender-4', 'improvement'],
      ['contender-1', 'pass'],
    ]);
  });

  it('comes out the same whatever the order of forks and cells', () => {
    const cells = [
      evidence([...slowScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.08 })], 1),
      evidence(unchangedScreen, 2),
    ];
    const turned = cells.toReversed().map((each) => ({ ...each, duets: each.duets.toReversed() }));
    const verdicts = (list: readonly CellEvidence[]) =>
      decide({ cells: list, falseAlarmRate: 0.01 }).map(({ cell, verdict, reason }) => ({ cell, verdict, reason }));
    expect(verdicts(turned)).toEqual(verdicts(cells));
  });
});
