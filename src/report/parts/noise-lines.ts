/**
 * What a run's own noise is, in words: what identical code read beside itself, and what else went on on the machine.
 */
import { fewestForBounds } from '../../compare/ratios.ts';
import type { RunNoise, TwinReading } from '../../model/run.ts';
import type { Block, ListItem } from '../document.ts';
import { formatCount, formatPercent, formatPlural } from '../quantities.ts';
import { paragraph, warning } from './blocks.ts';

/** How it was measured, where that decides about the words. */
export interface NoiseWords {
  /** `On this machine`, or several where they shared the work. */
  readonly where: string;
  /** What is timed between two probes: `turns`, `windows`. */
  readonly turns: string;
}

/** A share of the machine's time below this is not worth a word. Arbitrary; any system does something by itself. */
const worthTelling = 0.01;

/** A paragraph of one to three sentences, and a warning where nothing could be pinned; no block where nothing is known. */
export function tellNoise(noise: RunNoise | undefined, words: NoiseWords): Block[] {
  if (noise === undefined) return [];
  const { cleanShare, stolenShare = 0, othersShare = 0, clock } = noise;
  const clean =
    cleanShare === undefined
      ? []
      : [`The processor was at its floor in ${formatPercent(cleanShare)} of the ${words.turns}.`];
  const sentences = [
    ...tellTwins(noise.twins, words),
    ...clean,
    ...tellOthers([
      [othersShare, (percent) => `other programs used ${percent}`],
      [stolenShare, (percent) => `the hypervisor gave ${percent} to other machines`],
    ]),
  ];
  return [
    ...(sentences.length === 0 ? [] : [paragraph(sentences.join(' '))]),
    ...(clock === 'elapsed' ? [warning(unpinned)] : []),
  ];
}

const unpinned =
  'Processes could not be pinned to one processor, since there is no `taskset` here: their times are elapsed times, and hold whatever else ran meanwhile.';

function tellTwins(twins: readonly TwinReading[], { where }: NoiseWords): string[] {
  if (twins.length === 0) return [];
  const farthest = Math.max(...twins.map(({ ratio }) => Math.abs(ratio - 1)));
  const groups = formatPlural(twins.length, 'group');
  return [
    `${where}, during this run, identical code read within ${formatPercent(farthest)}:`,
    `in ${groups} the reference took part twice${tellRounds(twins)}, and ${tellIntervals(twins)}.`,
  ];
}

function tellRounds(twins: readonly TwinReading[]): string {
  const counts = twins.map(({ rounds }) => rounds.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return ` (${fewest === most ? '' : `${formatCount(fewest)} to `}${formatPlural(most, 'ensemble')} each)`;
}

function tellIntervals(twins: readonly TwinReading[]): string {
  const bounded = twins.flatMap(({ lo, hi }) => (lo === undefined || hi === undefined ? [] : [{ lo, hi }]));
  if (bounded.length === 0) return `fewer than ${formatCount(fewestForBounds)} ensembles give no interval`;
  const holding = bounded.filter(({ lo, hi }) => lo <= 1 && hi >= 1).length;
  if (bounded.length === 1) return `the interval of its ratio to itself ${holding === 1 ? 'holds' : 'does not hold'} 1`;
  return `${formatCount(holding)} of the ${formatCount(bounded.length)} intervals of its ratio to itself ${holding === 1 ? 'holds' : 'hold'} 1`;
}

function tellOthers(users: readonly (readonly [share: number, tell: (percent: string) => string])[]): string[] {
  const told = users.flatMap(([share, tell]) => (share < worthTelling ? [] : [tell(formatPercent(share))]));
  return told.length === 0 ? [] : [`Of the machine's processor time, ${told.join(', and ')}.`];
}

/** Lines of the legend for the words of runs that were measured in ensembles. */
export function ensembleLegend(): ListItem[] {
  const meanings = [
    'ensemble  a round of a group: its contenders alive together, each in a process of its own, timed in short turns in random order; it gives one value of each',
    'floor  the fastest that a fixed piece of work ran in this session; turns count where it ran at its floor before and after',
  ];
  return meanings.map((text) => ({ text, tone: 'muted' }));
}
