/**
 * `wirebench run`: measures, prints the speedup tables, keeps the run.
 *
 * Reads as the plan it carries out: parse, plan, measure and journal, assemble, store, report.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Command } from 'commander';
import { Option } from 'commander';

import type { Plan } from '../../measure/plan.ts';
import { cellKey, planRun } from '../../measure/plan.ts';
import { estimateForkMs, estimatePlanMs } from '../../measure/estimate.ts';
import { profiles } from '../../measure/profiles.ts';
import { readPythonVersions } from '../../measure/python/start.ts';
import { runPlan } from '../../measure/session.ts';
import { keepWholeRounds } from '../../measure/whole-rounds.ts';
import type { Profile } from '../../model/bench-module.ts';
import type { ForkOutcome } from '../../model/cell.ts';
import type { Sink, Variant } from '../../model/values.ts';
import type { Run } from '../../model/run.ts';
import type { Registry } from '../../registry/registry.ts';
import { formatDuration } from '../../report/quantities.ts';
import { readEnvironment } from '../../store/environment.ts';
import type { Journal, JournalHeader } from '../../store/journal.ts';
import { openJournal, readJournal, startJournal } from '../../store/journal.ts';
import { whileLocked } from '../../store/lock.ts';
import { runFileName, writeRun } from '../../store/run-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import { assembleRun } from '../../runs/assemble-run.ts';
import { loadCatalog, packagesOf } from '../../registry/catalog.ts';
import type { CliCommand, Io } from '../command.ts';
import { fingerprintCode } from '../../registry/measured-code.ts';
import type { SelectionOptions } from '../options.ts';
import { parseChoices, parseItems, parseList, parseWhole, readSelection } from '../options.ts';
import { openProgress } from '../progress.ts';
import { renderRun, writeReport } from '../render.ts';
import type { ReadSample } from '../../record/sample.ts';
import { defaultAuthEnv, readSample, readSampleAgain } from '../../record/sample.ts';
import {
  announceCutRound,
  announceMovedAside,
  plannedOptions,
  refuseOtherCode,
  refuseOtherEnvironment,
  refuseOtherOptions,
} from '../unfinished.ts';

interface RunOptions extends SelectionOptions {
  quick?: boolean;
  thorough?: boolean;
  reference?: 'python'[];
  forks?: number;
  seed: number;
  out: string;
  list?: boolean;
  strict?: boolean;
  resume?: boolean;
  sample?: string;
  schema?: string;
  types?: string;
  authEnv: string;
  benchRoot?: string;
}

/** Any seed will do; one that everybody starts from makes runs comparable. */
const defaultSeed = 1;

const command: CliCommand = {
  summary: 'measure and print the speedup tables',

  configure(run: Command): void {
    run
      .addOption(new Option('--quick', profiles.quick.summary).conflicts('thorough'))
      .option('--thorough', profiles.thorough.summary)
      .option('--suite <ids>', 'suites, comma-separated', parseList)
      .option('--contender <ids>', 'contenders; the reference of a suite always takes part', parseList)
      .option('--payload <ids>', 'payloads, or recorded/<name> for a recorded catalog', parseList)
      .option('--sample <source>', 'a JSON document of your own as the only payload: a file, a URL or recorded/<name>')
      .option('--schema <file>', 'its JSON Schema; without one it is inferred')
      .option('--types <rules>', 'its strings that are objects in memory, e.g. createdAt=date,/items/*/id=uuid')
      .option('--items <counts>', 'item counts, e.g. 10,100,1000,5000', parseItems)
      .option('--variant <names>', 'text, native', parseChoices<Variant>(['text', 'native']))
      .option('--sink <names>', 'bytes, string', parseChoices<Sink>(['string', 'bytes']))
      .option(
        '--reference <names>',
        'programs to compare with: python, the JSON libraries of the python3 at hand',
        parseChoices<'python'>(['python']),
      )
      .option('--forks <n>', 'fresh processes a cell; the unit of evidence', parseWhole({ min: 1, max: 1000 }))
      .option(
        '--seed <n>',
        'seed of the catalogs and of the order',
        parseWhole({ min: 0, max: 2 ** 31 - 1 }),
        defaultSeed,
      )
      .option('--out <dir>', 'directory for run.json, report.md and report.html', path.join('results', 'latest'))
      .option('--list', 'print the plan and its estimated time, measure nothing')
      .option('--strict', 'exit with 1 where a cell is incorrect or failed')
      .option('--resume', 'go on with the unfinished run in --out')
      .addOption(new Option('--auth-env <variable>').default(defaultAuthEnv).hideHelp())
      .addOption(new Option('--bench-root <dir>', 'a bench/ directory other than the own one').hideHelp())
      .addHelpText('after', `\nWithout --quick or --thorough: ${profiles.standard.summary}.`);
  },

  async run({ options, given }, io): Promise<ExitCode> {
    const request = options as unknown as RunOptions;
    const invocation: Invocation = { request, options, given, directory: path.resolve(io.cwd, request.out), io };
    const place = { directory: invocation.directory, command: 'wirebench run' };
    if (request.list === true) {
      io.stdout.write(describePlan((await prepare(invocation)).plan));
      return 0;
    }
    // What is gone on with is read when nobody else writes it; a new run makes no directory before all options are known to be right.
    if (request.resume === true) {
      readJournal(place.directory);
      return whileLocked(place, async () => carryOut(await prepare(invocation), invocation));
    }
    const prepared = await prepare(invocation);
    return whileLocked(place, () => carryOut(prepared, invocation));
  },
};

export default command;

/** Options that say where and how, and not what is measured. Another bench/ has other code, which is compared. */
const freeOptions = ['out', 'list', 'strict', 'resume', 'authEnv', 'benchRoot'] as const;

interface Invocation {
  readonly request: RunOptions;
  readonly options: Readonly<Record<string, unknown>>;
  readonly given: ReadonlySet<string>;
  readonly directory: string;
  readonly io: Io;
}

interface Prepared {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly header: JournalHeader;
  /** What there is of an unfinished run. */
  readonly earlier: ReturnType<typeof readJournal> | undefined;
}

/** @throws {UserError} for options that cannot be, and for an unfinished run that cannot be gone on with. */
async function prepare({ request, options, given, directory, io }: Invocation): Promise<Prepared> {
  const earlier = request.resume === true ? readJournal(directory) : undefined;
  if (earlier !== undefined) refuseOtherOptions(earlier.header.options, { options, given, free: freeOptions });
  const sample = await readSampleOf(request, earlier?.header, io);
  const { profile, seed, forks, selection } = earlier?.header ?? readRequest(request, sample);
  const root = request.benchRoot === undefined ? undefined : directoryUrl(path.resolve(io.cwd, request.benchRoot));
  const registry = await loadCatalog({
    directory: io.cwd,
    ...(sample === undefined ? {} : { extraPayloads: [sample.payload] }),
    ...(selection.payloads === undefined
      ? {}
      : { payloads: selection.payloads.filter((id) => id !== sample?.payload.id) }),
    ...(root === undefined ? {} : { root }),
  });
  const plan = planRun({ registry, profile, selection, seed, forks });
  const environment = await readEnvironmentOf(plan, registry, io);
  const code = fingerprintCode({
    root,
    modules: plan.cells.flatMap(({ contender, payload }) => [
      contender.url,
      ...(payload === undefined ? [] : [payload.url]),
    ]),
    directory: io.cwd,
  });
  if (earlier !== undefined) {
    refuseOtherCode(earlier.header.code, code);
    refuseOtherEnvironment(earlier.header.environment, environment);
  }
  const header: JournalHeader = earlier?.header ?? {
    journalVersion: 1,
    startedAt: new Date().toISOString(),
    profile,
    seed,
    ...(forks === undefined ? {} : { forks }),
    selection,
    ...(sample === undefined ? {} : { sample: { ...sourceOf(request), sha256: sample.sha256 } }),
    environment,
    code,
    options: plannedOptions({ options, free: freeOptions }),
  };
  return { plan, registry, header, earlier };
}

async function carryOut(
  { plan, registry, header, earlier }: Prepared,
  { directory, io, request }: Invocation,
): Promise<ExitCode> {
  const done = keepWholeRounds(plan, earlier?.outcomes ?? []);
  announceCutRound({ read: earlier?.outcomes.length ?? 0, kept: done.length, io });
  const journal =
    earlier === undefined
      ? announceMovedAside(startJournal(directory, header), { directory, io })
      : openJournal(directory, done);
  const measured = await measure({ plan, journal, io, done, elapsedMs: earlier?.elapsedMs ?? 0 });
  const run = assembleRun({ header, plan, ...measured });
  if (run.cells.length === 0)
    throw new UserError('stopped before anything was measured in a whole round', { code: 130 });
  writeRun(directory, run);
  if (!measured.interrupted) journal.discard();
  return report({ run, registry, directory, io, strict: request.strict === true });
}

/** The fingerprint, with the versions of Python and its libraries where the plan measures them. */
async function readEnvironmentOf(plan: Plan, registry: Registry, io: Io): Promise<Run['environment']> {
  const environment = await readEnvironment({ packages: [...packagesOf(registry), 'tinybench'], directory: io.cwd });
  const codes = plan.cells.map(({ contender }) => contender.python).filter((code) => code !== undefined);
  if (codes.length === 0) return environment;
  const distributions = new Set(codes.map(({ distribution }) => distribution).filter((name) => name !== null));
  return {
    ...environment,
    packages: { ...environment.packages, ...(await readPythonVersions([...distributions].toSorted())) },
  };
}

/** The sample of the command line, or that of the run which is resumed. @throws {UserError} where it is another one now. */
async function readSampleOf(
  request: RunOptions,
  header: JournalHeader | undefined,
  io: Io,
): Promise<ReadSample | undefined> {
  if (header !== undefined) {
    return header.sample === undefined ? undefined : readSampleAgain(header.sample, request.authEnv, io);
  }
  if (request.sample === undefined) {
    const lonely = (['schema', 'types'] as const).find((name) => request[name] !== undefined);
    if (lonely !== undefined)
      throw new UserError(`--${lonely} goes with --sample`, { hint: 'payloads of the suite have their own' });
    return undefined;
  }
  if (request.payload !== undefined)
    throw new UserError('--sample and --payload exclude each other', {
      hint: 'put both into one table by `payloads` in wirebench.config.ts',
    });
  const sample = await readSample({ ...sourceOf(request), authEnv: request.authEnv }, io);
  for (const note of sample.notes) io.stderr.write(`wirebench: ${note}\n`);
  return sample;
}

function sourceOf({ sample, schema, types }: RunOptions): { source: string; schema?: string; types?: string } {
  return {
    source: sample ?? '',
    ...(schema === undefined ? {} : { schema }),
    ...(types === undefined ? {} : { types }),
  };
}

function readRequest(
  request: RunOptions,
  sample: ReadSample | undefined,
): Pick<JournalHeader, 'profile' | 'seed' | 'forks' | 'selection'> {
  const profile: Profile = request.quick === true ? 'quick' : request.thorough === true ? 'thorough' : 'standard';
  return {
    profile,
    seed: request.seed,
    ...(request.forks === undefined ? {} : { forks: request.forks }),
    selection: { ...readSelection(request), ...(sample === undefined ? {} : { payloads: [sample.payload.id] }) },
  };
}

async function measure(request: {
  plan: Plan;
  journal: Journal;
  io: Io;
  done: readonly ForkOutcome[];
  elapsedMs: number;
}): Promise<{ outcomes: ForkOutcome[]; elapsedMs: number; interrupted: boolean }> {
  const { plan, journal, io, done } = request;
  const now = (): number => performance.now();
  const outcomes = [...done];
  const startedMs = now();
  const elapsedMs = (): number => request.elapsedMs + now() - startedMs;
  const estimates = new Map(plan.cells.map((cell) => [cell.key, estimateForkMs(cell, plan)]));
  const progress = openProgress(io);
  progress.beginStage({
    expectedMs: estimatePlanMs(plan),
    doneMs: done.reduce((sum, { cell }) => sum + (estimates.get(cellKey(cell)) ?? 0), 0),
    spentMs: request.elapsedMs,
  });
  try {
    for await (const event of runPlan({ plan, done, signal: io.signal, now, spentMs: request.elapsedMs })) {
      if (event.type === 'start') {
        progress.beginTask(`round ${event.round + 1}: ${event.cell.key}`, estimateForkMs(event.cell, plan));
      } else if (event.type === 'outcome') {
        outcomes.push(event.outcome);
        journal.append({ elapsedMs: elapsedMs(), outcome: event.outcome });
      }
    }
  } finally {
    progress.end();
  }
  return { outcomes, elapsedMs: elapsedMs(), interrupted: io.signal.aborted };
}

async function report(request: {
  run: Run;
  registry: Registry;
  directory: string;
  io: Io;
  strict: boolean;
}): Promise<ExitCode> {
  const { run, registry, directory, io, strict } = request;
  const files = await writeReport({ run, registry, directory });
  io.stdout.write(await renderRun({ run, registry, format: 'terminal', io }));
  const written = [runFileName, ...files].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
  io.stderr.write(`wirebench: wrote ${new Intl.ListFormat('en').format(written)}\n`);
  if (run.interrupted === true) {
    io.stderr.write('wirebench: stopped early; `--resume` with the same --out goes on\n');
    return 130;
  }
  const broken = run.cells.filter(({ status }) => status === 'incorrect' || status === 'failed');
  return strict && broken.length > 0 ? 1 : 0;
}

function describePlan(plan: Plan): string {
  const lines = plan.cells.map((cell) => {
    const forks = cell.forks.min === cell.forks.max ? `${cell.forks.min}` : `${cell.forks.min}-${cell.forks.max}`;
    return cell.unsupported === undefined
      ? `${cell.key}  ${forks} forks`
      : `${cell.key}  unsupported: ${cell.unsupported}`;
  });
  const measured = plan.cells.filter((cell) => cell.unsupported === undefined).length;
  return [
    ...lines,
    `${measured} cells to measure, ${plan.cells.length - measured} unsupported, seed ${plan.seed}, about ${formatDuration(estimatePlanMs(plan))}`,
    '',
  ].join('\n');
}

function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
