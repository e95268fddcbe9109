/**
 * What a run can know of its own noise: what identical code read beside itself, and what else went on on the machine.
 */
import type { CellId, Fork, ForkOutcome, MicroCellId } from '../model/cell.ts';
import type { HttpCellId, HttpOutcome } from '../model/http.ts';
import type { RunNoise, TwinReading } from '../model/noise.ts';
import type { Run } from '../model/run.ts';
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
    readTwins(timed.map((outcome): Timed<MicroCellId> => ({ ...outcome, time: outcome.fork.latencyNs }))),
  );
}

/** The same of servers under load, whose time is that of a request. */
export function measureHttpNoise(outcomes: readonly HttpOutcome[]): RunNoise<HttpCellId> | undefined {
  const timed = outcomes.flatMap((outcome) => {
    const { suite, scenario, contender, load, status, metrics } = outcome;
    const requestsPerSec = metrics?.['requestsPerSec'];
    if (status !== 'ok' || requestsPerSec === undefined) return [];
    return [{ ...outcome, cell: { suite, scenario, contender, load }, time: 1 / requestsPerSec }];
  });
  const shares = middleShares(timed);
  const twins = readTwins(timed);
  return Object.keys(shares).length === 0 && twins.length === 0 ? undefined : { ...shares, twins };
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

type Shares = Pick<RunNoise, (typeof shareNames)[number]>;

/** What processes say in the middle; a share that none of them has is absent. */
export function middleShares(told: readonly Shares[]): Shares {
  const known = shareNames.flatMap((name) => {
    const shares = told.flatMap((one) => one[name] ?? []);
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

/** One process in a round of a cell. */
interface Timed<Id extends CellId> {
  readonly cell: Id;
  readonly round: number;
  readonly isTwin?: boolean;
  /** Of whatever is timed, in any unit. */
  readonly time: number;
}

function readTwins<Id extends CellId>(timed: readonly Timed<Id>[]): TwinReading<Id>[] {
  const originals = new Map(
    timed.filter(({ isTwin }) => isTwin !== true).map(({ round, cell, time }) => [`${round} ${cellKey(cell)}`, time]),
  );
  const twins = groupBy(
    timed.filter(({ isTwin }) => isTwin === true),
    ({ cell }) => cellKey(cell),
  );
  return [...twins.values()].flatMap((own): TwinReading<Id>[] => {
    const rounds = own.flatMap(({ round, cell, time }) => {
      const original = originals.get(`${round} ${cellKey(cell)}`);
      return original === undefined ? [] : [{ round, ratio: time / original }];
    });
    if (rounds.length === 0) return [];
    const { mean, ...bounds } = geometricInterval(rounds.map(({ ratio }) => ratio));
    return [{ cell: own[0].cell, rounds, ratio: mean, ...bounds }];
  });
}
