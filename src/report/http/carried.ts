/**
 * How many requests a second each contender carries before its slow answers reach a limit, in sentences and a table.
 */
import { type Carried, findCarried } from '../../compare/carried.ts';
import { standing } from '../../compare/ratios.ts';
import { cellsByScenario } from '../../compare/scenarios.ts';
import type { HttpCell, HttpResults, MeasuredHttpSuite } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { Block } from '../document.ts';
import { paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
import { formatBoundedRatio, formatInterval, formatMoment, formatPerSecond, formatTime } from '../quantities.ts';
import { titleOf, titleOfScenario } from './http-words.ts';

/** What people wait for without noticing, at most; the share of answers that may take longer is that of p95. */
const limitNs = 100e6;
const metric = 'p95Ns';
/** Fewer rates say nothing of where the limit lies. */
const fewestRates = 3;

/** A sentence for each scenario of the suite that was measured at several rates. */
export function tellCarried(http: HttpResults, suite: MeasuredHttpSuite): Block[] {
  return cellsByScenario(http, suite.id).flatMap(([scenario, cells]) => {
    if (countRates(cells) < fewestRates) return [];
    const carried = findCarried({ cells, reference: suite.reference, metric, limitNs });
    if (carried.length === 0) return [];
    const told = carried.map(({ contender, perSec, isLeast, ratio }) => {
      const to = ratio === undefined ? '' : `, ${tellRatio(ratio)}`;
      return `${titleOf(suite, contender)} ${isLeast ? 'at least ' : ''}${formatPerSecond(perSec)}${to}`;
    });
    const title = titleOfScenario(http, scenario);
    return [
      paragraph(
        `Requests a second at which p95 reaches ${formatTime(limitNs)}, ${title}: ${told.join('; ')}. Between two rates that were measured, p95 is taken to grow evenly.`,
      ),
    ];
  });
}

/** The same for a document that quotes a run. */
export function reportCarried({ http, startedAt, environment }: Run): Block[] {
  const blocks = http?.suites.flatMap((suite) => tellCarried(http, suite)) ?? [];
  if (blocks.length === 0) return [];
  const { cpuModel, cores } = environment;
  return [
    ...blocks,
    paragraph(
      `Measured ${formatMoment(startedAt)} on ${titleRuntime(environment)}, ${cpuModel}, ${cores} cores, the gateway on one of them.`,
    ),
  ];
}

/** As tables say it: where the interval holds 1 nothing is shown to differ. */
function tellRatio(ratio: NonNullable<Carried['ratio']>): string {
  const { lo, hi } = ratio;
  if (lo === undefined || hi === undefined || standing({ lo, hi }) !== 'no-difference')
    return formatBoundedRatio(ratio);
  return `no difference (${formatInterval({ lo, hi })})`;
}

function countRates(cells: readonly HttpCell[]): number {
  return new Set(cells.flatMap(({ id: { load } }) => (load.kind === 'open' ? [load.requestsPerSec] : []))).size;
}
