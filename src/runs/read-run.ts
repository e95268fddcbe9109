/**
 * Reads a run from a file or a directory, finished or not, with what its names mean.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import type { Run } from '../model/run.ts';
import type { Surroundings } from '../model/surroundings.ts';
import type { Registry } from '../registry/registry.ts';
import { httpJournal } from '../store/http-journal.ts';
import { runJournal } from '../store/journal.ts';
import { runFileName } from '../store/run-file.ts';
import { usersJournal } from '../store/users-journal.ts';
import { readStoredRun } from './stored-run.ts';
import { requirePackages } from '../require-packages.ts';
import { UserError } from '../user-error.ts';
import { assembleRun } from './assemble-run.ts';
import { planMeasured } from './plan-asked.ts';
import { type RegistryRequest, loadCatalog } from '../registry/catalog.ts';
import { assembleHttpRun } from './assemble-http-run.ts';
import { defaultAuthEnv, readSampleAgain } from '../record/sample.ts';

/** A run with the registry that knows its payloads. */
export interface KnownRun {
  readonly run: Run;
  readonly registry: Registry;
  /** What a reader has to know about both. */
  readonly warnings: readonly string[];
}

/** Says that a run was stopped before there was anything in it. */
export class NothingWhole extends UserError {}

/**
 * @param target absolute path of a run file, or of a directory with one or with a journal.
 * @throws {UserError} where there is none, or one that is broken.
 */
export async function readFinishedOrNot(target: string, surroundings: Surroundings): Promise<KnownRun> {
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isDirectory && httpJournal.has(target)) return readUnfinishedHttp(target, surroundings);
  if (isDirectory && usersJournal.has(target)) return readUnfinishedLoad(target, surroundings);
  const readFinished = async (): Promise<KnownRun> => {
    const run = await readStoredRun(isDirectory ? path.join(target, runFileName) : target);
    return { run, ...(await loadKnown(surroundings)) };
  };
  // A directory with a journal holds a run that was not finished; the journal knows more than a run.json beside it.
  if (!isDirectory || !runJournal.has(target)) return readFinished();
  const content = runJournal.read(target);
  try {
    return await readUnfinished(target, content, surroundings);
  } catch (error) {
    // What was finished can be shown whatever became of an addition to it.
    if (!(error instanceof UserError) || content.header.addition === undefined) throw error;
    const finished = await readFinished();
    const warning = `rounds that were being added to this run are left out: ${error.message}`;
    return { ...finished, warnings: [...finished.warnings, warning] };
  }
}

async function readUnfinished(
  directory: string,
  { header, outcomes, elapsedMs }: ReturnType<typeof runJournal.read>,
  surroundings: Surroundings,
): Promise<KnownRun> {
  const sample =
    header.sample === undefined ? undefined : await readSampleAgain(header.sample, defaultAuthEnv, surroundings);
  const { registry, warnings } = await loadKnown(surroundings, {
    payloads: (header.selection.payloads ?? []).filter((id) => id !== sample?.payload.id),
    extraPayloads: sample === undefined ? [] : [sample.payload],
  });
  const plan = planMeasured(header, { registry, outcomes });
  const run = assembleRun({ header, plan, outcomes, elapsedMs, interrupted: true });
  if (run.cells.length === 0)
    throw new NothingWhole(
      `nothing to report in ${directory}: the run was stopped before a round of a group was whole`,
      {
        hint: resumeHint,
      },
    );
  return { run, registry, warnings };
}

const resumeHint = 'go on with it by --resume and the same --out';

async function readUnfinishedHttp(directory: string, surroundings: Surroundings): Promise<KnownRun> {
  const content = httpJournal.read(directory);
  const known = await loadKnown(surroundings);
  const run = assembleHttpRun({ ...content, metrics: known.registry.metrics, interrupted: true });
  if (run.http?.cells.length === 0)
    throw new UserError(
      `nothing to report in ${directory}: the session was stopped before a round of a scenario was whole`,
      { hint: resumeHint },
    );
  return { run, ...known };
}

/** What a load had told until the program was ended. */
async function readUnfinishedLoad(directory: string, surroundings: Surroundings): Promise<KnownRun> {
  const { header, outcomes, elapsedMs } = usersJournal.read(directory);
  // Finished runs have figures; what workers told are histograms, and few projects need what reads them.
  requirePackages(['hdr-histogram-js'], 'report a load that was cut off');
  const { accountOf, assembleUsersRun } = await import('./assemble-users-run.ts');
  const reasons = ['the program ended before the load did, and this is what had been told by then'];
  const run = assembleUsersRun({ header, account: accountOf(outcomes), elapsedMs, interrupted: true, reasons });
  return { run, ...(await loadKnown(surroundings)) };
}

/** What a run's names mean; a run outlives the project's modules, so one that cannot be loaded any more is left out. */
async function loadKnown(
  { cwd: directory }: Surroundings,
  named: Pick<RegistryRequest, 'payloads' | 'extraPayloads'> = {},
): Promise<Omit<KnownRun, 'run'>> {
  try {
    return { registry: await loadCatalog({ ...named, directory }), warnings: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const registry = await loadCatalog({ ...named, directory, config: {} });
    return { registry, warnings: [`the project's own modules are left out: ${error.message}`] };
  }
}
