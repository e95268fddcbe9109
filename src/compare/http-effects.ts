/**
 * What a contender changed in a suite over HTTP: per metric, in which scenarios its interval excludes 1 and how far.
 *
 * Scenarios count under their headline load only. Deliberately absent: sentences, and any weighing of metrics.
 */
import type { HttpCell, HttpMetricName, HttpResults, MeasuredHttpSuite } from '../model/http.ts';
import { cellsByScenario, ratioOf, standingOf, takeHeadline } from './http-cells.ts';

/** One metric of one contender over the scenarios of a suite. */
export interface HttpEffect {
  readonly metric: HttpMetricName;
  /** Ratios whose whole interval lies above 1, ascending. */
  readonly more: readonly number[];
  /** Ratios whose whole interval lies below 1, ascending. */
  readonly less: readonly number[];
  /** Scenarios in which nothing is shown to differ. */
  readonly alike: number;
  /** Scenarios without an interval: too few rounds, or not measured. */
  readonly unknown: number;
}

export interface HttpContenderEffects {
  readonly contender: string;
  /** Scenarios of the suite, measured on this contender or not. */
  readonly scenarios: number;
  /** In the order of the metrics asked for. */
  readonly effects: readonly HttpEffect[];
}

/** Every contender of the suite but its reference, in the suite's order; without cells of a suite nobody has effects. */
export function findHttpEffects(request: {
  http: HttpResults;
  suite: MeasuredHttpSuite;
  metrics: readonly HttpMetricName[];
}): HttpContenderEffects[] {
  const { http, suite, metrics } = request;
  const scenarios = cellsByScenario(http, suite.id).map(([, cells]) => takeHeadline(cells));
  if (scenarios.length === 0) return [];
  return suite.contenders
    .filter(({ id }) => id !== suite.reference)
    .map(({ id }) => ({
      contender: id,
      scenarios: scenarios.length,
      effects: metrics.map((metric) =>
        gather(
          metric,
          scenarios.map((cells) => cells.find(({ contender }) => contender === id)),
        ),
      ),
    }));
}

function gather(metric: HttpMetricName, cells: readonly (HttpCell | undefined)[]): HttpEffect {
  const ratios = cells.map((cell) => (cell === undefined ? undefined : ratioOf(cell, metric)));
  const those = (wanted: 'more' | 'less'): number[] =>
    ratios
      .flatMap((ratio) => (ratio !== undefined && standingOf(ratio) === wanted ? ratio.ratio : []))
      .toSorted((a, b) => a - b);
  return {
    metric,
    more: those('more'),
    less: those('less'),
    alike: ratios.filter((ratio) => ['same', 'no-difference'].includes(standingOf(ratio))).length,
    unknown: ratios.filter((ratio) => standingOf(ratio) === 'unknown').length,
  };
}
