/**
 * What a run's own noise is, in words: what identical code read beside itself, and what else went on on the machine.
 */
import { fewestForBounds } from '../../compare/ratios.ts';
import type { RunNoise, TwinReading } from '../../model/noise.ts';
import type { Block, ListItem } from '../document.ts';
import { formatCount, formatList, formatPercent, formatPlural } from '../quantities.ts';
import { paragraph, warning } from './blocks.ts';

/** What is told of any kind of measurement; cells are not named. */
type ToldNoise = Omit<RunNoise, 'twins'> & { readonly twins: readonly ToldTwin[] };
type ToldTwin = Omit<TwinReading, 'cell'>;

/** How it was measured, where that decides about the words. */
interface NoiseWords {
  /** What is twice the same. */
  readonly twin: string;
  /** Where a twin takes part. */
  readonly place: string;
  readonly round: string;
  /** What is timed between two probes, in the plural. */
  readonly turns: string;
}

const words: Readonly<Record<'ensembles' | 'servers', NoiseWords>> = {
  ensembles: { twin: 'identical code', place: 'group', round: 'ensemble', turns: 'turns' },
  servers: { twin: 'identical servers', place: 'load', round: 'round', turns: 'windows of load' },
};

export interface NoiseScope {
  readonly of: keyof typeof words;
  /** Several where they shared the work. */
  readonly where: 'On this machine' | 'On these machines';
}

/** A share of the machine's time below this is not worth a word. Arbitrary; any system does something by itself. */
const worthTelling = 0.01;

/** How far the farthest twin read from 1, as a share. @param twins at least one. */
export function farthestTwin(twins: readonly Pick<TwinReading, 'ratio'>[]): number {
  return Math.max(...twins.map(({ ratio }) => Math.abs(ratio - 1)));
}

/** A paragraph of one to three sentences, and a warning where nothing could be pinned; no block where nothing is known. */
export function tellNoise(noise: ToldNoise | undefined, { of, where }: NoiseScope): Block[] {
  if (noise === undefined) return [];
  const { turns } = words[of];
  const { cleanShare, stolenShare = 0, othersShare = 0, clock } = noise;
  const clean =
    cleanShare === undefined ? [] : [`The processor was at its floor in ${formatPercent(cleanShare)} of the ${turns}.`];
  const sentences = [
    ...tellTwins(noise.twins, { of, where }),
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

function tellTwins(twins: readonly ToldTwin[], { of, where }: NoiseScope): string[] {
  if (twins.length === 0) return [];
  const { twin, place, round } = words[of];
  return [
    `${where}, during this run, ${twin} read within ${formatPercent(farthestTwin(twins))}:`,
    `in ${formatPlural(twins.length, place)} the reference took part twice (${tellRounds(twins, round)} each),`,
    `and ${tellIntervals(twins, round)}.`,
  ];
}

function tellRounds(twins: readonly ToldTwin[], round: string): string {
  const counts = twins.map(({ rounds }) => rounds.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `${fewest === most ? '' : `${formatCount(fewest)} to `}${formatPlural(most, round)}`;
}

function tellIntervals(twins: readonly ToldTwin[], round: string): string {
  const bounded = twins.flatMap(({ lo, hi }) => (lo === undefined || hi === undefined ? [] : [{ lo, hi }]));
  if (bounded.length === 0) return `fewer than ${formatPlural(fewestForBounds, round)} give no interval`;
  const holding = bounded.filter(({ lo, hi }) => lo <= 1 && hi >= 1).length;
  if (bounded.length === 1) return `the interval of its ratio to itself ${holding === 1 ? 'holds' : 'does not hold'} 1`;
  return `${formatCount(holding)} of the ${formatCount(bounded.length)} intervals of its ratio to itself ${holding === 1 ? 'holds' : 'hold'} 1`;
}

function tellOthers(users: readonly (readonly [share: number, tell: (percent: string) => string])[]): string[] {
  const told = users.flatMap(([share, tell]) => (share < worthTelling ? [] : [tell(formatPercent(share))]));
  return told.length === 0 ? [] : [`Of the machine's processor time, ${told.join(', and ')}.`];
}

/** Lines of the legend for the words above. @param kinds of what the run holds; none gives no lines. */
export function noiseLegend(kinds: readonly NoiseScope['of'][]): ListItem[] {
  if (kinds.length === 0) return [];
  const turns = formatList(kinds.map((kind) => words[kind].turns));
  const ensemble =
    'ensemble  a round of a group: its contenders alive together, each in a process of its own, timed in short turns in random order; it gives one value of each';
  const floor = `floor  the fastest that a fixed piece of work ran in this session; ${turns} count where it ran at its floor before and after`;
  return [...(kinds.includes('ensembles') ? [ensemble] : []), floor].map((text) => ({ text, tone: 'muted' }));
}
