/**
 * What a metric over HTTP is to the reference's: a ratio formed inside rounds, or a difference where a ratio says nothing.
 *
 * A time below its clock's resolution is mostly the clock's: between two of them a ratio ran from 0.007x to 297x. There
 * the difference in the metric's own unit is what can be said. Deliberately absent: sentences.
 */
import type { HttpCell, HttpDifference, HttpMetricName, HttpRatio, HttpResults, HttpSummary } from '../model/http.ts';
import { fewestForBounds, meanInterval, ratioInterval } from '../stats/intervals.ts';
import { groupBy } from './cells.ts';
import { nameLoad } from './http-cells.ts';
import { loopDelayResolutionMs } from './loop-delay-resolution.ts';

/** Values below these are not told apart by what measures them; metrics that are not named here have no such limit. */
const resolutions: Partial<Record<HttpMetricName, number>> = { eventLoopDelayP99Ns: loopDelayResolutionMs * 1e6 };

/** Cells of one suite, scenario and load with what each metric is to the reference's; earlier ratios are replaced. */
export function compareWithReference(cells: readonly HttpCell[], reference: string): HttpCell[] {
  const against = cells.find(({ contender, status }) => contender === reference && status === 'ok');
  return cells.map((cell) => {
    const entries = Object.entries(cell.metrics) as [HttpMetricName, HttpSummary][];
    const metrics = entries.map(
      ([name, { ratio: _ratio, difference: _difference, ...summary }]): [HttpMetricName, HttpSummary] => {
        if (against === undefined) return [name, summary];
        return [
          name,
          { ...summary, ...(cell === against ? { ratio: { reference, ratio: 1 } } : standBeside(cell, against, name)) },
        ];
      },
    );
    return { ...cell, metrics: Object.fromEntries(metrics) as HttpCell['metrics'] };
  });
}

/** The same for all that a stored session holds: older ones have ratios and bounds that are no longer believed. */
export function reassessHttp(http: HttpResults): HttpResults {
  const groups = groupBy(http.cells, ({ suite, scenario, load }) => JSON.stringify([suite, scenario, nameLoad(load)]));
  const renewed = new Map(
    [...groups.values()].flatMap((cells) => {
      const reference = http.suites.find(({ id }) => id === cells[0].suite)?.reference ?? '';
      return compareWithReference(cells, reference).map(
        (cell, index) => [cells[index], withoutThinBounds(cell)] as const,
      );
    }),
  );
  return { ...http, cells: http.cells.map((cell) => renewed.get(cell) ?? cell) };
}

function withoutThinBounds(cell: HttpCell): HttpCell {
  const entries = Object.entries(cell.metrics) as [HttpMetricName, HttpSummary][];
  const metrics = entries.map(([name, { lo, hi, confidence, ...summary }]) => {
    if (cell.rounds.length < fewestForBounds || lo === undefined || hi === undefined || confidence === undefined)
      return [name, summary];
    // No metric is ever negative.
    return [name, { ...summary, lo: Math.max(0, lo), hi, confidence }];
  });
  return { ...cell, metrics: Object.fromEntries(metrics) as HttpCell['metrics'] };
}

function standBeside(
  cell: HttpCell,
  against: HttpCell,
  name: HttpMetricName,
): { ratio?: HttpRatio; difference?: HttpDifference } {
  const byRound = new Map(against.rounds.map(({ round, metrics }) => [round, metrics[name]]));
  const pairs = cell.rounds.flatMap(({ round, metrics }) => {
    const [numerator, denominator] = [metrics[name], byRound.get(round)];
    return numerator === undefined || denominator === undefined ? [] : [{ numerator, denominator }];
  });
  if (pairs.length === 0) return {};
  const { contender: reference } = against;
  const resolution = resolutions[name] ?? 0;
  // One pair decides for all: leaving some rounds out would choose the evidence.
  if (
    pairs.some(
      ({ numerator, denominator }) =>
        Math.min(numerator, denominator) <= 0 || Math.min(numerator, denominator) < resolution,
    )
  ) {
    const { mean: value, ...bounds } = meanInterval(pairs.map(({ numerator, denominator }) => numerator - denominator));
    return { difference: { reference, value, ...bounds } };
  }
  const { mean: ratio, ...bounds } = ratioInterval(pairs);
  return { ratio: { reference, ratio, ...bounds } };
}
