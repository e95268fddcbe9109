/**
 * `wirebench hey`: the same request again and again, as the program of that name sends it, with every body looked at.
 *
 * Reads what is asked for, prepares it, lets an engine make the load, and writes report and log.
 */
import path from 'node:path';

import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';

import { escapeInJson, showLines, showText } from '../../foreign-text.ts';
import type { Engine } from '../../hey/engine.ts';
import type { EngineFigures } from '../../hey/figures.ts';
import { checkLogPlace, logNameOf, writeLog, writeNewLog } from '../../hey/log.ts';
import { type HeyPlan, type Method, methods, wholeVolume } from '../../hey/plan.ts';
import { prepareLoad } from '../../hey/prepare.ts';
import { describeResult, describeSettings } from '../../hey/report.ts';
import { hasFailures, type HeyResult, makeResult, showTarget } from '../../hey/result.ts';
import { hideHeader, showUrl } from '../../hey/secrets.ts';
import { type HeySettings, readSettings } from '../../hey/settings.ts';
import { warnOf } from '../../hey/warnings.ts';
import { type ImportedModule, importModules, listModules } from '../../own-files.ts';
import { formatMoment, formatPerSecond } from '../../report/quantities.ts';
import type { ExitCode } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { parseTime, parseWhole } from '../options.ts';
import { openProgress, tell } from '../progress.ts';

const enginesDirectory = new URL('../../hey/engines/', import.meta.url);
const engines = listModules(enginesDirectory).map(({ id }) => id);

/** Arbitrary; every latency is kept, and takes eight bytes. */
const mostRequests = 100_000_000;
/** Ports of one address are fewer than 65,536, and each connection takes one. */
const mostConnections = 60_000;
/** Seconds: a day. */
const longestTimeout = 86_400;

const declare = (hey: Command) =>
  hey
    .option('-n, --requests <number>', 'requests to send', parseWhole({ min: 1, max: mostRequests }), 10_000)
    .option(
      '-c, --concurrency <number>',
      'connections, each with one request under way',
      parseWhole({ min: 1, max: mostConnections }),
      200,
    )
    .option('-z, --duration <time>', 'send for so long, as in 30s, in place of a number of requests', parseTime)
    .option('-q, --rate <number>', 'requests a second of each connection at most', parseRate)
    .option(
      '-t, --timeout <seconds>',
      'time that a request is given, 0 for no limit',
      parseWhole({ min: 0, max: longestTimeout }),
      20,
    )
    .option('-X, --method <name>', `one of ${methods.join(', ')}`, parseMethod, 'POST' as const)
    .option('-T, --content-type <type>', 'of the payload', 'application/json')
    .option('-H, --header <header>', 'as in "Accept: text/plain"; may be repeated', collect)
    .option('-d, --data <file>', 'payload (default of a POST: a call of a tool that the server has)')
    .option('-u, --url <url>', 'address that gets the requests', 'http://localhost:4444/rpc')
    .option('--token-env <variable>', 'environment variable with a bearer token')
    .option('--direct <url>', 'server behind the gateway: measured in alternation, to see what the gateway adds')
    .option('--direct-data <file>', 'with --direct: its payload, where it is another one')
    .option('--direct-token-env <variable>', 'with --direct: environment variable with its bearer token')
    .option('--disable-keepalive', 'a new connection for each request')
    .addOption(new Option('--engine <name>', 'what sends the requests').choices(engines).default('closed-loop'))
    .option('-l, --log <file>', 'file for settings and report (default: hey-YYYYMMDD_HHMMSS.log)')
    .option('--i-own-this-host', 'allow hosts other than this machine')
    .option('--dry-run', 'print what would be sent, and send nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit code 1 where a request failed: a status other than 2xx, or an error inside of one.');

type HeyOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'send the same request many times, as scripts do with `hey`, and look at every answer',
  declare,

  async run({ options, given }, io) {
    const settings = readSettings(options, io);
    const engine = await loadEngine(options.engine);
    engine.content.check(settings);
    for (const warning of warnOf({ settings, options, given, engine: engine.content })) tell(io, warning);
    if (options.dryRun === true) {
      io.stdout.write(describePlan({ settings, engine, options }));
      return 0;
    }
    const startedAt = new Date();
    const log = path.resolve(io.cwd, options.log ?? logNameOf(startedAt));
    checkLogPlace(log);

    const { plan, payloads } = await prepareLoad(settings, io.signal);
    const measured = await makeLoad({ plan, payloads, engine: engine.content, io });
    const interrupted = io.signal.aborted;
    const result = makeResult({
      settings,
      payloads,
      engine: { name: engine.id, content: engine.content },
      measured,
      startedAt,
      interrupted,
    });
    io.stdout.write(options.json === true ? toJson(result) : describeResult(result));
    const text = describeLog(result);
    if (options.log === undefined) tell(io, `log in ${path.basename(writeNewLog(log, text))}`);
    else writeLog(log, text);
    return exitCodeOf(result);
  },
});

export default command;

/** The list of choices has been checked against the directory already. */
async function loadEngine(name: string): Promise<ImportedModule<Engine>> {
  const [engine] = await importModules<Engine>(enginesDirectory, name);
  if (engine === undefined) throw new Error(`src/hey/engines has no ${name}`);
  return engine;
}

/** Sends it, and shows how far it is. */
async function makeLoad(request: {
  plan: HeyPlan;
  payloads: readonly (string | undefined)[];
  engine: Engine;
  io: Io;
}): Promise<EngineFigures> {
  const { plan, payloads, engine, io } = request;
  const progress = openProgress(io);
  const whole = wholeVolume(plan);
  const beganMs = performance.now();
  let shown = 0;
  plan.sides.forEach(({ request: { method, url } }, index) => {
    const payload = payloads[index] === undefined ? '' : ` with ${payloads[index]}`;
    progress.say(`${method} ${showUrl(url)}${payload}`);
  });
  progress.beginStage({ expectedMs: whole.kind === 'time' ? whole.ms : whole.requests });
  const onProgress = (done: number): void => {
    const label = `${formatPerSecond((done / (performance.now() - beganMs)) * 1000)} requests a second`;
    // A load that counts requests is as far as they are; one that has a time, as far as the time.
    if (whole.kind === 'time') progress.beginTask(label);
    else if (shown > 0) progress.beginTask(label, done - shown);
    // From less than that nothing can be foretold: connections are still being opened.
    else if (done < whole.requests / 100) return;
    else progress.beginStage({ expectedMs: whole.requests, doneMs: done, spentMs: performance.now() - beganMs });
    shown = done;
  };
  try {
    return await engine.run(plan, { env: io.env, signal: io.signal, onProgress });
  } finally {
    progress.end();
  }
}

function exitCodeOf(result: HeyResult): ExitCode {
  if (result.interrupted) return 130;
  return hasFailures(result) ? 1 : 0;
}

function describePlan(request: { settings: HeySettings; engine: ImportedModule<Engine>; options: HeyOptions }): string {
  const { settings, engine, options } = request;
  const { asked, direct, ...shape } = settings;
  const shown = {
    shape,
    asked: showTarget(asked),
    ...(direct === undefined ? {} : { direct: showTarget(direct) }),
    engine: engine.content.title,
  };
  if (options.json === true) return toJson({ schemaVersion: 1, dryRun: true, ...shown });
  const line = engine.content.commandLine?.({
    shape,
    url: shown.asked.url,
    method: asked.method,
    headers: asked.headers.map(hideHeader),
    payloadFile: asked.payload.kind === 'none' ? undefined : 'PAYLOAD',
  });
  return `${describeSettings(shown)}${line === undefined ? '' : `command     ${showText(line.map(quote).join(' '))}\n`}Nothing was sent.\n`;
}

function toJson(value: object): string {
  return `${escapeInJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** As a shell would want it. */
function quote(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function describeLog(result: HeyResult): string {
  const { startedAt, shape, asked, direct, engine, printed } = result;
  return [
    `wirebench hey, ${formatMoment(startedAt)}\n`,
    describeSettings({ shape, asked: asked.target, direct: direct?.target, engine: engine.title }),
    describeResult(result),
    ...(printed === undefined ? [] : [`What ${engine.title} printed:\n${showLines(printed.replaceAll('\t', ' '))}`]),
  ].join('\n');
}

function parseMethod(text: string): Method {
  const method = methods.find((name) => name === text.toUpperCase());
  if (method !== undefined) return method;
  throw new InvalidArgumentError(`'${text}' is not one of ${methods.join(', ')}`);
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() !== '' && rate > 0 && rate <= 1_000_000) return rate;
  throw new InvalidArgumentError(`'${text}' is not a number of requests a second above 0`);
}

/** What is wrong with a header is said later: a message of the parser would quote it, and it may be a token. */
function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}
