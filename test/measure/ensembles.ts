/**
 * Short ensembles of the test contenders, for tests of the protocol: their figures are poor.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach } from 'vitest';

import type { EnsembleRequest, EnsembleResult } from '../../src/measure/ensemble/ensemble.ts';
import { runEnsemble } from '../../src/measure/ensemble/ensemble.ts';
import { startArm } from '../../src/measure/ensemble/start-arm.ts';
import type { ArmJob } from '../../src/measure/ensemble-messages.ts';
import type { MaterializedCorpus } from '../../src/measure/materialize.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import type { SamplerSettings } from '../../src/measure/profiles.ts';
import { nodeArguments } from '../../src/measure/runtimes.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { Payload } from '../../src/model/payload.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { imaginaryCore } from '../imaginary-core.ts';
import { patienceMs } from '../patience.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));
const notes = registry.payloads.find(({ id }) => id === 'notes') as Registered<Payload>;

const settings: SamplerSettings = {
  warmupNs: 2e6,
  warmupCapNs: 4e6,
  warmupTolerance: 0.02,
  blockNs: 1e6,
  turns: 4,
  timedNs: 0,
  mostTimedNs: 3e9,
  peakNs: 0,
  catalogs: 2,
};

/** What a test says of one process. */
export interface TestArm extends Pick<ArmJob, 'contenderUrl' | 'mutantUrl'> {
  readonly repeatedShare?: number;
  readonly nodePath?: string;
}

export const fixture = (name: string): string => new URL(`../fixtures/${name}.ts`, import.meta.url).href;
export const armOf = (contender: string): TestArm => ({ contenderUrl: fixture(`bench/contenders/${contender}`) });
/** One that is ready and then does this in a block. */
export const troubledArm = (trouble: string): TestArm => ({
  contenderUrl: `${fixture('ensemble/late-trouble')}?trouble=${trouble}`,
});

/** What ensembles of one test share. */
interface Stage {
  /** For files of the test's own. */
  readonly directory: string;
  readonly corpus: MaterializedCorpus;
  ensembleOf(arms: readonly TestArm[], options?: Partial<EnsembleRequest>): Promise<EnsembleResult | undefined>;
}

/** A corpus and a directory for each test of the calling file, removed after it. @returns those of the running test. */
export function useStage(): () => Stage {
  let stage: Stage;
  beforeEach(() => {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    const corpus = materializeCorpus({ seed: 1, catalogs: settings.catalogs });
    stage = {
      directory,
      corpus,
      ensembleOf: (arms, options = {}) => runEnsemble(requestFor(corpus, arms, options)),
    };
  });
  afterEach(() => {
    stage.corpus.remove();
    rmSync(stage.directory, { recursive: true, force: true });
  });
  return () => stage;
}

function requestFor(
  corpus: MaterializedCorpus,
  arms: readonly TestArm[],
  options: Partial<EnsembleRequest>,
): EnsembleRequest {
  const { signal = new AbortController().signal } = options;
  const starts = arms.map(({ nodePath = process.execPath, repeatedShare = 0, ...arm }) => () => {
    const job: ArmJob = {
      method: 'latency',
      cell: { suite: 'plain', contender: 'honest', payload: 'notes', items: 3, variant: 'text', sink: 'bytes' },
      round: 0,
      settings,
      corpus: corpus.filesOf(notes, 3),
      repeatedShare,
      ...arm,
    };
    return startArm(job, {
      prefix: [],
      program: [nodePath, ...nodeArguments],
      env: process.env,
      scratchDirectory: corpus.directory,
      signal,
    });
  });
  return {
    starts,
    core: imaginaryCore(),
    settings,
    blocks: 'equal',
    seed: 1,
    round: 0,
    timeLimitMs: patienceMs,
    ...options,
    signal,
  };
}

/** The status of each arm with its reason. */
export const statusesOf = (result: EnsembleResult | undefined) =>
  result?.arms.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`));
