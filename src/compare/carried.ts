/**
 * How many requests a second a server carries: the rate of arrival at which its slow answers reach a limit, found
 * between the rates that were measured.
 */
import { groupBy } from './cells.ts';
import { boundRatio } from './ratios.ts';
import type { HttpCell } from '../model/http.ts';
import { median } from '../stats/center.ts';

export interface Carried {
  readonly contender: string;
  /** The median over rounds. */
  readonly perSec: number;
  /** True where some round had not reached the limit at the highest rate: then it is that rate, and more is possible. */
  readonly isLeast: boolean;
  /** To the reference's, formed inside rounds; absent for the reference, and where either reached no limit. */
  readonly ratio?: { readonly ratio: number; readonly lo?: number; readonly hi?: number };
}

/** Below this share of the arrivals the server has fallen behind, whatever its latency was so far. */
export const keptUpShare = 0.95;

/**
 * @param request.cells of one scenario; those of closed loops are left out. @param request.metric a latency.
 * @returns in the order of the cells; a contender that is over the limit at the least rate is left out.
 */
export function findCarried(request: {
  cells: readonly HttpCell[];
  reference: string;
  metric: string;
  limitNs: number;
}): Carried[] {
  const { cells, reference, metric, limitNs } = request;
  const rated = cells.filter(({ id, status }) => id.load.kind === 'open' && status === 'ok');
  const rounds = new Map(
    [...groupBy(rated, ({ id }) => id.contender)].map(([contender, own]) => [
      contender,
      carriedByRound(own, { metric, limitNs }),
    ]),
  );
  const against = rounds.get(reference);
  return [...rounds].flatMap(([contender, own]): Carried[] => {
    if (own.length === 0 || own.some(({ perSec }) => perSec === 0)) return [];
    const isLeast = own.some((round) => round.isLeast);
    const perSec = median(own.map((round) => round.perSec));
    const isBounded = !isLeast && against?.every((round) => !round.isLeast && round.perSec > 0) === true;
    if (contender === reference || !isBounded) return [{ contender, perSec, isLeast }];
    const ratios = own.flatMap((round) => {
      const other = against.find((one) => one.round === round.round);
      return other === undefined ? [] : [round.perSec / other.perSec];
    });
    return [{ contender, perSec, isLeast, ...(ratios.length === 0 ? {} : { ratio: boundOf(ratios) }) }];
  });
}

interface CarriedInRound {
  readonly round: number;
  /** 0 where even the least rate is too much. */
  readonly perSec: number;
  readonly isLeast: boolean;
}

function carriedByRound(
  cells: readonly HttpCell[],
  { metric, limitNs }: { metric: string; limitNs: number },
): CarriedInRound[] {
  const ascending = cells.toSorted((a, b) => rateOf(a) - rateOf(b));
  const rounds = new Set(ascending.flatMap(({ metrics }) => metrics[metric]?.values.map(({ round }) => round) ?? []));
  return [...rounds].map((round) => {
    const points = ascending.flatMap((cell) => {
      const [late, answered] = [metric, 'requestsPerSec'].map(
        (name) => cell.metrics[name]?.values.find((one) => one.round === round)?.value,
      );
      if (late === undefined || answered === undefined) return [];
      return [{ perSec: rateOf(cell), late, isBehind: answered < keptUpShare * rateOf(cell) }];
    });
    return { round, ...crossing(points, limitNs) };
  });
}

/** Between two rates latency is taken to grow evenly. */
function crossing(
  points: readonly { perSec: number; late: number; isBehind: boolean }[],
  limitNs: number,
): Pick<CarriedInRound, 'perSec' | 'isLeast'> {
  const index = points.findIndex(({ late, isBehind }) => late > limitNs || isBehind);
  const [before, beyond] = [points[index - 1], points[index]];
  if (beyond === undefined) return { perSec: points.at(-1)?.perSec ?? 0, isLeast: true };
  if (before === undefined) return { perSec: 0, isLeast: false };
  const share = beyond.late > limitNs ? (limitNs - before.late) / (beyond.late - before.late) : 0;
  return { perSec: before.perSec + share * (beyond.perSec - before.perSec), isLeast: false };
}

function rateOf({ id: { load } }: HttpCell): number {
  return load.kind === 'open' ? load.requestsPerSec : 0;
}

function boundOf(ratios: readonly number[]): NonNullable<Carried['ratio']> {
  const { mean: ratio, lo, hi } = boundRatio(ratios, undefined);
  return { ratio, ...(lo === undefined || hi === undefined ? {} : { lo, hi }) };
}
