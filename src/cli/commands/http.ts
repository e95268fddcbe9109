/**
 * `wirebench http`: what a serializer is worth end to end, on a real gateway under load from another process.
 *
 * Reads as the plan it carries out: parse, plan, measure and journal, assemble, store, report.
 */
import path from 'node:path';

import type { Command } from 'commander';
import { Option } from 'commander';

import { gatewayPackages, serializerNames } from '../../gateway/settings.ts';
import { estimateHttpPlanMs, type HttpPlan, loadsOf } from '../../load/plan.ts';
import { httpProfiles } from '../../load/profiles.ts';
import { runHttpPlan } from '../../load/session.ts';
import { openSite } from '../../load/servers/user-site.ts';
import type { Profile } from '../../model/bench-module.ts';
import type { HttpOutcome } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import { loadRegistry, type Registry } from '../../registry/registry.ts';
import { formatDuration, formatPlural } from '../../report/quantities.ts';
import { readEnvironment } from '../../store/environment.ts';
import {
  type HttpJournalHeader,
  openHttpJournal,
  readHttpJournal,
  startHttpJournal,
} from '../../store/http-journal.ts';
import type { OpenJournal } from '../../store/journal-file.ts';
import { whileLocked } from '../../store/lock.ts';
import { assembleHttpRun } from '../../runs/assemble-http-run.ts';
import { runFileName, writeRun } from '../../store/run-file.ts';
import { requirePackages } from '../../optional-packages.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import type { CliCommand, Io } from '../command.ts';
import { chooseHttpSuites } from '../../load/choose-suites.ts';
import { keepWholeRoundsOf, planHttpSession } from '../../load/plan-session.ts';
import { fingerprintCode } from '../../registry/measured-code.ts';
import { parseChoices, parseList, parseWhole } from '../options.ts';
import { openProgress } from '../progress.ts';
import { checkFormat, renderRun, writeReport } from '../render.ts';
import {
  announceCutRound,
  announceMovedAside,
  plannedOptions,
  refuseOtherCode,
  refuseOtherEnvironment,
  refuseOtherOptions,
} from '../unfinished.ts';

interface HttpOptions {
  quick?: boolean;
  thorough?: boolean;
  suite?: string[];
  serializer?: string[];
  scenario?: string[];
  rate?: number;
  url?: string;
  tokenEnv?: string;
  write?: boolean;
  iOwnThisHost?: boolean;
  seed: number;
  list?: boolean;
  resume?: boolean;
  strict?: boolean;
  format: string;
  out: string;
}

const defaultSeed = 1;
const defaultOut = path.join('results', 'http');

const command: CliCommand = {
  summary: 'measure what a serializer is worth end to end, on a real gateway under load',

  configure(http: Command): void {
    http
      .addOption(new Option('--quick', httpProfiles.quick.summary).conflicts('thorough'))
      .option('--thorough', httpProfiles.thorough.summary)
      .option('--suite <ids>', 'suites, comma-separated; an unknown name gets the list', parseList)
      .option('--serializer <names>', 'serializers to compare, the reference first', parseChoices(serializerNames))
      .option('--scenario <ids>', 'scenarios, comma-separated; an unknown name gets the list', parseList)
      .option(
        '--rate <n>',
        'requests a second of open loops (default: half of what the reference answers)',
        parseWhole({ min: 1, max: 100_000 }),
      )
      .option('--url <url>', 'a gateway that runs already, alone, instead of starting any; read-only scenarios')
      .option('--token-env <variable>', 'with --url: environment variable with its bearer token')
      .option('--write', 'with --url: also scenarios that write')
      .option('--i-own-this-host', 'with --url: allow a host other than this machine')
      .option(
        '--seed <n>',
        'seed of the database and of the order',
        parseWhole({ min: 0, max: 2 ** 31 - 1 }),
        defaultSeed,
      )
      .option('--list', 'print the plan and its estimated time, measure nothing')
      .option('--resume', 'go on with the unfinished session in --out')
      .option('--strict', 'exit with 1 where a cell is incorrect or failed')
      .option('--format <name>', 'on stdout: terminal, markdown, html, csv, json, bencher, ...', 'terminal')
      .option('--out <dir>', 'directory for run.json, report.md and report.html', defaultOut)
      .addHelpText('after', `\nWithout --quick or --thorough: ${httpProfiles.standard.summary}.`);
  },

  async run({ options, given }, io): Promise<ExitCode> {
    const request = options as unknown as HttpOptions;
    await checkFormat(request.format, 'runs');
    const invocation: Invocation = {
      request,
      options,
      given,
      directory: path.resolve(io.cwd, request.out),
      registry: await loadRegistry(),
      io,
    };
    const place = { directory: invocation.directory, command: 'wirebench http' };
    if (request.list === true) {
      io.stdout.write(describePlan((await prepare(invocation)).plan));
      return 0;
    }
    requirePackages(['autocannon', ...(request.url === undefined ? gatewayPackages : [])], 'measure over HTTP');
    // What is gone on with is read when nobody else writes it; a new session makes no directory before all options are known to be right.
    if (request.resume === true) {
      readHttpJournal(place.directory);
      return whileLocked(place, async () => carryOut(await prepare(invocation), invocation));
    }
    const prepared = await prepare(invocation);
    return whileLocked(place, () => carryOut(prepared, invocation));
  },
};

export default command;

/** Options that say where and how, and not what is measured. */
const freeOptions = ['out', 'list', 'strict', 'resume', 'format'] as const;

interface Invocation {
  readonly request: HttpOptions;
  readonly options: Readonly<Record<string, unknown>>;
  readonly given: ReadonlySet<string>;
  readonly directory: string;
  readonly registry: Registry;
  readonly io: Io;
}

interface Prepared {
  readonly plan: HttpPlan;
  readonly header: HttpJournalHeader;
  /** What there is of an unfinished session. */
  readonly earlier: ReturnType<typeof readHttpJournal> | undefined;
}

/** @throws {UserError} for options that cannot be, and for an unfinished session that cannot be gone on with. */
async function prepare({ request, options, given, directory, registry, io }: Invocation): Promise<Prepared> {
  const earlier = request.resume === true ? readHttpJournal(directory) : undefined;
  if (earlier !== undefined) refuseOtherOptions(earlier.header.options, { options, given, free: freeOptions });
  const asked = earlier?.header ?? readRequest(request, { registry, io });
  const plan = planHttpSession(asked, io);
  const environment = await readEnvironment({
    packages: ['autocannon', 'fast-json-stringify', 'fastify'],
    directory: io.cwd,
  });
  const code = fingerprintCode({ modules: [], directory: io.cwd });
  if (earlier !== undefined) {
    refuseOtherCode(earlier.header.code, code);
    refuseOtherEnvironment(earlier.header.environment, environment);
  }
  const header = earlier?.header ?? {
    journalVersion: 1,
    startedAt: new Date().toISOString(),
    ...asked,
    environment,
    code,
    options: plannedOptions({ options, free: freeOptions }),
  };
  return { plan, header, earlier };
}

async function carryOut(
  { plan, header, earlier }: Prepared,
  { request, directory, registry, io }: Invocation,
): Promise<ExitCode> {
  const done = keepWholeRoundsOf(header, earlier?.outcomes ?? []);
  announceCutRound({ read: earlier?.outcomes.length ?? 0, kept: done.length, io });
  const journal =
    earlier === undefined
      ? announceMovedAside(startHttpJournal(directory, header), { directory, io })
      : openHttpJournal(directory, done);
  const measured = await measure({ plan, journal, io, done, elapsedMs: earlier?.elapsedMs ?? 0 });
  const run = assembleHttpRun({ header, ...measured });
  if (run.http?.cells.length === 0)
    throw new UserError('stopped before anything was measured in a whole round', { code: io.signal.aborted ? 130 : 2 });
  writeRun(directory, run);
  if (!measured.interrupted) journal.discard();
  return report({ run, registry, directory, io, request });
}

type Asked = Omit<HttpJournalHeader, 'journalVersion' | 'startedAt' | 'environment' | 'code' | 'options'>;

/** @throws {UserError} for unknown names, and for a site that may not be measured. */
function readRequest(request: HttpOptions, { registry, io }: { registry: Registry; io: Io }): Asked {
  const { url, tokenEnv, iOwnThisHost, write, suite, serializer, scenario, seed, rate } = request;
  const profile: Profile = request.quick === true ? 'quick' : request.thorough === true ? 'thorough' : 'standard';
  const site =
    url === undefined
      ? undefined
      : {
          url,
          ...(tokenEnv === undefined ? {} : { tokenEnv }),
          ...(iOwnThisHost === true ? { ownThisHost: true as const } : {}),
          ...(write === true ? { write: true as const } : {}),
        };
  refuseLonelyOptions(request);
  const host = site === undefined ? undefined : new URL(openSite({ ...site, env: io.env }).url).host;
  const selection = {
    ...(suite === undefined ? {} : { suite }),
    ...(serializer === undefined ? {} : { serializer }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(host === undefined ? {} : { site: { id: host, title: host } }),
  };
  return {
    profile,
    seed,
    ...chooseHttpSuites({ profile, selection, suites: registry.http ?? [], scenarios: registry.scenarios ?? [] }),
    ...(rate === undefined ? {} : { requestsPerSec: rate }),
    ...(site === undefined ? {} : { site }),
  };
}

function refuseLonelyOptions({ url, tokenEnv, write, iOwnThisHost, suite, serializer }: HttpOptions): void {
  const withUrl = { '--token-env': tokenEnv, '--write': write, '--i-own-this-host': iOwnThisHost };
  const withoutUrl = { '--suite': suite, '--serializer': serializer };
  for (const [name, value] of Object.entries(url === undefined ? withUrl : withoutUrl)) {
    if (value === undefined) continue;
    throw new UserError(url === undefined ? `${name} goes with --url` : `${name} and --url exclude each other`, {
      hint:
        url === undefined
          ? 'gateways that are started here need none of it'
          : 'a gateway that runs already is measured as it is',
    });
  }
}

async function measure(request: {
  plan: HttpPlan;
  journal: OpenJournal<HttpOutcome>;
  io: Io;
  done: readonly HttpOutcome[];
  elapsedMs: number;
}): Promise<{ outcomes: HttpOutcome[]; elapsedMs: number; interrupted: boolean }> {
  const { plan, journal, io, done } = request;
  const now = (): number => performance.now();
  const startedMs = now();
  const elapsedMs = (): number => request.elapsedMs + now() - startedMs;
  const outcomes = [...done];
  const progress = openProgress(io);
  progress.beginStage({
    title: tellSize(plan),
    expectedMs: estimateHttpPlanMs(plan),
    spentMs: request.elapsedMs,
  });
  try {
    for await (const event of runHttpPlan(plan, { signal: io.signal, now, done, spentMs: request.elapsedMs })) {
      if (event.type === 'outcome') {
        outcomes.push(event.outcome);
        journal.append({ elapsedMs: elapsedMs(), outcome: event.outcome });
      } else if (event.type === 'prepare') progress.beginTask(`answers of ${event.scenario}`);
      else progress.beginTask(`round ${event.round + 1}: ${event.suite}/${event.scenario}/${event.contender}`);
    }
  } finally {
    progress.end();
  }
  return { outcomes, elapsedMs: elapsedMs(), interrupted: io.signal.aborted };
}

async function report(given: {
  run: Run;
  registry: Registry;
  directory: string;
  io: Io;
  request: HttpOptions;
}): Promise<ExitCode> {
  const { run, registry, directory, io, request } = given;
  const files = await writeReport({ run, registry, directory });
  io.stdout.write(await renderRun({ run, registry, format: request.format, io }));
  const written = [runFileName, ...files].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
  io.stderr.write(`wirebench: wrote ${new Intl.ListFormat('en').format(written)}\n`);
  if (run.interrupted === true) {
    io.stderr.write('wirebench: stopped early; `--resume` with the same --out goes on\n');
    return 130;
  }
  const broken = run.http?.cells.some(({ status }) => status === 'incorrect' || status === 'failed') === true;
  return request.strict === true && broken ? 1 : 0;
}

function describePlan(plan: HttpPlan): string {
  const { profile, requestsPerSec = 1 } = plan;
  const lines = plan.suites.flatMap((suite) =>
    suite.scenarios.flatMap((scenario) =>
      suite.targets.map(({ id }) => {
        const loads = loadsOf({ suite, scenario, profile, requestsPerSec });
        const told = loads.map((load) =>
          load.kind === 'open' ? 'at a fixed rate' : formatPlural(load.connections, 'connection'),
        );
        return `${suite.id}/${scenario.id}/${id}  ${told.join(', ')}`;
      }),
    ),
  );
  return [
    ...lines,
    `${tellSize(plan)}, ${profile.minRounds} to ${formatPlural(profile.maxRounds, 'round')}, seed ${plan.seed}, about ${formatDuration(estimateHttpPlanMs(plan))}`,
    '',
  ].join('\n');
}

function tellSize({ suites }: HttpPlan): string {
  const servers = suites.reduce((sum, { scenarios, targets }) => sum + scenarios.length * targets.length, 0);
  return `${formatPlural(suites.length, 'suite')}, ${formatPlural(servers, 'server')} a round`;
}
