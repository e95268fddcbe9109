/**
 * The answer of a run in a few sentences, over all that it measured: who is fastest for which responses, by how much and
 * how surely, where the order flips, and what the run leaves open.
 *
 * Only contenders that write or read JSON are told of; formats with a decoder of their own are in the tables.
 */
import { groupBy, isTimed, ratioOf } from '../../compare/cells.ts';
import type { Fastest, Finding, Flip } from '../../compare/finding.ts';
import { fewestForBounds } from '../../compare/ratios.ts';
import { findRemedy, findUndecided, isBusy } from '../../compare/undecided.ts';
import type { Run } from '../../model/run.ts';
import type { Variant } from '../../model/values.ts';
import { nameChart } from '../charts/chart-scope.ts';
import type { Metadata } from '../catalog.ts';
import type { Answer, Block, ListItem } from '../document.ts';
import { answerOf, findChart } from '../parts/answer.ts';
import { farthestTwin } from '../parts/noise-lines.ts';
import {
  formatAll,
  formatCount,
  formatInterval,
  formatList,
  formatPercent,
  formatPlural,
  formatRatio,
} from '../quantities.ts';
import { representations } from './answer.ts';
import { tellFinding, tellItemCounts } from './finding-sentences.ts';

/** Sentences of who is fastest, the strongest first; the findings have them all. Arbitrary within 2 to 4. */
const mostLeads = 3;
/** Payloads that a sentence names; of more it counts the groups. Arbitrary. */
const mostPayloads = 2;

/** One sentence of who is fastest. */
interface Lead {
  readonly text: string;
  /** |ln| of the largest speedup of a winner. */
  readonly strength: number;
  /** Where that is. */
  readonly place: Pick<Fastest, 'suite' | 'payload' | 'variant' | 'sink'>;
}

/** A group, and who won it. */
type Place = Fastest['sizes'][number] & Pick<Fastest, 'suite' | 'payload' | 'variant' | 'sink'>;

/**
 * No block for a run that found nothing.
 * @param request.findings of its cells; @param request.sections the report's own, out of which the chart comes.
 */
export function answerRun(request: {
  run: Run;
  registry: Metadata;
  findings: readonly Finding[];
  sections: readonly Block[];
}): Answer[] {
  const { run, registry, findings, sections } = request;
  const leads = tellLeads(findings, registry).toSorted((a, b) => b.strength - a.strength);
  const flips = findings.filter((finding) => finding.kind === 'flip');
  const told: readonly (ListItem | string)[] =
    leads.length > 0
      ? [...leads.slice(0, mostLeads).map(({ text }) => text), ...tellStrongestFlip(flips, registry)]
      : findings
          .filter(({ kind }) => kind !== 'noisy' && kind !== 'excluded')
          .slice(0, mostLeads)
          .map(tellFinding);
  if (told.length === 0) return [];
  const [strongest] = leads;
  const chart =
    strongest === undefined
      ? undefined
      : findChart(sections, ({ id }) => {
          const { suite, payload, variant, sink } = strongest.place;
          return id === nameChart(['chart', suite, 'speedup', payload, variant, sink]);
        });
  return answerOf([...told, ...tellOpen(run)], chart);
}

/** A sentence a suite and variant that has a ranking of JSON contenders. */
function tellLeads(findings: readonly Finding[], registry: Metadata): Lead[] {
  const places = findings
    .filter((finding) => finding.kind === 'fastest')
    .filter(({ form }) => form === 'json')
    .flatMap(({ suite, payload, variant, sink, sizes }) =>
      sizes.map((size): Place => ({ ...size, suite, payload, variant, sink })),
    );
  return [...groupBy(places, ({ suite }) => suite).values()].flatMap((own) => {
    const [{ suite, sink }] = own;
    // The first sink is the suite's own; what others say stands in the findings.
    const main = own.filter((place) => place.sink === sink);
    const variants = groupBy(main, ({ variant }) => variant);
    const isOne = variants.size === 1;
    return [...variants].flatMap(([variant, all]) => tellLead(all, { registry, suite, variant, isOne }));
  });
}

function tellLead(
  all: readonly Place[],
  { registry, suite, variant, isOne }: { registry: Metadata; suite: string; variant: Variant; isOne: boolean },
): Lead[] {
  const known = registry.suites.find(({ id }) => id === suite);
  const reference = known?.reference ?? 'the reference';
  const decided = all.filter(({ tiedWith }) => tiedWith.length === 0);
  const open = all.filter(({ tiedWith }) => tiedWith.length > 0);
  const wins = [...groupBy(decided, ({ contender }) => contender).values()].toSorted((a, b) => b.length - a.length);
  const clauses = wins.map((own) => {
    const [{ contender, isReference }] = own;
    const who = isReference ? `${contender}, the reference,` : contender;
    return `${who} is fastest ${tellPlaces(own, all)}${isReference ? '' : tellGain(own, reference)}`;
  });
  const undecided =
    open.length === 0 ? [] : [`nobody is shown to be fastest ${tellPlaces(open, all)} (${tellRivals(open)})`];
  const [title, where] = [known?.title ?? suite, isOne ? '' : `, datetimes and UUIDs as ${representations[variant]}`];
  const strength = ({ speedup, isReference }: Place): number =>
    speedup === undefined || isReference ? 0 : Math.abs(Math.log(speedup.mean));
  const strongest = decided.toSorted((a, b) => strength(b) - strength(a))[0] ?? all[0];
  if (strongest === undefined) return [];
  const text = `${title}${where}: ${[...clauses, ...undecided].join('; ')}.`;
  return [{ text, strength: strength(strongest), place: strongest }];
}

/** `in all 4 groups`, `on tools at 10 and 100 items`, `in 12 of 40 groups`. */
function tellPlaces(own: readonly Place[], all: readonly Place[]): string {
  if (own.length === all.length && all.length > 1) return `in ${formatAll(all.length, 'group')}`;
  const byPayload = groupBy(own, ({ payload }) => payload);
  if (byPayload.size > mostPayloads) return `in ${formatCount(own.length)} of ${formatPlural(all.length, 'group')}`;
  const told = [...byPayload].map(
    ([payload, places]) => `${payload} at ${tellItemCounts(places.map(({ items }) => items))}`,
  );
  return `on ${formatList(told)}`;
}

/** `, 2.4x to 2.7x as fast as json-stringify (intervals within 2.2–2.8x)`. */
function tellGain(own: readonly Place[], reference: string): string {
  const gains = own.flatMap(({ speedup }) => (speedup === undefined ? [] : [speedup]));
  if (gains.length === 0) return '';
  const means = gains.map(({ mean }) => mean);
  const [least, most] = [formatRatio(Math.min(...means)), formatRatio(Math.max(...means))];
  const range = least === most ? least : `${least} to ${most}`;
  const bounded = gains.flatMap(({ lo, hi }) => (lo === undefined || hi === undefined ? [] : [{ lo, hi }]));
  const sure =
    bounded.length < gains.length
      ? ` (fewer than ${formatPlural(fewestForBounds, 'round')}, so nobody knows how surely)`
      : ` (${bounded.length === 1 ? 'interval' : 'intervals within'} ${formatInterval({
          lo: Math.min(...bounded.map(({ lo }) => lo)),
          hi: Math.max(...bounded.map(({ hi }) => hi)),
        })})`;
  return `, ${range} as fast as ${reference}${sure}`;
}

/** Who cannot be told apart, where it is the same few everywhere. */
function tellRivals(open: readonly Place[]): string {
  const sets = new Set(open.map(({ contender, tiedWith }) => formatList([contender, ...tiedWith].toSorted())));
  const [only = ''] = sets;
  return sets.size === 1 ? `${only} cannot be told apart` : 'several cannot be told apart';
}

/** Of those that concern the reference the first by size, else the first by representation. */
function tellStrongestFlip(flips: readonly Flip[], { suites }: Metadata): string[] {
  const own = flips.filter(({ suite, first, second }) => {
    const reference = suites.find(({ id }) => id === suite)?.reference;
    return first === reference || second === reference;
  });
  const flip = own.find(({ dimension }) => dimension === 'items') ?? own[0];
  return flip === undefined ? [] : [tellFinding(flip).text];
}

/** What the machine could not tell, and what would. */
function tellOpen(run: Run): ListItem[] {
  const { noise, cells } = run;
  if (noise === undefined) return [];
  const undecided = findUndecided(cells);
  const { byRounds, beyondReach, moreRounds } = findRemedy(undecided);
  const timed = cells.filter(isTimed);
  const all = formatPlural(timed.length, 'timing');
  const canGrow = run.plan !== undefined && run.shards === undefined && run.interrupted !== true;
  const option = canGrow ? ` (--more ${moreRounds})` : '';
  const cure = [
    ...(byRounds.length === 0
      ? []
      : [`about ${formatPlural(moreRounds, 'more ensemble')} would decide ${formatCount(byRounds.length)}${option}`]),
    ...(beyondReach.length === 0 ? [] : [`${formatCount(beyondReach.length)} would take more than anybody waits for`]),
    ...(undecided.some(({ wasDisturbed }) => wasDisturbed) || isBusy(noise) ? ['a quieter machine would help'] : []),
  ];
  // Without bounds nothing is decided, and how many rounds would decide it cannot be told either.
  const thin = timed.filter((cell) => {
    const ratio = ratioOf(cell, 'latencyNs');
    return ratio !== undefined && ratio.lo === undefined;
  }).length;
  const open = [
    ...(thin === 0
      ? []
      : [`${formatCount(thin)} of the ${all} with fewer than ${formatPlural(fewestForBounds, 'round')}`]),
    ...(undecided.length === 0 ? [] : [`${formatCount(undecided.length)} of the ${all}`, ...cure]),
  ];
  const rest = open.length === 0 ? `None of the ${all} is left open that would matter` : `Open: ${open.join('; ')}`;
  const twins =
    noise.twins.length === 0
      ? ''
      : `; identical code read within ${formatPercent(farthestTwin(noise.twins))} of itself`;
  return [{ text: `${rest}${twins}.`, ...(open.length === 0 ? {} : { tone: 'warning' as const }) }];
}
