/**
 * `wirebench http`: what a serializer is worth end to end, on a real gateway under load from another process.
 *
 * Reads as the plan it carries out: parse, plan, measure, assemble, keep, show.
 */
import path from 'node:path';

import type { Command } from 'commander';
import { Option } from 'commander';

import { assembleHttpCells } from '../../load/assemble.ts';
import { gatewayCommand } from '../../load/gateway-command.ts';
import { httpProfiles, scenariosOf } from '../../load/profiles.ts';
import { findScenarios } from '../../load/scenarios.ts';
import type { HttpContender, HttpPlan } from '../../load/session.ts';
import { runHttpPlan } from '../../load/session.ts';
import { openSite } from '../../load/target.ts';
import type { Profile } from '../../model.ts';
import type { HttpOutcome, HttpSession } from '../../model/http.ts';
import { reportHttp } from '../../report/http/http-report.ts';
import { formatDuration, formatPlural } from '../../report/quantities.ts';
import { readEnvironment } from '../../store/environment.ts';
import { writeText } from '../../store/run-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import type { CliCommand, Io } from '../command.ts';
import { parseList, parseWhole } from '../options.ts';
import { startProgress } from '../progress.ts';
import { checkFormat, renderDocument } from '../render.ts';

interface HttpOptions {
  quick?: boolean;
  thorough?: boolean;
  serializer: string[];
  scenario?: string[];
  rate?: number;
  url?: string;
  tokenEnv?: string;
  write?: boolean;
  iOwnThisHost?: boolean;
  seed: number;
  format: string;
  out: string;
}

const defaultSeed = 1;
const defaultOut = path.join('results', 'http');

/** What every response goes through unless the user chooses; the first one is what the others are held against. */
const defaultSerializers = ['json-stringify', 'fast-json-stringify', 'gateway-serializer'];

/** A server with its start, warm-up and windows, as a first guess for the progress; corrected as it goes. */
const stepMs = 2500;

const command: CliCommand = {
  summary: 'measure what a serializer is worth end to end, on a real gateway under load',

  configure(http: Command): void {
    http
      .addOption(new Option('--quick', httpProfiles.quick.summary).conflicts('thorough'))
      .option('--thorough', httpProfiles.thorough.summary)
      .addOption(new Option('--serializer <names>', 'serializers, the reference first').argParser(parseList).default(defaultSerializers, defaultSerializers.join(',')))
      .option('--scenario <ids>', 'scenarios, comma-separated; an unknown name gets the list', parseList)
      .option('--rate <n>', 'requests a second of open loops (default: half of what the reference answers)', parseWhole({ min: 1, max: 100_000 }))
      .option('--url <url>', 'a gateway that runs already, alone, instead of starting any; read-only scenarios')
      .option('--token-env <variable>', 'with --url: environment variable with its bearer token')
      .option('--write', 'with --url: also scenarios that write')
      .option('--i-own-this-host', 'with --url: allow a host other than this machine')
      .option('--seed <n>', 'seed of the database and of the order', parseWhole({ min: 0, max: 2 ** 31 - 1 }), defaultSeed)
      .option('--format <name>', 'on stdout: terminal, markdown, html or json', 'terminal')
      .option('--out <dir>', 'directory for http.json and report.md', defaultOut)
      .addHelpText('after', `\nWithout --quick or --thorough: ${httpProfiles.standard.summary}.`);
  },

  async run({ options }, io): Promise<ExitCode> {
    const request = options as unknown as HttpOptions;
    await checkFormat(request.format);
    const profile: Profile = request.quick === true ? 'quick' : request.thorough === true ? 'thorough' : 'standard';
    const plan = makePlan(request, profile, io);
    const session = await measure({ request, profile, plan, io });
    if (session.cells.length === 0) throw new UserError('stopped before anything was measured', { code: io.signal.aborted ? 130 : 2 });
    await keep({ session, request, io });
    io.stdout.write(await renderDocument({ document: reportHttp(session), format: request.format, io }));
    return session.interrupted === true ? 130 : 0;
  },
};

export default command;

/** @throws {UserError} for unknown scenarios, and for a site that may not be measured. */
function makePlan(request: HttpOptions, profile: Profile, io: Io): HttpPlan {
  const scenarios = request.scenario === undefined ? scenariosOf(profile) : findScenarios(request.scenario);
  const contenders = request.url === undefined ? request.serializer.map((id) => startedContender(id, request.seed)) : [runningContender(request, io)];
  const [first] = contenders;
  if (first === undefined) throw new UserError('there is no serializer to measure', { hint: `name one: ${defaultSerializers.join(', ')}` });
  return {
    scenarios,
    contenders,
    reference: first.id,
    profile: httpProfiles[profile],
    seed: request.seed,
    ...(request.rate === undefined ? {} : { requestsPerSec: request.rate }),
    ...(request.write === true ? { writeToSites: true } : {}),
  };
}

function startedContender(id: string, seed: number): HttpContender {
  return { id, command: (items) => gatewayCommand({ items, seed, settings: ['--serializer', id] }) };
}

function runningContender({ url = '', tokenEnv, iOwnThisHost }: HttpOptions, io: Io): HttpContender {
  const site = openSite({
    url,
    env: io.env,
    ...(tokenEnv === undefined ? {} : { tokenEnv }),
    ...(iOwnThisHost === undefined ? {} : { ownThisHost: iOwnThisHost }),
  });
  return { id: new URL(url).host, site };
}

async function measure(given: { request: HttpOptions; profile: Profile; plan: HttpPlan; io: Io }): Promise<HttpSession> {
  const { request, profile, plan, io } = given;
  const { scenarios, contenders, reference } = plan;
  const now = (): number => performance.now();
  const startedAt = new Date().toISOString();
  const startedMs = now();
  const perRoundMs = scenarios.length * contenders.length * stepMs;
  const totalMs = Math.max(plan.profile.minRounds * perRoundMs, Math.min(plan.profile.maxRounds * perRoundMs, plan.profile.budgetMs ?? Infinity));
  io.stderr.write(`wirebench: ${formatPlural(scenarios.length, 'scenario')}, ${formatPlural(contenders.length, 'contender')}, about ${formatDuration(totalMs)}\n`);
  const progress = startProgress({ stderr: io.stderr, totalMs, now });
  const outcomes: HttpOutcome[] = [];
  let doneMs = 0;
  try {
    for await (const event of runHttpPlan(plan, { signal: io.signal, now })) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
      else if (event.type === 'prepare') progress.update(doneMs, `answers of ${event.scenario}`);
      else {
        progress.update(doneMs, `round ${event.round + 1}: ${event.contender} on ${event.scenario}`);
        doneMs = now() - startedMs;
      }
    }
  } finally {
    progress.stop();
  }
  return {
    httpVersion: 1,
    startedAt,
    durationMs: Math.round(now() - startedMs),
    seed: request.seed,
    profile,
    environment: await readEnvironment({ packages: ['autocannon', 'fast-json-stringify', 'fastify'], directory: io.cwd }),
    reference,
    scenarios,
    cells: assembleHttpCells({ outcomes, scenarios, contenders: contenders.map(({ id }) => id), reference }),
    ...(io.signal.aborted ? { interrupted: true } : {}),
  };
}

async function keep({ session, request, io }: { session: HttpSession; request: HttpOptions; io: Io }): Promise<void> {
  const directory = path.resolve(io.cwd, request.out);
  writeText(path.join(directory, 'http.json'), `${JSON.stringify(session, null, 1)}\n`);
  writeText(path.join(directory, 'report.md'), await renderDocument({ document: reportHttp(session), format: 'markdown', io }));
  const files = ['http.json', 'report.md'].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
  io.stderr.write(`wirebench: wrote ${files.join(' and ')}\n`);
}
