/**
 * `wirebench servers`: starts MCP servers to put a gateway in front of, or to measure without one, until a signal ends
 * them.
 */
import { Option, type Command } from '@commander-js/extra-typings';

import type { ServerKind } from '../../model/mcp-server.ts';
import { importModules, listModules } from '../../own-files.ts';
import { benchRoot } from '../../registry/registry.ts';
import { untilAborted } from '../../process/until-aborted.ts';
import { requirePackages } from '../../require-packages.ts';
import type { ListeningServer } from '../../servers/http-server.ts';
import type { Registration } from '../../servers/register.ts';
import type { ServerSettings } from '../../servers/settings.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseList, parsePort, parseSeed, parseWhole } from '../options.ts';

const countVariable = 'BENCHMARK_SERVER_COUNT';
const portVariable = 'BENCHMARK_START_PORT';
const usualCount = 10;
const usualStartPort = 9000;
/** Arbitrary; each one listens on a port of its own. */
const mostServers = 1000;
/** The signal to stop is answered within a second, whatever clients do. */
const drainMs = 900;

const kindsDirectory = new URL('servers/', benchRoot);
const kinds = listModules(kindsDirectory).map(({ id }) => id);

const parseCount = parseWhole({ min: 1, max: mostServers });
const parseNumber = parseWhole({ min: 0, max: 100_000 });
const parseSize = parseWhole({ min: 0, max: 100_000_000 });

const declare = (servers: Command) =>
  servers
    .option('--count <number>', `how many servers (default: ${countVariable}, else ${usualCount})`, parseCount)
    .option(
      '--start-port <number>',
      `port of the first one, 0 takes any that are free (default: ${portVariable}, else ${usualStartPort})`,
      parsePort,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(new Option('--kind <name>', 'what the servers offer').choices(kinds).default('benchmark'))
    .option('--tools <number>', 'tools of each benchmark server', parseNumber, 50)
    .option('--resources <number>', 'resources of each benchmark server', parseNumber, 20)
    .option('--prompts <number>', 'prompts of each benchmark server', parseNumber, 10)
    .option('--tool-size <characters>', 'length of what a tool answers', parseSize, 1000)
    .option('--resource-size <characters>', 'length of a resource', parseSize, 1000)
    .option('--prompt-size <characters>', 'length of a prompt', parseSize, 1000)
    .option('--page-size <number>', 'items of a list that are given at once', parseWhole({ min: 1, max: 100_000 }), 100)
    .option('--seed <number>', 'seed of the texts', parseSeed, defaultSeed)
    .option('--stdio', 'one server over stdin and stdout, in place of ports')
    .option('--register <url>', 'register all of them at the gateway with this address, and end where one is refused')
    .option('--token-env <name>', "variable with the gateway's token, for --register")
    .option('--server-token-env <name>', 'variable with a token that the servers ask for under /mcp')
    .option(
      '--allowed-hosts <list>',
      'hosts that clients may ask for beside loopback, as in servers.example,192.0.2.7',
      parseList,
    )
    .option('--json', 'print one line of JSON with pid and servers, for programs');

type ServersOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'start MCP servers for a gateway to stand in front of, and to measure',
  declare,

  async run({ options, given }, io) {
    requirePackages(['@modelcontextprotocol/sdk'], 'start the servers');
    const settings = await readSettings(options);
    if (options.stdio === true) return runStdio(settings, { given, io });
    const { startServers } = await import('../../servers/start-servers.ts');
    const beganMs = performance.now();
    const serverToken = readVariable(io, options.serverTokenEnv, '--server-token-env');
    const token = readVariable(io, options.tokenEnv, '--token-env');
    const gateway = options.register === undefined ? undefined : readAddress(options.register);
    const servers = await startServers({
      settings,
      count: options.count ?? readDefault(io, countVariable, parseCount) ?? usualCount,
      startPort: options.startPort ?? readDefault(io, portVariable, parsePort) ?? usualStartPort,
      host: options.host,
      allowedHosts: options.allowedHosts ?? [],
      token: serverToken,
    });
    const readyMs = performance.now() - beganMs;
    try {
      const registrations =
        gateway === undefined ? [] : await register(servers, { gateway, token, serverToken, signal: io.signal });
      announce({ servers, registrations, settings, readyMs, options, io });
      refuseFailures(registrations, io);
      await untilAborted(io.signal);
    } finally {
      await Promise.all(servers.map((server) => server.stop(drainMs)));
    }
    return 0;
  },
});

export default command;

async function readSettings(options: ServersOptions): Promise<ServerSettings> {
  const { kind, tools, resources, prompts, toolSize, resourceSize, promptSize, seed, pageSize } = options;
  const [module] = await importModules<ServerKind>(kindsDirectory, kind);
  if (module === undefined) throw new Error(`bench/servers has no ${kind}`);
  return {
    kind,
    definition: module.content,
    counts: { tools, resources, prompts },
    sizes: { tool: toolSize, resource: resourceSize, prompt: promptSize },
    seed,
    pageSize,
  };
}

/** What only servers with ports have. */
const optionsOfPorts = {
  count: '--count',
  startPort: '--start-port',
  host: '--host',
  register: '--register',
  tokenEnv: '--token-env',
  serverTokenEnv: '--server-token-env',
  allowedHosts: '--allowed-hosts',
  json: '--json',
} as const;

async function runStdio(settings: ServerSettings, { given, io }: { given: ReadonlySet<string>; io: Io }): Promise<0> {
  const useless = Object.entries(optionsOfPorts).flatMap(([name, flag]) => (given.has(name) ? [flag] : []));
  if (useless.length > 0) {
    throw new UserError(`cannot start with --stdio and ${useless.join(' ')}: one server speaks over stdin and stdout`, {
      hint: 'leave out one or the other',
    });
  }
  const [{ serveStdio }, { serve }] = await Promise.all([
    import('../../servers/stdio-server.ts'),
    import('../../servers/start-servers.ts'),
  ]);
  await serveStdio(serve(settings, 'stdio'), { stdin: process.stdin, stdout: process.stdout, signal: io.signal });
  return 0;
}

/** @throws {UserError} where the variable has no such value. */
function readDefault(io: Io, variable: string, parse: (text: string) => number): number | undefined {
  const text = io.env[variable];
  if (text === undefined || text === '') return undefined;
  try {
    return parse(text);
  } catch (cause) {
    throw new UserError(`cannot read ${variable}: ${(cause as Error).message}`, { cause });
  }
}

/** The secret itself is no option: arguments of a process are there for everybody to see. */
function readVariable(io: Io, variable: string | undefined, option: string): string | undefined {
  if (variable === undefined) return undefined;
  const value = io.env[variable];
  if (value !== undefined && value !== '') return value;
  throw new UserError(`cannot read the token: the variable ${variable} is not set`, {
    hint: `set it, or leave out ${option}`,
  });
}

function readAddress(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new UserError(`cannot register at '${text}': it is no address of a gateway`, {
    hint: 'give one as in http://127.0.0.1:4444',
  });
}

async function register(
  servers: readonly ListeningServer[],
  options: { gateway: string; token: string | undefined; serverToken: string | undefined; signal: AbortSignal },
): Promise<Registration[]> {
  const { registerServers } = await import('../../servers/register.ts');
  return registerServers(servers, options);
}

function announce(request: {
  servers: readonly ListeningServer[];
  registrations: readonly Registration[];
  settings: ServerSettings;
  readyMs: number;
  options: ServersOptions;
  io: Io;
}): void {
  const { servers, registrations, settings, readyMs, options, io } = request;
  if (options.json === true) {
    const described = servers.map(({ name, url }) => ({ name, url: `${url}/mcp` }));
    // The first one's address stands where programs look for that of a gateway, too.
    const url = servers[0]?.url;
    io.stdout.write(`${JSON.stringify({ url, pid: process.pid, servers: described })}\n`);
    return;
  }
  const [first] = servers;
  if (first === undefined) return;
  const last = servers.at(-1) ?? first;
  const header = options.serverTokenEnv === undefined ? '' : ` -H "Authorization: Bearer $${options.serverTokenEnv}"`;
  const lines = [
    `servers     ${servers.length} of kind ${settings.kind}, ready in ${readyMs.toFixed(0)} ms`,
    `listening   ${first.url}/mcp${last === first ? '' : ` to port ${last.port}`}`,
    ...describeContent(settings),
    ...describeRegistrations(registrations),
    `try it      curl${header} -H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" \\`,
    `              -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' ${first.url}/mcp`,
    'stop it     Ctrl-C',
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

function describeContent({ kind, counts, definition }: ServerSettings): string[] {
  if (kind !== 'benchmark') return [`each has    ${definition.title}`];
  return [`each has    ${counts.tools} tools, ${counts.resources} resources, ${counts.prompts} prompts`];
}

function describeRegistrations(registrations: readonly Registration[]): string[] {
  if (registrations.length === 0) return [];
  const count = (wanted: Registration['outcome']): number =>
    registrations.filter(({ outcome }) => outcome === wanted).length;
  const known = count('already registered');
  return [`registered  ${count('registered')}${known === 0 ? '' : `, and ${known} that were there already`}`];
}

/** @throws {UserError} where one was not registered. */
function refuseFailures(registrations: readonly Registration[], io: Io): void {
  const failed = registrations.filter(({ outcome }) => outcome === 'failed');
  for (const { server, reason } of failed) io.stderr.write(`not registered: ${server.name}: ${reason}\n`);
  if (failed.length === 0) return;
  throw new UserError(`cannot go on: ${failed.length} of ${registrations.length} servers could not be registered`, {
    hint: 'see the lines above; what was registered stays, and the same command goes on with it',
  });
}
