/**
 * Which cells belong together, what they are called, and their figures by metric.
 *
 * Keys are for maps inside one process and are never stored; names are stable and may be.
 */
import type { Cell, CellId, EncodedSize, MicroCell, MicroCellId } from '../model/cell.ts';
import type { HttpCellId, HttpLoad } from '../model/http.ts';
import type { Metric, Ratio, Speedup, Summary } from '../model/metric.ts';

/** A micro-benchmark that was timed and found correct. */
export type TimedCell = MicroCell & {
  readonly metrics: { readonly latencyNs: Metric & { readonly summary: Summary } };
};

/** Parts of ids, in the order in which a name has them; a new kind of suite adds its own. */
const partsOfNames = ['suite', 'scenario', 'load', 'contender', 'payload', 'items', 'variant', 'sink'] as const;

/** Equal for two ids exactly where all their parts are equal; the rate of an open loop is no part. */
export function cellKey(id: CellId): string {
  return JSON.stringify(listParts(id, partsOfNames));
}

/** Equal for cells that differ in nothing but the contender, so that their figures may be compared. */
export function groupKey(id: CellId): string {
  return JSON.stringify(
    listParts(
      id,
      partsOfNames.filter((part) => part !== 'contender'),
    ),
  );
}

/**
 * What people, and services that follow a cell over commits, call it: `serialize/ajv/tools/100/text/bytes`,
 * `serializers/tools-100/closed-10/ajv`.
 */
export function nameCell(id: CellId): string {
  return listParts(id, partsOfNames)
    .filter((value) => value !== null)
    .join('/');
}

/**
 * What a group is called where people read of it, and in plans: `serialize/tools/100/text/bytes`. Cells of one group
 * have one machine.
 */
export function nameGroup(id: MicroCellId): string {
  return [id.suite, id.payload, id.items, id.variant, id.sink].join('/');
}

/**
 * `closed-10`, `open-64`, `open-64-at-150`. A rate that is a share of what the run's own reference answered is no part of
 * it, so two runs of one plan have the same load at other rates.
 */
export function nameLoad(load: HttpLoad): string {
  const { kind, connections } = load;
  const rate = load.kind === 'open' && load.isNamed === true ? `-at-${load.requestsPerSec}` : '';
  return `${kind}-${connections}${rate}`;
}

/**
 * Values under the key that each of them has, keys and values in the order of first appearance.
 * @returns an empty map for an empty list.
 */
export function groupBy<T, K extends string>(values: Iterable<T>, key: (value: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}

/** Whether the cell has times that may be compared; an incorrect one never has. */
export function isTimed(cell: MicroCell): cell is TimedCell {
  return cell.status === 'ok' && cell.metrics['latencyNs']?.summary !== undefined;
}

/** The figure of a metric over all rounds; `undefined` where there is none. */
export function medianOf({ metrics }: Pick<Cell, 'metrics'>, metric: string): number | undefined {
  return metrics[metric]?.summary?.median;
}

/** Median time of an operation, with bounds where there are rounds enough. */
export function timeOf({ metrics }: TimedCell): Summary {
  return metrics.latencyNs.summary;
}

/** time(reference) / time(contender), the reference's own included; `undefined` where there is none. */
export function speedupOf({ metrics }: Pick<Cell, 'metrics'>): Speedup | undefined {
  return metrics['latencyNs']?.ratio;
}

/** What a metric is to the reference's; `undefined` for the reference itself, and where there is no ratio. */
export function ratioOf({ metrics, id }: Pick<Cell, 'metrics' | 'id'>, metric: string): Ratio | undefined {
  const ratio = metrics[metric]?.ratio;
  return ratio === undefined || ratio.reference === id.contender ? undefined : ratio;
}

/** Whether a metric was what the load asked for, as the rate of an open loop is, and is therefore no result. */
export function isGiven(id: CellId & { readonly load?: HttpLoad }, metric: string): boolean {
  return id.load?.kind === 'open' && metric === 'requestsPerSec';
}

/** What the metrics of one encoding are called. */
export function encodedMetrics({ encoding, level }: Pick<EncodedSize, 'encoding' | 'level'>): {
  readonly sizeBytes: string;
  readonly latencyNs: string;
} {
  return { sizeBytes: `${encoding}${level}SizeBytes`, latencyNs: `${encoding}${level}LatencyNs` };
}

const encodedName = /^(gzip|br|zstd)(-?\d+)SizeBytes$/;

/** Sizes by encoding, in the order measured; `undefined` for a cell that was not measured in bytes. */
export function encodedSizesOf({ metrics }: Pick<Cell, 'metrics'>): EncodedSize[] | undefined {
  const sizes = Object.keys(metrics).flatMap((name): EncodedSize[] => {
    const [, encoding, level] = encodedName.exec(name) ?? [];
    if (encoding === undefined) return [];
    const kind = { encoding: encoding as EncodedSize['encoding'], level: Number(level) };
    const names = encodedMetrics(kind);
    const [sizeBytes, latencyNs] = [medianOf({ metrics }, names.sizeBytes), medianOf({ metrics }, names.latencyNs)];
    return sizeBytes === undefined || latencyNs === undefined ? [] : [{ ...kind, sizeBytes, latencyNs }];
  });
  return sizes.length === 0 ? undefined : sizes;
}

/** `null` for a part that ids of this kind do not have. */
function listParts(id: CellId, names: readonly (typeof partsOfNames)[number][]): (string | number | null)[] {
  const parts: Partial<MicroCellId & HttpCellId> = id;
  return names.map((name) => (name === 'load' ? parts.load && nameLoad(parts.load) : parts[name]) ?? null);
}
