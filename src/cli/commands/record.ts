/**
 * `wirebench record`: stores the catalog of a live server as a payload.
 *
 * Decides between the three sources (a command, a URL, recordings to merge) and says what was stored.
 */
import { relative, resolve } from 'node:path';

import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';

import { toOneLine } from '../../foreign-text.ts';
import { formattedFields, inferSchema, type FormattedField } from '../../corpus/infer.ts';
import { recordedDirectoryOf, recordedPrefix } from '../../corpus/recorded.ts';
import type { JsonValue } from '../../model/values.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { defaultLimits, type Catalog, type Patience } from '../../record/catalog.ts';
import { recordRest, recordUrl, type UrlSource } from '../../record/http.ts';
import { createRedactor, describeCommand, isSecretName } from '../../record/redact.ts';
import { checkName, mergeRecordings, saveRecording, toRecordingName, type Existing } from '../../record/save.ts';
import { invocationOf } from '../../own-files.ts';
import { requirePackages } from '../../require-packages.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { parseWhole } from '../options.ts';
import { tell } from '../progress.ts';

/** Seconds that a timer of Node can hold: it fires at once for more than 2^31 - 1 milliseconds. */
const maxTimeoutSeconds = 2_147_483;

/** Bytes of a catalog: its file is indented text, and one string holds a little more than 500 million characters. */
const maxSize = 250_000_000;

const declare = (command: Command) =>
  command
    .argument('[command...]', 'MCP server to start, with its arguments; it speaks over stdio')
    .option('--url <url>', 'record an MCP server over Streamable HTTP, or a JSON list from a REST endpoint')
    .option('--rest', 'with --url: read a JSON list, do not try MCP first')
    .option('--merge <names>', 'combine recordings, comma-separated, into one')
    .option('--name <name>', "name of the recording (default: the server's own name)")
    .option('--auth-env <variable>', 'environment variable with the Authorization header', 'WIREBENCH_AUTHORIZATION')
    .option(
      '--env <name>',
      'variable that the server gets besides PATH, HOME and the like; may be repeated',
      collectName,
    )
    .option('--timeout <seconds>', 'time that the server is given', '60')
    .addOption(
      new Option('--max-pages <n>', 'pages of the list')
        .argParser(parseWhole({ min: 1, max: 1_000_000 }))
        .default(defaultLimits.pages),
    )
    .addOption(
      new Option('--max-items <n>', 'items of the list')
        .argParser(parseWhole({ min: 1, max: 10_000_000 }))
        .default(defaultLimits.items),
    )
    .addOption(
      new Option('--max-size <size>', 'bytes that the server may send')
        .argParser(parseSize)
        .default(defaultLimits.bytes, `${defaultLimits.bytes / 1e6}MB`),
    )
    .option('--force', 'overwrite a recording of the same name')
    // For tests: `run` looks for recordings in the default directory only.
    .addOption(new Option('--into <directory>').hideHelp())
    // What follows the server's program belongs to the server, also where it looks like an option of this command.
    .passThroughOptions();

type RecordOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: "record a live MCP server's or gateway's catalog as a payload",
  declare,

  async run({ options, args: [server] }, io) {
    const directory = resolve(io.cwd, options.into ?? recordedDirectoryOf(io.cwd));
    const existing: Existing = options.force === true ? 'replace' : 'keep';
    checkUsage(options, server);
    // A name that is taken should fail before a server was started for nothing.
    if (options.name !== undefined) checkName({ name: options.name, directory, existing });

    const { title, ...catalog } =
      options.merge === undefined
        ? await recordLive({ options, command: server, io })
        : { ...mergeRecordings({ names: splitNames(options.merge), directory }), title: '' };
    if (io.signal.aborted) throw new UserError('record: interrupted; nothing was written', { code: 130 });
    for (const variable of [options.authEnv, ...(options.env ?? []).filter(isSecretName)])
      refuseSecret({ catalog, secret: io.env[variable], variable });
    const name = options.name ?? toRecordingName(title);
    const path = saveRecording({ catalog, name, directory, existing, recordedAt: new Date() });
    io.stdout.write(summarize({ name, path: shortPath(path, io.cwd), items: catalog.items, notes: catalog.notes }));
    return 0;
  },
});

export default command;

function checkUsage(options: RecordOptions, args: readonly string[]): void {
  const sources = [args.length > 0, options.url !== undefined, options.merge !== undefined].filter(Boolean).length;
  const hint = 'give a server command (record -- npx -y PACKAGE), --url URL, or --merge NAMES';
  if (sources === 0) throw new UserError('record: there is nothing to record', { hint });
  const [program = ''] = args;
  if (program.startsWith('-')) {
    throw new UserError(`record: "${program}" stands where the server's program is expected`, {
      hint: 'put options of record before the "--", and leave the "--" out where no server command follows',
    });
  }
  if (options.env !== undefined && args.length === 0) {
    throw new UserError('record: --env names variables for a server that is started, and there is no command', {
      hint: 'give the command behind the options, as in -- npx -y PACKAGE',
    });
  }
  if (sources > 1) throw new UserError('record: a server command, --url and --merge exclude each other', { hint });
  if (options.rest === true && options.url === undefined) {
    throw new UserError('record: --rest says how to read a --url, and there is none', { hint: 'add --url URL' });
  }
  if (options.merge !== undefined && splitNames(options.merge).length === 0) {
    throw new UserError(`record: --merge "${options.merge}" names no recording`, { hint: 'give --merge first,second' });
  }
  if (options.merge !== undefined && options.name === undefined) {
    throw new UserError('record: --merge has no server to take a name from', { hint: 'add --name NAME' });
  }
}

async function recordLive(request: { options: RecordOptions; command: string[]; io: Io }): Promise<Catalog> {
  const { options, command: server, io } = request;
  const timeoutSeconds = parseTimeout(options.timeout);
  const patience: Patience = {
    interrupted: io.signal,
    expired: AbortSignal.timeout(timeoutSeconds * 1000),
    timeoutSeconds,
  };
  const limits = { pages: options.maxPages, items: options.maxItems, bytes: options.maxSize };
  if (options.url === undefined) {
    const env = serverEnvironment(options, io);
    tell(io, `starting ${describeCommand(server).join(' ')} and asking for its tools (at most ${timeoutSeconds} s)`);
    requirePackages(['@modelcontextprotocol/sdk'], 'record an MCP server');
    const { recordStdio } = await import('../../record/stdio.ts');
    return recordStdio({ command: server, env, cwd: io.cwd, patience, limits });
  }
  const http: UrlSource = {
    url: parseUrl(options.url),
    authorization: readAuthorization(io.env[options.authEnv], options.authEnv),
    authorizationVariable: options.authEnv,
    patience,
    limits,
    onProgress: (line) => tell(io, line),
  };
  tell(io, `reading ${http.url.host} (at most ${timeoutSeconds} s)`);
  return options.rest === true ? recordRest(http) : recordUrl(http);
}

/** A server is foreign code: it gets what programs need to run, and what its user names. */
function serverEnvironment({ env: wanted = [] }: RecordOptions, io: Io): Record<string, string> {
  const missing = wanted.find((name) => io.env[name] === undefined);
  if (missing === undefined) return childEnvironment(io.env, wanted);
  throw new UserError(`record: --env ${JSON.stringify(missing)} is not set`, {
    hint: 'set the variable before the command, or leave the option out',
  });
}

function collectName(name: string, names: readonly string[] = []): readonly string[] {
  // The value would be seen in the list of processes and in the shell's history.
  if (/^[^=\s]+$/.test(name)) return [...names, name];
  throw new InvalidArgumentError('give the name of a variable, without a value.');
}

function parseSize(text: string): number {
  const [, figure = '', unit = 'B'] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(
    Number(figure) * { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }[unit.toUpperCase() as 'B' | 'KB' | 'MB' | 'GB'],
  );
  if (figure !== '' && bytes >= 1 && bytes <= maxSize) return bytes;
  throw new InvalidArgumentError(`'${text}' is no size; give one of at most ${maxSize / 1e6}MB, as in 200MB.`);
}

function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= maxTimeoutSeconds) return seconds;
  throw new UserError(`record: --timeout "${text}" is no time`, { hint: 'give seconds above 0, as in --timeout 60' });
}

function parseUrl(text: string): URL {
  const hint = 'give an address that starts with http:// or https://';
  // Neither message quotes the address, which may hold a credential.
  if (!URL.canParse(text)) throw new UserError('record: the value of --url is no URL', { hint });
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UserError(`record: --url with "${url.protocol}" is not supported`, { hint });
  }
  if (url.username === '' && url.password === '') return url;
  throw new UserError('record: --url holds a user or a password, which commands should not', {
    hint: 'put the Authorization header into an environment variable and name it with --auth-env',
  });
}

function readAuthorization(value: string | undefined, variable: string): string | undefined {
  const trimmed = value?.trim() ?? '';
  if (trimmed === '') return undefined;
  // fetch would refuse it too, with a message that quotes it.
  if (/^[\t\u0020-\u007E\u0080-\u00FF]+$/.test(trimmed)) return trimmed;
  throw new UserError(`record: the value of ${variable} holds characters that no header may have`, {
    hint: 'look for line breaks and letters outside Latin-1 in it',
  });
}

/** A server may echo the header that it was sent; such a catalog is not stored. */
function refuseSecret(request: {
  catalog: Omit<Catalog, 'title'>;
  secret: string | undefined;
  variable: string;
}): void {
  const { catalog, secret = '', variable } = request;
  const text = JSON.stringify(catalog);
  if (createRedactor(secret.trim() || undefined)(text) === text) return;
  throw new UserError(`record: the server's answer holds the value of ${variable}; nothing was written`, {
    hint: 'record with credentials that the server does not repeat',
  });
}

function splitNames(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim().replace(new RegExp(`^${recordedPrefix}`), ''))
    .filter((name) => name !== '');
}

function summarize(recorded: {
  name: string;
  path: string;
  items: readonly JsonValue[];
  notes: readonly string[];
}): string {
  const { name, path, items, notes } = recorded;
  const sizeBytes = Buffer.byteLength(JSON.stringify(items));
  const positions = formattedFields(inferSchema(items));
  const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return [
    `recorded    ${name}`,
    `items       ${number.format(items.length)}`,
    `bytes       ${number.format(sizeBytes)} (${number.format(sizeBytes / items.length)} an item on average)`,
    `datetimes   ${describePositions(positions, 'date-time')}`,
    `UUIDs       ${describePositions(positions, 'uuid')}`,
    ...notes.map((note) => `note        ${toOneLine(note, 500)}`),
    `file        ${path}`,
    `measure it  ${invocationOf('run')} --payload ${recordedPrefix}${name}`,
    '',
  ].join('\n');
}

/** Relative where the file lies below the working directory. */
function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}

function describePositions(positions: readonly FormattedField[], format: FormattedField['format']): string {
  const found = positions.filter((position) => position.format === format).map(({ pointer }) => pointer);
  return found.length === 0 ? 'none' : found.join(', ');
}
