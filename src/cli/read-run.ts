/**
 * Reads a run from a file or a directory, finished or not, with what its names mean.
 *
 * Deliberately absent: rendering, and names that tell several runs apart (name-runs.ts).
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import { planRun } from '../measure/plan.ts';
import type { Run } from '../model/run.ts';
import type { Registry } from '../registry/registry.ts';
import { hasHttpJournal, readHttpJournal } from '../store/http-journal.ts';
import { hasJournal, readJournal } from '../store/journal.ts';
import { runFileName } from '../store/run-file.ts';
import { readStoredRun } from './stored-run.ts';
import { UserError } from '../user-error.ts';
import { assembleRun } from './assemble-run.ts';
import { loadCatalog } from '../registry/catalog.ts';
import type { Io } from './command.ts';
import { assembleHttpRun } from './http/plan-session.ts';
import { defaultAuthEnv, readSampleAgain } from './sample.ts';

/** A run with the registry that knows its payloads. */
export interface KnownRun {
  readonly run: Run;
  readonly registry: Registry;
}

/**
 * @param target absolute path of a run file, or of a directory with one or with a journal.
 * @throws {UserError} where there is none, or one that is broken.
 */
export async function readFinishedOrNot(target: string, io: Io): Promise<KnownRun> {
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isDirectory && hasHttpJournal(target)) return readUnfinishedHttp(target, io);
  if (!isDirectory || !hasJournal(target)) {
    const run = readStoredRun(isDirectory ? path.join(target, runFileName) : target);
    return { run, registry: await loadKnown([], io) };
  }
  // A directory with a journal holds a run that was not finished; the journal knows more than a run.json beside it.
  const { header, outcomes, elapsedMs } = readJournal(target);
  const { selection, profile, seed, forks } = header;
  const sample = header.sample === undefined ? undefined : await readSampleAgain(header.sample, defaultAuthEnv, io);
  const known = await loadKnown(
    (selection.payloads ?? []).filter((id) => id !== sample?.payload.id),
    io,
  );
  const registry = sample === undefined ? known : { ...known, payloads: [...known.payloads, sample.payload] };
  const plan = planRun({ registry, profile, selection, seed, forks });
  const run = assembleRun({ header, plan, outcomes, elapsedMs, interrupted: true });
  if (run.cells.length === 0)
    throw new UserError(`nothing to report in ${target}: the run was stopped before a round of a group was whole`, {
      hint: resumeHint,
    });
  return { run, registry };
}

const resumeHint = 'go on with it by --resume and the same --out';

async function readUnfinishedHttp(directory: string, io: Io): Promise<KnownRun> {
  const content = readHttpJournal(directory);
  const run = assembleHttpRun({ ...content, interrupted: true });
  if (run.http?.cells.length === 0)
    throw new UserError(
      `nothing to report in ${directory}: the session was stopped before a round of a scenario was whole`,
      { hint: resumeHint },
    );
  return { run, registry: await loadKnown([], io) };
}

/** What a run's names mean; a run outlives the project's modules, so one that cannot be loaded any more is left out. */
async function loadKnown(payloads: readonly string[], io: Io): Promise<Registry> {
  try {
    return await loadCatalog({ payloads, directory: io.cwd });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const known = await loadCatalog({ payloads, directory: io.cwd, config: {} });
    io.stderr.write(`wirebench: the project's own modules are left out: ${error.message}\n`);
    return known;
  }
}
