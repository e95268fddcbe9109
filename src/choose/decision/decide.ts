/**
 * The recommendation: who is right on this data, what everybody costs, and whom the evidence allows to be preferred.
 *
 * Eligibility comes first, then cost, then simplicity: the simplest contender that none is shown to beat by enough to
 * matter, which is the margin and a least saving. A pure function of what was measured; the first look selects and the
 * later rounds alone decide, so that nobody is chosen for one lucky reading.
 */
import type { Registered } from '../../model/bench-module.ts';
import { encodedSizesOf, medianOf } from '../../compare/cells.ts';
import type { MicroCell, MicroCellId } from '../../model/cell.ts';
import { tellWarning } from '../../run-file/warnings.ts';
import type { Capability, SerializeContender } from '../../model/contender.ts';
import type { Candidate, CandidateStanding, Recommendation } from '../../model/choice.ts';
import { median } from '../../stats/center.ts';
import { fewestForBounds } from '../../stats/intervals.ts';
import { estimateBottleneck } from './bottleneck.ts';
import type { Resources } from './bottleneck.ts';
import type { CostByRound, WeightedCell } from './costs.ts';
import {
  commonRounds,
  costRatio,
  costSpeedup,
  summarizeCosts,
  weighCount,
  weighEncodings,
  weighRounds,
} from './costs.ts';
import { burdensOf, compareSimplicity, notAccepted } from './simplicity.ts';

/** A part of the workload as cells name it. */
interface DecidedPart extends Pick<MicroCellId, 'payload' | 'items' | 'variant'> {
  readonly share: number;
}

export interface DecideRequest {
  readonly contenders: readonly Registered<SerializeContender>[];
  readonly reference: string;
  readonly parts: readonly DecidedPart[];
  /** Cells of the first look: every contender, one round. */
  readonly firstLook: readonly MicroCell[];
  /** Cells of the rounds that decide: those that were worth another look. */
  readonly cells: readonly MicroCell[];
  /** Cells with sizes; a contender without one has the reference's where it writes the same bytes. */
  readonly sizes: readonly MicroCell[];
  /** Contenders that were not measured at all, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
  readonly accepted: readonly Capability[];
  /** A share: what a less simple contender must gain beyond doubt. */
  readonly margin: number;
  /** Nanoseconds of a response that it must save besides. */
  readonly leastSavingNs: number;
  readonly resources: Resources;
}

export interface Decision {
  readonly candidates: readonly Candidate[];
  readonly recommendation?: Recommendation;
}

/** Candidates in the order of their standing, and the recommendation where the rounds allow one. */
export function decide(request: DecideRequest): Decision {
  const weighed = onCommonRounds(request.contenders.map((contender) => weigh(contender, request)));
  const reference = weighed.find(({ contender }) => contender.id === request.reference);
  const verdict = prefer(
    weighed.filter(({ exclusion, costs, isAccepted }) => exclusion === undefined && isAccepted && costs.size > 0),
    request,
  );
  const candidates = weighed
    .map((own) => describe(own, { reference, standing: standingOf(own, verdict) }))
    .toSorted((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || costOf(a) - costOf(b));
  if (verdict === undefined) return { candidates };
  return { candidates, recommendation: recommend({ verdict, candidates, request }) };
}

/**
 * Contenders that deserve more rounds: right on every part, acceptable, and at most so many times as slow as the
 * fastest of them; the reference always, since everything is quoted against it.
 */
export function selectFinalists(
  request: Omit<DecideRequest, 'cells' | 'sizes' | 'margin' | 'leastSavingNs' | 'resources'> & { screenFactor: number },
): string[] {
  const looked = request.contenders.map((contender) => weigh(contender, { ...request, cells: [], sizes: [] }));
  const able = looked.filter(({ exclusion, isAccepted }) => exclusion === undefined && isAccepted);
  const fastest = Math.min(...able.map(({ firstLookNs }) => firstLookNs));
  return looked
    .filter(
      (own) =>
        own.contender.id === request.reference ||
        (able.includes(own) && own.firstLookNs <= request.screenFactor * fastest),
    )
    .filter(({ exclusion }) => exclusion === undefined)
    .map(({ contender }) => contender.id);
}

const order: readonly CandidateStanding[] = ['recommended', 'tied', 'slower', 'screened', 'not-accepted', 'excluded'];

interface Weighed {
  readonly contender: Registered<SerializeContender>;
  readonly exclusion: string | undefined;
  readonly isAccepted: boolean;
  readonly refusedCapabilities: readonly Capability[];
  /** The one reading of the first look; infinite without one. */
  readonly firstLookNs: number;
  readonly costs: CostByRound;
  /** One a part; of the deciding rounds where there are any. */
  readonly cells: readonly WeightedCell[];
  readonly sizes: readonly WeightedCell[];
}

function weigh(
  contender: Registered<SerializeContender>,
  request: Pick<DecideRequest, 'parts' | 'firstLook' | 'cells' | 'sizes' | 'refused' | 'accepted' | 'reference'>,
): Weighed {
  const { parts, firstLook, cells, sizes, refused, accepted } = request;
  const lookedAt = cellsOf(contender.id, parts, firstLook);
  const decisive = cellsOf(contender.id, parts, cells);
  const exclusion = refused.get(contender.id) ?? findExclusion([...lookedAt, ...decisive], parts.length);
  const refusedCapabilities = contender.id === request.reference ? [] : notAccepted(contender.capabilities, accepted);
  const isComplete = (own: readonly WeightedCell[]): boolean => own.length === parts.length;
  const [firstLookNs = Number.POSITIVE_INFINITY] = isComplete(lookedAt) ? weighRounds(lookedAt).values() : [];
  const ownSizes = cellsOf(contender.id, parts, sizes);
  return {
    contender,
    exclusion,
    isAccepted: refusedCapabilities.length === 0,
    refusedCapabilities,
    firstLookNs,
    costs: isComplete(decisive) ? weighRounds(decisive) : new Map(),
    cells: isComplete(decisive) ? decisive : lookedAt,
    sizes: isComplete(ownSizes) || contender.equality !== 'bytes' ? ownSizes : cellsOf(request.reference, parts, sizes),
  };
}

/** Everybody who stays in with the rounds that all of these have. */
function onCommonRounds(weighed: readonly Weighed[]): Weighed[] {
  const rounds = commonRounds(weighed.filter(({ exclusion }) => exclusion === undefined).map(({ costs }) => costs));
  return weighed.map((own) => ({ ...own, costs: new Map([...own.costs].filter(([round]) => rounds.has(round))) }));
}

function cellsOf(contender: string, parts: readonly DecidedPart[], cells: readonly MicroCell[]): WeightedCell[] {
  return parts.flatMap(({ payload, items, variant, share }) => {
    const cell = cells.find(
      ({ id }) => id.contender === contender && id.payload === payload && id.items === items && id.variant === variant,
    );
    return cell === undefined ? [] : [{ share, cell }];
  });
}

/** The first cell that did not come out well, with its payload where there are several. */
function findExclusion(cells: readonly WeightedCell[], parts: number): string | undefined {
  const bad = cells.find(({ cell }) => cell.status !== 'ok')?.cell;
  if (bad === undefined) return undefined;
  const where = parts > 1 ? ` on ${bad.id.payload}` : '';
  return `${bad.status}${where}: ${bad.reason ?? 'no reason was given'}`;
}

interface Preference {
  readonly recommended: Weighed;
  readonly best: Weighed;
  readonly tied: readonly Weighed[];
  readonly pool: readonly Weighed[];
}

/** Undefined without a pool, and where no round allows an interval. */
function prefer(
  pool: readonly Weighed[],
  needed: Pick<DecideRequest, 'margin' | 'leastSavingNs'>,
): Preference | undefined {
  if (pool.every(({ costs }) => costs.size < fewestForBounds)) return undefined;
  const [best] = pool.toSorted((a, b) => centerOf(a) - centerOf(b));
  if (best === undefined) return undefined;
  const level = pool.filter((own) => own === best || !isSurelyWorse(own, best, needed));
  const [recommended = best] = level.toSorted(
    (a, b) => compareSimplicity(burdensOf(a.contender), burdensOf(b.contender)) || centerOf(a) - centerOf(b),
  );
  return { recommended, best, tied: level.filter((own) => own !== recommended), pool };
}

/** The same centre as the report shows, so that nobody is called the fastest beside a shorter time. */
function centerOf({ costs }: Weighed): number {
  return median([...costs.values()]);
}

function isSurelyWorse(
  own: Weighed,
  best: Weighed,
  { margin, leastSavingNs }: Pick<DecideRequest, 'margin' | 'leastSavingNs'>,
): boolean {
  if (centerOf(own) - centerOf(best) < leastSavingNs) return false;
  const ratio = costRatio(own.costs, best.costs);
  return ratio?.lo !== undefined && ratio.lo > 1 + margin;
}

function standingOf(own: Weighed, verdict: Preference | undefined): CandidateStanding {
  if (own.exclusion !== undefined) return 'excluded';
  if (!own.isAccepted) return 'not-accepted';
  if (own.costs.size === 0) return 'screened';
  if (own === verdict?.recommended) return 'recommended';
  return verdict?.tied.includes(own) === true ? 'tied' : 'slower';
}

function describe(
  own: Weighed,
  { reference, standing }: { reference: Weighed | undefined; standing: CandidateStanding },
): Candidate {
  const { contender, exclusion, refusedCapabilities, cells, sizes } = own;
  const { id, title } = contender;
  const common = { contender: id, title, standing, burdens: burdensOf(contender) };
  if (exclusion !== undefined) return { ...common, reason: exclusion, rounds: 0, warnings: [] };
  // A look at some parts of a mix only is no cost of a response.
  if (own.costs.size === 0 && !Number.isFinite(own.firstLookNs))
    return { ...common, reason: 'the session ended before its turn', rounds: 0, warnings: [] };
  // The first look was taken with another procedure, so that its costs are held against each other only.
  const isDecisive = own.costs.size > 0;
  const costs = isDecisive ? own.costs : firstLookOf(own);
  const referenceCosts =
    reference === undefined ? new Map<number, number>() : isDecisive ? reference.costs : firstLookOf(reference);
  const costNs = summarizeCosts(costs);
  const speedup =
    id === reference?.contender.id
      ? undefined
      : costSpeedup({ contender: costs, reference: referenceCosts }, reference?.contender.id ?? '');
  const compileNs = compilesSomething(contender) ? weighTotal(cells, (cell) => medianOf(cell, 'compileNs')) : undefined;
  const peakBlockNs = Math.max(...cells.map(({ cell }) => medianOf(cell, 'peakBlockNs') ?? Number.NaN));
  const allocated = weighCount(cells, (cell) => medianOf(cell, 'allocatedBytesPerOp'));
  const outputBytes = weighCount(cells, (cell) => medianOf(cell, 'outputBytes'));
  const encoded =
    sizes.length < cells.length
      ? []
      : weighEncodings(sizes.map(({ share, cell }) => ({ share, encoded: encodedSizesOf(cell) ?? [] })));
  return {
    ...common,
    ...(refusedCapabilities.length === 0 ? {} : { reason: refusedCapabilities.join(', ') }),
    evidence: isDecisive ? 'rounds' : 'first-look',
    ...(Number.isFinite(own.firstLookNs) ? { firstLookNs: own.firstLookNs } : {}),
    ...(costNs === undefined ? {} : { costNs }),
    ...(speedup === undefined ? {} : { speedup }),
    ...(compileNs === undefined
      ? {}
      : {
          compileNs,
          breakEvenCalls: breakEven({
            compileNs,
            costNs: costNs?.median,
            referenceNs: summarizeCosts(referenceCosts)?.median,
            speedup,
          }),
        }),
    // The first look does not search for long calls.
    ...(isDecisive && Number.isFinite(peakBlockNs) ? { peakBlockNs } : {}),
    ...(allocated === undefined ? {} : { allocatedBytesPerOp: allocated }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
    ...(encoded.length === 0 ? {} : { encoded }),
    rounds: isDecisive ? own.costs.size : 1,
    warnings: [...new Set(cells.flatMap(({ cell }) => cell.warnings.map(tellWarning)))],
  };
}

function firstLookOf({ firstLookNs }: Weighed): CostByRound {
  return Number.isFinite(firstLookNs) ? new Map([[0, firstLookNs]]) : new Map();
}

function compilesSomething({ capabilities }: SerializeContender): boolean {
  return capabilities.includes('needs-schema');
}

/** The sum over the parts, each compiled once, whatever its share. */
function weighTotal(
  cells: readonly WeightedCell[],
  count: (cell: MicroCell) => number | undefined,
): number | undefined {
  const sum = cells.reduce((total, { cell }) => total + (count(cell) ?? Number.NaN), 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function breakEven(costs: {
  compileNs: number;
  costNs: number | undefined;
  referenceNs: number | undefined;
  speedup: { readonly lo?: number } | undefined;
}): number | null {
  const { compileNs, costNs, referenceNs, speedup } = costs;
  const isFaster = speedup?.lo !== undefined && speedup.lo > 1;
  if (!isFaster || costNs === undefined || referenceNs === undefined || referenceNs <= costNs) return null;
  return Math.max(1, Math.ceil(compileNs / (referenceNs - costNs)));
}

function recommend({
  verdict,
  candidates,
  request,
}: {
  verdict: Preference;
  candidates: readonly Candidate[];
  request: DecideRequest;
}): Recommendation {
  const { recommended, best, tied, pool } = verdict;
  const contender = recommended.contender.id;
  const others = pool.filter((own) => own !== recommended);
  const bounds = others.map((own) => costRatio(recommended.costs, own.costs)?.hi);
  const regret = bounds.some((hi) => hi === undefined) ? undefined : Math.max(0, ...bounds.map((hi) => (hi ?? 0) - 1));
  const overReference = candidates.find((candidate) => candidate.contender === contender)?.speedup;
  const loads = [contender, ...(contender === request.reference ? [] : [request.reference])].flatMap((id) => {
    const candidate = candidates.find((own) => own.contender === id);
    const load = candidate === undefined ? undefined : estimateBottleneck(candidate, request.resources);
    return load === undefined ? [] : [load];
  });
  const isAlone = others.length === 0;
  return {
    contender,
    reference: request.reference,
    best: best.contender.id,
    because: isAlone ? 'only' : tied.length > 0 || recommended !== best ? 'simplest' : 'fastest',
    tiedWith: tied.map((own) => own.contender.id),
    ...(regret === undefined ? {} : { regret }),
    ...(overReference === undefined ? {} : { overReference }),
    bottlenecks: loads,
  };
}

function costOf({ costNs }: Candidate): number {
  return costNs?.median ?? Number.POSITIVE_INFINITY;
}
