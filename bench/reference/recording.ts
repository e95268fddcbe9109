/**
 * Ensembles that are kept line by line, each as soon as it has ended, so that a recording goes on where it was stopped.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { openMeasuringCore } from '../../src/machine/measuring-core.ts';
import type { ArmResult } from '../../src/measure/ensemble/arm.ts';
import { type EnsembleResult, runEnsemble } from '../../src/measure/ensemble/ensemble.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import type { SamplerSettings } from '../../src/measure/profiles.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { type ArmTask, armStarter } from './arms.ts';

/** The lines of a recording and the page that is made of them, in one directory. */
export interface Recording<Line> {
  read(): Line[];
  append(line: Line): void;
  /** Writes the page, and prints it. */
  show(page: string): void;
}

/** @param name of the file with the lines. */
export function openRecording<Line>(directory: string, name: string): Recording<Line> {
  const file = path.join(directory, name);
  return {
    read() {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      return lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
    },
    append(line) {
      mkdirSync(directory, { recursive: true });
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    show(page) {
      process.stdout.write(page);
      if (existsSync(directory)) writeFileSync(path.join(directory, 'README.md'), page);
    },
  };
}

/** Runs one ensemble of these tasks; `undefined` after Ctrl-C. */
export type Measure = (request: {
  tasks: readonly ArmTask[];
  seed: number;
  round: number;
}) => Promise<EnsembleResult | undefined>;

/** Opens what ensembles need, lets `action` measure, and closes it again, also after Ctrl-C. */
export async function withEnsembles(
  settings: SamplerSettings,
  action: (measure: Measure) => Promise<void>,
): Promise<void> {
  const registry = await loadRegistry();
  const corpus = materializeCorpus({ seed: 1, catalogs: settings.catalogs });
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  const { signal } = interrupt;
  const core = await openMeasuringCore({ signal });
  try {
    await action(({ tasks, seed, round }) =>
      runEnsemble({
        starts: tasks.map((task) => armStarter(task, { registry, corpus, settings, core, signal })),
        core,
        settings,
        blocks: 'each',
        seed,
        round,
        signal,
        timeLimitMs: 60_000,
      }),
    );
  } finally {
    process.off('SIGINT', stop);
    await core.end();
    corpus.remove();
  }
}

/** The arms, of which a recording needs every one. @throws {Error} with the reason of the first that failed. */
export function armsOf({ arms }: EnsembleResult): readonly ArmResult[] {
  const failed = arms.find(({ status, turns }) => status !== 'ok' || turns.length === 0);
  if (failed !== undefined) throw new Error(`a process was not measured: ${failed.reason ?? failed.status}`);
  return arms;
}

/** A table in Markdown. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
