/**
 * `wirebench report`: renders a run again, in any format, or several runs side by side; also interrupted or killed
 * ones, from their journals, and shards, which make one run.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import type { Registry } from '../../registry/registry.ts';
import { mostRuns, reportComparison } from '../../report/run/comparison-report.ts';
import type { Document } from '../../report/document.ts';
import type { NamedRun } from '../../report/named-run.ts';
import { reportRun } from '../../report/run/run-report.ts';
import { whileLocked } from '../../store/lock.ts';
import { runFileName, writeRun, writeText } from '../../store/run-file.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io } from '../command.ts';
import { tell } from '../progress.ts';
import { nameRuns, readNamedArgument } from '../../runs/name-runs.ts';
import { type GivenRun, mergeRegistries, readGivenRuns } from '../../runs/read-given-runs.ts';
import { checkFormat, renderDocument, writeReport } from '../render.ts';

const defaultRun = path.join('results', 'latest');

const command: CliCommand = defineCommand({
  summary: 'render a run file again in any format, or several runs side by side',
  declare: (report) =>
    report
      .argument(
        '[runs...]',
        `run.json files or the directories that hold them, or shards, each as PATH or NAME=PATH (default: ${defaultRun})`,
      )
      .option(
        '--format <name>',
        'terminal, markdown, html, csv, json, github-action-benchmark, bencher, or another file of src/report/formats/',
        'terminal',
      )
      .option('--out <file>', 'write the report to a file instead of printing it')
      .option('--join <dir>', 'of shards: keep the run they make as one, with run.json, report.md and report.html')
      .addHelpText(
        'after',
        [
          '',
          'Shards of one run (`run --shard`) are joined and shown as that run, whether each is named or the directory that',
          'holds them; NAME tells the shards of several runs apart.',
          `Of two to ${mostRuns} runs the report says what differs in their circumstances and compares their speedups.`,
          'csv and json hold every cell with all metrics in base units; bencher is Bencher Metric Format; the list for',
          'github-action-benchmark holds speedups and goes with its tool customBiggerIsBetter.',
        ].join('\n'),
      ),

  async run({ options: { format, out, join: joined }, args: [named] }, io) {
    // What is misspelt should fail before runs are read, which may mean to fetch a sample again.
    await checkFormat(format, 'runs');
    const file = out === undefined ? undefined : checkTarget(out, io);
    const given = await readAll(named.length === 0 ? [defaultRun] : named, io);
    if (joined !== undefined) await keepJoined(given, joined, io);
    const names = nameRuns(given);
    const runs = given.map(({ run }, index): NamedRun => ({ name: names[index] as string, run }));
    const rendered = { document: describe(runs, mergeRegistries(given)), runs, format };
    if (file === undefined) {
      io.stdout.write(await renderDocument({ ...rendered, io }));
      return 0;
    }
    // A file is no terminal, whatever stdout is.
    writeText(file, await renderDocument({ ...rendered, io: { ...io, stdout: { write: () => true } } }));
    tell(io, `wrote ${path.relative(io.cwd, file)}`);
    return 0;
  },
});

export default command;

function describe(runs: readonly NamedRun[], registry: Registry): Document {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('a report needs a run');
  const load = runs.find(({ run }) => run.users !== undefined);
  if (others.length > 0 && load !== undefined)
    throw new UserError(
      `cannot compare '${load.name}' with other runs: it is a load of users, which has no reference`,
      {
        hint: 'report loads one by one, and put their csv side by side',
      },
    );
  return others.length === 0 ? reportRun({ run: first.run, registry }) : reportComparison({ runs, registry });
}

function checkTarget(out: string, io: Io): string {
  const file = path.resolve(io.cwd, out);
  const isDirectory = /[\\/]$/.test(out) || statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  if (out === '' || isDirectory) {
    throw new UserError(`cannot write to --out '${out}': it is not a file name`, {
      hint: `name a file, e.g. --out ${path.join(out, 'report.md')}`,
    });
  }
  return file;
}

async function readAll(args: readonly string[], io: Io): Promise<[GivenRun, ...GivenRun[]]> {
  const runs = await readGivenRuns(
    args.map((arg) => readNamedArgument(arg, io.cwd)),
    io,
  );
  if (runs.length > mostRuns) {
    throw new UserError(`cannot put ${runs.length} runs side by side: a report has room for ${mostRuns}`, {
      hint: 'leave some of them out',
    });
  }
  for (const warning of new Set(runs.flatMap(({ warnings }) => warnings))) tell(io, warning);
  return runs;
}

/** @throws {UserError} where there is no joined run, or more than one run. */
async function keepJoined(runs: readonly [GivenRun, ...GivenRun[]], out: string, io: Io): Promise<void> {
  const [{ run, registry }] = runs;
  if (runs.length > 1 || run.shards === undefined) {
    const what = runs.length > 1 ? `${runs.length} runs were named` : 'the run that was named is whole already';
    throw new UserError(`nothing to join into '${out}': ${what}`, { hint: 'name the shards of one run' });
  }
  const directory = path.resolve(io.cwd, out);
  await whileLocked({ directory, command: 'wirebench report' }, async () => {
    writeRun(directory, run);
    const files = await writeReport({ run, registry, directory });
    const written = [runFileName, ...files].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
    tell(io, `wrote ${new Intl.ListFormat('en').format(written)}`);
  });
}
