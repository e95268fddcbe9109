/**
 * The answer of what was measured over HTTP, in a few sentences: what each contender does to the requests a second of
 * its suite's reference, the strongest first, and what identical servers read.
 */
import { medianOf, ratioOf } from '../../compare/cells.ts';
import { isSame, standing } from '../../compare/ratios.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { MeasuredHttpSuite } from '../../model/http.ts';
import type { Ratio } from '../../model/metric.ts';
import { nameChart } from '../charts/chart-scope.ts';
import type { Answer, Block, ListItem } from '../document.ts';
import { answerOf, findChart } from '../parts/answer.ts';
import { farthestTwin } from '../parts/noise-lines.ts';
import {
  formatAll,
  formatBoundedRatio,
  formatCount,
  formatPercent,
  formatPerSecond,
  formatPlural,
  formatTime,
} from '../quantities.ts';
import { tellCarried } from './carried.ts';
import { type MeasuredHttp, tellLoadShortly, titleOf, titleOfScenario } from './http-words.ts';

/** Contenders that are told of; the tables have them all. Arbitrary within 2 to 4. */
const mostTold = 3;

const metric = 'requestsPerSec';

/** A contender in a scenario under the scenario's headline load. */
interface Reading {
  readonly scenario: string;
  readonly ratio: Ratio;
  readonly says: ReturnType<typeof standing>;
}

interface Told {
  readonly text: string;
  /** |ln| of the ratio that is farthest from 1. */
  readonly strength: number;
  readonly suite: string;
}

/** No block where no ratio is known. @param sections the report's own, out of which the chart comes. */
export function answerHttp(measured: MeasuredHttp, sections: readonly Block[]): Answer[] {
  const { http } = measured;
  const bySuite = http.suites.map((suite) =>
    suite.contenders
      .filter(({ id }) => id !== suite.reference)
      .flatMap(({ id }) => tellRival(measured, suite, id))
      .toSorted((a, b) => b.strength - a.strength),
  );
  // The first suite is what a session is about, however much more others change.
  const [main = [], ...others] = bySuite;
  const strongest = [...main, ...others.flat().toSorted((a, b) => b.strength - a.strength)].slice(0, mostTold);
  const carried = http.suites.flatMap((suite) =>
    tellCarried(http, suite).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : [])),
  );
  const alone = http.suites.flatMap((suite) => tellAlone(measured, suite));
  if (strongest.length + carried.length + alone.length === 0) return [];
  const [{ suite } = { suite: http.suites[0]?.id ?? '' }] = strongest;
  const prefix = `${nameChart(['chart', 'http', suite])}-`;
  const chart = findChart(sections, ({ id, y }) => id.startsWith(prefix) && y.unit === 'perSec');
  return answerOf([...carried, ...strongest.map(({ text }) => text), ...alone, ...tellNoise(measured)], chart);
}

/** What one server answers that stands beside no other: under the load where it answers most. */
function tellAlone({ http }: MeasuredHttp, suite: MeasuredHttpSuite): string[] {
  const [only, ...others] = suite.contenders;
  if (only === undefined || others.length > 0) return [];
  const name = titleOf(suite, only.id);
  const told = cellsByScenario(http, suite.id).map(([scenario, cells]) => {
    const rates = cells
      .map((cell) => ({ cell, rate: medianOf(cell, metric) ?? 0 }))
      .filter(({ cell, rate }) => cell.status === 'ok' && rate > 0)
      .toSorted((a, b) => b.rate - a.rate);
    const title = titleOfScenario(http, scenario);
    const [best] = rates;
    if (best === undefined) return `Nothing was measured of ${title}.`;
    const p95 = medianOf(best.cell, 'p95Ns');
    const late = p95 === undefined ? '' : `, 95% of them within ${formatTime(p95)}`;
    const load = tellLoadShortly(best.cell.id.load);
    return `${name} answers up to ${formatPerSecond(best.rate)} requests a second of ${title} (${load})${late}.`;
  });
  return told.length === 0 ? [] : [...told.slice(0, mostTold), 'No other server was measured beside it.'];
}

function tellRival({ http }: MeasuredHttp, suite: MeasuredHttpSuite, contender: string): Told[] {
  const readings = cellsByScenario(http, suite.id).flatMap(([scenario, cells]): Reading[] => {
    const cell = takeHeadline(cells).find(({ id }) => id.contender === contender);
    const ratio = cell === undefined ? undefined : ratioOf(cell, metric);
    if (ratio === undefined) return [];
    return [{ scenario, ratio, says: isSame(ratio) ? 'no-difference' : standing(ratio) }];
  });
  if (readings.length === 0) return [];
  const byDistance = readings.toSorted((a, b) => distanceOf(b) - distanceOf(a));
  const [more, less, alike] = (['more', 'less', 'no-difference'] as const).map((says) =>
    byDistance.filter((reading) => reading.says === says),
  ) as [Reading[], Reading[], Reading[]];
  const unknown = readings.length - more.length - less.length - alike.length;
  const tellMost = ([first]: readonly Reading[], word: string): string[] =>
    first === undefined
      ? []
      : [`${word} ${formatBoundedRatio(first.ratio)} the requests a second (${titleOfScenario(http, first.scenario)})`];
  const extremes = [...tellMost(more, 'up to'), ...tellMost(less, 'down to')];
  const counts = [
    { words: 'more', count: more.length },
    { words: 'fewer', count: less.length },
    { words: 'no difference shown', count: alike.length },
    { words: 'without an interval', count: unknown },
  ];
  const start = `${titleOf(suite, contender)} instead of ${titleOf(suite, suite.reference)}: `;
  const told = extremes.length === 0 ? '' : `${extremes.join(', ')}; `;
  const text = `${start}${told}${tellCounts(counts, readings.length)}.`;
  const decided = [...more, ...less];
  return [{ text, strength: Math.max(0, ...decided.map(distanceOf)), suite: suite.id }];
}

/** `more in all 5 scenarios`, `more in 3, no difference shown in 2 of 5 scenarios`. */
function tellCounts(counts: readonly { readonly words: string; readonly count: number }[], of: number): string {
  const own = counts.filter(({ count }) => count > 0);
  const [only] = own;
  if (own.length === 1 && only !== undefined) return `${only.words} in ${formatAll(of, 'scenario')}`;
  const told = own.map(({ words, count }) => `${words} in ${formatCount(count)}`);
  return `${told.join(', ')} of ${formatPlural(of, 'scenario')}`;
}

function distanceOf({ ratio: { ratio } }: Reading): number {
  return Math.abs(Math.log(ratio));
}

function tellNoise({ http: { noise } }: MeasuredHttp): ListItem[] {
  if (noise === undefined || noise.twins.length === 0) return [];
  const far = formatPercent(farthestTwin(noise.twins));
  return [
    {
      text: `Identical servers read within ${far} of each other; where no difference is shown, more rounds may show one (--more).`,
    },
  ];
}
