/**
 * What a run can know of its own noise: what identical code read beside itself, and what else went on on the machine.
 */
import type { Fork, ForkOutcome } from '../model/cell.ts';
import type { Run, RunNoise, TwinReading } from '../model/run.ts';
import { median } from '../stats/center.ts';
import { geometricInterval } from '../stats/intervals.ts';
import { cellKey, groupBy } from './cells.ts';

/** @returns `undefined` where no ensemble tells anything. */
export function measureNoise(outcomes: readonly ForkOutcome[]): RunNoise | undefined {
  const timed = outcomes.flatMap((outcome) =>
    outcome.status === 'ok' && outcome.fork !== undefined ? [{ ...outcome, fork: outcome.fork }] : [],
  );
  return summarizeNoise(
    timed.map(({ fork }) => fork),
    readTwins(timed),
  );
}

/** That of one run made of others, such as shards. */
export function joinNoise(runs: readonly Pick<Run, 'cells' | 'noise'>[]): RunNoise | undefined {
  const forks = runs.flatMap(({ cells }) => cells.flatMap(({ rounds }) => rounds.flatMap(({ fork }) => fork ?? [])));
  return summarizeNoise(
    forks,
    runs.flatMap(({ noise }) => noise?.twins ?? []),
  );
}

const shareNames = ['cleanShare', 'stolenShare', 'othersShare'] as const;

/** What processes say in the middle; a share that none of them has is absent. */
export function middleShares(forks: readonly Fork[]): Pick<RunNoise, (typeof shareNames)[number]> {
  const known = shareNames.flatMap((name) => {
    const shares = forks.flatMap((fork) => fork[name] ?? []);
    return shares.length === 0 ? [] : [[name, median(shares)] as const];
  });
  return Object.fromEntries(known);
}

function summarizeNoise(forks: readonly Fork[], twins: readonly TwinReading[]): RunNoise | undefined {
  const shares = middleShares(forks);
  if (Object.keys(shares).length === 0 && twins.length === 0) return undefined;
  const isElapsed = forks.some(({ clock }) => clock === 'elapsed');
  return { ...(isElapsed ? { clock: 'elapsed' } : {}), ...shares, twins };
}

function readTwins(timed: readonly (ForkOutcome & { readonly fork: Fork })[]): TwinReading[] {
  const originals = new Map(
    timed
      .filter(({ isTwin }) => isTwin !== true)
      .map(({ round, cell, fork }) => [`${round} ${cellKey(cell)}`, fork.latencyNs]),
  );
  const twins = groupBy(
    timed.filter(({ isTwin }) => isTwin === true),
    ({ cell }) => cellKey(cell),
  );
  return [...twins.values()].flatMap((own): TwinReading[] => {
    const rounds = own.flatMap(({ round, cell, fork }) => {
      const original = originals.get(`${round} ${cellKey(cell)}`);
      return original === undefined ? [] : [{ round, ratio: fork.latencyNs / original }];
    });
    if (rounds.length === 0) return [];
    const { mean, ...bounds } = geometricInterval(rounds.map(({ ratio }) => ratio));
    return [{ cell: own[0].cell, rounds, ratio: mean, ...bounds }];
  });
}
