/**
 * `wirebench report`: renders a run again, in any format, or several runs side by side; also interrupted or killed
 * ones, from their journals.
 */
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Registry } from '../../registry/registry.ts';
import { mostRuns, reportComparison } from '../../report/run/comparison-report.ts';
import type { Document } from '../../report/document.ts';
import type { NamedRun } from '../../report/named-run.ts';
import { reportRun } from '../../report/run/run-report.ts';
import { writeText } from '../../store/run-file.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io } from '../command.ts';
import { tell } from '../progress.ts';
import { nameRuns, readNamedArgument } from '../../runs/name-runs.ts';
import { type KnownRun, readFinishedOrNot } from '../../runs/read-run.ts';
import { checkFormat, renderDocument } from '../render.ts';

const defaultRun = path.join('results', 'latest');

const command: CliCommand = defineCommand({
  summary: 'render a run file again in any format, or several runs side by side',
  declare: (report) =>
    report
      .argument(
        '[runs...]',
        `run.json files or the directories that hold them, each as PATH or NAME=PATH (default: ${defaultRun})`,
      )
      .option(
        '--format <name>',
        'terminal, markdown, html, csv, json, github-action-benchmark, bencher, or another file of src/report/formats/',
        'terminal',
      )
      .option('--out <file>', 'write the report to a file instead of printing it')
      .addHelpText(
        'after',
        [
          '',
          `Of two to ${mostRuns} runs the report says what differs in their circumstances and compares their speedups.`,
          'csv and json hold every cell with all metrics in base units; bencher is Bencher Metric Format; the list for',
          'github-action-benchmark holds speedups and goes with its tool customBiggerIsBetter.',
        ].join('\n'),
      ),

  async run({ options: { format, out }, args: [named] }, io) {
    // What is misspelt should fail before runs are read, which may mean to fetch a sample again.
    await checkFormat(format, 'runs');
    const file = out === undefined ? undefined : checkTarget(out, io);
    const { runs, registry } = await readAll(named.length === 0 ? [defaultRun] : named, io);
    const rendered = { document: describe(runs, registry), runs, format };
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

async function readAll(args: readonly string[], io: Io): Promise<{ runs: NamedRun[]; registry: Registry }> {
  if (args.length > mostRuns) {
    throw new UserError(`cannot put ${args.length} runs side by side: a report has room for ${mostRuns}`, {
      hint: 'leave some of them out',
    });
  }
  const given = args.map((arg) => readNamedArgument(arg, io.cwd));
  refuseSamePlace(
    given.map(({ place }) => place),
    args,
  );
  const known: KnownRun[] = [];
  // One after the other, so that the message of the first that cannot be read is the one that is shown.
  for (const { target } of given) {
    const read = await readFinishedOrNot(target, io);
    for (const warning of read.warnings) tell(io, warning);
    known.push(read);
  }
  refuseSameContent(known, args);
  const names = nameRuns(given.map((one, index) => ({ ...one, run: (known[index] as KnownRun).run })));
  return {
    runs: known.map(({ run }, index) => ({ name: names[index] as string, run })),
    registry: mergeRegistries(known),
  };
}

/** A file that is named twice, perhaps once through its directory or a link. */
function refuseSamePlace(places: readonly string[], args: readonly string[]): void {
  const resolved = places.map((place) =>
    statSync(place, { throwIfNoEntry: false }) === undefined ? place : realpathSync(place),
  );
  resolved.forEach((place, index) => {
    const earlier = resolved.indexOf(place);
    if (earlier < index) throw sameRun(args[earlier], args[index]);
  });
}

/** A copy is the same run, and would agree with itself perfectly. */
function refuseSameContent(known: readonly KnownRun[], args: readonly string[]): void {
  const contents = known.map(({ run }) => JSON.stringify(run));
  contents.forEach((content, index) => {
    const earlier = contents.indexOf(content);
    if (earlier < index) throw sameRun(args[earlier], args[index]);
  });
}

function sameRun(first: string | undefined, second: string | undefined): UserError {
  return new UserError(`cannot compare '${first}' with '${second}': they are the same run`, {
    hint: 'name each run once',
  });
}

/** Of payloads with the same id, such as samples, the first one speaks for all: a report only shows their titles. */
function mergeRegistries(known: readonly KnownRun[]): Registry {
  const [{ registry }] = known as [KnownRun, ...KnownRun[]];
  const payloads = new Map(
    known
      .flatMap((one) => one.registry.payloads)
      .toReversed()
      .map((payload) => [payload.id, payload]),
  );
  return { ...registry, payloads: [...payloads.values()] };
}
