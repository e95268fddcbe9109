/**
 * Short duets of the test contenders, for tests of the protocol: their figures are poor.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach } from 'vitest';

import type { DuetArm, DuetRequest, DuetResult } from '../../src/measure/duet.ts';
import { runDuet } from '../../src/measure/duet.ts';
import type { MaterializedCorpus } from '../../src/measure/materialize.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import type { SamplerSettings } from '../../src/measure/profiles.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { MicroCellId } from '../../src/model/cell.ts';
import type { Payload } from '../../src/model/payload.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { patienceMs } from '../patience.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));
const notes = registry.payloads.find(({ id }) => id === 'notes') as Registered<Payload>;

const settings: SamplerSettings = {
  warmupNs: 2e6,
  warmupCapNs: 4e6,
  warmupTolerance: 0.02,
  blockNs: 1e6,
  blocks: 3,
  peakNs: 0,
  catalogs: 2,
};

export const fixture = (name: string): string => new URL(`../fixtures/${name}.ts`, import.meta.url).href;
export const armOf = (contender: string): DuetArm => ({
  nodePath: process.execPath,
  contenderUrl: fixture(`bench/contenders/${contender}`),
});
/** One that is ready and then does this in a block. */
export const troubledArm = (trouble: string): DuetArm => ({
  nodePath: process.execPath,
  contenderUrl: `${fixture('duet/late-trouble')}?trouble=${trouble}`,
});

/** What duets of one test share. */
interface Stage {
  /** For files of the test's own. */
  readonly directory: string;
  readonly corpus: MaterializedCorpus;
  duetOf(arms: readonly DuetArm[], options?: Partial<DuetRequest>): Promise<DuetResult | undefined>;
}

/** A corpus and a directory for each test of the calling file, removed after it. @returns those of the running test. */
export function useStage(): () => Stage {
  let stage: Stage;
  beforeEach(() => {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    const corpus = materializeCorpus({ seed: 1, catalogs: settings.catalogs });
    stage = { directory, corpus, duetOf: (arms, options = {}) => runDuet({ ...requestFor(corpus, arms), ...options }) };
  });
  afterEach(() => {
    stage.corpus.remove();
    rmSync(stage.directory, { recursive: true, force: true });
  });
  return () => stage;
}

function requestFor(corpus: MaterializedCorpus, arms: readonly DuetArm[]): DuetRequest {
  const cell: MicroCellId = {
    suite: 'plain',
    contender: 'honest',
    payload: 'notes',
    items: 3,
    variant: 'text',
    sink: 'bytes',
  };
  return {
    cell,
    corpus: corpus.filesOf(notes, 3),
    arms,
    settings,
    turns: 4,
    fork: 0,
    signal: new AbortController().signal,
    timeLimitMs: patienceMs,
    codeCacheDirectories: arms.map((_, index) => path.join(corpus.directory, `code-${index}`)),
  };
}

/** The status of each arm with its reason. */
export const statusesOf = (result: DuetResult | undefined) =>
  result?.arms.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`));
