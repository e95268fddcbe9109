/**
 * The candidates of a choice as points with their intervals, the fastest first: what the recommendation was made of.
 */
import type { Candidate } from '../../model/choice.ts';
import type { Chart } from '../document.ts';
import { formatBoundedRatio } from '../quantities.ts';

/** More would not be told apart. Arbitrary; the table has them all. */
const mostPoints = 12;

/** @returns `undefined` where fewer than two have a speedup. */
export function chartCandidates(candidates: readonly Candidate[]): Chart | undefined {
  const known = candidates.flatMap(({ contender, speedup, standing }) =>
    speedup === undefined || standing === 'excluded' ? [] : [{ contender, ...speedup }],
  );
  const [best, ...others] = known.toSorted((a, b) => b.ratio - a.ratio).slice(0, mostPoints);
  if (best === undefined || others.length === 0) return undefined;
  return {
    kind: 'chart',
    id: 'choice-speedups',
    title: 'Speed on this data',
    summary: `Speedup of each candidate over ${best.reference}, more is faster; ${best.contender} reads ${formatBoundedRatio(best)}.`,
    form: 'points',
    x: { title: 'candidate', scale: 'category', unit: 'category' },
    y: { title: `speedup over ${best.reference}`, scale: 'log', unit: 'ratio' },
    series: [
      {
        name: 'candidates',
        points: [best, ...others].map(({ contender, ratio, lo, hi }) => ({
          x: contender,
          y: ratio,
          ...(lo === undefined || hi === undefined ? {} : { lo, hi }),
        })),
      },
    ],
    marks: [{ axis: 'y', at: 1, label: best.reference }],
  };
}
