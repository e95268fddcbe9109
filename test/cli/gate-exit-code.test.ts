/**
 * What exit code a session ends with, for every state that a cell can have on either side and in either stage.
 *
 * One cell under test beside one that passes, so that nothing but the cell under test decides.
 */
import { describe, expect, it } from 'vitest';

import { exitCodeOf } from '../../src/cli/gate-exit-code.ts';
import { type CellEvidence } from '../../src/gate/decision/evidence.ts';
import { decide, verdictOfSession } from '../../src/gate/decision/decide.ts';
import { findSuspects } from '../../src/gate/decision/suspects.ts';
import { defaultTolerance, gateSettings } from '../../src/gate/settings.ts';
import type { Duet, DuetSide, GateStage } from '../../src/model/gate.ts';
import { cellId } from '../gate/synthetic-session.ts';

const { falseAlarmRate, screenForks, looks } = gateSettings;
const confirmForks = looks.at(-1) as number;

/** Forks around a change, `spread` above and below it in turn. */
function forks(request: { stage: GateStage; count: number; change: number; spread?: number; stray?: number }): Duet[] {
  const { stage, count, change, spread = 0.002, stray = 0 } = request;
  return Array.from({ length: count }, (_, fork) => ({
    cell: cellId(0),
    stage,
    fork,
    baseline: { status: 'ok' },
    candidate: { status: 'ok' },
    warnings: [],
    logRatio: Math.log1p(change) + (fork % 2 === 0 ? spread : -spread),
    ...(stage === 'confirm' ? { nullLogRatio: Math.log1p(stray) + (fork % 2 === 0 ? spread : -spread) } : {}),
  }));
}

const screen = (change: number, spread?: number): Duet[] =>
  forks({ stage: 'screen', count: screenForks, change, ...(spread === undefined ? {} : { spread }) });
const confirm = (change: number, more: { count?: number; spread?: number; stray?: number } = {}): Duet[] =>
  forks({ stage: 'confirm', count: confirmForks, change, ...more });

/** The session of such a cell; suspects without fresh forks are those that there was no time for. */
function judge(duets: readonly Duet[]): { verdict: string | undefined; code: number; reason: string } {
  const cells: CellEvidence[] = [
    { cell: cellId(0), tolerance: defaultTolerance, duets },
    { cell: cellId(1), tolerance: defaultTolerance, duets: screen(0).map((duet) => ({ ...duet, cell: cellId(1) })) },
  ];
  const unconfirmed = findSuspects(cells)
    .map(({ cell }) => cell)
    .filter((cell) => !cells.some((each) => each.cell === cell && each.duets.some(({ stage }) => stage === 'confirm')));
  const decided = decide({ cells, falseAlarmRate, unconfirmed });
  const own = decided.find(({ cell }) => cell.contender === cellId(0).contender);
  return { verdict: own?.verdict, code: exitCodeOf({ verdict: verdictOfSession(decided) }), reason: own?.reason ?? '' };
}

describe('a cell by its states on both sides', () => {
  const sides: Readonly<Record<string, DuetSide>> = {
    ok: { status: 'ok' },
    absent: { status: 'unavailable', reason: 'no such contender in this side' },
    unsupported: { status: 'unsupported', reason: 'cannot write bytes' },
    broken: { status: 'unavailable', reason: 'Cannot find package' },
    incorrect: { status: 'incorrect', reason: '/0/id differs' },
    failed: { status: 'failed', reason: 'ended with exit code 7' },
  };
  const faulty = Object.keys(sides).filter((name) => name !== 'ok');

  it.each<[string, string, number]>([
    // Gone on purpose: a candidate may do less than the baseline.
    ['absent', 'gone', 0],
    ['unsupported', 'gone', 0],
    // Broken: what could be done can no longer be.
    ['broken', 'failed', 2],
    ['failed', 'failed', 2],
    ['incorrect', 'regression', 1],
  ])('ok before and %s now is %s: exit code %i', (now, verdict, code) => {
    const duets = Array.from({ length: 2 }, (_, fork): Duet => ({
      cell: cellId(0),
      stage: 'screen',
      fork,
      baseline: sides['ok'] as DuetSide,
      candidate: sides[now] as DuetSide,
      warnings: [],
    }));
    expect(judge(duets)).toMatchObject({ verdict, code });
  });

  it.each(faulty)('%s before and ok now is new: exit code 0', (before) => {
    const duets = Array.from({ length: 2 }, (_, fork): Duet => ({
      cell: cellId(0),
      stage: 'screen',
      fork,
      baseline: sides[before] as DuetSide,
      candidate: sides['ok'] as DuetSide,
      warnings: [],
    }));
    expect(judge(duets)).toMatchObject({ verdict: 'new', code: 0 });
  });

  it.each(faulty.flatMap((before) => faulty.map((now) => [before, now] as const)))(
    '%s before and %s now cannot be measured on either side: exit code 0',
    (before, now) => {
      const duets = Array.from({ length: 2 }, (_, fork): Duet => ({
        cell: cellId(0),
        stage: 'screen',
        fork,
        baseline: sides[before] as DuetSide,
        candidate: sides[now] as DuetSide,
        warnings: [],
      }));
      const judged = judge(duets);
      expect(judged).toMatchObject({ verdict: 'unmeasured', code: 0 });
      expect(judged.reason).toContain(sides[now]?.reason);
    },
  );
});

describe('a cell that both sides do, by its first look and what there was time for', () => {
  const wide = 0.2;
  it.each<[string, Duet[], string, number]>([
    ['unchanged', screen(0), 'pass', 0],
    ['unchanged, and three fresh forks', [...screen(0), ...confirm(0, { count: 3 })], 'pass', 0],
    [
      'slower, and two fresh forks, which allow no bounds',
      [...screen(0.1), ...confirm(0, { count: 2 })],
      'inconclusive',
      3,
    ],

    ['slower, no time to confirm', screen(0.1), 'inconclusive', 3],
    ['slower, one fresh fork', [...screen(0.1), ...confirm(0.1, { count: 1 })], 'inconclusive', 3],
    ['slower, too few fresh forks', [...screen(0.1), ...confirm(0.1, { count: 4 })], 'inconclusive', 3],
    ['slower, confirmed', [...screen(0.1), ...confirm(0.1)], 'regression', 1],
    ['slower, and not again', [...screen(0.1), ...confirm(0)], 'pass', 0],
    ['slower, and faster later', [...screen(0.1), ...confirm(-0.1)], 'improvement', 0],
    ['slower, and fresh forks that scatter', [...screen(0.1), ...confirm(0, { spread: wide })], 'inconclusive', 3],
    [
      'slower, and a baseline that differs from itself',
      [...screen(0.1), ...confirm(0.015, { stray: 0.05 })],
      'inconclusive',
      3,
    ],

    ['scattered, no time to confirm', screen(0, wide), 'inconclusive', 3],
    ['scattered, and calm later', [...screen(0, wide), ...confirm(0)], 'pass', 0],
    ['scattered, and scattered again', [...screen(0, wide), ...confirm(0, { spread: wide })], 'inconclusive', 3],
    ['a single fork', screen(0).slice(0, 1), 'inconclusive', 3],
    ['no fork at all', [], 'inconclusive', 3],

    ['faster, no time to confirm', screen(-0.1), 'pass', 0],
    ['faster, one fresh fork', [...screen(-0.1), ...confirm(-0.1, { count: 1 })], 'pass', 0],
    ['faster, too few fresh forks', [...screen(-0.1), ...confirm(-0.1, { count: 3, spread: 0.03 })], 'pass', 0],
    ['faster, confirmed', [...screen(-0.1), ...confirm(-0.1)], 'improvement', 0],
    ['faster, and not again', [...screen(-0.1), ...confirm(0)], 'pass', 0],
    ['faster, and fresh forks that scatter', [...screen(-0.1), ...confirm(-0.1, { spread: wide })], 'pass', 0],
    [
      'faster, and a baseline that differs from itself',
      [...screen(-0.1), ...confirm(-0.01, { stray: 0.05 })],
      'pass',
      0,
    ],
    ['faster, and slower later', [...screen(-0.1), ...confirm(0.1)], 'regression', 1],
    [
      'faster, and possibly slower later',
      [...screen(-0.1), ...confirm(0.05, { count: 3, spread: 0.03 })],
      'inconclusive',
      3,
    ],
  ])('%s', (_title, duets, verdict, code) => {
    expect(judge(duets)).toMatchObject({ verdict, code });
  });

  it('says of an improvement that nobody had time for that it is not confirmed', () => {
    expect(judge(screen(-0.1)).reason).toBe('faster by 10% at first look, and no time was left to confirm it');
  });
});

describe('the exit code', () => {
  it.each([
    ['regression', undefined, 1],
    ['failed', undefined, 2],
    ['pass', undefined, 0],
    ['inconclusive', undefined, 3],
    ['inconclusive', 'pass', 0],
    ['inconclusive', 'fail', 1],
    ['regression', 'pass', 1],
    ['failed', 'pass', 2],
  ] as const)('of %s with --inconclusive %s is %i', (verdict, inconclusive, code) => {
    expect(exitCodeOf({ verdict }, inconclusive)).toBe(code);
  });

  it('of an interrupted session is 130, whatever it found', () => {
    for (const verdict of ['regression', 'failed', 'pass', 'inconclusive'] as const)
      expect(exitCodeOf({ verdict, interrupted: true })).toBe(130);
  });
});
