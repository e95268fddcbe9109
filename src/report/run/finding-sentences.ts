/**
 * Findings as sentences: one finding, one sentence, every figure and name from the finding itself.
 */
import { groupBy } from '../../compare/cells.ts';
import type {
  CheapestRepresentation,
  CompileCost,
  Excluded,
  Fastest,
  Finding,
  Flip,
  NativeCost,
  NoDifference,
  Noisy,
  OutputSize,
  Spot,
  TypeHandling,
} from '../../compare/finding.ts';
import { standing } from '../../compare/ratios.ts';
import type { ListItem } from '../document.ts';
import {
  formatCount,
  formatInterval,
  formatList,
  formatMegabytes,
  formatPercent,
  formatPlural,
  formatRatio,
  formatSpeedup,
  formatTime,
  tooFewRounds,
} from '../quantities.ts';

/** The sentence for one finding, with the tone of its news. */
export function tellFinding(finding: Finding): ListItem {
  switch (finding.kind) {
    case 'fastest':
      return { text: tellFastest(finding) };
    case 'flip':
      return { text: tellFlip(finding), tone: 'strong' };
    case 'no-difference':
      return { text: tellNoDifference(finding) };
    case 'native-cost':
      return { text: tellNativeCost(finding) };
    case 'compile-cost':
      return { text: tellCompileCost(finding) };
    case 'cheapest-representation':
      return { text: tellCheapest(finding) };
    case 'output-size':
      return { text: tellOutputSize(finding) };
    case 'type-handling':
      return { text: tellTypeHandling(finding) };
    case 'excluded':
      return { text: tellExcluded(finding), tone: isAlarming(finding) ? 'bad' : 'muted' };
    case 'noisy':
      return { text: tellNoisy(finding), tone: 'warning' };
  }
}

function isAlarming({ status }: Excluded): boolean {
  return status === 'incorrect' || status === 'failed';
}

/** `tools (text, bytes)`. */
function place({ payload, variant, sink }: { payload: string; variant: string; sink: string }): string {
  return `${payload} (${variant}, ${sink})`;
}

/** `10, 100 and 1,000 items`. */
export function tellItemCounts(items: readonly number[]): string {
  return `${formatList(items.map(formatCount))} ${items.length === 1 && items[0] === 1 ? 'item' : 'items'}`;
}

/** Ties of more contenders than this are counted, not listed. Arbitrary; the table has them all. */
const mostNamed = 2;

function tellFastest(finding: Fastest): string {
  const what = finding.form === 'json' ? 'JSON contender' : 'format with a decoder of its own';
  const wins = [...groupBy(finding.sizes, ({ contender, tiedWith }) => JSON.stringify([contender, tiedWith])).values()];
  const parts = wins.map((same) => {
    const [{ contender, isReference, tiedWith }] = same;
    const where = `at ${tellItemCounts(same.map(({ items }) => items))}`;
    if (tiedWith.length > mostNamed) return `${contender} cannot be told from ${tiedWith.length} others ${where}`;
    if (tiedWith.length > 0) return `${formatList([contender, ...tiedWith])} cannot be told apart ${where}`;
    const gains = same.flatMap(({ speedup }) => (speedup === undefined ? [] : [tellGain(speedup)]));
    if (isReference) return `${contender}, the reference, ${where}`;
    return `${contender} ${where}${gains.length === 0 ? '' : `: ${formatList(gains)}`}`;
  });
  const nobodyWins = wins.every(([{ tiedWith }]) => tiedWith.length > 0);
  const verdict = nobodyWins ? `there is no fastest ${what}:` : `the fastest ${what} is`;
  return `${place(finding)}: ${verdict} ${parts.join('; ')}.`;
}

/** The fastest of its form need not beat the reference, which may be of the other form. */
function tellGain(speedup: NonNullable<Fastest['sizes'][number]['speedup']>): string {
  return standing(speedup) === 'no-difference' ? 'no difference from the reference' : formatSpeedup(speedup.mean);
}

function tellFlip({ dimension, payload, sink, first, second, firstWins, secondWins }: Flip): string {
  const cause = dimension === 'items' ? 'the item count' : 'the variant';
  const order = `${first} wins on ${tellSpots(firstWins)}, ${second} on ${tellSpots(secondWins)}`;
  return `${payload} (${sink}): the order of ${first} and ${second} flips with ${cause}: ${order}.`;
}

function tellSpots(spots: readonly Spot[]): string {
  const byVariant = [...groupBy(spots, ({ variant }) => variant)];
  return formatList(
    byVariant.map(([variant, own]) => `${variant} at ${tellItemCounts(own.map(({ items }) => items))}`),
  );
}

function tellNoDifference(finding: NoDifference): string {
  const { contender, reference, items } = finding;
  return `${place(finding)}: no difference between ${contender} and ${reference} at ${tellItemCounts(items)}.`;
}

function tellNativeCost({ payload, sink, contender, sizes: measured }: NativeCost): string {
  const parts = measured.map(({ items, textBytesPerSec, nativeBytesPerSec, slowdown }) => {
    const rates = `${formatMegabytes(textBytesPerSec)} against ${formatMegabytes(nativeBytesPerSec)} MB/s`;
    return `${tellItemCounts([items])} ${rates}${tellSlowdown(slowdown)}`;
  });
  return `${payload} (${sink}): text against native types with ${contender}: ${parts.join('; ')}.`;
}

function tellSlowdown(slowdown: NativeCost['sizes'][number]['slowdown']): string {
  if (slowdown === undefined) return '';
  const { mean, lo, hi } = slowdown;
  if (lo === undefined || hi === undefined) return ` (${formatRatio(mean)} the time, ${tooFewRounds})`;
  if (standing(slowdown) === 'no-difference') return ` (no difference, ${formatInterval({ lo, hi })})`;
  return ` (${formatRatio(mean)} the time, ${formatInterval({ lo, hi })})`;
}

function tellCompileCost({ contender, reference, compileNs, calls, paysOffIn, cells }: CompileCost): string {
  const cost = `${contender} takes ${formatTime(compileNs)} to compile`;
  if (calls === undefined)
    return `${cost} and never earns it back: it is nowhere shown to be faster than ${reference}.`;
  const { fewest, most } = calls;
  const range =
    fewest === most ? formatPlural(most, 'call') : `${formatCount(fewest)} to ${formatPlural(most, 'call')}`;
  const where = paysOffIn === cells ? 'everywhere' : `in ${formatCount(paysOffIn)} of ${formatPlural(cells, 'cell')}`;
  return `${cost} and earns it back after ${range} ${where}.`;
}

function tellCheapest(finding: CheapestRepresentation): string {
  const { family, contender, payload, latencyNsPerItem, tiedWith, dearest } = finding;
  const level = tiedWith.length === 0 ? '' : ` (not told apart from ${formatList(tiedWith)})`;
  const most = `${dearest.payload} takes ${formatRatio(dearest.ratio)} as long`;
  return `${family} with ${contender}: cheapest as ${payload}, ${formatTime(latencyNsPerItem)} an item${level}; ${most}.`;
}

function tellOutputSize({ payload, variant, contender, reference, isLayout, sizes: measured }: OutputSize): string {
  // A layout is what people come from, so the sentence is about what the reference saves over it.
  const [subject, object] = isLayout ? [reference, contender] : [contender, reference];
  const shares = measured.map(({ sizeBytes, referenceBytes }) => {
    return isLayout ? 1 - referenceBytes / sizeBytes : 1 - sizeBytes / referenceBytes;
  });
  const where = `${payload} (${variant}), ${tellItemCounts(measured.map(({ items }) => items))}`;
  const told = [...new Set(shares.map(tellSaving))];
  return `${where}: ${subject} is ${formatList(told)} ${object}.`;
}

function tellSaving(share: number): string {
  if (share === 0) return 'exactly as large as';
  return `${formatPercent(Math.abs(share))} ${share > 0 ? 'smaller' : 'larger'} than`;
}

function tellTypeHandling({ contender, inputs, byOutcome }: TypeHandling): string {
  const right = (['kept', 'converted', 'rejected'] as const).flatMap((outcome) => byOutcome[outcome] ?? []).length;
  const trouble = (['changed', 'error', 'crashed'] as const).flatMap((outcome) => {
    const own = byOutcome[outcome];
    if (own === undefined) return [];
    const verb = { changed: 'changes', error: 'throws on', crashed: 'crashes or hangs on' }[outcome];
    return [`${verb} ${formatList(own)}`];
  });
  const rest = trouble.length === 0 ? '' : `; it ${trouble.join('; ')}`;
  return `${contender} gets ${formatCount(right)} of ${formatPlural(inputs, 'input')} right${rest}.`;
}

function tellExcluded({ contender, status, reason, cells }: Excluded): string {
  const where = [...groupBy(cells, ({ payload, variant }) => `${payload} (${variant})`).keys()];
  const verb = status === 'failed' ? 'failed' : `is ${status}`;
  return `${contender} ${verb} in ${formatPlural(cells.length, 'cell')}, ${formatList(where)}: ${reason}.`;
}

function tellNoisy({ cells }: Noisy): string {
  const rows = groupBy(cells, (cell) => `${cell.contender} on ${place(cell)}`);
  const told = [...rows].map(([name, own]) => `${name} at ${tellItemCounts(own.map(({ items }) => items))}`);
  return `Too noisy to lean on: ${told.join('; ')}.`;
}
