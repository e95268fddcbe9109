/**
 * Reads and writes run.json.
 *
 * A run is refused where its names do not agree, since whoever shows it looks suites and contenders up by them.
 */
import path from 'node:path';

import { runSchema } from '../model-schemas/run.ts';
import type { MetricInfo } from '../model/metric.ts';
import type { Run } from '../model/run.ts';
import { fromRecord } from '../run-file/read.ts';
import type { HttpResultsRecord, RunRecord } from '../run-file/records.ts';
import { toRecord } from '../run-file/write.ts';
import { showText } from '../foreign-text.ts';
import { defineVersionedFile } from './versioned-file.ts';

export { writeText } from './write-file.ts';

export const runFileName = 'run.json';

const runFile = defineVersionedFile<RunRecord>({
  noun: 'run',
  versionField: 'schemaVersion',
  knownVersions: [1],
  schema: runSchema,
  findProblem: ({ http }) => (http === undefined ? undefined : findStranger(http)),
  hints: {
    missing: 'measure first with `wirebench run` or `wirebench http`, or name a run file',
    foreign: 'name a run.json that `wirebench run` or `wirebench http` wrote',
    again: 'measure again',
  },
});

/**
 * @param known what metrics are, for files of versions that did not say so.
 * @returns the run in a file.
 * @throws {UserError} where the file is missing, is not JSON, is of another version or breaks the schema.
 */
export function readRun(file: string, known: readonly MetricInfo[]): Run {
  return fromRecord(runFile.read(file), known);
}

/**
 * Writes a run as `run.json` into a directory, which is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} where the directory cannot be written.
 * @throws {Error} where the run breaks its own schema, which is a bug.
 */
export function writeRun(directory: string, run: Run): string {
  return runFile.write(path.join(directory, runFileName), toRecord(run));
}

/** The first name that stands for nothing in the same results. */
function findStranger({ suites, scenarios, cells }: HttpResultsRecord): string | undefined {
  const contendersOf = new Map(suites.map(({ id, contenders }) => [id, contenders.map((contender) => contender.id)]));
  const scenarioIds = new Set(scenarios.map(({ id }) => id));
  for (const [index, { id, reference }] of suites.entries()) {
    if (contendersOf.get(id)?.includes(reference) !== true)
      return stranger(`/http/suites/${index}/reference`, reference);
  }
  for (const [index, { suite, scenario, contender }] of cells.entries()) {
    const contenders = contendersOf.get(suite);
    if (contenders === undefined) return stranger(`/http/cells/${index}/suite`, suite);
    if (!contenders.includes(contender)) return stranger(`/http/cells/${index}/contender`, contender);
    if (!scenarioIds.has(scenario)) return stranger(`/http/cells/${index}/scenario`, scenario);
  }
  return undefined;
}

function stranger(place: string, name: string): string {
  return `${place} is ${showText(JSON.stringify(name))}, which the file does not have`;
}
