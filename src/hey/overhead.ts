/**
 * What a gateway costs: the same load on it and on the server behind it, compared window by window.
 *
 * Windows alternate, so that what slows the machine for a while hits both sides of a pair. Windows of one session are not
 * independent as rounds of fresh processes are, so that the interval says how steady this session was, and no more.
 */
import { type Interval, meanInterval, ratioInterval } from '../stats/intervals.ts';
import { percentileNs, type SideFigures, type WindowFigures } from './figures.ts';

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

/** @returns `undefined` where one of the two was not answered in every window. */
export function compareSides({ asked, direct }: { asked: SideFigures; direct: SideFigures }): Overhead | undefined {
  const pairs = asked.windows.map((window, index) => ({ window, other: direct.windows[index] }));
  const complete = pairs.flatMap(({ window, other }) =>
    isAnswered(window) && isAnswered(other) ? [{ window, other }] : [],
  );
  if (complete.length === 0 || complete.length < pairs.length) return undefined;
  return {
    rate: ratioInterval(
      complete.map(({ window, other }) => ({ numerator: window.answeredPerSec, denominator: other.answeredPerSec })),
    ),
    medianNs: meanInterval(complete.map(({ window, other }) => window.medianNs - other.medianNs)),
    added: (asked.latencies?.percentiles ?? []).flatMap(({ percent, ns }) => {
      const directNs = percentileNs(direct, percent);
      return ns === undefined || directNs === undefined ? [] : [{ percent, addedNs: ns - directNs }];
    }),
  };
}

function isAnswered(window: WindowFigures | undefined): window is Required<WindowFigures> {
  return window !== undefined && window.answeredPerSec > 0 && window.medianNs !== undefined;
}
