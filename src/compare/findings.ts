/**
 * What a run has shown, as data: who is fastest where, what flips, what makes no difference, what has to be left out.
 *
 * Every finding is computed from the cells given; a contender's name appears in one only because its cells put it
 * there. A difference counts only where its interval excludes 1. Nothing corrects for the number of comparisons, so of
 * many findings a few may be chance.
 */
import type { MicroCell } from '../model/cell.ts';
import type { Capability } from '../model/contender.ts';
import type { Suite } from '../model/suite.ts';
import { median } from '../stats/center.ts';
import type { Ratio } from '../model/metric.ts';
import type { Interval } from '../stats/intervals.ts';
import { groupBy, groupKey, isTimed, medianOf, speedupOf, timeOf, type TimedCell } from './cells.ts';
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
import { pairedSpeedup, speedupInGroup, standing } from './ratios.ts';

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
}

/**
 * Findings by suite in the order of the cells, inside a suite in the order of the functions below.
 * @param cells of one run, in plan order; a suite or contender that `context` does not know is left out of every
 *   ranking (its capabilities are unknown), but not out of `excluded` and `noisy`.
 * @returns an empty list for no cells.
 */
export function findFindings(cells: readonly MicroCell[], context: FindingsContext): Finding[] {
  return [...groupBy(cells, ({ id }) => id.suite)].flatMap(([id, own]) => {
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
  readonly cells: readonly MicroCell[];
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
  return scope.cells.filter(isTimed).filter(({ id: { contender } }) => {
    const capabilities = capabilitiesOf(scope, contender);
    // What another program does is there to be compared with; nobody can choose it for a gateway in Node.js.
    return capabilities !== undefined && isCrownable(capabilities) && !capabilities.includes('in-python');
  });
}

function tableKey({ id }: MicroCell): string {
  return JSON.stringify([id.payload, id.variant, id.sink]);
}

function placeOf({ id: { suite, payload, variant, sink } }: MicroCell): TablePlace {
  return { suite, payload, variant, sink };
}

function findFastest(scope: Scope): Fastest[] {
  return [...groupBy(rankable(scope), tableKey).values()].flatMap((table) => {
    const forms = groupBy(table, ({ id }) => formOf(scope, id.contender));
    return [...forms].flatMap(([form, own]): Fastest[] => {
      // A form whose only row is the reference has nobody to be faster than.
      if (own.every(({ id }) => id.contender === scope.reference)) return [];
      const sizes = [...groupBy(own, ({ id }) => `${id.items}`).values()].map((group) => crown(scope, group));
      return [{ kind: 'fastest', ...placeOf(table[0]), form, sizes }];
    });
  });
}

function crown(scope: Scope, group: readonly [TimedCell, ...TimedCell[]]): Fastest['sizes'][number] {
  // Where every cell has a speedup it decides, since drift has been taken out of it; otherwise the times do.
  const paired = group.every((cell) => speedupOf(cell) !== undefined);
  const cost = (cell: TimedCell): number => (paired ? 1 / (speedupOf(cell)?.ratio ?? Number.NaN) : timeOf(cell).median);
  const best = group.reduce((winner, cell) => (cost(cell) < cost(winner) ? cell : winner));
  const tiedWith = group
    .filter((cell) => cell !== best)
    .filter((against) => standing(speedupInGroup({ subject: best, against })) !== 'more')
    .map(({ id }) => id.contender);
  const { items, contender } = best.id;
  const speedup = speedupOf(best);
  const isReference = contender === scope.reference;
  const gain = speedup === undefined ? {} : { speedup: intervalOf(speedup) };
  return { items, contender, ...gain, isReference, tiedWith };
}

function intervalOf({ ratio, lo, hi, confidence }: Ratio): Interval {
  if (lo === undefined || hi === undefined || confidence === undefined) return { mean: ratio };
  return { mean: ratio, lo, hi, confidence };
}

/** A decided comparison of two contenders in one group. */
interface Duel extends Spot {
  readonly winner: string;
}

function findFlips(scope: Scope): Flip[] {
  const tables = groupBy(rankable(scope), ({ id }) => JSON.stringify([id.payload, id.sink]));
  const fastest = findFastest(scope);
  return [...tables.values()].flatMap((table) => {
    const { suite, payload, sink } = table[0].id;
    const own = fastest.filter((finding) => finding.payload === payload && finding.sink === sink);
    const leaders = new Set(own.flatMap(({ sizes }) => sizes.map(({ contender }) => contender)));
    const contenders = [...new Set(table.map(({ id }) => id.contender))];
    const rivals = pairs(contenders).filter(([a, b]) => areRivals(scope, [a, b], leaders));
    return rivals.flatMap(([a, b]) => {
      const duels = fight(scope, table, [a, b]);
      const place = { kind: 'flip' as const, suite, payload, sink };
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
  return [...groupBy(table, ({ id }) => groupKey(id)).values()].flatMap((group): Duel[] => {
    const subject = group.find(({ id }) => id.contender === a);
    const against = group.find(({ id }) => id.contender === b);
    if (subject === undefined || against === undefined) return [];
    const outcome = standing(speedupInGroup({ subject, against }));
    const { items, variant } = subject.id;
    if (outcome === 'more') return [{ items, variant, winner: a }];
    if (outcome === 'less') return [{ items, variant, winner: b }];
    return [];
  });
}

function findNoDifference(scope: Scope): NoDifference[] {
  const level = scope.cells.filter(isTimed).filter((cell) => standing(speedupOf(cell)) === 'no-difference');
  const rows = groupBy(level, (cell) => `${cell.id.contender} ${tableKey(cell)}`);
  return [...rows.values()].map((row) => ({
    kind: 'no-difference',
    ...placeOf(row[0]),
    contender: row[0].id.contender,
    reference: scope.reference,
    items: row.map(({ id }) => id.items),
  }));
}

function findNativeCost(scope: Scope): NativeCost[] {
  const own = scope.cells.filter(isTimed).filter(({ id }) => id.contender === scope.reference);
  const tables = groupBy(own, ({ id }) => JSON.stringify([id.payload, id.sink]));
  return [...tables.values()].flatMap((table): NativeCost[] => {
    const sizes = table
      .filter(({ id }) => id.variant === 'text')
      .flatMap((text) => {
        const { items } = text.id;
        const native = table.find(({ id }) => id.variant === 'native' && id.items === items);
        const textBytesPerSec = medianOf(text, 'throughputBytesPerSec');
        const nativeBytesPerSec = native && medianOf(native, 'throughputBytesPerSec');
        if (native === undefined || textBytesPerSec === undefined || nativeBytesPerSec === undefined) return [];
        const slowdown = pairedSpeedup({ subject: text, against: native });
        return [{ items, textBytesPerSec, nativeBytesPerSec, ...(slowdown === undefined ? {} : { slowdown }) }];
      });
    if (sizes.length === 0) return [];
    const { suite, payload, sink } = table[0].id;
    return [{ kind: 'native-cost', suite, payload, sink, contender: scope.reference, sizes }];
  });
}

function findCompileCost(scope: Scope): CompileCost[] {
  const groups = groupBy(scope.cells, ({ id }) => groupKey(id));
  // Contenders without a schema only set themselves up; the table of memory and pauses has their cost too.
  const compiled = rankable(scope).filter(({ id: { contender } }) => {
    return capabilitiesOf(scope, contender)?.includes('needs-schema') === true;
  });
  return [...groupBy(compiled, ({ id }) => id.contender)].flatMap(([contender, own]): CompileCost[] => {
    const calls = own.flatMap((cell) => {
      const reference = groups.get(groupKey(cell.id))?.find(({ id }) => id.contender === scope.reference);
      return callsUntilPaidOff(cell, reference) ?? [];
    });
    if (calls.length === 0) return [];
    const finite = calls.filter((count) => Number.isFinite(count));
    const range = finite.length === 0 ? {} : { calls: { fewest: Math.min(...finite), most: Math.max(...finite) } };
    const compileNs = median(own.flatMap((cell) => medianOf(cell, 'compileNs') ?? []));
    return [
      {
        kind: 'compile-cost',
        suite: own[0].id.suite,
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
  const families = groupBy(rankable(scope), ({ id }) => {
    return JSON.stringify([id.contender, representationFamily(id.payload)]);
  });
  return [...families.values()].flatMap((all): CheapestRepresentation[] => {
    // Only cells of one length are compared; where a run has several, the longest tells most about one item.
    const longest = Math.max(...all.map(({ id }) => id.items));
    const own = all.filter(({ id }) => id.items === longest);
    const times = own.toSorted((a, b) => timeOf(a).median - timeOf(b).median);
    const best = times[0];
    const worst = times.at(-1);
    if (best === undefined || worst === undefined || best === worst) return [];
    const tiedWith = times
      .slice(1)
      .filter((against) => standing(pairedSpeedup({ subject: best, against })) !== 'more')
      .map(({ id }) => id.payload);
    return [
      {
        kind: 'cheapest-representation',
        suite: best.id.suite,
        family: representationFamily(best.id.payload),
        contender: best.id.contender,
        payload: best.id.payload,
        variant: best.id.variant,
        latencyNsPerItem: timeOf(best).median / best.id.items,
        tiedWith,
        dearest: { payload: worst.id.payload, ratio: timeOf(worst).median / timeOf(best).median },
      },
    ];
  });
}

function findOutputSizes(scope: Scope): OutputSize[] {
  const groups = groupBy(scope.cells, ({ id }) => groupKey(id));
  const rows = groupBy(
    scope.cells.filter(({ status, id }) => status === 'ok' && id.contender !== scope.reference),
    ({ id }) => JSON.stringify([id.contender, id.payload, id.variant]),
  );
  return [...rows.values()].flatMap((row): OutputSize[] => {
    const { suite, payload, variant, contender } = row[0].id;
    const sizes = row.flatMap((cell) => {
      const reference = groups.get(groupKey(cell.id))?.find(({ id }) => id.contender === scope.reference);
      const { items } = cell.id;
      const sizeBytes = medianOf(cell, 'outputBytes');
      const referenceBytes = reference && medianOf(reference, 'outputBytes');
      return sizeBytes === undefined || referenceBytes === undefined ? [] : [{ items, sizeBytes, referenceBytes }];
    });
    if (sizes.length === 0) return [];
    const isLayout = scope.context.contenders.find(({ id }) => id === contender)?.kind === 'layout';
    return [{ kind: 'output-size', suite, payload, variant, contender, reference: scope.reference, isLayout, sizes }];
  });
}

function findTypeHandling(scope: Scope): TypeHandling[] {
  return scope.cells.flatMap(({ id: { suite, contender }, observations }): TypeHandling[] => {
    if (observations === undefined) return [];
    const groups = groupBy(observations, ({ outcome }) => outcome);
    const byOutcome = Object.fromEntries([...groups].map(([outcome, own]) => [outcome, own.map(({ input }) => input)]));
    return [{ kind: 'type-handling', suite, contender, inputs: observations.length, byOutcome }];
  });
}

function findExcluded(suite: string, cells: readonly MicroCell[]): Excluded[] {
  const groups = groupBy(cells, ({ id, status, reason }) => JSON.stringify([id.contender, status, reason]));
  return [...groups.values()].flatMap((own): Excluded[] => {
    const { id, status, reason = 'no reason was given' } = own[0];
    const { contender } = id;
    if (status === 'ok') return [];
    const places = own.map(({ id: { payload, items, variant, sink } }) => ({ payload, items, variant, sink }));
    return [{ kind: 'excluded', suite, contender, status, reason, cells: places }];
  });
}

function findNoisy(suite: string, all: readonly MicroCell[]): Noisy[] {
  const cells = all.filter(isNoisy).map(({ id: { contender, payload, items, variant, sink } }) => {
    return { contender, payload, items, variant, sink };
  });
  return cells.length === 0 ? [] : [{ kind: 'noisy', suite, cells }];
}
