/**
 * `wirebench run`: measures, prints the speedup tables, keeps the run.
 *
 * Says what is measured and how; session.ts carries it out, with journal, reports and exit code.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Command, Option } from '@commander-js/extra-typings';

import { estimateForkMs, estimatePlanMs } from '../../measure/estimate.ts';
import { fetchRuntime, runtimeCacheDirectory } from '../../measure/fetch-runtime.ts';
import type { Plan } from '../../measure/plan.ts';
import { nameCell } from '../../compare/cells.ts';
import { nameShard } from '../../compare/shards.ts';
import { profiles } from '../../measure/profiles.ts';
import { readPythonVersions } from '../../measure/python/run-job.ts';
import { isRunning, parseRuntime, showRequest } from '../../measure/runtimes.ts';
import { runPlan } from '../../measure/session.ts';
import { keepWholeForkRounds } from '../../runs/whole-fork-rounds.ts';
import type { ForkOutcome } from '../../model/cell.ts';
import type { Progress } from '../../model/progress.ts';
import type { Run } from '../../model/run.ts';
import type { Runtime } from '../../model/runtime.ts';
import type { Sink, Variant } from '../../model/values.ts';
import type { ReadSample } from '../../record/sample.ts';
import { defaultAuthEnv, describeSource, readSample, readSampleAgain } from '../../record/sample.ts';
import { loadCatalog, packagesOf } from '../../registry/catalog.ts';
import { fingerprintCode } from '../../registry/measured-code.ts';
import type { Registry } from '../../registry/registry.ts';
import { formatDuration, formatPlural } from '../../report/quantities.ts';
import { assembleRun } from '../../runs/assemble-run.ts';
import { extendHeader, outcomesOfRun } from '../../runs/extend-run.ts';
import { planAsked } from '../../runs/plan-asked.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { readEnvironment } from '../../store/environment.ts';
import type { JournalHeader } from '../../store/journal.ts';
import { runJournal } from '../../store/journal.ts';
import { runFileName } from '../../store/run-file.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import {
  defaultSeed,
  parseChoices,
  parseItems,
  parseList,
  parseSeed,
  parseShard,
  parseWhole,
  profileOf,
  readSelection,
} from '../options.ts';
import { tell } from '../progress.ts';
import { carryOut, type Session } from '../session.ts';
import { tellSample } from '../tell-sample.ts';
import { type GivenOptions, plannedOptions, refuseUnfinished } from '../unfinished.ts';

const declare = (command: Command) =>
  command
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
    .option(
      '--forks <n>',
      'rounds: ensembles of fresh processes a cell, the unit of evidence',
      parseWhole({ min: 1, max: 1000 }),
    )
    .option(
      '--runtime <name>',
      'what contenders run under, e.g. node@22, bun or deno@2; fetched as a package',
      parseRuntime,
    )
    .option('--seed <n>', 'seed of the catalogs and of the order', parseSeed, defaultSeed)
    .option('--shard <i/n>', 'measure a part of the plan, e.g. 1/4; `report` joins the parts', parseShard)
    .option('--out <dir>', 'directory for run.json, report.md and report.html', path.join('results', 'latest'))
    .option('--list', 'print the plan and its estimated time, measure nothing')
    .option('--strict', 'exit with 1 where a cell is incorrect or failed')
    .option('--resume', 'go on with the unfinished run in --out; with --forks also with a finished one that has fewer')
    .addOption(
      new Option('--more [n]', 'add rounds to the finished run in --out (default: as many as its profile begins with)')
        .argParser(parseWhole({ min: 1, max: 1000 }))
        .conflicts(['resume', 'forks']),
    )
    .addOption(new Option('--auth-env <variable>').default(defaultAuthEnv).hideHelp())
    .addOption(new Option('--bench-root <dir>', 'a bench/ directory other than the own one').hideHelp())
    .addHelpText('after', `\nWithout --quick or --thorough: ${profiles.standard.summary}.`);

type RunOptions = OptionsOf<typeof declare>;

/** A plan, and under what it is measured where that is not the Node.js that runs this. */
interface RunPlanned extends Plan {
  readonly runtime?: Runtime;
}

/** Options that say where and how, and not what is measured. Another bench/ has other code, which is compared. */
const freeOptions = ['out', 'list', 'strict', 'resume', 'more', 'authEnv', 'benchRoot'] as const;

const command: CliCommand = defineCommand({
  summary: 'measure and print the speedup tables',
  declare,

  run({ options, given: names }, io) {
    const given = { options: asRecorded(options), given: names, free: freeOptions };
    const session: Session<JournalHeader, ForkOutcome, RunPlanned> = {
      command: 'wirebench run',
      journal: runJournal,
      format: 'terminal',
      given,
      prepare: (earlier) => prepare({ options, given, earlier, io }),
      extend: (directory) => extend(directory, options),
      describePlan,
      keepWholeRounds: ({ plan }, outcomes) => keepWholeForkRounds(plan, outcomes),
      measure: (request) => measure({ ...request, signal: io.signal }),
      assemble: ({ header, plan }, measured) => assembleRun({ header, plan, ...measured }),
    };
    return carryOut(session, options, io);
  },
});

export default command;

/** Options as journals and run files keep them. */
function asRecorded({ shard, sample, schema, runtime, ...options }: RunOptions): GivenOptions['options'] {
  return {
    ...options,
    ...(runtime === undefined ? {} : { runtime: showRequest(runtime) }),
    ...(shard === undefined ? {} : { shard: nameShard(shard) }),
    ...(sample === undefined ? {} : { sample: describeSource(sample) }),
    ...(schema === undefined ? {} : { schema: describeSource(schema) }),
  };
}

/** @throws {UserError} where the run in the directory cannot be added to. */
async function extend(
  directory: string,
  { more, resume, forks, sample, schema }: RunOptions,
): ReturnType<NonNullable<Session<JournalHeader, ForkOutcome, RunPlanned>['extend']>> {
  const file = path.join(directory, runFileName);
  const isUnfinished = runJournal.has(directory);
  const isLonger = resume === true && forks !== undefined && !isUnfinished && existsSync(file);
  if (more === undefined && !isLonger) return undefined;
  refuseUnfinished(runJournal, directory);
  const run = await readStoredRun(file);
  const wanted =
    more === undefined ? { total: forks ?? 0 } : { more: more === true ? profiles[run.profile].minForks : more };
  const header = extendHeader({ run, file, wanted });
  // The run's file has addresses without their query, so the whole one may have to be given again.
  const again = { ...(sample === undefined ? {} : { source: sample }), ...(schema === undefined ? {} : { schema }) };
  return {
    header: header.sample === undefined ? header : { ...header, sample: { ...header.sample, ...again } },
    elapsedMs: run.durationMs,
    outcomesOf: (plan) => outcomesOfRun(run, plan),
  };
}

/** @throws {UserError} for options that cannot be, and a sample that has changed. */
async function prepare(request: {
  options: RunOptions;
  given: GivenOptions;
  earlier: JournalHeader | undefined;
  io: Io;
}): ReturnType<Session<JournalHeader, ForkOutcome, RunPlanned>['prepare']> {
  const { options, given, earlier, io } = request;
  const sample = await readSampleOf(options, earlier, io);
  const asked = earlier ?? readAsked(options, sample);
  const { selection } = asked;
  const root = options.benchRoot === undefined ? undefined : directoryUrl(path.resolve(io.cwd, options.benchRoot));
  const registry = await loadCatalog({
    directory: io.cwd,
    ...(sample === undefined ? {} : { extraPayloads: [sample.payload] }),
    ...(selection.payloads === undefined
      ? {}
      : { payloads: selection.payloads.filter((id) => id !== sample?.payload.id) }),
    ...(root === undefined ? {} : { root }),
  });
  // Code and packages are those of the whole plan, so that all shards of it tell the same.
  const { whole, plan } = planAsked(asked, registry);
  const runtime = options.list === true ? undefined : await findRuntime(options, earlier, io);
  const modules = whole.cells.flatMap(({ contender, payload }) => [
    contender.url,
    ...(payload === undefined ? [] : [payload.url]),
  ]);
  const header = {
    ...asked,
    journalVersion: 1 as const,
    startedAt: new Date().toISOString(),
    environment: { ...(await readEnvironmentOf(whole, registry, io)), ...recordRuntime(runtime) },
    code: fingerprintCode({ root, modules, directory: io.cwd }),
    options: plannedOptions(given),
  };
  return { plan: { ...plan, ...(runtime === undefined ? {} : { runtime }) }, registry, header };
}

/**
 * Under what contenders run: what was asked for, or the very version of the session that is gone on with.
 * @returns `undefined` for the Node.js that runs this.
 * @throws {UserError} where it cannot be had.
 */
async function findRuntime(
  { runtime: asked }: RunOptions,
  earlier: JournalHeader | undefined,
  io: Io,
): Promise<Runtime | undefined> {
  const before = earlier?.environment.runtime;
  const request = earlier === undefined ? asked : before && { name: before.name, range: before.version };
  if (request === undefined || isRunning(request)) return undefined;
  const found = await fetchRuntime({
    request,
    cacheDirectory: runtimeCacheDirectory(io.env),
    env: io.env,
    signal: io.signal,
    onProgress: (message) => tell(io, message),
  });
  if (!('reason' in found)) return found;
  throw new UserError(`${showRequest(request)} is not available: ${found.reason}`, {
    code: io.signal.aborted ? 130 : 2,
    hint: 'without --runtime the Node.js that runs wirebench is measured',
  });
}

function recordRuntime(runtime: Runtime | undefined): Pick<Run['environment'], 'runtime'> {
  if (runtime === undefined) return {};
  const { name, version, v8 } = runtime;
  return { runtime: { name, version, ...(v8 === undefined ? {} : { v8 }) } };
}

type AskedRun = Omit<JournalHeader, 'journalVersion' | 'startedAt' | 'environment' | 'code' | 'options' | 'addition'>;

function readAsked(options: RunOptions, sample: ReadSample | undefined): AskedRun {
  return {
    profile: profileOf(options),
    seed: options.seed,
    ...(options.forks === undefined ? {} : { forks: options.forks }),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    selection: { ...readSelection(options), ...(sample === undefined ? {} : { payloads: [sample.payload.id] }) },
    ...(sample === undefined ? {} : { sample: { ...sourceOf(options), sha256: sample.sha256 } }),
  };
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

/**
 * The sample of the command line, or that of the run which is resumed.
 * @throws {UserError} where it is another one now.
 */
async function readSampleOf(
  options: RunOptions,
  header: JournalHeader | undefined,
  io: Io,
): Promise<ReadSample | undefined> {
  if (header !== undefined) {
    return header.sample === undefined ? undefined : readSampleAgain(header.sample, options.authEnv, io);
  }
  if (options.sample === undefined) {
    const lonely = (['schema', 'types'] as const).find((name) => options[name] !== undefined);
    if (lonely !== undefined)
      throw new UserError(`--${lonely} goes with --sample`, { hint: 'payloads of the suite have their own' });
    return undefined;
  }
  if (options.payload !== undefined)
    throw new UserError('--sample and --payload exclude each other', {
      hint: 'put both into one table by `payloads` in wirebench.config.ts',
    });
  const sample = await readSample({ ...sourceOf(options), authEnv: options.authEnv }, io);
  tellSample(sample, io);
  return sample;
}

function sourceOf({ sample, schema, types }: RunOptions): { source: string; schema?: string; types?: string } {
  return {
    source: sample ?? '',
    ...(schema === undefined ? {} : { schema }),
    ...(types === undefined ? {} : { types }),
  };
}

async function measure(request: {
  plan: RunPlanned;
  done: readonly ForkOutcome[];
  spentMs: number;
  signal: AbortSignal;
  progress: Progress;
  keep: (outcome: ForkOutcome) => void;
}): Promise<void> {
  const { plan, done, spentMs, signal, progress, keep } = request;
  const estimates = new Map(plan.cells.map((cell) => [cell.key, estimateForkMs(cell, plan)]));
  progress.beginStage({
    expectedMs: estimatePlanMs(plan),
    doneMs: done.reduce((sum, { cell }) => sum + (estimates.get(nameCell(cell)) ?? 0), 0),
    spentMs,
  });
  const { runtime } = plan;
  const session = { plan, done, signal, now: () => performance.now(), spentMs };
  for await (const event of runPlan({ ...session, ...(runtime === undefined ? {} : { runtime }) })) {
    if (event.type === 'start') {
      const [first] = event.cells;
      const label = event.cells.length === 1 ? first?.key : first?.group;
      const expectedMs = event.cells.reduce((sum, { key }) => sum + (estimates.get(key) ?? 0), 0);
      progress.beginTask(`round ${event.round + 1}: ${label}`, expectedMs);
    } else keep(event.outcome);
  }
}

function describePlan({ plan, header }: { plan: Plan; header: JournalHeader }): string {
  const lines = plan.cells.map((cell) => {
    const { min, max } = cell.forks;
    const rounds = min === max ? formatPlural(max, 'round') : `${min} to ${formatPlural(max, 'round')}`;
    return cell.unsupported === undefined ? `${cell.key}  ${rounds}` : `${cell.key}  unsupported: ${cell.unsupported}`;
  });
  const measured = plan.cells.filter((cell) => cell.unsupported === undefined).length;
  const { shard } = plan;
  const groups = new Set(plan.cells.map(({ group }) => group)).size;
  const from = header.addition?.from ?? 0;
  return [
    ...lines,
    ...(shard === undefined
      ? []
      : [`shard ${nameShard(shard)}: ${groups} of ${formatPlural(shard.groups.length, 'group')}`]),
    ...(from === 0
      ? []
      : [`${formatPlural(from, 'round')} a cell measured already, ${(header.forks ?? from) - from} to add`]),
    `${measured} cells to measure, ${plan.cells.length - measured} unsupported, seed ${plan.seed}, about ${formatDuration(estimateRest(plan, from))}`,
    '',
  ].join('\n');
}

/** Milliseconds that are left of a plan of which so many rounds were measured. */
function estimateRest(plan: Plan, from: number): number {
  if (from === 0) return estimatePlanMs(plan);
  const cells = plan.cells.flatMap((cell) =>
    cell.suite.method === 'latency'
      ? { ...cell, forks: { min: cell.forks.min - from, max: cell.forks.max - from } }
      : [],
  );
  return estimatePlanMs({ ...plan, cells });
}

function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
