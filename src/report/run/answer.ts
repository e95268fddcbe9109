/**
 * The answer of a run in a few sentences, for a page that somebody reads for a minute: who is fastest where values are
 * text, who where they are objects, what the run does not decide, and how far identical code read apart in it.
 *
 * Names, places and figures come from the run's findings, so that the sentences hold for any run. Only contenders that
 * write JSON text are ranked; formats with a decoder of their own are in the tables.
 */
import { groupBy, isTimed } from '../../compare/cells.ts';
import type { Fastest } from '../../compare/finding.ts';
import { findFindings } from '../../compare/findings.ts';
import { isNoisy } from '../../compare/noise.ts';
import type { Run } from '../../model/run.ts';
import type { Variant } from '../../model/values.ts';
import type { Metadata } from '../catalog.ts';
import type { Document } from '../document.ts';
import { farthestTwin } from '../parts/noise-lines.ts';
import { formatCount, formatList, formatPercent, formatPlural, formatRatio } from '../quantities.ts';
import { tellItemCounts } from './finding-sentences.ts';

export interface AnswerRequest {
  readonly run: Run;
  readonly registry: Metadata;
  readonly suite: string;
  readonly payload: string;
}

type Leader = Fastest['sizes'][number];

const variants: readonly Variant[] = ['text', 'native'];

/** What datetimes and UUIDs are in a variant. */
export const representations: Readonly<Record<Variant, string>> = { text: 'text', native: 'objects' };

/** A document of one paragraph; its last sentence is there where the run knows of twins. */
export function reportAnswer(request: AnswerRequest): Document {
  const { run, registry, suite, payload } = request;
  const cells = run.cells.filter(({ id }) => id.suite === suite && id.payload === payload && id.sink === 'bytes');
  const fastest = findFindings(cells, registry)
    .filter((finding) => finding.kind === 'fastest')
    .filter(({ form }) => form === 'json');
  const bySize = (variant: Variant): readonly Leader[] =>
    fastest.find((finding) => finding.variant === variant)?.sizes ?? [];
  const timed = cells.filter(isTimed);
  const reference = registry.suites.find(({ id }) => id === suite)?.reference ?? 'the reference';
  const sentences = [
    ...variants.map((variant) => tellFastest(variant, bySize(variant), reference)),
    tellDoubt(
      variants.map((variant) => [variant, bySize(variant).filter(({ tiedWith }) => tiedWith.length > 0)] as const),
      { timed: timed.length, noisy: timed.filter(isNoisy).length },
    ),
    ...tellTwins(timed.length === 0 ? undefined : run.noise),
  ];
  return { title: '', blocks: [{ kind: 'paragraph', text: sentences.join(' ') }] };
}

function tellFastest(variant: Variant, sizes: readonly Leader[], reference: string): string {
  const where = `Where datetimes and UUIDs are ${representations[variant]}`;
  if (sizes.length === 0) return `${where}, this run compares no JSON serializers.`;
  const decided = sizes.filter(({ tiedWith }) => tiedWith.length === 0);
  if (decided.length === 0) return `${where}, no JSON serializer is shown to be the fastest at any size.`;
  const wins = [...groupBy(decided, ({ contender }) => contender).values()].map((own) => {
    const [{ contender, isReference }] = own;
    const ratios = own.flatMap(({ speedup }) => (speedup === undefined ? [] : [formatRatio(speedup.mean)]));
    const different = new Set(ratios).size === 1 ? ratios.slice(0, 1) : ratios;
    const gain = isReference || ratios.length === 0 ? '' : ` (${formatList(different)} as fast as ${reference})`;
    return `${contender} at ${tellSizes(own)}${gain}`;
  });
  return `${where}, the fastest JSON serializer in this run is ${formatList(wins)}.`;
}

function tellDoubt(
  undecided: readonly (readonly [Variant, readonly Leader[]])[],
  { timed, noisy }: { readonly timed: number; readonly noisy: number },
): string {
  const open = undecided.flatMap(([variant, sizes]) => {
    const rivals = groupBy(sizes, ({ contender, tiedWith }) => formatList([contender, ...tiedWith].toSorted()));
    return [...rivals].map(
      ([names, own]) => `${names} cannot be told apart on ${representations[variant]} at ${tellSizes(own)}`,
    );
  });
  const evidence = `${formatCount(noisy)} of the ${formatPlural(timed, 'timing')} behind this ${noisy === 1 ? 'is' : 'are'} noisy`;
  const doubt = open.length === 0 ? 'Every size is decided' : `Not decided: ${open.join('; ')}`;
  return timed === 0 ? 'Nothing was timed.' : `${doubt}; ${evidence}.`;
}

function tellTwins(noise: Run['noise']): string[] {
  if (noise === undefined || noise.twins.length === 0) return [];
  return [`Identical code read within ${formatPercent(farthestTwin(noise.twins))} of itself.`];
}

function tellSizes(own: readonly Leader[]): string {
  return tellItemCounts(own.map(({ items }) => items));
}
