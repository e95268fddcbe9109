/**
 * Where one contender overtakes another as responses grow.
 *
 * Who wins at a size was decided by compare; here two neighbouring sizes with different winners make a crossing. Where
 * between them it lies is a guess on logarithmic axes: good for a line in a picture, never for a number in a sentence.
 */
import { speedupOf, timeOf, type TimedCell } from '../../compare/cells.ts';
import type { Finding, Flip } from '../../compare/finding.ts';

/** Two contenders change places between two sizes that were measured. */
export interface Crossing {
  /** Wins from `above` on. */
  readonly winner: string;
  /** Wins up to `below`. */
  readonly loser: string;
  readonly below: number;
  readonly above: number;
  /** Items between both, two significant digits. */
  readonly at: number;
}

/**
 * Crossings in one table, the smallest first.
 * @param cells timed, of one payload, variant and sink; @param findings of their suite.
 */
export function findCrossings(cells: readonly TimedCell[], findings: readonly Finding[]): Crossing[] {
  const [first] = cells;
  if (first === undefined) return [];
  const { payload, sink } = first.id;
  const flips = findings.filter((finding): finding is Flip => finding.kind === 'flip' && finding.dimension === 'items');
  const own = flips.filter((flip) => flip.payload === payload && flip.sink === sink);
  return own.flatMap((flip) => crossingsOf(flip, cells)).toSorted((a, b) => a.at - b.at);
}

function crossingsOf(flip: Flip, cells: readonly TimedCell[]): Crossing[] {
  const wins = [
    ...flip.firstWins.map((spot) => ({ ...spot, winner: flip.first, loser: flip.second })),
    ...flip.secondWins.map((spot) => ({ ...spot, winner: flip.second, loser: flip.first })),
  ];
  const own = wins.filter(({ variant }) => variant === cells[0]?.id.variant).toSorted((a, b) => a.items - b.items);
  return own.flatMap(({ winner, loser, items: above }, index): Crossing[] => {
    const before = own[index - 1];
    if (before === undefined || before.winner === winner) return [];
    const below = before.items;
    return [
      { winner, loser, below, above, at: Number(guessPlace(cells, { winner, loser, below, above }).toPrecision(2)) },
    ];
  });
}

/** Where the two lines of the picture meet; sizes between both at which nobody was shown to win bend them. */
function guessPlace(cells: readonly TimedCell[], { winner, loser, below, above }: Omit<Crossing, 'at'>): number {
  const sizes = [...new Set(cells.map(({ id }) => id.items))]
    .filter((items) => items >= below && items <= above)
    .toSorted((a, b) => a - b);
  const corners = sizes.flatMap((items) => {
    const advantage = Math.log(
      costOf(cells, { contender: loser, items }) / costOf(cells, { contender: winner, items }),
    );
    return Number.isFinite(advantage) ? [{ x: Math.log(items), advantage }] : [];
  });
  for (const [index, to] of corners.entries()) {
    const from = corners[index - 1];
    if (from === undefined || from.advantage > 0 || to.advantage <= 0) continue;
    const share = from.advantage / (from.advantage - to.advantage);
    return Math.exp(from.x + share * (to.x - from.x));
  }
  // The medians do not say so, only the pairs of the rounds do: the middle is as good as any place.
  return Math.sqrt(below * above);
}

/** Relative to the reference where there is one, as the picture has it. */
function costOf(cells: readonly TimedCell[], { contender, items }: { contender: string; items: number }): number {
  const cell = cells.find(({ id }) => id.contender === contender && id.items === items);
  if (cell === undefined) return Number.NaN;
  const speedup = speedupOf(cell);
  return speedup === undefined ? timeOf(cell).median : 1 / speedup.ratio;
}
