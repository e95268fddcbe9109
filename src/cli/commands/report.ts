/**
 * `wirebench report`: renders a run again, in any format; also an interrupted or killed one, from its journal.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import type { Command } from 'commander';

import { planRun } from '../../measure/plan.ts';
import type { Run } from '../../model.ts';
import type { Registry } from '../../registry.ts';
import { hasJournal, readJournal } from '../../store/journal.ts';
import { readRun, runFileName } from '../../store/run-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import { assembleRun } from '../assemble-run.ts';
import { loadCatalog } from '../catalog.ts';
import type { CliCommand, Io } from '../command.ts';
import { renderRun } from '../render.ts';
import { defaultAuthEnv, readSampleAgain } from '../sample.ts';

const command: CliCommand = {
  summary: 'render a run file again in any format',

  configure(report: Command): void {
    report
      .argument('[path]', 'a run.json or the directory that holds it', path.join('results', 'latest'))
      .option('--format <name>', 'terminal, markdown, json, or another file of src/report/formats/', 'terminal');
  },

  async run({ options, args }, io): Promise<ExitCode> {
    const { format } = options as { format: string };
    const target = path.resolve(io.cwd, args[0] ?? path.join('results', 'latest'));
    const { run, registry } = await readFinishedOrNot(target, io);
    io.stdout.write(await renderRun({ run, registry, format, io }));
    return 0;
  },
};

export default command;

async function readFinishedOrNot(target: string, io: Io): Promise<{ run: Run; registry: Registry }> {
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isDirectory || !hasJournal(target)) {
    const run = readRun(isDirectory ? path.join(target, runFileName) : target);
    return { run, registry: await loadKnown([], io) };
  }
  // A directory with a journal holds a run that was not finished; the journal knows more than a run.json beside it.
  const { header, outcomes, elapsedMs } = readJournal(target);
  const { selection, profile, seed, forks } = header;
  const sample = header.sample === undefined ? undefined : await readSampleAgain(header.sample, defaultAuthEnv, io);
  const known = await loadKnown((selection.payloads ?? []).filter((id) => id !== sample?.payload.id), io);
  const registry = sample === undefined ? known : { ...known, payloads: [...known.payloads, sample.payload] };
  if (outcomes.length === 0) throw new UserError(`nothing to report in ${target}: the run was stopped before its first fork ended`);
  const plan = planRun({ registry, profile, selection, seed, forks });
  return { run: assembleRun({ header, plan, outcomes, elapsedMs, interrupted: true }), registry };
}

/** What a run's names mean; a run outlives the project's modules, so one that cannot be loaded any more is left out. */
async function loadKnown(payloads: readonly string[], io: Io): Promise<Registry> {
  try {
    return await loadCatalog({ payloads, directory: io.cwd });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const known = await loadCatalog({ payloads });
    io.stderr.write(`wirebench: the project's own modules are left out: ${error.message}\n`);
    return known;
  }
}
