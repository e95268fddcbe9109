/**
 * One job in a process of its own, whatever its method: a timed one is an ensemble of one.
 */
import { forkJob } from '../../src/measure/fork.ts';
import type { Job } from '../../src/measure/job.ts';
import { measureGroup } from '../../src/measure/measure-group.ts';
import type { PlannedCell } from '../../src/measure/plan.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import { imaginaryCore } from '../imaginary-core.ts';

export async function measureOne(
  job: Job,
  options: { signal: AbortSignal; timeLimitMs: number; scratchDirectory: string; interpreter?: string },
): Promise<ForkOutcome | undefined> {
  if (job.method !== 'latency') return forkJob(job, options);
  const { cell: id, contenderUrl: url, python, round, settings: sampler, corpus } = job;
  if (corpus === undefined) throw new Error('a job without a corpus');
  const cell = { id, key: '', group: '', contender: { url, python }, payload: {} } as unknown as PlannedCell;
  const outcomes = await measureGroup(
    {
      cells: [cell],
      twin: undefined,
      round,
      plan: { settings: { ...profiles.quick, sampler }, seed: 1 },
      corpus: { directory: '', filesOf: () => corpus, remove() {} },
    },
    { ...options, core: imaginaryCore() },
  );
  return outcomes?.[0];
}
