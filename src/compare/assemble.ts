/**
 * Turns what became of every fork into the cells of a run file: one summary, one speedup and one status each.
 *
 * A fork counts as one independent value and its blocks only as that value's evidence. Deliberately absent: reading
 * the journal, and any choice of which forks to believe.
 */
import type {
  Cell,
  CellId,
  CellStatus,
  EncodedSize,
  Fork,
  ForkOutcome,
  Observation,
  Speedup,
  Summary,
} from '../model/cell.ts';
import { median } from '../stats/center.ts';
import { geometricInterval } from '../stats/intervals.ts';
import { cellKey, groupBy, groupKey } from './cells.ts';
import { warnAboutEvidence } from './noise.ts';
import { pairedSpeedup } from './speedup.ts';

export interface AssembleRequest {
  /** Planned cells; the result has their order. */
  readonly cells: readonly CellId[];
  /** In any order; where a cell and round appear twice, the later one replaces the earlier. */
  readonly outcomes: readonly ForkOutcome[];
  /** The contender that speedups are quoted against, by suite id; a suite without one gets no speedups. */
  readonly references: Readonly<Record<string, string>>;
  /** In (0, 1); the project's default where left out. */
  readonly confidence?: number;
}

/**
 * Cells in plan order. A planned cell without any outcome is left out: the run was stopped before it.
 *
 * One incorrect fork makes the cell incorrect; otherwise one good fork makes it `ok`, and the failed ones a warning.
 * `latencyNs` has the median over the forks; its bounds are a t interval on the logarithms of the forks' times, which
 * assumes that forks vary by a factor and are near normal on that scale, stretched to hold the median where forks in
 * two modes would leave it outside. The reference's own speedup is 1 without bounds: a definition, not a measurement.
 */
export function assembleCells(request: AssembleRequest): Cell[] {
  const latest = new Map(request.outcomes.map((outcome) => [`${outcome.round} ${cellKey(outcome.cell)}`, outcome]));
  const byCell = groupBy(latest.values(), (outcome) => cellKey(outcome.cell));
  const cells = request.cells.flatMap((id) => {
    const outcomes = byCell.get(cellKey(id));
    return outcomes === undefined ? [] : [assembleCell(id, outcomes, request.confidence)];
  });
  const groups = groupBy(cells, groupKey);
  return cells.map((cell) => {
    const reference = groups.get(groupKey(cell))?.find(({ contender }) => contender === request.references[cell.suite]);
    const speedup = speedupOver(reference, cell, request.confidence);
    return speedup === undefined ? cell : { ...cell, speedup };
  });
}

function assembleCell(id: CellId, unsorted: readonly ForkOutcome[], confidence: number | undefined): Cell {
  const outcomes = unsorted.toSorted((a, b) => a.round - b.round);
  const { status, reason } = judge(outcomes);
  const good = outcomes.filter((outcome) => outcome.status === 'ok');
  const forks = good.flatMap(({ fork }) => (fork === undefined ? [] : [fork]));
  const observations = mergeObservations(outcomes);
  const [example] = outcomes.flatMap((outcome) => (outcome.status === status ? (outcome.example ?? []) : []));
  const timed = summarizeForks(forks, confidence);
  const measured = status === 'ok' ? { ...timed, ...summarizeSizes(good) } : {};
  return {
    suite: id.suite,
    contender: id.contender,
    payload: id.payload,
    items: id.items,
    variant: id.variant,
    sink: id.sink,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...measured,
    forks,
    ...(observations.length === 0 ? {} : { observations }),
    ...(example === undefined ? {} : { example }),
    warnings: status === 'ok' ? collectWarnings({ outcomes, forks, latencyNs: timed.latencyNs }) : [],
  };
}

/** Which status stands for a cell whose forks ended differently and none of them well, the more telling first. */
const precedence: readonly CellStatus[] = ['incorrect', 'ok', 'failed', 'unavailable', 'unsupported'];

function judge(outcomes: readonly ForkOutcome[]): { status: CellStatus; reason: string | undefined } {
  const status = precedence.find((candidate) => outcomes.some((outcome) => outcome.status === candidate)) ?? 'failed';
  if (status === 'ok') return { status, reason: undefined };
  const matching = outcomes.filter((outcome) => outcome.status === status);
  const reasons = [...new Set(matching.map(({ reason }) => reason ?? 'no reason was given'))].join('; ');
  const partly = matching.length < outcomes.length ? ` (in ${matching.length} of ${outcomes.length} forks)` : '';
  return { status, reason: reasons + partly };
}

/** The metrics of a timed cell; of each per-fork value the median, of pauses the longest. Empty without forks. */
function summarizeForks(forks: readonly Fork[], confidence: number | undefined): Partial<Cell> {
  if (forks.length === 0) return {};
  const latencyNs = summarizeTimes(
    forks.map((fork) => fork.latencyNs),
    confidence,
  );
  const outputBytes = median(forks.map((fork) => fork.outputBytes));
  const allocated = forks.flatMap(({ allocatedBytesPerOp: bytes }) => (bytes === undefined ? [] : [bytes]));
  const collecting = forks.flatMap(({ gcTimeShare: share }) => (share === undefined ? [] : [share]));
  return {
    latencyNs,
    outputBytes,
    throughputBytesPerSec: (outputBytes * 1e9) / latencyNs.median,
    ...(allocated.length === 0 ? {} : { allocatedBytesPerOp: median(allocated) }),
    ...(collecting.length === 0 ? {} : { gcTimeShare: median(collecting) }),
    peakBlockNs: Math.max(...forks.map((fork) => fork.peakBlockNs)),
    compileNs: median(forks.map((fork) => fork.compileNs)),
  };
}

function summarizeTimes(times: readonly number[], confidence: number | undefined): Summary {
  const middle = median(times);
  const { lo, hi, confidence: level } = geometricInterval(times, confidence);
  if (lo === undefined || hi === undefined || level === undefined) return { median: middle };
  return { median: middle, lo: Math.min(lo, middle), hi: Math.max(hi, middle), confidence: level };
}

function summarizeSizes(outcomes: readonly ForkOutcome[]): Partial<Cell> {
  const sizes = outcomes.flatMap(({ size }) => (size === undefined ? [] : [size]));
  if (sizes.length === 0) return {};
  const encodings = groupBy(
    sizes.flatMap(({ encoded }) => encoded),
    ({ encoding, level }) => `${encoding} ${level}`,
  );
  const encoded = [...encodings.values()].map((same): EncodedSize => ({
    encoding: same[0].encoding,
    level: same[0].level,
    sizeBytes: median(same.map(({ sizeBytes }) => sizeBytes)),
    latencyNs: median(same.map(({ latencyNs }) => latencyNs)),
  }));
  return { outputBytes: median(sizes.map(({ outputBytes }) => outputBytes)), encoded };
}

/** One observation an input, the first one made; collectWarnings tells where a later one differs. */
function mergeObservations(outcomes: readonly ForkOutcome[]): Observation[] {
  const all = outcomes.flatMap(({ observations }) => observations ?? []);
  return [...groupBy(all, ({ input }) => input).values()].map(([first]) => first);
}

interface Evidence {
  readonly outcomes: readonly ForkOutcome[];
  readonly forks: readonly Fork[];
  readonly latencyNs: Summary | undefined;
}

function collectWarnings({ outcomes, forks, latencyNs }: Evidence): string[] {
  const total = outcomes.length;
  const failures = groupBy(
    outcomes.filter(({ status }) => status !== 'ok'),
    ({ status, reason }) => `${status}: ${reason ?? 'no reason was given'}`,
  );
  const failed = [...failures].map(([what, { length }]) => {
    return `${length} of ${total} forks ${what}`;
  });
  const told = groupBy(
    forks.flatMap(({ warnings }) => [...new Set(warnings)]),
    (warning) => warning,
  );
  const repeated = [...told].map(([warning, { length }]) => {
    return forks.length === 1 ? warning : `${warning} (in ${length} of ${forks.length} forks)`;
  });
  const evidence = latencyNs === undefined ? [] : warnAboutEvidence(forks, latencyNs);
  return [...evidence, ...failed, ...repeated, ...differences(outcomes)];
}

/** What has to be the same in every fork, since each one is given the same values, and is not. */
function differences(outcomes: readonly ForkOutcome[]): string[] {
  const good = outcomes.filter(({ status }) => status === 'ok');
  const sizes = new Set(good.flatMap(({ fork, size }) => fork?.outputBytes ?? size?.outputBytes ?? []));
  const range = `${Math.min(...sizes)} to ${Math.max(...sizes)} bytes`;
  const observed = groupBy(
    outcomes.flatMap(({ observations }) => observations ?? []),
    ({ input }) => input,
  );
  const unstable = [...observed].filter(([, all]) => {
    return all.some(({ outcome, output }) => outcome !== all[0].outcome || output !== all[0].output);
  });
  return [
    ...(sizes.size > 1 ? [`output size differs between forks: ${range}`] : []),
    ...unstable.map(([input]) => `output for ${input} differs between forks`),
  ];
}

function speedupOver(reference: Cell | undefined, cell: Cell, confidence: number | undefined): Speedup | undefined {
  if (reference?.status !== 'ok' || cell.status !== 'ok' || cell.latencyNs === undefined) return undefined;
  if (reference === cell) return { reference: reference.contender, ratio: 1 };
  const interval = pairedSpeedup({ subject: cell, against: reference }, confidence);
  if (interval === undefined) return undefined;
  const { mean: ratio, ...bounds } = interval;
  return { reference: reference.contender, ratio, ...bounds };
}
