/**
 * What a gateway costs: the same load on it and on the server behind it, compared turn by turn.
 *
 * Turns alternate, so that what slows the machine for a while hits both sides of a pair. Turns of one session are not
 * independent as rounds of fresh processes are, so that the interval says how steady this session was, and no more.
 */
import { type Interval, meanInterval, ratioInterval } from '../stats/intervals.ts';
import { percentileNs, type SideFigures, type TurnFigures } from './figures.ts';

/** An added latency that two loads tell; in nanoseconds. */
interface AddedLatency {
  readonly percent: number;
  readonly addedNs: number;
}

export interface Overhead {
  /** Answers a second by the gateway, to those of the server asked directly. */
  readonly rate: Interval;
  /** What it adds to the median; in nanoseconds. */
  readonly medianNs: Interval;
  /** Differences of percentiles of the whole loads; those that both have. */
  readonly added: readonly AddedLatency[];
}

/** @returns `undefined` where one of the two was not answered in every turn. */
export function compareSides({ asked, direct }: { asked: SideFigures; direct: SideFigures }): Overhead | undefined {
  const pairs = asked.turns.map((turn, index) => ({ turn, other: direct.turns[index] }));
  const complete = pairs.flatMap(({ turn, other }) => (isAnswered(turn) && isAnswered(other) ? [{ turn, other }] : []));
  if (complete.length === 0 || complete.length < pairs.length) return undefined;
  return {
    rate: ratioInterval(
      complete.map(({ turn, other }) => ({ numerator: turn.answeredPerSec, denominator: other.answeredPerSec })),
    ),
    medianNs: meanInterval(complete.map(({ turn, other }) => turn.medianNs - other.medianNs)),
    added: (asked.latencies?.percentiles ?? []).flatMap(({ percent, ns }) => {
      const directNs = percentileNs(direct, percent);
      return ns === undefined || directNs === undefined ? [] : [{ percent, addedNs: ns - directNs }];
    }),
  };
}

function isAnswered(turn: TurnFigures | undefined): turn is Required<TurnFigures> {
  return turn !== undefined && turn.answeredPerSec > 0 && turn.medianNs !== undefined;
}
