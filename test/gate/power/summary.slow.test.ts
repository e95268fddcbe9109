/**
 * What is computed from a recording, on recordings small enough to be worked out by hand.
 */
import { describe, expect, it } from 'vitest';

import { summarizePower } from '../../../src/gate/power/summary.ts';
import type { MicroCellId } from '../../../src/model/cell.ts';
import type {
  Duet,
  GateStage,
  InjectedChange,
  LiveSession,
  MachineLoad,
  PowerEvidence,
  RecordedDuet,
  Verdict,
} from '../../../src/model/gate.ts';
import { cellId, tolerate } from '../synthetic-session.ts';
import { imaginaryEnvironment } from '../../imaginary-environment.ts';

const none: InjectedChange = { kind: 'none' };
const slower: InjectedChange = { kind: 'repeat', share: 0.1, side: 'candidate' };

function evidence({ duets = [], sessions = [] }: Partial<Pick<PowerEvidence, 'duets' | 'sessions'>>): PowerEvidence {
  return {
    powerVersion: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    environment: imaginaryEnvironment,
    tolerance: 0.03,
    falseAlarmRate: 0.01,
    screenForks: 4,
    confirmForks: 16,
    duets,
    sessions,
  };
}

interface RecordList {
  readonly number: number;
  readonly stage: GateStage;
  readonly logRatios: readonly (number | undefined)[];
  readonly load?: MachineLoad;
  readonly injected?: InjectedChange;
}

/** One recorded duet for each value; one that failed where there is none. */
function recordsOf({ number, stage, logRatios, load = 'quiet', injected = none }: RecordList): RecordedDuet[] {
  return logRatios.map((logRatio, fork) => {
    const common = { cell: cellId(number), stage, fork, baseline: { status: 'ok' }, warnings: [] } as const;
    const duet: Duet =
      logRatio === undefined
        ? { ...common, candidate: { status: 'failed', reason: 'ended early' } }
        : { ...common, candidate: { status: 'ok' }, logRatio, ...(stage === 'confirm' ? { nullLogRatio: 0 } : {}) };
    return { load, injected, duet };
  });
}

/** Enough forks of a cell to be replayed; the ones to confirm lie 0.004 above and below their centre in turn. */
function recordedCell(number: number, centre: number, load: MachineLoad = 'quiet'): RecordedDuet[] {
  return [
    ...recordsOf({ number, load, stage: 'screen', logRatios: [centre, centre, centre, centre] }),
    ...recordsOf({
      number,
      load,
      stage: 'confirm',
      logRatios: [1, -1, 1, -1, 1, -1, 1, -1].map((sign) => centre + sign * 0.004),
    }),
  ];
}

function summarize(parts: Partial<Pick<PowerEvidence, 'duets' | 'sessions'>>): ReturnType<typeof summarizePower> {
  return summarizePower(evidence(parts), tolerate(0.03));
}

describe('a summary', () => {
  it('of an empty recording is empty', () => {
    expect(summarize({})).toEqual({ replays: {}, live: [], injected: [], spread: {} });
  });

  it('has replays for each load that was recorded, without a change first', () => {
    const { replays } = summarize({
      duets: [...recordedCell(1, 0), ...recordedCell(2, 0), ...recordedCell(1, 0, 'busy')],
    });
    const { quiet = [], busy = [] } = replays;
    expect(quiet[0]).toMatchObject({ slowdown: 0, falseFailures: 0, untouched: { failed: 0, inconclusive: 0 } });
    expect(quiet[0]?.untouched.cells).toBe(2 * (quiet[0]?.sessions ?? 0));
    expect(busy[0]?.untouched.cells).toBe(busy[0]?.sessions);
    const last = quiet.at(-1);
    expect(last?.slowdown).toBeGreaterThan(0.1);
    expect(last?.detected).toBe(last?.sessions);
    expect(quiet.map(({ slowdown }) => slowdown)).toEqual(
      quiet.map(({ slowdown }) => slowdown).toSorted((a, b) => a - b),
    );
  });

  it('replays no cell of which too little was recorded', () => {
    const few = recordedCell(1, 0).slice(0, -3);
    expect(summarize({ duets: few })).toMatchObject({ replays: {}, spread: {} });
    expect(summarize({ duets: [...few, ...recordedCell(2, 0)] }).spread.quiet?.cells).toBe(1);
  });

  it('gives the differences their sign, so that chance cancels and an order that favours one side does not', () => {
    const centres = [-0.02, 0.001, 0.01];
    const { spread } = summarize({ duets: centres.flatMap((centre, number) => recordedCell(number, centre)) });
    expect(spread.quiet?.medianDifference).toBeCloseTo(0.001, 12);
  });

  it('takes the spread from the forks that decide', () => {
    const wide = recordsOf({ number: 3, stage: 'confirm', logRatios: [0.03, -0.03, 0.03, -0.03, 0.03, -0.03] });
    const screen = recordsOf({ number: 3, stage: 'screen', logRatios: [0, 0, 0, 0] });
    const { spread } = summarize({ duets: [...recordedCell(1, 0), ...recordedCell(2, 0), ...screen, ...wide] });
    // Eight values at a distance d from their mean have a variance of 8 d^2 / 7, six one of 6 d^2 / 5.
    expect(spread.quiet?.medianSpread).toBeCloseTo(0.004 * Math.sqrt(8 / 7), 12);
    expect(spread.quiet?.largestSpread).toBeCloseTo(0.03 * Math.sqrt(6 / 5), 12);
  });

  it('does without a cell of which no fork could be measured', () => {
    const failed = [
      ...recordsOf({ number: 2, stage: 'screen', logRatios: Array.from({ length: 6 }, () => undefined) }),
      ...recordsOf({ number: 2, stage: 'confirm', logRatios: Array.from({ length: 14 }, () => undefined) }),
    ];
    expect(summarize({ duets: failed })).toEqual({ replays: {}, live: [], injected: [], spread: {} });
    expect(summarize({ duets: [...failed, ...recordedCell(1, 0)] }).spread.quiet?.cells).toBe(1);
  });
});

describe('the effect of an injected change', () => {
  it('is the mean on the scale of factors, with bounds around it', () => {
    const logRatios = [1.09, 1.1, 1.11].map((factor) => Math.log(factor));
    const { injected } = summarize({ duets: recordsOf({ number: 1, stage: 'confirm', logRatios, injected: slower }) });
    expect(injected).toHaveLength(1);
    const [effect] = injected;
    expect(effect).toMatchObject({ cell: cellId(1), injected: slower, forks: 3 });
    expect(effect?.measured.value).toBeCloseTo((1.09 * 1.1 * 1.11) ** (1 / 3) - 1, 12);
    expect(effect?.measured.lo).toBeLessThan(0.09);
    expect(effect?.measured.hi).toBeGreaterThan(0.11);
  });

  it('has no bounds from a single fork, and is absent without one', () => {
    const record = (logRatio: number | undefined) =>
      recordsOf({ number: 1, stage: 'confirm', logRatios: [logRatio], injected: slower });
    expect(summarize({ duets: record(Math.log(2)) }).injected[0]?.measured).toEqual({ value: 1 });
    expect(summarize({ duets: record(undefined) }).injected).toEqual([]);
  });

  it('keeps cells and changes apart', () => {
    const other: InjectedChange = { kind: 'repeat', share: 0.1, side: 'baseline' };
    const one = (number: number, injected: InjectedChange, factor: number) =>
      recordsOf({ number, stage: 'confirm', logRatios: [Math.log(factor)], injected });
    const { injected } = summarize({ duets: [...one(1, slower, 1.1), ...one(2, slower, 1.2), ...one(1, other, 0.9)] });
    expect(injected.map(({ measured }) => Math.round(measured.value * 100))).toEqual([10, 20, -10]);
  });
});

describe('live sessions', () => {
  function session(verdicts: readonly Verdict[], more: Partial<LiveSession> = {}): LiveSession {
    const severities = ['regression', 'failed', 'inconclusive'] as const;
    return {
      load: 'quiet',
      injected: none,
      durationMs: 1000,
      verdict: severities.find((verdict) => verdicts.includes(verdict)) ?? 'pass',
      cells: verdicts.map((verdict, number) => ({ cell: cellId(number), verdict })),
      ...more,
    };
  }

  it('without a change count every failure as false', () => {
    const { live } = summarize({
      sessions: [
        session(['pass', 'pass', 'pass'], { durationMs: 4000 }),
        session(['regression', 'regression', 'pass']),
        session(['inconclusive', 'pass', 'improvement']),
        session(['pass', 'pass', 'pass']),
      ],
    });
    expect(live).toMatchObject([
      {
        load: 'quiet',
        injected: none,
        sessions: 4,
        detected: 0,
        falseFailures: 1,
        inconclusiveSessions: 1,
        untouched: { cells: 12, failed: 2, inconclusive: 1 },
        longestMs: 4000,
      },
    ]);
    // The exact 95% bounds for 1 of 4, from published tables.
    expect(live[0]?.falseFailureBounds.lo).toBeCloseTo(0.0063, 4);
    expect(live[0]?.falseFailureBounds.hi).toBeCloseTo(0.8059, 4);
  });

  it('with a change in one cell count a failure of that cell as found, and of another one as false', () => {
    const cell = cellId(1);
    const { live } = summarize({
      sessions: [
        session(['pass', 'regression', 'pass'], { injected: slower, cell }),
        session(['regression', 'pass', 'pass'], { injected: slower, cell }),
        session(['regression', 'regression', 'inconclusive'], { injected: slower, cell }),
        session(['pass', 'inconclusive', 'pass'], { injected: slower, cell }),
      ],
    });
    expect(live).toMatchObject([
      {
        sessions: 4,
        detected: 2,
        falseFailures: 2,
        inconclusiveSessions: 1,
        untouched: { cells: 8, failed: 2, inconclusive: 1 },
      },
    ]);
  });

  it('count a cell that could not be measured as a failure, since that ends in an error as well', () => {
    const { live } = summarize({ sessions: [session(['pass', 'failed']), session(['pass', 'pass'])] });
    expect(live).toMatchObject([{ sessions: 2, falseFailures: 1, untouched: { cells: 4, failed: 1 } }]);
    const cell: MicroCellId = cellId(1);
    // A slowdown that was never measured has not been found.
    expect(summarize({ sessions: [session(['pass', 'failed'], { injected: slower, cell })] }).live).toMatchObject([
      { detected: 0, falseFailures: 0 },
    ]);
  });

  it('are counted by load and change', () => {
    const sessions = [
      session(['pass']),
      session(['pass'], { load: 'busy' }),
      session(['regression'], { injected: slower, cell: cellId(0) }),
      session(['pass']),
    ];
    expect(
      summarize({ sessions }).live.map(({ load, injected, sessions: count }) => [load, injected.kind, count]),
    ).toEqual([
      ['quiet', 'none', 2],
      ['busy', 'none', 1],
      ['quiet', 'repeat', 1],
    ]);
  });
});
