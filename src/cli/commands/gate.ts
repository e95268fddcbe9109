/**
 * `wirebench gate`: says whether a change made responses slower, larger or wrong; the exit code is for CI.
 *
 * Reads as the plan it carries out: parse, configure, measure both sides, keep, show, answer.
 */
import path from 'node:path';

import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import ms from 'ms';

import type { GateConfig } from '../../config.ts';
import type { GateSettings } from '../../gate/settings.ts';
import { summarizePower } from '../../gate/power/summary.ts';
import { defaultTolerance, gateSettings } from '../../gate/settings.ts';
import { nameCell } from '../../compare/cells.ts';
import type { CellSelection } from '../../model/cell.ts';
import type { Sink, Variant } from '../../model/values.ts';
import type { GateSession } from '../../model/gate.ts';
import { invocationOf } from '../../own-files.ts';
import { reportBaseline } from '../../report/gate/baseline-report.ts';
import { reportPower } from '../../report/gate/power-report.ts';
import { reportGate } from '../../report/gate/gate-report.ts';
import { readConfig } from '../../store/config-file.ts';
import { writeGateSession } from '../../store/gate-file.ts';
import { openOutputDirectory } from '../../store/output-directory.ts';
import { powerFileName, readPowerFile, writePowerFile } from '../../store/power-file.ts';
import { whileLocked } from '../../store/lock.ts';
import { appendText, writeText } from '../../store/write-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { exitCodeOf } from '../gate-exit-code.ts';
import { recordPower } from '../../gate/power/record.ts';
import { gateOnBaseline } from '../../gate/session/stored-baseline.ts';
import type { TwoRefsRequest } from '../../gate/session/two-refs.ts';
import { gateTwoRefs } from '../../gate/session/two-refs.ts';
import {
  defaultSeed,
  parseChoices,
  parseItems,
  parseList,
  parsePercent,
  parseSeed,
  parseTime,
  readSelection,
} from '../options.ts';
import { openProgress, tell } from '../progress.ts';
import { checkFormat, renderDocument } from '../render.ts';

const defaultOut = path.join('results', 'gate');

/** What is measured where neither the command line nor a configuration says it. */
const defaultCells: readonly CellSelection[] = [
  { suites: ['serialize'], payloads: ['tools'], items: [10, 100, 1000], sinks: ['bytes'] },
];

const declare = (gate: Command) =>
  gate
    .option('--base <ref>', 'the older side (default: the merge base with the main branch)')
    .option('--head <ref>', 'the newer side (default: the working tree)')
    .addOption(
      new Option(
        '--baseline <file>',
        'a stored run.json of this machine instead of refs: a trigger, which never fails by itself',
      ).conflicts(['base', 'head']),
    )
    .option('--confirm', 'with --baseline: measure what is suspicious against the stored commit, side by side')
    .addOption(
      new Option(
        '--power',
        'record what the gate detects and how often it cries wolf; goes on where it was stopped',
      ).conflicts(['base', 'head', 'baseline', 'confirm', 'tolerance', 'inconclusive']),
    )
    .option('--replay', 'with --power: measure nothing, compute the report anew from gate-power.json')
    .option('--suite <ids>', 'suites, comma-separated; this and the next five replace the configured cells', parseList)
    .option('--contender <ids>', 'contenders', parseList)
    .option('--payload <ids>', 'payloads, or recorded/<name> for a recorded catalog', parseList)
    .option('--items <counts>', 'item counts, e.g. 10,100,1000', parseItems)
    .option('--variant <names>', 'text, native', parseChoices<Variant>(['text', 'native']))
    .option('--sink <names>', 'bytes, string', parseChoices<Sink>(['string', 'bytes']))
    .option(
      '--budget <time>',
      `time for both stages, e.g. 5m; what does not fit is named (default: ${ms(gateSettings.budgetMs)})`,
      parseTime,
    )
    .option(
      '--tolerance <percent>',
      'slowdown that is allowed in every cell, e.g. 5%, instead of the configured ones',
      parsePercent,
    )
    .addOption(
      new Option('--inconclusive <as>', 'what to make of cells that cannot be decided (default: exit code 3)').choices([
        'pass',
        'fail',
      ]),
    )
    .option(
      '--format <name>',
      'on stdout: terminal, markdown, html, json, csv, junit, github or github-comment',
      'terminal',
    )
    .option('--out <dir>', 'directory for gate.json, report.md and junit.xml', defaultOut)
    .option(
      '--pass-env <names>',
      'variables that the installs of both sides get as well, e.g. NODE_AUTH_TOKEN; no secret reaches them otherwise',
      parseList,
    )
    .option('--seed <n>', 'seed of the catalogs and of the order', parseSeed, defaultSeed)
    .addOption(
      new Option('--bench-root <dir>', 'a bench/ directory other than the own one, on all sides')
        .default('bench')
        .hideHelp(),
    )
    .addOption(
      new Option('--inject-slowdown <share>', "do this share of the candidate's operations twice")
        .default(0)
        .argParser(parseShare)
        .hideHelp(),
    )
    .addHelpText(
      'after',
      [
        '',
        'Both sides are taken out of git into a temporary directory and installed from their own lockfiles; the',
        'repository, its index and the working tree are not touched. Tolerances and cells: wirebench.config.ts.',
        'Where GITHUB_STEP_SUMMARY is set, the report goes there too and annotations go to stderr.',
      ].join('\n'),
    );

type GateOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'compare two refs and fail where the newer one is slower, larger or wrong',
  declare,

  async run({ options }, io) {
    await checkOwnFormat(options);
    if (options.replay === true && options.power !== true)
      throw new UserError('--replay goes with --power', { hint: 'a session is shown again by its gate.json' });
    if (options.power === true)
      return whileLocked(placeOf(powerDirectoryOf(options), io), () => runPower({ options, io }));
    if (options.baseline !== undefined) return runOnBaseline({ options, file: options.baseline, io });
    if (options.confirm === true)
      throw new UserError('--confirm goes with --baseline', { hint: 'two refs are always measured side by side' });
    openPlace(options, io);
    return whileLocked(placeOf(options.out, io), async () => {
      const session = await gateTwoRefs(requestOf(options, io));
      await show({ session, options, io });
      return exitCodeOf(session, options.inconclusive);
    });
  },
});

export default command;

/**
 * Formats that list the cells of a session need one; the evidence for the gate and a comparison with a stored run are
 * none.
 * @throws {UserError}
 */
function checkOwnFormat({ baseline, power, format }: GateOptions): Promise<void> {
  return checkFormat(format, baseline !== undefined || power === true ? undefined : 'session');
}

/** A configuration with what the command line says instead of it. */
function configOf({ tolerance }: GateOptions, gate: GateConfig): GateConfig {
  if (tolerance === undefined) return gate;
  const rules = (gate.tolerances ?? []).map(({ time: _replaced, ...rule }) => rule);
  return { ...gate, tolerance: { ...gate.tolerance, time: tolerance }, tolerances: rules };
}

/** @throws {UserError} where the files of a session cannot be written, before it takes its minutes. */
function openPlace({ out }: GateOptions, { cwd }: Io): void {
  openOutputDirectory({ cwd, out, isUsual: out === defaultOut, files: ['gate.json', 'report.md', 'junit.xml'] });
}

function requestOf(options: GateOptions, io: Io): TwoRefsRequest {
  return {
    base: options.base,
    head: options.head,
    choose: (config) => ({ config: configOf(options, config), selections: selectionsOf(options, config) }),
    passedVariables: options.passEnv ?? [],
    settings: settingsOf(options),
    seed: options.seed,
    surroundings: io,
    progress: openProgress(io),
    benchDirectory: options.benchRoot,
    repeatedShare: options.injectSlowdown,
  };
}

/** Recordings are kept apart from sessions, and the evidence is committed. */
const powerDirectory = 'results';

function powerDirectoryOf({ out }: GateOptions): string {
  return out === defaultOut ? powerDirectory : out;
}

/** Where nobody else may write meanwhile. */
function placeOf(out: string, { cwd }: Io): { directory: string; command: string } {
  return { directory: path.resolve(cwd, out), command: 'wirebench gate' };
}

async function runPower({ options, io }: { options: GateOptions; io: Io }): Promise<ExitCode> {
  const directory = path.resolve(io.cwd, powerDirectoryOf(options));
  const { evidence, left } =
    options.replay === true
      ? { evidence: readPowerFile(path.join(directory, powerFileName)), left: 0 }
      : await recordPower({
          directory,
          choose: requestOf(options, io).choose,
          settings: gateSettings,
          seed: options.seed,
          budgetMs: options.budget,
          surroundings: io,
          progress: openProgress(io),
        });
  const summary = summarizePower(evidence, { ...defaultTolerance, time: evidence.tolerance });
  writePowerFile(directory, { ...evidence, summary });
  const document = reportPower(evidence, summary);
  writeText(path.join(directory, 'gate-power.md'), await renderDocument({ document, format: 'markdown', io }));
  io.stdout.write(await renderDocument({ document, format: options.format, io }));
  if (left > 0) tell(io, `${left} tasks are left; the same command goes on with them`);
  return io.signal.aborted ? 130 : 0;
}

async function runOnBaseline({ options, file, io }: { options: GateOptions; file: string; io: Io }): Promise<ExitCode> {
  const config = configOf(options, (await readConfig(io.cwd)).gate ?? {});
  const { budgetMs } = settingsOf(options);
  const { cells, broken, commit, interrupted } = await gateOnBaseline({
    file,
    selections: selectionsOf(options, config),
    config,
    budgetMs,
    surroundings: io,
    progress: openProgress(io),
  });
  const document = reportBaseline({ cells, commit, invocation: invocationOf('gate') });
  const suspects = [...cells.filter(({ isSuspect }) => isSuspect), ...broken];
  const goesOn = options.confirm === true && suspects.length > 0 && !interrupted;
  // One report on stdout: where the suspects are measured again, that session is what was asked for.
  if (goesOn) io.stderr.write(await renderDocument({ document, format: 'terminal', io: { ...io, stdout: io.stderr } }));
  else io.stdout.write(await renderDocument({ document, format: options.format, io }));
  for (const { cell, reason } of broken)
    tell(io, `${nameCell(cell)} was measured for the baseline and cannot be now: ${reason}`);
  if (interrupted) return 130;
  if (suspects.length === 0) return 0;
  if (!goesOn) return exitCodeOf({ verdict: broken.length > 0 ? 'failed' : 'inconclusive' }, options.inconclusive);
  if (commit === undefined || commit.endsWith('-dirty')) {
    throw new UserError(
      `cannot confirm: the stored run ${commit === undefined ? 'names no commit' : 'was measured on a changed working tree'}`,
      {
        hint: 'name the older side with --base',
      },
    );
  }
  const selections = suspects.map(({ cell }) => ({
    suites: [cell.suite],
    contenders: [cell.contender],
    payloads: [cell.payload],
    items: [cell.items],
    variants: [cell.variant],
    sinks: [cell.sink],
  }));
  openPlace(options, io);
  return whileLocked(placeOf(options.out, io), async () => {
    const session = await gateTwoRefs({
      ...requestOf(options, io),
      base: commit,
      head: undefined,
      choose: (own) => ({ config: configOf(options, own), selections }),
    });
    await show({ session, options, io });
    return exitCodeOf(session, options.inconclusive);
  });
}

function selectionsOf(options: GateOptions, config: GateConfig): readonly CellSelection[] {
  const selection = readSelection(options);
  if (Object.keys(selection).length > 0) return [{ suites: ['serialize'], ...selection }];
  return config.cells ?? defaultCells;
}

function settingsOf({ budget }: GateOptions): GateSettings {
  return { ...gateSettings, ...(budget === undefined ? {} : { budgetMs: budget }) };
}

async function show({ session, options, io }: { session: GateSession; options: GateOptions; io: Io }): Promise<void> {
  const document = reportGate(session);
  const render = (format: string): Promise<string> => renderDocument({ document, format, io, session });
  const directory = path.resolve(io.cwd, options.out);
  writeGateSession(directory, session);
  writeText(path.join(directory, 'report.md'), await render('markdown'));
  writeText(path.join(directory, 'junit.xml'), await render('junit'));
  io.stdout.write(await render(options.format));
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') {
    appendText(summary, await render('markdown'), {
      isNew: true,
      noun: 'the job summary',
      hint: 'make room there, or correct or unset GITHUB_STEP_SUMMARY',
    });
    // GitHub finds annotations on either stream; stdout may be a file in the format that was asked for.
    if (options.format !== 'github') io.stderr.write(await render('github'));
  }
  tell(io, `wrote gate.json, report.md and junit.xml to ${path.relative(io.cwd, directory) || '.'}`);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError(`'${text}' is not a share from 0 to 1`);
  return share;
}
