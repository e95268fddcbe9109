/**
 * Shards of a plan as machines that nobody has would have measured them.
 */
import type { Environment } from '../../src/model/environment.ts';
import type { Fork, ForkOutcome } from '../../src/model/cell.ts';
import type { Run } from '../../src/model/run.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { assembleRun } from '../../src/runs/assemble-run.ts';
import { planAsked } from '../../src/runs/plan-asked.ts';
import type { JournalHeader } from '../../src/store/journal.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

/** So many that a machine's cells can say together how far times spread. */
export const madeUpItems = [3, 4, 5, 6, 7, 8];

const header: JournalHeader = {
  journalVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  profile: 'quick',
  seed: 1,
  selection: { suites: ['plain', 'looks'], contenders: ['honest', 'babbler'], items: madeUpItems },
  environment: imaginaryEnvironment,
  code: { program: 'p', bench: 'b' },
  options: { seed: 1, quick: true, items: madeUpItems },
};

/** What of a shard is another than usual. */
export interface MadeUp extends Partial<Omit<JournalHeader, 'environment' | 'shard'>> {
  /** `undefined` for a run of the whole plan. */
  readonly shard: { readonly index: number; readonly of: number } | undefined;
  readonly environment?: Partial<Environment>;
  /** Factor of all times of the contender that is no reference. */
  readonly slowness?: number;
  /** How far rounds lie apart. */
  readonly spread?: number;
  readonly rounds?: number;
}

export function makeUpRun({ environment, shard, slowness = 2, spread = 0.01, rounds = 3, ...changed }: MadeUp): Run {
  const asked: JournalHeader = {
    ...header,
    ...changed,
    options: {
      ...header.options,
      ...changed.options,
      ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.of}` }),
    },
    environment: { ...imaginaryEnvironment, ...environment },
    ...(shard === undefined ? {} : { shard }),
  };
  const { plan } = planAsked(asked, registry);
  const outcomes = plan.cells.flatMap(({ id, suite }) =>
    Array.from({ length: suite.method === 'latency' ? rounds : 1 }, (_, round): ForkOutcome => {
      if (suite.method === 'observation')
        return { cell: id, round, status: 'ok', observations: [{ input: 'one', outcome: 'kept', output: '1' }] };
      const noise = Math.sin(1000 * (round + 10 * id.items + id.variant.length + id.contender.length / 100));
      const factor = (id.contender === 'honest' ? 1 : slowness) * Math.exp(spread * noise);
      return { cell: id, round, status: 'ok', fork: forkOf(round, 100 * id.items * factor) };
    }),
  );
  return assembleRun({ header: asked, plan, outcomes, elapsedMs: 1000, interrupted: false });
}

/** A fork of the time that is given. */
export function forkOf(round: number, latencyNs: number): Fork {
  return {
    round,
    latencyNs,
    blocks: [latencyNs],
    opsPerBlock: 1,
    peakBlockNs: latencyNs,
    compileNs: 1,
    outputBytes: 10,
    warnings: [],
  };
}
