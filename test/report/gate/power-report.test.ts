/**
 * What the recorded evidence is reported as, against golden files, and that no goal is called met that is not.
 */
import { describe, expect, it } from 'vitest';

import type { MicroCellId } from '../../../src/model/cell.ts';
import type { InjectedChange, LiveCounts, PowerEvidence, PowerSummary, ReplayResult } from '../../../src/model/gate.ts';
import type { Document, Table } from '../../../src/report/document.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { reportPower, reportPowerGoals } from '../../../src/report/gate/power-report.ts';
import { imaginaryEnvironment } from '../../imaginary-environment.ts';

function render(name: string, document: Document): string {
  return name === 'markdown' ? markdown.render(document) : terminal.render(document, { color: false, columns: 120 });
}

const cell: MicroCellId = {
  suite: 'serialize',
  contender: 'plain',
  payload: 'tools',
  items: 1000,
  variant: 'native',
  sink: 'bytes',
};
const none: InjectedChange = { kind: 'none' };
const slowdown = (share: number): InjectedChange => ({ kind: 'repeat', share, side: 'candidate' });

const evidence: PowerEvidence = {
  powerVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  environment: { ...imaginaryEnvironment, commit: 'abcdef0' },
  tolerance: 0.02,
  falseAlarmRate: 0.01,
  screenForks: 4,
  confirmForks: 16,
  looks: [6, 16],
  duets: [],
  sessions: [],
};

function replayed(share: number, more: Partial<ReplayResult> = {}): ReplayResult {
  const untouched = { cells: 3000, failed: 0, inconclusive: 12 };
  return {
    slowdown: share,
    sessions: 1000,
    detected: 0,
    falseFailures: 0,
    inconclusiveSessions: 12,
    untouched,
    suspects: 1.25,
    freshDuets: 31.4,
    ...more,
  };
}

function live(injected: InjectedChange, more: Partial<LiveCounts> = {}): LiveCounts {
  return {
    load: 'quiet',
    injected,
    sessions: 20,
    detected: 0,
    detectionBounds: { lo: 0.83, hi: 1 },
    falseFailures: 0,
    falseFailureBounds: { lo: 0, hi: 0.168 },
    inconclusiveSessions: 1,
    untouched: { cells: 60, failed: 0, inconclusive: 1 },
    longestMs: 95_000,
    ...more,
  };
}

/** Every line that there is; all goals reached but the smaller slowdown's in replay. */
const summary: PowerSummary = {
  replays: {
    quiet: [replayed(0, { falseFailures: 4 }), replayed(0.05, { detected: 789 }), replayed(0.1, { detected: 1000 })],
    busy: [replayed(0, { untouched: { cells: 3000, failed: 0, inconclusive: 450 } })],
  },
  live: [
    live(none, { sessions: 60 }),
    live(slowdown(0.1), { detected: 20 }),
    live(slowdown(0.05), { sessions: 10, detected: 9 }),
    live(none, {
      load: 'busy',
      sessions: 10,
      falseFailureBounds: { lo: 0, hi: 0.308 },
      untouched: { cells: 30, failed: 0, inconclusive: 3 },
    }),
  ],
  injected: [
    { cell, injected: slowdown(0.1), forks: 8, measured: { value: 0.098, lo: 0.09, hi: 0.106 } },
    {
      cell,
      injected: { kind: 'repeat', share: 0.1, side: 'baseline' },
      forks: 8,
      measured: { value: -0.091, lo: -0.1, hi: -0.08 },
    },
    { cell, injected: { kind: 'mutant', mutant: 'copied-output' }, forks: 1, measured: { value: 0.4 } },
  ],
  spread: {
    quiet: { cells: 3, medianDifference: -0.0004, medianSpread: 0.0123, largestSpread: 0.031 },
    busy: { cells: 3, medianDifference: 0.001, medianSpread: 0.045, largestSpread: 0.12 },
  },
};

/** Lines of the table of goals as `goal, from, figure, wanted, met`. */
function goalsOf(changed: Partial<PowerSummary>): string[][] {
  const [table] = reportPowerGoals({ ...summary, ...changed }).blocks as readonly [Table];
  return table.groups.flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text)));
}

function unmet(changed: Partial<PowerSummary>): string[] {
  return goalsOf(changed)
    .filter((row) => row.at(-1) !== 'yes')
    .map(([goal, from]) => `${goal}: ${from}`);
}

const always = ['a slowdown of 5% in one cell is found: replay, whole grid'];

describe('the report of the evidence', () => {
  it.each([
    ['terminal', 'power.txt'],
    ['markdown', 'power.md'],
  ])('reads in %s as it always has', async (name, file) => {
    await expect(render(name, reportPower(evidence, summary))).toMatchFileSnapshot(`../../golden/${file}`);
  });

  it('of nothing recorded claims nothing and can be shown', () => {
    const document = reportPower(evidence, { replays: {}, live: [], injected: [], spread: {} });
    for (const name of ['terminal', 'markdown'])
      expect(render(name, document)).toContain('0 of 0 lines reach their goal');
  });

  it('counts the goals that are met', () => {
    const rows = goalsOf({});
    expect(rows.filter((row) => row.at(-1) === 'yes')).toHaveLength(rows.length - 1);
    expect(unmet({})).toEqual(always);
    expect(JSON.stringify(reportPower(evidence, summary))).toContain(
      `${rows.length - 1} of ${rows.length} lines reach their goal`,
    );
  });

  it('shows the goals alone with the same words', () => {
    const [table] = reportPowerGoals(summary).blocks;
    expect(reportPower(evidence, summary).blocks).toContainEqual(table);
  });
});

describe('a goal is not met', () => {
  it('where one live session failed without a change', () => {
    const [first, ...others] = summary.live as [LiveCounts, ...LiveCounts[]];
    expect(unmet({ live: [{ ...first, falseFailures: 1 }, ...others] })).toEqual([
      'sessions that fail without a change: live, small grid',
      ...always,
    ]);
  });

  it('where more replayed sessions failed than may, by a single one', () => {
    const withFailures = (falseFailures: number) => ({
      replays: {
        ...summary.replays,
        quiet: [replayed(0, { falseFailures }), ...(summary.replays.quiet ?? []).slice(1)],
      },
    });
    expect(unmet(withFailures(10))).toEqual(always);
    expect(unmet(withFailures(11))).toEqual(['sessions that fail without a change: replay, whole grid', ...always]);
  });

  it('where one of twenty live slowdowns was missed', () => {
    expect(unmet({ live: [live(none, { sessions: 60 }), live(slowdown(0.1), { detected: 19 })] })).toEqual([
      'a slowdown of 10% in one cell is found: live, small grid',
      ...always,
    ]);
  });

  it('yet where replays rest on too few recorded forks to bound the rate, and says so', () => {
    const bounds = { falseFailures: { lo: 0, hi: 0.975 }, detected: { lo: 0.7, hi: 1 }, independentSessions: 0.67 };
    const rows = goalsOf({ replays: { quiet: [replayed(0, { bounds }), replayed(0.05, { detected: 900, bounds })] } });
    expect(
      rows
        .filter(([, from]) => from === 'replay, whole grid')
        .slice(0, 2)
        .map(([, , figure, , met]) => [figure, met]),
    ).toEqual([
      ['0% (0 of 1,000); at most 98%', 'so far'],
      ['90.0% (900 of 1,000); at least 70%', 'so far'],
    ]);
  });

  it('yet where fewer live sessions were had than it asks for, and says so', () => {
    const rows = goalsOf({ live: [live(none, { sessions: 59 }), live(slowdown(0.1), { sessions: 9, detected: 9 })] });
    expect(rows.filter((row) => row.at(-1) === 'so far').map(([, , figure]) => figure)).toEqual([
      expect.stringMatching(/^0 of 59 /),
      expect.stringMatching(/^9 of 9 /),
    ]);
    expect(
      goalsOf({ live: [live(slowdown(0.1), { sessions: 9, detected: 1 })] })
        .find(([, from]) => from === 'live, small grid')
        ?.at(-1),
    ).toBe('no');
  });

  it('where unchanged cells are undecided beside a changed one', () => {
    const quiet = [replayed(0.1, { detected: 1000, untouched: { cells: 3000, failed: 20, inconclusive: 11 } })];
    expect(unmet({ replays: { quiet } })).toEqual([
      'other cells stay green beside one slower by 10%: replay, whole grid',
    ]);
  });

  it('where a cell differs from itself, whichever side is slower', () => {
    for (const medianDifference of [0.003, -0.003]) {
      const spread = { quiet: { cells: 3, medianDifference, medianSpread: 0.01, largestSpread: 0.02 } };
      expect(unmet({ spread })).toHaveLength(always.length + 1);
    }
  });

  it('where a slower baseline does not surely turn the sign', () => {
    const [first, swapped] = summary.injected;
    if (first === undefined || swapped === undefined) throw new Error('the summary has no injected changes');
    for (const measured of [{ value: -0.09, lo: -0.2, hi: 0.01 }, { value: -0.09 }]) {
      expect(unmet({ injected: [first, { ...swapped, measured }] })).toEqual([
        ...always,
        'a slower baseline turns the sign of the effect: duets',
      ]);
    }
  });

  it('where too many cells stay undecided under load', () => {
    const busy = [replayed(0, { untouched: { cells: 100, failed: 0, inconclusive: 21 } })];
    expect(unmet({ replays: { ...summary.replays, busy } })).toEqual([
      ...always,
      'cells that stay undecided under load: replay, small grid',
    ]);
  });
});

describe('a figure', () => {
  it('of nearly all is not rounded to all, nor one of hardly any to none', () => {
    const withDetected = (detected: number, sessions: number) =>
      goalsOf({ replays: { quiet: [replayed(0.1, { detected, sessions })] } });
    expect(withDetected(1999, 2000).map(([, , figure]) => figure)).toContain('99.95% (1,999 of 2,000)');
    expect(withDetected(2000, 2000).map(([, , figure]) => figure)).toContain('100% (2,000 of 2,000)');
    const green = goalsOf({
      replays: { quiet: [replayed(0.1, { untouched: { cells: 100_000, failed: 1, inconclusive: 0 } })] },
    });
    const figure = green.find(([goal]) => goal?.startsWith('other cells'))?.[2];
    expect(figure).not.toMatch(/^100(\.0*)?%/);
  });
});
