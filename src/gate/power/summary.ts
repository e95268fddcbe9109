/**
 * What the recorded evidence says of the gate: its false failures, what it detects, and whether orders matter.
 *
 * Everything is computed from the recording; the replays are seeded, so the same file always says the same.
 */
import { median } from '../../stats/center.ts';
import { meanInterval } from '../../stats/intervals.ts';
import { cellKey } from '../../compare/cells.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type {
  GateStage,
  InjectedEffect,
  LiveCounts,
  LiveSession,
  MachineLoad,
  PowerEvidence,
  PowerSummary,
  RecordedDuet,
  ReplayResult,
  SpreadBetweenForks,
  Tolerance,
} from '../../model/gate.ts';
import { proportionInterval } from '../../stats/proportion.ts';
import type { CellPool } from './replay.ts';
import { boundReplay, isFailure, replay } from './replay.ts';

/** Slowdowns of the curve, as shares. */
const curve = [0, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15];
/** Those that goals are about, whose bounds are worth their time. */
const bounded: ReadonlySet<number> = new Set([0, 0.05, 0.1]);
/**
 * Replayed sessions for each point; the share among sessions of the recorded duets is then known to about 0.4
 * percentage points.
 */
const replayedSessions = 2000;
const seed = 1;

/** @param tolerance of every cell; the recording's own. */
export function summarizePower(evidence: PowerEvidence, tolerance: Tolerance): PowerSummary {
  const unchanged = (load: MachineLoad): CellPool[] =>
    poolsOf(evidence.duets.filter((record) => record.load === load && record.injected.kind === 'none'));
  const replays: Partial<Record<MachineLoad, readonly ReplayResult[]>> = {};
  const spread: Partial<Record<MachineLoad, SpreadBetweenForks>> = {};
  for (const load of ['quiet', 'busy'] as const) {
    const pools = unchanged(load);
    if (pools.length === 0) continue;
    replays[load] = curve.map((slowdown) => {
      const request = {
        pools,
        slowdown,
        tolerance,
        falseAlarmRate: evidence.falseAlarmRate,
        screenForks: evidence.screenForks,
        looks: evidence.looks ?? [evidence.confirmForks],
        seed,
      };
      const result = replay({ ...request, sessions: replayedSessions });
      return bounded.has(slowdown) ? { ...result, bounds: boundReplay(request) } : result;
    });
    spread[load] = spreadOf(pools);
  }
  return { replays, live: countLive(evidence.sessions), injected: effectsOf(evidence.duets), spread };
}

function poolsOf(records: readonly RecordedDuet[]): CellPool[] {
  const cells = new Map<string, RecordedDuet[]>();
  for (const record of records) {
    const key = cellKey(record.duet.cell);
    cells.set(key, [...(cells.get(key) ?? []), record]);
  }
  const stageOf = (list: readonly RecordedDuet[], stage: GateStage) =>
    list.map(({ duet }) => duet).filter((duet) => duet.stage === stage);
  return (
    [...cells.values()]
      .map((list) => ({
        cell: (list[0] as RecordedDuet).duet.cell,
        screen: stageOf(list, 'screen'),
        confirm: stageOf(list, 'confirm'),
      }))
      // Of fewer duets, sessions would be near copies of each other.
      .filter(({ screen, confirm }) => ratiosOf(screen).length >= 4 && ratiosOf(confirm).length >= 6)
  );
}

function ratiosOf(records: readonly { readonly logRatio?: number }[]): number[] {
  return records.flatMap(({ logRatio }) => (logRatio === undefined ? [] : [logRatio]));
}

function spreadOf(pools: readonly CellPool[]): SpreadBetweenForks {
  const all = pools.map(({ screen, confirm }) => ratiosOf([...screen, ...confirm]));
  const deviations = pools.map(({ confirm }) => deviationOf(ratiosOf(confirm)));
  return {
    cells: pools.length,
    medianDifference: median(all.map((ratios) => meanInterval(ratios).mean)),
    medianSpread: median(deviations),
    largestSpread: Math.max(...deviations),
  };
}

function deviationOf(values: readonly number[]): number {
  const { mean } = meanInterval(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function effectsOf(records: readonly RecordedDuet[]): InjectedEffect[] {
  const groups = new Map<string, RecordedDuet[]>();
  for (const record of records) {
    if (record.injected.kind === 'none') continue;
    const key = JSON.stringify([record.injected, cellKey(record.duet.cell)]);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].flatMap((list): InjectedEffect[] => {
    const ratios = ratiosOf(list.map(({ duet }) => duet));
    const [first] = list;
    if (ratios.length === 0 || first === undefined) return [];
    const { mean, lo, hi } = meanInterval(ratios);
    const bounds = lo === undefined || hi === undefined ? {} : { lo: Math.expm1(lo), hi: Math.expm1(hi) };
    return [
      {
        cell: first.duet.cell,
        injected: first.injected,
        forks: ratios.length,
        measured: { value: Math.expm1(mean), ...bounds },
      },
    ];
  });
}

function countLive(sessions: readonly LiveSession[]): LiveCounts[] {
  const groups = new Map<string, LiveSession[]>();
  for (const session of sessions) {
    const key = JSON.stringify([session.load, session.injected]);
    groups.set(key, [...(groups.get(key) ?? []), session]);
  }
  return [...groups.values()].map((list): LiveCounts => {
    const [first] = list as [LiveSession, ...LiveSession[]];
    const isChanged = (session: LiveSession, cell: MicroCellId): boolean =>
      session.cell !== undefined && cellKey(session.cell) === cellKey(cell);
    const others = list.flatMap((session) => session.cells.filter(({ cell }) => !isChanged(session, cell)));
    const isFound = (session: LiveSession): boolean =>
      session.cells.some(({ cell, verdict }) => verdict === 'regression' && isChanged(session, cell));
    const detected = list.filter(isFound).length;
    const falseFailures = list.filter((session) =>
      session.cells.some((cell) => isFailure(cell) && !isChanged(session, cell.cell)),
    ).length;
    return {
      load: first.load,
      injected: first.injected,
      sessions: list.length,
      detected,
      detectionBounds: proportionInterval({ count: detected, trials: list.length }),
      falseFailures,
      falseFailureBounds: proportionInterval({ count: falseFailures, trials: list.length }),
      inconclusiveSessions: list.filter(({ verdict }) => verdict === 'inconclusive').length,
      untouched: {
        cells: others.length,
        failed: others.filter(isFailure).length,
        inconclusive: others.filter(({ verdict }) => verdict === 'inconclusive').length,
      },
      longestMs: Math.max(...list.map(({ durationMs }) => durationMs)),
    };
  });
}
