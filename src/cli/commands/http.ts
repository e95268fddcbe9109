/**
 * `wirebench http`: what a serializer is worth end to end, on a real gateway under load from another process.
 *
 * Says what is measured and how; session.ts carries it out, with journal, reports and exit code.
 */
import path from 'node:path';

import { type Command, Option } from '@commander-js/extra-typings';

import { gatewayPackages, serializerNames } from '../../gateway/settings.ts';
import { chooseHttpSuites } from '../../load/choose-suites.ts';
import { estimateHttpPlanMs, type HttpPlan, loadsOf } from '../../load/plan.ts';
import { planHttpSession } from '../../load/plan-session.ts';
import { keepWholeRoundsOf } from '../../runs/whole-load-rounds.ts';
import { httpProfiles } from '../../load/profiles.ts';
import { runHttpPlan } from '../../load/session.ts';
import { isLoopback, openSite, parseHeaderEnv } from '../../load/servers/user-site.ts';
import type { HttpOutcome } from '../../model/http.ts';
import type { Progress } from '../../model/progress.ts';
import { requirePackages } from '../../require-packages.ts';
import { fingerprintCode } from '../../registry/measured-code.ts';
import { loadRegistry, type Registry } from '../../registry/registry.ts';
import { tellLoadShortly } from '../../report/http/http-words.ts';
import { formatDuration, formatPlural } from '../../report/quantities.ts';
import { assembleHttpRun } from '../../runs/assemble-http-run.ts';
import { extendHttpHeader, outcomesOfHttp } from '../../runs/extend-http-run.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { readEnvironment } from '../../store/environment.ts';
import { httpJournal, type HttpJournalHeader } from '../../store/http-journal.ts';
import { runFileName } from '../../store/run-file.ts';
import { warnAboutHost } from '../../tuning/warnings.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseChoices, parseList, parseSeed, parseWhole, profileOf } from '../options.ts';
import { checkFormat } from '../render.ts';
import { carryOut, type Session } from '../session.ts';
import { type GivenOptions, plannedOptions, refuseUnfinished } from '../unfinished.ts';

const declare = (command: Command) =>
  command
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
    .option(
      '--header-env <name=variable>',
      'with --url: another header, its value out of an environment variable; may be repeated',
      collectHeader,
    )
    .option('--mcp', 'with --url: the address is the endpoint of an MCP server (Streamable HTTP)')
    .option('--write', 'with --url: also scenarios that write')
    .option('--i-own-this-host', 'with --url: allow a host other than this machine')
    .addOption(
      new Option(
        '--rounds <n>',
        'rounds of every scenario, however long that takes (default: what fits into the time)',
      ).argParser(parseWhole({ min: 1, max: 1000 })),
    )
    .option('--seed <n>', 'seed of the database and of the order', parseSeed, defaultSeed)
    .option('--list', 'print the plan and its estimated time, measure nothing')
    .option('--resume', 'go on with the unfinished session in --out')
    .addOption(
      new Option('--more [n]', 'add rounds of every scenario to the finished session in --out (default: three)')
        .argParser(parseWhole({ min: 1, max: 1000 }))
        .conflicts(['resume', 'rounds']),
    )
    .option('--strict', 'exit with 1 where a cell is incorrect or failed')
    .option('--format <name>', 'on stdout: terminal, markdown, html, csv, json, bencher, ...', 'terminal')
    .option('--out <dir>', 'directory for run.json, report.md and report.html', path.join('results', 'http'))
    .addHelpText('after', `\nWithout --quick or --thorough: ${httpProfiles.standard.summary}.`);

type HttpOptions = OptionsOf<typeof declare>;

/** Options that say where and how, and not what is measured. */
const freeOptions = ['out', 'list', 'strict', 'resume', 'more', 'format'] as const;

/** As many as it takes for an interval, so that what is added could stand alone. */
const usualMore = 3;

const command: CliCommand = defineCommand({
  summary: 'measure what a serializer is worth end to end, on a real gateway under load',
  declare,

  async run({ options, given: names }, io) {
    await checkFormat(options.format, 'runs');
    const given = { options, given: names, free: freeOptions };
    const registry = await loadRegistry();
    const session: Session<HttpJournalHeader, HttpOutcome, HttpPlan> = {
      command: 'wirebench http',
      journal: httpJournal,
      format: options.format,
      given,
      prepare: (earlier) => prepare({ options, given, earlier, registry, io }),
      extend: (directory) => extend(directory, options),
      describePlan: ({ plan, header }) => describePlan(plan, header.addition?.from ?? 0),
      keepWholeRounds: ({ header }, outcomes) => keepWholeRoundsOf(header, outcomes),
      measure: (request) => measure({ ...request, signal: io.signal }),
      assemble: ({ header }, measured) => assembleHttpRun({ header, metrics: registry.metrics, ...measured }),
    };
    return carryOut(session, options, io);
  },
});

export default command;

/** @throws {UserError} where the session in the directory cannot be added to. */
async function extend(
  directory: string,
  { more }: HttpOptions,
): ReturnType<NonNullable<Session<HttpJournalHeader, HttpOutcome, HttpPlan>['extend']>> {
  if (more === undefined) return undefined;
  refuseUnfinished(httpJournal, directory);
  const file = path.join(directory, runFileName);
  const run = await readStoredRun(file);
  return {
    header: extendHttpHeader({ run, file, more: more === true ? usualMore : more }),
    elapsedMs: run.durationMs,
    outcomesOf: () => (run.http === undefined ? [] : outcomesOfHttp(run.http)),
  };
}

/** @throws {UserError} for options that cannot be, and packages that are missing. */
async function prepare(request: {
  options: HttpOptions;
  given: GivenOptions;
  earlier: HttpJournalHeader | undefined;
  registry: Registry;
  io: Io;
}): ReturnType<Session<HttpJournalHeader, HttpOutcome, HttpPlan>['prepare']> {
  const { options, given, earlier, registry, io } = request;
  const asked = earlier ?? readAsked(options, { registry, io });
  if (options.list !== true)
    requirePackages(['autocannon', ...(asked.site === undefined ? gatewayPackages : [])], 'measure over HTTP');
  const header = {
    ...asked,
    journalVersion: 1 as const,
    startedAt: new Date().toISOString(),
    environment: await readEnvironment({
      packages: ['autocannon', 'fast-json-stringify', 'fastify'],
      directory: io.cwd,
    }),
    code: fingerprintCode({ modules: [], directory: io.cwd }),
    options: plannedOptions(given),
  };
  return { plan: planHttpSession(asked, { env: io.env, metrics: registry.metrics }), registry, header };
}

type AskedHttpSession = Omit<HttpJournalHeader, 'journalVersion' | 'startedAt' | 'environment' | 'code' | 'options'>;

/** @throws {UserError} for unknown names, and for a site that may not be measured. */
function readAsked(options: HttpOptions, { registry, io }: { registry: Registry; io: Io }): AskedHttpSession {
  const { url, tokenEnv, headerEnv, iOwnThisHost, write, mcp, suite, serializer, scenario, seed, rate, rounds } =
    options;
  const profile = profileOf(options);
  const site =
    url === undefined
      ? undefined
      : {
          url,
          ...(tokenEnv === undefined ? {} : { tokenEnv }),
          ...(headerEnv === undefined ? {} : { headerEnv }),
          ...(iOwnThisHost === true ? { ownThisHost: true as const } : {}),
          ...(write === true ? { write: true as const } : {}),
          ...(mcp === true ? { mcp: true as const } : {}),
        };
  refuseLonelyOptions(options);
  const host = site === undefined ? undefined : new URL(openSite({ ...site, env: io.env }).url).host;
  const selection = {
    ...(suite === undefined ? {} : { suite }),
    ...(serializer === undefined ? {} : { serializer }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(host === undefined ? {} : { site: { id: host, title: host } }),
    ...(mcp === undefined ? {} : { mcp }),
  };
  return {
    profile,
    seed,
    ...chooseHttpSuites({ profile, selection, suites: registry.http ?? [], scenarios: registry.scenarios ?? [] }),
    ...(rounds === undefined ? {} : { rounds: { fewest: rounds, most: rounds } }),
    ...(rate === undefined ? {} : { requestsPerSec: rate }),
    ...(site === undefined ? {} : { site }),
  };
}

/** @throws {UserError} also where a header comes twice: one of both would be lost without a word. */
function collectHeader(
  typed: string,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [name, variable] = parseHeaderEnv(typed);
  if (Object.hasOwn(headers, name)) throw new UserError(`--header-env: the header ${name} comes twice`);
  return { ...headers, [name]: variable };
}

function refuseLonelyOptions(options: HttpOptions): void {
  const { url, tokenEnv, headerEnv, write, mcp, iOwnThisHost, suite, serializer } = options;
  if (tokenEnv !== undefined && headerEnv?.['authorization'] !== undefined)
    throw new UserError('--token-env and --header-env authorization exclude each other', {
      hint: 'the first sends a bearer token, the second whatever the variable holds',
    });
  const withUrl = {
    '--token-env': tokenEnv,
    '--header-env': headerEnv,
    '--write': write,
    '--mcp': mcp,
    '--i-own-this-host': iOwnThisHost,
  };
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
  done: readonly HttpOutcome[];
  spentMs: number;
  signal: AbortSignal;
  progress: Progress;
  keep: (outcome: HttpOutcome) => void;
}): Promise<void> {
  const { plan, done, spentMs, signal, progress, keep } = request;
  for (const line of warnAboutHost({ connections: mostConnections(plan), target: placeOf(plan) })) progress.say(line);
  progress.beginStage({ title: tellSize(plan), expectedMs: estimateHttpPlanMs(plan), spentMs });
  for await (const event of runHttpPlan(plan, { signal, now: () => performance.now(), done, spentMs })) {
    if (event.type === 'outcome') keep(event.outcome);
    else if (event.type === 'prepare') progress.beginTask(`answers of ${event.scenario}`);
    else progress.beginTask(`round ${event.round + 1}: ${event.suite}/${event.scenario}`);
  }
}

/** Connections of the load that has most of them. */
function mostConnections({ suites, profile, requestsPerSec = 1 }: HttpPlan): number {
  const loads = suites.flatMap((suite) =>
    suite.scenarios.flatMap((scenario) => loadsOf({ suite, scenario, profile, requestsPerSec })),
  );
  return Math.max(0, ...loads.map(({ connections }) => connections));
}

/** Gateways that are started here, and the user's on this machine, share its limits with the load. */
function placeOf({ suites }: HttpPlan): 'here' | 'elsewhere' {
  const sites = suites.flatMap(({ targets }) => targets.flatMap(({ site }) => (site === undefined ? [] : [site])));
  return sites.every(({ url }) => isLoopback(new URL(url))) ? 'here' : 'elsewhere';
}

/** @param from rounds of the headline that were measured already. */
function describePlan(plan: HttpPlan, from: number): string {
  const { profile, requestsPerSec = 1 } = plan;
  const lines = plan.suites.flatMap((suite) =>
    suite.scenarios.flatMap((scenario) =>
      suite.targets.map(({ id }) => {
        const loads = loadsOf({ suite, scenario, profile, requestsPerSec });
        return `${suite.id}/${scenario.id}/${id}  ${loads.map(tellLoadShortly).join(', ')}`;
      }),
    ),
  );
  return [
    ...lines,
    ...(from === 0
      ? []
      : [
          `${formatPlural(from, 'round')} of the headline measured already, ${profile.maxRounds - from} to add everywhere`,
        ]),
    `${tellSize(plan)}, ${tellRoundsOf(profile)}, seed ${plan.seed}, about ${formatDuration(estimateHttpPlanMs(withoutRounds(plan, from)))}`,
    '',
  ].join('\n');
}

function tellRoundsOf({ minRounds, maxRounds }: HttpPlan['profile']): string {
  const most = formatPlural(maxRounds, 'round');
  return minRounds === maxRounds ? most : `${minRounds} to ${most}`;
}

/** What is left of a plan whose headline has had so many rounds. */
function withoutRounds(plan: HttpPlan, from: number): HttpPlan {
  if (from === 0) return plan;
  const more = plan.profile.maxRounds - from;
  return { ...plan, profile: { ...plan.profile, minRounds: more, maxRounds: more } };
}

function tellSize({ suites }: HttpPlan): string {
  const servers = suites.reduce((sum, { scenarios, targets }) => sum + scenarios.length * targets.length, 0);
  return `${formatPlural(suites.length, 'suite')}, ${formatPlural(servers, 'server')} a round`;
}
