/**
 * `wirebench gateway`: starts an MCP gateway, with something in it, until a signal ends it.
 *
 * Reads options and environment, opens and fills the database, and says where to go.
 */
import { randomBytes } from 'node:crypto';

import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import ms from 'ms';

import type { createGateway } from '../../gateway/app.ts';
import type { BareGateway } from '../../gateway/bare.ts';
import { defaultRequestTimeoutMs } from '../../gateway/deadline.ts';
import { entityKinds } from '../../gateway/entities/entity.ts';
import type { Failure } from '../../gateway/http/errors.ts';
import { isLoopback } from '../../gateway/http/host-names.ts';
import { levelsOf } from '../../gateway/responses/compression.ts';
import type { AuthSettings, GatewaySettings } from '../../gateway/settings.ts';
import { compressionNames, gatewayPackages, serializerNames } from '../../gateway/settings.ts';
import type { openStore } from '../../gateway/store/open-store.ts';
import type { Store } from '../../gateway/store/store.ts';
import type { UpstreamSettings } from '../../gateway/upstreams/upstreams.ts';
import { untilAborted } from '../../process/until-aborted.ts';
import { requirePackages } from '../../require-packages.ts';
import { explainListenError, type PortHints } from '../../servers/listen-error.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { parseList, parsePort, parseTime, parseWhole } from '../options.ts';

type Gateway = Awaited<ReturnType<typeof createGateway>> | BareGateway;

const secretVariable = 'GATEWAY_JWT_SECRET';
/** Under which credentials of servers are encrypted in the database. */
const encryptionVariable = 'GATEWAY_ENCRYPTION_SECRET';
const databaseVariable = 'DATABASE_URL';
const inMemory = ':memory:';

/** Bytes below which compressing costs more than it saves on the wire: about a third of a network packet. */
const compressionMinimumBytes = 500;
/** Far above any entity, and small enough that a thousand at once fit into memory. */
const bodyLimitBytes = 1024 * 1024;
const pageSize = 50;
const upstreamTimeoutMs = 30_000;
/** Arbitrary; a server that has gone is unreachable after three of them. */
const healthEveryMs = 10_000;
/** Of one server behind the gateway: connections at once, and bytes of one answer. */
const upstreamLimits = { connections: 32, answerBytes: 16 * 1024 * 1024, connectMs: 5_000 } as const;
/** Arbitrary; larger pages are what the whole list is for. */
const mostPageItems = 1000;
/** Below the 30 seconds that supervisors commonly wait before they kill. */
const drainMs = 10_000;
/** A working day; arbitrary, for the token that is printed for trying. */
const tokenLifetimeSeconds = 8 * 3600;

const declare = (gateway: Command) =>
  gateway
    .option('--port <number>', 'port to listen on; 0 takes any that is free', parsePort, 4444)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--items <number>',
      'entities of each kind to fill an empty database with',
      parseWhole({ min: 0, max: 100_000 }),
      100,
    )
    .option('--seed <number>', 'seed of these entities', parseWhole({ min: 0, max: 2 ** 32 - 1 }), 1)
    .option(
      '--database <url>',
      `postgres:// URL, file, or ${inMemory} (default: ${databaseVariable}, else ${inMemory})`,
    )
    .addOption(
      new Option('--serializer <name>', 'what writes every response')
        .choices(serializerNames)
        .default('gateway-serializer'),
    )
    .addOption(
      new Option('--compression <name>', 'offered to clients that accept it').choices(compressionNames).default('none'),
    )
    .option(
      '--compression-level <number>',
      'level of the encoder (default: the usual one of gateways)',
      parseWhole({ min: 0, max: 22 }),
    )
    .option('--cache', 'keep whole responses until something of their kind changes')
    .option('--no-keep-alive', 'close the connection after each response')
    .option('--no-auth', `let everybody in; else tokens are signed with ${secretVariable}`)
    .option('--issuer <name>', 'who has to have issued a token (claim iss)', parseName)
    .option('--audience <name>', 'who a token has to be for (claim aud)', parseName)
    .option(
      '--allowed-hosts <list>',
      'hosts that clients may ask for beside loopback, as in gateway.example,192.0.2.7:4444; needed with --no-auth on any other address',
      parseList,
    )
    .addOption(
      new Option(
        '--request-timeout <time>',
        'how long a request may wait for the database before it is answered with 503',
      )
        .argParser(parseRequestTimeout)
        .default(defaultRequestTimeoutMs, ms(defaultRequestTimeoutMs)),
    )
    .option(
      '--allow-upstreams <list>',
      'servers that may be registered although their addresses are not public, as in localhost,127.0.0.1,10.0.0.0/8',
      parseList,
    )
    .option(
      '--separator <text>',
      "what stands between a server's name and a tool's in the name of what is imported",
      '-',
    )
    .option('--no-prefix', 'import tools, resources and prompts under their own names')
    .addOption(
      new Option('--upstream-timeout <time>', 'how long a server behind the gateway may take for an answer')
        .argParser(parseRequestTimeout)
        .default(upstreamTimeoutMs, ms(upstreamTimeoutMs)),
    )
    .option('--security-contact <address>', 'whom to tell of a weakness, for security.txt, as in mailto:me@example.com')
    .option(
      '--bare',
      "answer lists, single entities and POST /rpc over node:http alone, without the gateway's layers, to measure what these cost",
    )
    .option('--json', 'print one line of JSON with url, pid and token, for programs')
    .option('--log', 'log requests to stderr, and failures with their stacks');

type GatewayOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'start an MCP gateway, filled with entities, to try and to measure',
  declare,

  async run({ options }, io) {
    if (options.bare === true) refuseLayers(options);
    refuseOpenDoor(options);
    requirePackages(gatewayPackages, 'start the gateway');
    const settings = readSettings(options, io);
    const upstreams = options.bare === true ? undefined : await readUpstreamSettings(options, io);
    // Only now, since the list of commands imports this file, too, and needs no web framework.
    const [build, { stopGateway }, { openStore }, { describeFailure }] = await Promise.all([
      options.bare === true ? importBareGateway() : importGateway(),
      import('../../gateway/shutdown.ts'),
      import('../../gateway/store/open-store.ts'),
      import('../../gateway/http/errors.ts'),
    ]);
    // With --log a line of its own says the same, and more.
    const report = (failure: Failure): void => void io.stderr.write(`${describeFailure(failure)}\n`);
    const warn = (line: string): void => void io.stderr.write(`${line}\n`);
    const store = await unlessAborted(io.signal, () =>
      openStore({
        url: options.database ?? io.env[databaseVariable] ?? inMemory,
        requestTimeoutMs: options.requestTimeout,
        signal: io.signal,
      }),
    );
    if (store === undefined) return 130;
    // A database that has stopped would keep us from ending before we have begun.
    const giveUp = (): void => void store.close();
    io.signal.addEventListener('abort', giveUp);
    let app: Gateway;
    try {
      const filled = await unlessAborted(io.signal, () => fillWhereEmpty(store, options).then(() => true));
      io.signal.removeEventListener('abort', giveUp);
      if (filled === undefined) {
        await store.close();
        return 130;
      }
      app = await build({
        store,
        settings,
        upstreams,
        ...(options.log === true ? { logger: { level: 'info', stream: io.stderr } } : { report, warn }),
      });
      await listen(app, options);
    } catch (error) {
      await store.close();
      throw error;
    }
    await announce({ url: urlOf(app), settings, options, io });
    await untilAborted(io.signal);
    if (options.json !== true) io.stderr.write('stopping: requests that run may finish\n');
    await stopGateway(app, { store, drainMs: settings.drainMs });
    return 0;
  },
});

export default command;

/** What makes a gateway that does not listen yet. */
type BuildGateway = (options: Parameters<typeof createGateway>[0]) => Promise<Gateway>;

async function importGateway(): Promise<BuildGateway> {
  const { createGateway } = await import('../../gateway/app.ts');
  return createGateway;
}

async function importBareGateway(): Promise<BuildGateway> {
  const { createBareGateway } = await import('../../gateway/bare.ts');
  return async ({ logger: _none, upstreams: _nobody, ...rest }) => createBareGateway(rest);
}

/** @throws {UserError} for an option that only the layers could honour; ignoring it would measure something else. */
function refuseLayers({ auth, cache, compression, compressionLevel, log }: GatewayOptions): void {
  if (auth) {
    const hint = 'add --no-auth, on an address that only you reach';
    throw new UserError('cannot start with --bare: it checks no tokens, and authentication is on', { hint });
  }
  const asked = [
    ...(cache === true ? ['--cache'] : []),
    ...(compression === 'none' ? [] : [`--compression ${compression}`]),
    ...(compressionLevel === undefined ? [] : [`--compression-level ${compressionLevel}`]),
    ...(log === true ? ['--log'] : []),
  ];
  if (asked.length === 0) return;
  const hint = 'leave out one or the other';
  throw new UserError(`cannot start with --bare and ${asked.join(' ')}: --bare leaves out what these are for`, {
    hint,
  });
}

/** @throws {UserError} for settings under which others get in than the user would think. */
function refuseOpenDoor({ auth, issuer, audience, host, allowedHosts }: GatewayOptions): void {
  if (auth) return;
  const useless = [...(issuer === undefined ? [] : ['--issuer']), ...(audience === undefined ? [] : ['--audience'])];
  if (useless.length > 0) {
    throw new UserError(`cannot start with --no-auth and ${useless.join(' ')}: no token is asked for`, {
      hint: 'leave out one or the other',
    });
  }
  if (allowedHosts !== undefined || isLoopback(host.toLowerCase())) return;
  throw new UserError(
    `cannot listen on "${host}" with --no-auth: every web page that somebody in this network looks at could reach it under a name of its own`,
    {
      hint: 'say with --allowed-hosts by which names clients ask for it, as in --allowed-hosts gateway.example,192.0.2.7, or leave out --no-auth',
    },
  );
}

function readSettings(options: GatewayOptions, io: Io): GatewaySettings {
  const { serializer, compression, cache, keepAlive, allowedHosts } = options;
  const level = options.compressionLevel ?? (compression === 'none' ? undefined : levelsOf(compression).usual);
  return {
    responses: {
      serializer,
      compression,
      compressionMinimumBytes,
      cache: cache === true,
      keepAlive,
      ...(level === undefined ? {} : { compressionLevel: level }),
    },
    auth: options.auth ? readAuth(io, options) : undefined,
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    bodyLimitBytes,
    pageSize,
    mostPageItems,
    requestTimeoutMs: options.requestTimeout,
    drainMs,
    ...(options.securityContact === undefined ? {} : { securityContact: options.securityContact }),
  };
}

async function readUpstreamSettings(
  { allowUpstreams = [], separator, prefix, upstreamTimeout }: GatewayOptions,
  { env }: Io,
): Promise<UpstreamSettings> {
  const [{ readAllowed }, { createCredentialKeeper, requireSecret }] = await Promise.all([
    import('../../gateway/upstreams/addresses.ts'),
    import('../../gateway/upstreams/credentials.ts'),
  ]);
  const secret = env[encryptionVariable];
  return {
    allowed: readAllowed(allowUpstreams),
    naming: { separator: prefix ? separator : undefined },
    // Without a secret one is made up: what is encrypted with it ends with this process.
    credentials: createCredentialKeeper(
      secret === undefined ? randomBytes(32).toString('base64url') : requireSecret(secret, encryptionVariable),
      env,
    ),
    timeoutMs: upstreamTimeout,
    healthEveryMs,
    limits: upstreamLimits,
  };
}

/** Without a secret one is made up, so that trying the gateway needs no preparation. */
function readAuth({ env, stderr }: Io, { issuer, audience }: GatewayOptions): AuthSettings {
  const secret = env[secretVariable];
  if (secret === undefined) stderr.write(`${secretVariable} is not set: tokens of this gateway end with it\n`);
  return {
    secret: secret ?? randomBytes(32).toString('base64url'),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

/** Bounds within which it is of use: below, healthy waits are refused; above, no client waits any more. */
const requestTimeouts = { leastMs: 50, mostMs: 5 * 60_000 };

function parseRequestTimeout(text: string): number {
  const milliseconds = parseTime(text);
  if (milliseconds >= requestTimeouts.leastMs && milliseconds <= requestTimeouts.mostMs)
    return Math.round(milliseconds);
  throw new InvalidArgumentError(`'${text}' is not a length of time from 50ms to 5m`);
}

function parseName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a name');
  return text;
}

async function fillWhereEmpty(store: Awaited<ReturnType<typeof openStore>>, options: GatewayOptions): Promise<void> {
  if (options.items === 0 || !(await isEmpty(store))) return;
  const { seed } = await import('../../gateway/store/seed.ts');
  await seed(store, { items: options.items, seed: options.seed });
}

async function isEmpty(store: Store): Promise<boolean> {
  const counts = await Promise.all(entityKinds.map((kind) => store.count(kind)));
  return counts.every((count) => count === 0);
}

/** Connections that may wait to be accepted; the system allows fewer where it says so (net.core.somaxconn). */
const mostWaiting = 65_535;

const hints: PortHints = {
  EADDRINUSE: 'choose another with --port, or --port 0 for any that is free',
  EACCES: 'choose one above 1023 with --port',
  otherwise: 'choose another --host or --port',
};

async function listen(app: Gateway, { host, port }: GatewayOptions): Promise<void> {
  try {
    await app.listen({ host, port, backlog: mostWaiting });
  } catch (cause) {
    await app.close();
    throw explainListenError(cause, { host, port, hints });
  }
}

/** As a client on this machine reaches it, also where the gateway listens on all addresses. */
function urlOf(app: Gateway): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string')
    throw new Error('a gateway that listens on a port has an address');
  const { address: host, port, family } = address;
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}

async function announce(request: {
  url: string;
  settings: GatewaySettings;
  options: GatewayOptions;
  io: Io;
}): Promise<void> {
  const { url, settings, options, io } = request;
  const { auth, responses } = settings;
  const token = auth === undefined ? undefined : await issueTrialToken(auth);
  const allowed = options.bare === true ? 'read' : 'read and write';
  if (token === undefined) io.stderr.write(`warning: --no-auth lets everybody who reaches this address ${allowed}\n`);
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify({ url, pid: process.pid, ...(token === undefined ? {} : { token }) })}\n`);
    return;
  }
  const layers = `cache ${responses.cache ? 'on' : 'off'}${options.bare === true ? ', without layers' : ''}`;
  const layered = ['/tags', '/export', '/events', '/mcp', '/openapi.json'];
  const header = token === undefined ? '' : ` -H "Authorization: Bearer ${token}"`;
  const paths = [
    '/health',
    ...entityKinds.map((kind) => `/${kind}`),
    '/rpc',
    ...(options.bare === true ? [] : layered),
  ];
  const lines = [
    `gateway     ${url}`,
    `paths       ${paths.join(' ')}`,
    `responses   ${responses.serializer}, compression ${responses.compression}, ${layers}`,
    `try it      curl${header} '${url}/tools?include_pagination=true&limit=3'`,
    'stop it     Ctrl-C',
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

async function issueTrialToken(auth: AuthSettings): Promise<string> {
  const { issueToken } = await import('../../gateway/http/auth.ts');
  return issueToken(auth, { subject: 'admin@example.com', lifetimeSeconds: tokenLifetimeSeconds });
}

/** Does work whose waiting an abort ends. @returns undefined where it failed because of that, or was not begun. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return signal.aborted ? undefined : await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
