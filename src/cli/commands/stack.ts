/**
 * `wirebench stack`: MCP servers, a gateway in front of them and their registration, in one command and with one end.
 *
 * Each is a process of its own, started by the commands that people would use.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { Argument, Option, type Command } from '@commander-js/extra-typings';

import { gatewayPackages, serializerNames } from '../../gateway/settings.ts';
import { parseObject } from '../../json.ts';
import { siblingModule } from '../../own-files.ts';
import { type Child, startChild } from '../../process/child.ts';
import { describeDeath } from '../../process/death.ts';
import { untilAborted } from '../../process/until-aborted.ts';
import { requirePackages } from '../../require-packages.ts';
import type { Registrable } from '../../servers/register.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { parsePort, parseWhole } from '../options.ts';

const program = siblingModule('../main', import.meta.url);
const host = '127.0.0.1';
/** Many times what it takes. */
const startLimitMs = 30_000;
/** Longer than each of them takes to end by itself. */
const stopLimitMs = 12_000;

const parseNumber = parseWhole({ min: 0, max: 10_000 });

const declare = (stack: Command) =>
  stack
    .addArgument(new Argument('[action]', 'what to do').choices(['up']).default('up'))
    .option(
      '--count <number>',
      'benchmark servers, beside one that tells the time',
      parseWhole({ min: 0, max: 500 }),
      10,
    )
    .option('--start-port <number>', 'port of the first one; 0 takes any that are free', parsePort, 9000)
    .option('--port <number>', 'port of the gateway; 0 takes any that is free', parsePort, 4444)
    .option('--tools <number>', 'tools of each benchmark server', parseNumber, 50)
    .option('--resources <number>', 'resources of each benchmark server', parseNumber, 20)
    .option('--prompts <number>', 'prompts of each benchmark server', parseNumber, 10)
    .option('--items <number>', 'rows of a made-up catalog beside what is imported', parseNumber, 0)
    .addOption(
      new Option('--serializer <name>', "what writes the gateway's responses")
        .choices(serializerNames)
        .default('gateway-serializer'),
    )
    .option('--database <url>', "the gateway's, as in `gateway --database`", ':memory:')
    .option('--no-auth', 'let everybody in who reaches the gateway')
    .option('--json', 'print one line of JSON with the addresses and the token, for programs');

type StackOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'start servers, a gateway in front of them and all that connects them, until Ctrl-C',
  declare,

  async run({ options }, io) {
    requirePackages(gatewayPackages, 'start the stack');
    const beganMs = performance.now();
    const parts = startParts(options, io);
    try {
      const [gateway, servers] = await Promise.all([
        parts.gateway.announced,
        Promise.all(parts.servers.map(({ announced }) => announced)),
      ]);
      const address = readGateway(gateway);
      const registrables = servers.flatMap(readServers);
      await register(registrables, { ...address, signal: io.signal });
      await makeVirtualServer({ ...address, signal: io.signal });
      announce({ ...address, servers: registrables, readyMs: performance.now() - beganMs, options, io });
      await Promise.race([untilAborted(io.signal), ...parts.all.map(({ died }) => died)]);
    } catch (error) {
      if (io.signal.aborted) return 130;
      throw error;
    } finally {
      await Promise.all(parts.all.map(({ child }) => stop(child)));
    }
    return 0;
  },
});

export default command;

interface Part {
  readonly child: Child;
  /** What it says of itself, in its line of JSON. */
  readonly announced: Promise<Readonly<Record<string, unknown>>>;
  /** Rejects where it ends before the stack does. */
  readonly died: Promise<never>;
}

function startParts(options: StackOptions, io: Io): { gateway: Part; servers: readonly Part[]; all: readonly Part[] } {
  const { count, startPort, port, tools, resources, prompts, items, serializer, database, auth } = options;
  const start = (name: string, args: readonly string[]): Part => startPart(name, args, io);
  const sizes = ['--tools', `${tools}`, '--resources', `${resources}`, '--prompts', `${prompts}`];
  const benchmark = ['servers', '--count', `${count}`, '--start-port', `${startPort}`, ...sizes];
  const servers = [
    ...(count === 0 ? [] : [start('the benchmark servers', benchmark)]),
    start('the server of the time', ['servers', '--kind', 'fast-time', '--count', '1', '--start-port', '0']),
  ];
  const data = ['--items', `${items}`, '--serializer', serializer, '--database', database];
  const access = ['--allow-upstreams', host, ...(auth ? [] : ['--no-auth'])];
  const gateway = start('the gateway', ['gateway', '--port', `${port}`, ...data, ...access]);
  return { gateway, servers, all: [...servers, gateway] };
}

function startPart(name: string, args: readonly string[], io: Io): Part {
  const child = startChild({
    command: [process.execPath, program, ...args, '--json'],
    env: io.env,
    talksOver: 'nothing',
    // What it warns of is for the user.
    onStderr: (text) => void (io.signal.aborted ? undefined : io.stderr.write(text)),
  });
  const died = child.ended.then((ended): never => {
    throw new UserError(`the stack cannot go on: ${name} ${describeDeath(ended, 'while it was needed')}`, { code: 3 });
  });
  died.catch(() => {});
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  line.catch(() => {});
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new UserError(`${name} did not start in time`)), startLimitMs).unref();
  const announced = Promise.race([line, died, late.promise]).then(([text]) => parseObject(text) ?? {});
  announced.finally(() => clearTimeout(timer)).catch(() => {});
  return { child, announced, died };
}

function readGateway({ url, token }: Readonly<Record<string, unknown>>): {
  gateway: string;
  token: string | undefined;
} {
  if (typeof url !== 'string') throw new Error('the gateway did not say where it listens');
  return { gateway: url, token: typeof token === 'string' ? token : undefined };
}

/** The server of the time is called so, wherever it listens. */
function readServers({ servers }: Readonly<Record<string, unknown>>): Registrable[] {
  return (servers as { name: string; url: string }[]).map(({ name, url }) => ({
    name: name.startsWith('fast-time-') ? 'fast-time' : name,
    url: new URL(url).origin,
  }));
}

async function register(
  servers: readonly Registrable[],
  { gateway, token, signal }: { gateway: string; token: string | undefined; signal: AbortSignal },
): Promise<void> {
  const { registerServers } = await import('../../servers/register.ts');
  const registrations = await registerServers(servers, { gateway, token, serverToken: undefined, signal });
  const failed = registrations.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined)
    throw new UserError(`the stack cannot go on: ${failed.server.name} could not be registered: ${failed.reason}`);
}

/** One over the tools that tell the time, since users of a gateway look at virtual servers, too. */
async function makeVirtualServer(access: {
  gateway: string;
  token: string | undefined;
  signal: AbortSignal;
}): Promise<void> {
  const { ensureVirtualServer } = await import('../../servers/virtual-server.ts');
  const made = await ensureVirtualServer({ name: 'time', toolPrefix: 'fast-time', ...access });
  if (made !== undefined) throw new UserError(`the stack cannot go on: its virtual server could not be made: ${made}`);
}

function announce(request: {
  gateway: string;
  token: string | undefined;
  servers: readonly Registrable[];
  readyMs: number;
  options: StackOptions;
  io: Io;
}): void {
  const { gateway, token, servers, readyMs, options, io } = request;
  const described = servers.map(({ name, url }) => ({ name, url: `${url}/mcp` }));
  if (options.json === true) {
    io.stdout.write(
      `${JSON.stringify({ url: gateway, ...(token === undefined ? {} : { token }), servers: described })}\n`,
    );
    return;
  }
  const [first] = described;
  const header = token === undefined ? '' : ` -H "Authorization: Bearer ${token}"`;
  const call = (tool: string): string =>
    `-H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${tool}"}}'`;
  const accept = ' -H "Accept: application/json, text/event-stream"';
  const lines = [
    `gateway     ${gateway}, ready in ${(readyMs / 1000).toFixed(1)} s`,
    `servers     ${servers.length} behind it, from ${first?.url}`,
    ...(token === undefined ? [] : [`token       ${token}`]),
    `by gateway  curl${header} ${call('fast-time-get-system-time')} ${gateway}/rpc`,
    `directly    curl${accept} ${call(options.count === 0 ? 'get-system-time' : 'benchmark_tool_1')} ${first?.url}`,
    'stop it     Ctrl-C',
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

async function stop(child: Child): Promise<void> {
  child.signal('SIGTERM');
  const late = setTimeout(() => void child.kill(), stopLimitMs);
  await child.ended;
  clearTimeout(late);
}
