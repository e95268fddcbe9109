/**
 * Processes for ensembles that no plan has: contenders beside themselves, or one contender under several conditions.
 */
import type { MeasuringCore } from '../../src/machine/measuring-core.ts';
import type { ArmProcess } from '../../src/measure/ensemble/arm.ts';
import { startArm } from '../../src/measure/ensemble/start-arm.ts';
import type { MaterializedCorpus } from '../../src/measure/materialize.ts';
import type { SamplerSettings } from '../../src/measure/profiles.ts';
import { currentRuntime, startOf } from '../../src/measure/runtimes.ts';
import type { Variant } from '../../src/model/values.ts';
import type { Registry } from '../../src/registry/registry.ts';

/** What a process serializes or parses. */
export interface ArmTask {
  readonly suite: string;
  readonly contender: string;
  readonly payload: string;
  readonly items: number;
  readonly variant: Variant;
  /** Arguments of Node.js besides the usual ones, which they follow. */
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** @returns what starts the process. @throws {Error} for a name that nobody has. */
export function armStarter(
  task: ArmTask,
  session: {
    registry: Registry;
    corpus: MaterializedCorpus;
    settings: SamplerSettings;
    core: MeasuringCore;
    signal: AbortSignal;
  },
): () => ArmProcess {
  const { registry, corpus, settings, core, signal } = session;
  const { suite, contender: id, payload: payloadId, items, variant, nodeArguments = [], env = {} } = task;
  const contender = registry.contenders.find((one) => one.id === id);
  const payload = registry.payloads.find((one) => one.id === payloadId);
  if (contender === undefined || payload === undefined) throw new Error(`no contender ${id} or payload ${payloadId}`);
  const start = startOf(currentRuntime(), corpus.directory);
  return () =>
    startArm(
      {
        method: 'latency',
        cell: { suite, contender: id, payload: payloadId, items, variant, sink: 'bytes' },
        round: 0,
        contenderUrl: contender.url,
        settings,
        corpus: corpus.filesOf(payload, items),
        repeatedShare: 0,
      },
      {
        prefix: core.free,
        program: [start.file, ...start.arguments, ...nodeArguments],
        env: { ...process.env, ...start.environment, ...env },
        scratchDirectory: corpus.directory,
        signal,
      },
    );
}
