/**
 * What would decide where a run could not: how many more ensembles, for which cells, and by which command.
 */
import { groupBy } from '../../compare/cells.ts';
import { findRemedy, findUndecided, isBusy, type Remedy, type Undecided } from '../../compare/undecided.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import type { Block, Section } from '../document.ts';
import { command, list, paragraph, section } from '../parts/blocks.ts';
import { formatCount, formatList, formatPlural, formatRatio } from '../quantities.ts';

/**
 * One section, or none where all is decided, and where the run was not measured in ensembles.
 * @param titleOf a suite, as the report shows it.
 */
export function reportUndecided(run: Run, titleOf: (suite: string) => string): Section[] {
  const undecided = run.noise === undefined ? [] : findUndecided(run.cells);
  if (undecided.length === 0) return [];
  const remedy = findRemedy(undecided);
  return [
    section('What would decide', [
      ...tellRounds(remedy, titleOf),
      ...tellCommand(remedy, run),
      ...tellBeyondReach(remedy, titleOf),
      ...tellQuiet(undecided, run),
    ]),
  ];
}

function tellRounds({ byRounds }: Remedy, titleOf: (suite: string) => string): Block[] {
  if (byRounds.length === 0) return [];
  const ensembles = 'Intervals narrow with the square root of the number of ensembles.';
  return [
    paragraph(`${ensembles} If ratios and spreads stay what they are, these cells are decided by so many more:`),
    ...list(
      tellRows(byRounds, titleOf, ({ id, ratio, moreRounds }) => {
        const what = ratio === undefined ? 'its time is noisy' : formatRatio(ratio);
        return `${tellItems(id)} (${what}, about ${formatCount(moreRounds)} more)`;
      }),
    ),
  ];
}

function tellBeyondReach({ beyondReach }: Remedy, titleOf: (suite: string) => string): Block[] {
  if (beyondReach.length === 0) return [];
  return [
    paragraph('More ensembles than anybody waits for would be needed here:'),
    ...list(
      tellRows(beyondReach, titleOf, ({ id, ratio }) => {
        return `${tellItems(id)} (${ratio === undefined ? 'its time is noisy' : formatRatio(ratio)})`;
      }),
    ),
  ];
}

/** A line a contender and table. */
function tellRows(
  undecided: readonly Undecided[],
  titleOf: (suite: string) => string,
  tell: (one: Undecided) => string,
): string[] {
  const rows = groupBy(undecided, ({ id }) => `${titleOf(id.suite)}: ${tellRow(id)}`);
  return [...rows].map(([row, own]) => `${row} at ${formatList(own.map(tell))}`);
}

function tellRow({ contender, payload, variant, sink }: MicroCellId): string {
  return `${contender} on ${payload} (${variant}, ${sink})`;
}

function tellItems({ items }: MicroCellId): string {
  return formatPlural(items, 'item');
}

function tellCommand({ moreRounds }: Remedy, run: Run): Block[] {
  if (moreRounds === 0) return [];
  const add = `wirebench run --more ${moreRounds}`;
  if (run.shards !== undefined)
    return [paragraph('This adds them to one shard, given its --out; each of the shards needs it:'), command(add)];
  if (run.plan === undefined) return [];
  const before = run.interrupted === true ? ', once `--resume` has finished it' : '';
  return [paragraph(`This adds them to the run, given the same --out${before}:`), command(add)];
}

function tellQuiet(undecided: readonly Undecided[], { noise }: Run): Block[] {
  const disturbed = undecided.filter(({ wasDisturbed }) => wasDisturbed).length;
  if (disturbed === 0 && (noise === undefined || !isBusy(noise))) return [];
  const which =
    disturbed === undecided.length
      ? 'All of these cells'
      : `${formatCount(disturbed)} of these ${formatPlural(undecided.length, 'cell')}`;
  return [
    paragraph(
      disturbed === 0
        ? 'The machine was busy in this run. A quieter one would decide sooner.'
        : `${which} found the machine busy, with a processor above its floor or with time taken by others. A quieter machine would decide them sooner.`,
    ),
  ];
}
