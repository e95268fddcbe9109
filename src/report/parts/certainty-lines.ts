/**
 * Lines of the legend on what the widths of intervals rest on: the spread of a suite's ratios together.
 */
import type { SuiteCertainty } from '../../compare/spread.ts';
import type { ListItem } from '../document.ts';
import { formatCount } from '../quantities.ts';

/** A line a suite. @param titleOf a suite, as the report shows it. */
export function tellCertainty(certainty: readonly SuiteCertainty[], titleOf: (suite: string) => string): ListItem[] {
  return certainty.map(({ suite, ratios, own, together }) => ({
    text: [
      `${titleOf(suite)}: how far a ratio varies is estimated from ${formatCount(ratios)} ratios together, as far as`,
      `they agree. Intervals rest on ${tellRange(together)} degrees of freedom, where rounds of one ratio alone have`,
      `${tellRange(own)}.`,
    ].join(' '),
    tone: 'muted',
  }));
}

function tellRange({ least, most }: SuiteCertainty['own']): string {
  const [low, high] = [least, most].map((count) => `${Number(count.toFixed(1))}`);
  return low === high ? `${low}` : `${low} to ${high}`;
}
