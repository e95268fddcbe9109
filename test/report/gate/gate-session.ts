/**
 * A made-up gate session that holds every verdict once or twice, with names that try to break every format.
 *
 * Nothing here is a measurement, and verdicts are given, not decided.
 */
import type { MicroCellId } from '../../../src/model/cell.ts';
import type { Duet, GateCell, GateSession, GateStage, Tolerance } from '../../../src/model/gate.ts';
import { imaginaryEnvironment } from '../../imaginary-environment.ts';

const tolerance: Tolerance = { time: 0.03, outputBytes: 0.01, allocations: 0.025 };

/** What a contender's file would be called by somebody who wants to break a report. */
export const hostileName = 'evil<b>|`x`::error title=y::]]>]]>\n%0A\u001b[31m';

interface DuetsRequest {
  readonly cell: MicroCellId;
  readonly stage: GateStage;
  readonly logRatios: readonly number[];
  readonly nullLogRatios?: readonly number[];
}

function cellId(parts: Partial<MicroCellId>): MicroCellId {
  return {
    suite: 'serialize',
    contender: 'plain',
    payload: 'tools',
    items: 1000,
    variant: 'native',
    sink: 'bytes',
    ...parts,
  };
}

function makeDuets({ cell, stage, logRatios, nullLogRatios }: DuetsRequest): Duet[] {
  return logRatios.map((logRatio, fork) => {
    const nullLogRatio = nullLogRatios?.[fork];
    return {
      cell,
      stage,
      fork,
      baseline: { status: 'ok', latencyNs: 1e6, outputBytes: 1000, allocatedBytesPerOp: 2000 },
      candidate: { status: 'ok', latencyNs: 1e6 * Math.exp(logRatio), outputBytes: 1000, allocatedBytesPerOp: 2000 },
      logRatio,
      ...(nullLogRatio === undefined ? {} : { nullLogRatio }),
      opsPerBlock: 100,
      warnings: fork === 0 ? ['warm-up did not settle'] : [],
    };
  });
}

function broken(cell: MicroCellId, sides: Pick<Duet, 'baseline' | 'candidate'>): Duet {
  return { cell, stage: 'screen', fork: 0, ...sides, warnings: [] };
}

const slower = cellId({ contender: 'fast-json-stringify' });
const wrong = cellId({ contender: 'forgetful', items: 10 });
const larger = cellId({ contender: 'roomy', variant: 'text' });
const crashed = cellId({ contender: 'fragile', payload: 'servers' });
const unclear = cellId({ contender: hostileName, items: 100 });
const faster = cellId({ suite: 'parse', contender: 'parser' });
const added = cellId({ suite: 'parse', contender: 'added' });
const removed = cellId({ suite: 'parse', contender: 'removed' });
const same = cellId({});
const slightly = cellId({ items: 5000 });

const common = { tolerance, stage: 'screen' } as const;

/** In no order at all, as a report must not rely on one. */
const cells: readonly GateCell[] = [
  {
    ...common,
    cell: same,
    verdict: 'pass',
    reason: 'no difference in 3 duets',
    time: { value: 0.001, lo: -0.012, hi: 0.014, confidence: 0.95 },
    detectable: 0.021,
    outputBytes: { baseline: 1000, candidate: 1000, change: 0, verdict: 'pass' },
    allocations: { baseline: 2000, candidate: 2000.4, change: 0.0002, verdict: 'pass' },
    duets: makeDuets({ cell: same, stage: 'screen', logRatios: [0.001, 0.004, -0.002] }),
  },
  {
    ...common,
    cell: slightly,
    verdict: 'pass',
    reason: 'slower by 1.2%, within what 3 duets can tell from the tolerance',
    time: { value: 0.012, lo: -0.004, hi: 0.028, confidence: 0.95 },
    detectable: 0.028,
    outputBytes: { baseline: 120_000, candidate: 120_001, change: 1 / 120_000, verdict: 'pass' },
    duets: makeDuets({ cell: slightly, stage: 'screen', logRatios: [0.011, 0.013, 0.012] }),
  },
  {
    ...common,
    cell: faster,
    verdict: 'improvement',
    reason: 'faster than the tolerance in every test',
    stage: 'confirm',
    time: { value: -0.12, lo: -0.14, hi: -0.098, confidence: 0.95 },
    nullArm: { value: 0.002, lo: -0.01, hi: 0.014, confidence: 0.95 },
    detectable: 0.019,
    duets: makeDuets({ cell: faster, stage: 'confirm', logRatios: [-0.12, -0.13], nullLogRatios: [0.002, 0.001] }),
  },
  {
    ...common,
    cell: larger,
    verdict: 'regression',
    reason: 'writes more bytes than its tolerance allows',
    time: { value: 0.002, lo: -0.01, hi: 0.014, confidence: 0.95 },
    detectable: 0.02,
    outputBytes: { baseline: 1000, candidate: 1040, change: 0.04, verdict: 'regression' },
    allocations: { baseline: 2000, candidate: 1800, change: -0.1, verdict: 'improvement' },
    duets: makeDuets({ cell: larger, stage: 'screen', logRatios: [0.002, 0.001] }),
  },
  {
    ...common,
    cell: slower,
    verdict: 'regression',
    reason: 'slower than the tolerance in every test',
    stage: 'confirm',
    time: { value: 0.071, lo: 0.052, hi: 0.09, confidence: 0.95 },
    nullArm: { value: -0.003, lo: -0.015, hi: 0.009, confidence: 0.95 },
    detectable: 0.024,
    outputBytes: { baseline: 1000, candidate: 1000, change: 0, verdict: 'pass' },
    duets: [
      ...makeDuets({ cell: slower, stage: 'screen', logRatios: [0.05, 0.09] }),
      ...makeDuets({
        cell: slower,
        stage: 'confirm',
        logRatios: [0.07, 0.068, 0.071],
        nullLogRatios: [-0.003, 0, -0.004],
      }),
    ],
  },
  {
    ...common,
    cell: wrong,
    verdict: 'regression',
    reason: 'wrong output: first difference at /0/createdAt',
    duets: [
      broken(wrong, {
        baseline: { status: 'ok' },
        candidate: { status: 'incorrect', reason: 'first difference at /0/createdAt' },
      }),
    ],
  },
  {
    ...common,
    cell: crashed,
    verdict: 'failed',
    reason: 'the candidate failed: it exited with code 9',
    duets: [
      broken(crashed, { baseline: { status: 'ok' }, candidate: { status: 'failed', reason: 'it exited with code 9' } }),
    ],
  },
  {
    ...common,
    cell: unclear,
    verdict: 'inconclusive',
    reason: 'only changes above 9.0% would show\n::error::forged ]]> \u202egnorw',
    time: { value: 0.034, lo: -0.011, hi: 0.081, confidence: 0.95 },
    detectable: 0.09,
    duets: [
      ...makeDuets({ cell: unclear, stage: 'screen', logRatios: [0.03, 0.04] }),
      broken(unclear, { baseline: { status: 'ok' }, candidate: { status: 'failed', reason: 'it hung' } }),
    ],
  },
  {
    ...common,
    cell: added,
    verdict: 'new',
    reason: 'the baseline has no such contender',
    duets: [
      broken(added, { baseline: { status: 'unavailable', reason: 'no such contender' }, candidate: { status: 'ok' } }),
    ],
  },
  {
    ...common,
    cell: removed,
    verdict: 'gone',
    reason: 'the candidate has no such contender',
    duets: [
      broken(removed, {
        baseline: { status: 'ok' },
        candidate: { status: 'unavailable', reason: 'no such contender' },
      }),
    ],
  },
];

/** Every verdict, hostile names, packages that differ, cells left out. */
export function gateSession(): GateSession {
  return {
    gateVersion: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 252_000,
    seed: 7,
    baseline: {
      name: 'baseline',
      ref: 'origin/main',
      commit: '0123456789ab',
      node: '0.0.0',
      packages: { 'fast-json-stringify': '1.2.3', same: '1.0.0', removed: '2.0.0' },
    },
    candidate: {
      name: 'candidate',
      ref: 'working tree',
      commit: 'ba9876543210-dirty',
      node: '0.0.1',
      packages: { 'fast-json-stringify': '1.2.4', same: '1.0.0', '__proto__|x': '3.0.0' },
    },
    environment: imaginaryEnvironment,
    falseAlarmRate: 0.01,
    cells,
    leftOut: [
      { cell: cellId({ contender: 'slow', items: 5000 }), reason: 'no time within the budget' },
      { cell: cellId({ contender: 'slow', items: 100 }), reason: 'no time within the budget' },
      { cell: cellId({ contender: 'packed', sink: 'string' }), reason: 'it writes no text | only bytes' },
    ],
    verdict: 'regression',
    warnings: ['the machine was busy when the session started'],
  };
}

/** The same session with the cells of some verdicts only. */
export function sessionOf(...verdicts: readonly GateSession['verdict'][]): GateSession {
  const own = cells.filter(({ verdict }) => verdicts.some((name) => name === verdict));
  return { ...gateSession(), cells: own, leftOut: [], warnings: [], verdict: verdicts[0] ?? 'pass' };
}
