/**
 * What a run has shown, as data: who is fastest where, what flips, what makes no difference, what has to be left out.
 *
 * Every finding is computed from the cells given; a contender's name appears in one only because its cells put it
 * there. A difference counts only where its interval excludes 1. Deliberately absent: sentences (the report's), and
 * any correction for the number of comparisons, so of many findings a few may be chance.
 */
import type { Cell } from '../model/cell.ts';
import type { Capability } from '../model/contender.ts';
import type { Suite } from '../model/suite.ts';
import { median } from '../stats/center.ts';
import type { Interval } from '../stats/intervals.ts';
import { groupBy, groupKey, isTimed, type TimedCell } from './cells.ts';
import { callsUntilPaidOff } from './compile-cost.ts';
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
  TablePlace,
  TypeHandling,
  WireForm,
} from './finding.ts';
import { isNoisy } from './noise.ts';
import { pairedSpeedup, standing } from './speedup.ts';

/** What has to be known besides the cells; the registry's lists fit as they are. */
export interface FindingsContext {
  readonly suites: readonly {
    readonly id: string;
    readonly method: Suite['method'];
    readonly layout?: 'by-size' | 'by-representation';
    readonly reference: string;
  }[];
  readonly contenders: readonly {
    readonly id: string;
    readonly kind: 'serialize' | 'parse' | 'layout';
    readonly capabilities: readonly Capability[];
  }[];
  /** In (0, 1); the project's default where left out. */
  readonly confidence?: number;
}

/**
 * Findings by suite in the order of the cells, inside a suite in the order of the functions below.
 * @param cells of one run, in plan order; a suite or contender that `context` does not know is left out of every
 *   ranking (its capabilities are unknown), but not out of `excluded` and `noisy`.
 * @returns an empty list for no cells.
 */
export function findFindings(cells: readonly Cell[], context: FindingsContext): Finding[] {
  return [...groupBy(cells, ({ suite }) => suite)].flatMap(([id, own]) => {
    const suite = context.suites.find((candidate) => candidate.id === id);
    const scope = { cells: own, context, reference: suite?.reference ?? '' };
    const measured = suite === undefined ? [] : measuredFindings(suite, scope);
    return [...measured, ...findExcluded(id, own), ...findNoisy(id, own)];
  });
}

/** The group of representations that a payload's id puts it in: what stands before the first hyphen. */
export function representationFamily(payload: string): string {
  return payload.split('-', 1)[0] ?? payload;
}

/** Whether a contender's row may be called the fastest: not where it does part of the work, or remembers it. */
export function isCrownable(capabilities: readonly Capability[]): boolean {
  return !capabilities.includes('partial') && !capabilities.includes('memoizes');
}

/** What every finder below looks at: the cells of one suite. */
interface Scope {
  readonly cells: readonly Cell[];
  readonly context: FindingsContext;
  readonly reference: string;
}

function measuredFindings(suite: FindingsContext['suites'][number], scope: Scope): Finding[] {
  if (suite.method === 'size') return findOutputSizes(scope);
  if (suite.method === 'observation') return findTypeHandling(scope);
  if (suite.layout === 'by-representation') return findCheapestRepresentations(scope);
  return [
    ...findFastest(scope),
    ...findFlips(scope),
    ...findNoDifference(scope),
    ...findNativeCost(scope),
    ...findCompileCost(scope),
  ];
}

function capabilitiesOf(scope: Scope, contender: string): readonly Capability[] | undefined {
  return scope.context.contenders.find(({ id }) => id === contender)?.capabilities;
}

function formOf(scope: Scope, contender: string): WireForm {
  const capabilities = capabilitiesOf(scope, contender) ?? [];
  return capabilities.includes('binary') || capabilities.includes('envelope') ? 'own-decoder' : 'json';
}

/** Timed cells of contenders that may win. */
function rankable(scope: Scope): TimedCell[] {
  return scope.cells.filter(isTimed).filter(({ contender }) => {
    const capabilities = capabilitiesOf(scope, contender);
    // What another program does is there to be compared with; nobody can choose it for a gateway in Node.js.
    return capabilities !== undefined && isCrownable(capabilities) && !capabilities.includes('in-python');
  });
}

function tableKey(cell: Cell): string {
  return JSON.stringify([cell.payload, cell.variant, cell.sink]);
}

function placeOf({ suite, payload, variant, sink }: Cell): TablePlace {
  return { suite, payload, variant, sink };
}

function findFastest(scope: Scope): Fastest[] {
  return [...groupBy(rankable(scope), tableKey).values()].flatMap((table) => {
    const forms = groupBy(table, ({ contender }) => formOf(scope, contender));
    return [...forms].flatMap(([form, own]): Fastest[] => {
      // A form whose only row is the reference has nobody to be faster than.
      if (own.every(({ contender }) => contender === scope.reference)) return [];
      const sizes = [...groupBy(own, ({ items }) => `${items}`).values()].map((group) => crown(scope, group));
      return [{ kind: 'fastest', ...placeOf(table[0]), form, sizes }];
    });
  });
}

function crown(scope: Scope, group: readonly [TimedCell, ...TimedCell[]]): Fastest['sizes'][number] {
  // Where every cell has a speedup it decides, since drift has been taken out of it; otherwise the times do.
  const paired = group.every(({ speedup }) => speedup !== undefined);
  const cost = (cell: TimedCell): number => (paired ? 1 / (cell.speedup?.ratio ?? Number.NaN) : cell.latencyNs.median);
  const best = group.reduce((winner, cell) => (cost(cell) < cost(winner) ? cell : winner));
  const tiedWith = group
    .filter((cell) => cell !== best)
    .filter((against) => standing(pairedSpeedup({ subject: best, against }, scope.context.confidence)) !== 'faster')
    .map(({ contender }) => contender);
  const { items, contender, speedup } = best;
  const isReference = contender === scope.reference;
  const gain = speedup === undefined ? {} : { speedup: intervalOf(speedup) };
  return { items, contender, ...gain, isReference, tiedWith };
}

function intervalOf({ ratio, lo, hi, confidence }: NonNullable<Cell['speedup']>): Interval {
  if (lo === undefined || hi === undefined || confidence === undefined) return { mean: ratio };
  return { mean: ratio, lo, hi, confidence };
}

/** A decided comparison of two contenders in one group. */
interface Duel extends Spot {
  readonly winner: string;
}

function findFlips(scope: Scope): Flip[] {
  const tables = groupBy(rankable(scope), ({ payload, sink }) => JSON.stringify([payload, sink]));
  const fastest = findFastest(scope);
  return [...tables.values()].flatMap((table) => {
    const { payload, sink } = table[0];
    const own = fastest.filter((finding) => finding.payload === payload && finding.sink === sink);
    const leaders = new Set(own.flatMap(({ sizes }) => sizes.map(({ contender }) => contender)));
    const contenders = [...new Set(table.map(({ contender }) => contender))];
    const rivals = pairs(contenders).filter(([a, b]) => areRivals(scope, [a, b], leaders));
    return rivals.flatMap(([a, b]) => {
      const duels = fight(scope, table, [a, b]);
      const place = { kind: 'flip' as const, suite: table[0].suite, payload, sink };
      const byVariant = [...groupBy(duels, ({ variant }) => variant).values()];
      const bySize = [...groupBy(duels, ({ items }) => `${items}`).values()];
      // A pair that flips at several sizes when the variant changes makes one finding, not one a size.
      const acrossVariants = bySize.filter((same) => new Set(same.map(({ winner }) => winner)).size > 1).flat();
      return [
        ...byVariant.flatMap((same) => flipOf({ ...place, dimension: 'items' }, same)),
        ...flipOf({ ...place, dimension: 'variant' }, acrossVariants),
      ];
    });
  });
}

type FlipPlace = Pick<Flip, 'kind' | 'suite' | 'payload' | 'sink' | 'dimension'>;

function flipOf(place: FlipPlace, duels: readonly Duel[]): Flip[] {
  const [early, late] = [...groupBy(duels, ({ winner }) => winner).values()];
  if (early === undefined || late === undefined) return [];
  const spots = (won: readonly Duel[]): Spot[] => won.map(({ items, variant }) => ({ items, variant }));
  const wins = { firstWins: spots(early), secondWins: spots(late) };
  return [{ ...place, first: early[0].winner, second: late[0].winner, ...wins }];
}

function pairs(values: readonly string[]): [string, string][] {
  return values.flatMap((a, index) => values.slice(index + 1).map((b): [string, string] => [a, b]));
}

/**
 * Whether a flip between two contenders would change anybody's choice: against the reference always, between others
 * where each leads somewhere and both write the same form. Flips far behind the leaders are left out.
 */
function areRivals(scope: Scope, [a, b]: readonly [string, string], leaders: ReadonlySet<string>): boolean {
  if (a === scope.reference || b === scope.reference) return true;
  return formOf(scope, a) === formOf(scope, b) && leaders.has(a) && leaders.has(b);
}

function fight(scope: Scope, table: readonly TimedCell[], [a, b]: readonly [string, string]): Duel[] {
  return [...groupBy(table, groupKey).values()].flatMap((group): Duel[] => {
    const subject = group.find(({ contender }) => contender === a);
    const against = group.find(({ contender }) => contender === b);
    if (subject === undefined || against === undefined) return [];
    const outcome = standing(pairedSpeedup({ subject, against }, scope.context.confidence));
    const { items, variant } = subject;
    if (outcome === 'faster') return [{ items, variant, winner: a }];
    if (outcome === 'slower') return [{ items, variant, winner: b }];
    return [];
  });
}

function findNoDifference(scope: Scope): NoDifference[] {
  const level = scope.cells.filter(isTimed).filter(({ speedup }) => standing(speedup) === 'no-difference');
  const rows = groupBy(level, (cell) => `${cell.contender} ${tableKey(cell)}`);
  return [...rows.values()].map((row) => ({
    kind: 'no-difference',
    ...placeOf(row[0]),
    contender: row[0].contender,
    reference: scope.reference,
    items: row.map(({ items }) => items),
  }));
}

function findNativeCost(scope: Scope): NativeCost[] {
  const own = scope.cells.filter(isTimed).filter(({ contender }) => contender === scope.reference);
  const tables = groupBy(own, ({ payload, sink }) => JSON.stringify([payload, sink]));
  return [...tables.values()].flatMap((table): NativeCost[] => {
    const sizes = table
      .filter(({ variant }) => variant === 'text')
      .flatMap((text) => {
        const native = table.find(({ variant, items }) => variant === 'native' && items === text.items);
        const { items, throughputBytesPerSec: textBytesPerSec } = text;
        const nativeBytesPerSec = native?.throughputBytesPerSec;
        if (native === undefined || textBytesPerSec === undefined || nativeBytesPerSec === undefined) return [];
        const slowdown = pairedSpeedup({ subject: text, against: native }, scope.context.confidence);
        return [{ items, textBytesPerSec, nativeBytesPerSec, ...(slowdown === undefined ? {} : { slowdown }) }];
      });
    if (sizes.length === 0) return [];
    const { suite, payload, sink } = table[0];
    return [{ kind: 'native-cost', suite, payload, sink, contender: scope.reference, sizes }];
  });
}

function findCompileCost(scope: Scope): CompileCost[] {
  const groups = groupBy(scope.cells, groupKey);
  // Contenders without a schema only set themselves up; the table of memory and pauses has their cost too.
  const compiled = rankable(scope).filter(({ contender }) => {
    return capabilitiesOf(scope, contender)?.includes('needs-schema') === true;
  });
  return [...groupBy(compiled, ({ contender }) => contender)].flatMap(([contender, own]): CompileCost[] => {
    const calls = own.flatMap((cell) => {
      const reference = groups.get(groupKey(cell))?.find((candidate) => candidate.contender === scope.reference);
      return callsUntilPaidOff(cell, reference) ?? [];
    });
    if (calls.length === 0) return [];
    const finite = calls.filter((count) => Number.isFinite(count));
    const range = finite.length === 0 ? {} : { calls: { fewest: Math.min(...finite), most: Math.max(...finite) } };
    const compileNs = median(own.flatMap((cell) => cell.compileNs ?? []));
    return [
      {
        kind: 'compile-cost',
        suite: own[0].suite,
        contender,
        reference: scope.reference,
        compileNs,
        ...range,
        paysOffIn: finite.length,
        cells: calls.length,
      },
    ];
  });
}

function findCheapestRepresentations(scope: Scope): CheapestRepresentation[] {
  const families = groupBy(rankable(scope), ({ contender, payload }) => {
    return JSON.stringify([contender, representationFamily(payload)]);
  });
  return [...families.values()].flatMap((all): CheapestRepresentation[] => {
    // Only cells of one length are compared; where a run has several, the longest tells most about one item.
    const longest = Math.max(...all.map(({ items }) => items));
    const own = all.filter(({ items }) => items === longest);
    const times = own.toSorted((a, b) => a.latencyNs.median - b.latencyNs.median);
    const best = times[0];
    const worst = times.at(-1);
    if (best === undefined || worst === undefined || best === worst) return [];
    const tiedWith = times
      .slice(1)
      .filter((against) => standing(pairedSpeedup({ subject: best, against }, scope.context.confidence)) !== 'faster')
      .map(({ payload }) => payload);
    return [
      {
        kind: 'cheapest-representation',
        suite: best.suite,
        family: representationFamily(best.payload),
        contender: best.contender,
        payload: best.payload,
        variant: best.variant,
        latencyNsPerItem: best.latencyNs.median / best.items,
        tiedWith,
        dearest: { payload: worst.payload, ratio: worst.latencyNs.median / best.latencyNs.median },
      },
    ];
  });
}

function findOutputSizes(scope: Scope): OutputSize[] {
  const groups = groupBy(scope.cells, groupKey);
  const rows = groupBy(
    scope.cells.filter(({ status, contender }) => status === 'ok' && contender !== scope.reference),
    ({ contender, payload, variant }) => JSON.stringify([contender, payload, variant]),
  );
  return [...rows.values()].flatMap((row): OutputSize[] => {
    const { suite, payload, variant, contender } = row[0];
    const sizes = row.flatMap((cell) => {
      const reference = groups.get(groupKey(cell))?.find((candidate) => candidate.contender === scope.reference);
      const { items, outputBytes: sizeBytes } = cell;
      const referenceBytes = reference?.outputBytes;
      return sizeBytes === undefined || referenceBytes === undefined ? [] : [{ items, sizeBytes, referenceBytes }];
    });
    if (sizes.length === 0) return [];
    const isLayout = scope.context.contenders.find(({ id }) => id === contender)?.kind === 'layout';
    return [{ kind: 'output-size', suite, payload, variant, contender, reference: scope.reference, isLayout, sizes }];
  });
}

function findTypeHandling(scope: Scope): TypeHandling[] {
  return scope.cells.flatMap(({ suite, contender, observations }): TypeHandling[] => {
    if (observations === undefined) return [];
    const groups = groupBy(observations, ({ outcome }) => outcome);
    const byOutcome = Object.fromEntries([...groups].map(([outcome, own]) => [outcome, own.map(({ input }) => input)]));
    return [{ kind: 'type-handling', suite, contender, inputs: observations.length, byOutcome }];
  });
}

function findExcluded(suite: string, cells: readonly Cell[]): Excluded[] {
  const groups = groupBy(cells, ({ contender, status, reason }) => JSON.stringify([contender, status, reason]));
  return [...groups.values()].flatMap((own): Excluded[] => {
    const { contender, status, reason = 'no reason was given' } = own[0];
    if (status === 'ok') return [];
    const places = own.map(({ payload, items, variant, sink }) => ({ payload, items, variant, sink }));
    return [{ kind: 'excluded', suite, contender, status, reason, cells: places }];
  });
}

function findNoisy(suite: string, all: readonly Cell[]): Noisy[] {
  const cells = all.filter(isNoisy).map(({ contender, payload, items, variant, sink }) => {
    return { contender, payload, items, variant, sink };
  });
  return cells.length === 0 ? [] : [{ kind: 'noisy', suite, cells }];
}
