/**
 * What single measurements told, as outcomes of one form: forks with their raw readings, loads with figures read
 * already.
 */
import type { ForkOutcome, MicroCellId, Outcome } from '../model/cell.ts';
import type { HttpCellId, HttpOutcome, LoadReading } from '../model/http.ts';
import type { ForkReading, KnownMetric } from '../model/metric-definition.ts';
import { encodedMetrics } from './cells.ts';
import { middleShares } from './measure-noise.ts';

/** Figures of one round, and why others could not be had. */
interface Figures {
  readonly values: Record<string, number>;
  readonly absent: Record<string, string>;
}

/** Metrics of a load on a server, in their order. */
export function readLoad(reading: LoadReading, metrics: readonly KnownMetric[]): Figures {
  return collect(metrics.map((metric) => [metric.name, metric.source === 'load' ? metric.read?.(reading) : undefined]));
}

/** @param metrics those of forks are read; sizes by encoding are metrics of their own. */
export function ofFork(outcome: ForkOutcome, metrics: readonly KnownMetric[]): Outcome<MicroCellId> {
  const { cell, round, status, reason, fork, size, observations, example } = outcome;
  const reading: ForkReading | undefined = fork ?? size;
  const figures = collect(
    reading === undefined
      ? []
      : [
          ...metrics.map(
            (metric) => [metric.name, metric.source === 'fork' ? metric.read?.(reading) : undefined] as const,
          ),
          ...(reading.encoded ?? []).flatMap((encoded) => {
            const names = encodedMetrics(encoded);
            return [[names.sizeBytes, encoded.sizeBytes] as const, [names.latencyNs, encoded.latencyNs] as const];
          }),
        ],
  );
  return {
    id: cell,
    round,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...figures,
    ...(fork === undefined ? {} : { evidence: { fork } }),
    failures: {},
    ...(observations === undefined ? {} : { observations }),
    ...(example === undefined ? {} : { example }),
    warnings: fork?.warnings ?? [],
  };
}

export function ofLoad({ suite, scenario, contender, load, ...outcome }: HttpOutcome): Outcome<HttpCellId> {
  const { metrics, requests, cleanShare: _clean, stolenShare: _stolen, othersShare: _others, ...rest } = outcome;
  const shares = middleShares([outcome]);
  return {
    id: { suite, scenario, contender, load },
    ...rest,
    values: metrics ?? {},
    ...(metrics === undefined
      ? {}
      : {
          evidence: {
            requests: requests ?? 0,
            ...(Object.keys(shares).length === 0 ? {} : { shares }),
            ...(rest.warnings.length === 0 ? {} : { warnings: rest.warnings }),
          },
        }),
  };
}

function collect(read: readonly (readonly [name: string, value: number | string | undefined])[]): Figures {
  const values: Record<string, number> = {};
  const absent: Record<string, string> = {};
  for (const [name, value] of read) {
    if (typeof value === 'number') values[name] = value;
    else if (value !== undefined) absent[name] = value;
  }
  return { values, absent };
}
