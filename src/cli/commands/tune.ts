/**
 * `wirebench tune`: what this machine carries of a load, and setting it up for more; every change can be undone.
 */
import path from 'node:path';

import { Argument, InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';

import type { AppliedSetting } from '../../model/tuning.ts';
import type { Document } from '../../report/document.ts';
import { reportApplied, reportCheck, reportLimits, reportUndone } from '../../report/tuning/host-report.ts';
import { whileLocked } from '../../store/lock.ts';
import { applySettings, refuseOrdinaryUsers } from '../../tuning/apply.ts';
import { checkHost } from '../../tuning/check.ts';
import { readDescriptors, tryDescriptors, wantedDescriptors } from '../../tuning/descriptors.ts';
import { type Host, openHost } from '../../tuning/host.ts';
import { describeFiles, type PersistentFile, writeFiles } from '../../tuning/persist.ts';
import { readPorts } from '../../tuning/ports.ts';
import { refuseOtherSystems } from '../../tuning/reading.ts';
import { requireUndo, undoSettings } from '../../tuning/undo.ts';
import { type ExitCode, UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { parseWhole } from '../options.ts';
import { tell } from '../progress.ts';
import { renderDocument } from '../render.ts';

/** The largest of ContextForge's presets of users. */
const usualUsers = 4000;
/** Arbitrary; far more than one address has ports for. */
const mostUsers = 1_000_000;
/** Where programs keep what they need to know again. */
const usualUndoFile = '/var/lib/wirebench/tune-undo.json';

const actions = ['check', 'apply', 'undo', 'persist', 'limits'] as const;
type Action = (typeof actions)[number];

const declare = (tune: Command) =>
  tune
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('check'))
    .addOption(
      new Option('--users <number>', 'users of the load, with a connection each')
        .argParser(parseWhole({ min: 1, max: mostUsers }))
        .default(usualUsers),
    )
    .option('--force', 'set exactly what is wanted, also where it is better already; undo what others changed since')
    .option('--namespace-only', 'with apply: leave alone what all of the machine shares, as in a container')
    .option(
      '--reserve-port <ports>',
      'with apply and persist: a port to keep free, or several as in 9000-9009; may be repeated',
      collectPorts,
    )
    .option('--undo-file <file>', `with apply and undo: what was before (default: ${usualUndoFile})`)
    .option('--print', 'with persist: print the files, and write none')
    .option('--json', 'print one line of JSON, for programs')
    // For tests: a tree of the shape of a host's.
    .addOption(new Option('--root <directory>').hideHelp());

type TuneOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'check and set up this machine for thousands of connections',
  declare,

  async run({ options, args: [action], given }, io) {
    refuseIdleOptions(action, given);
    const host = openHost(options.root === undefined ? '/' : path.resolve(io.cwd, options.root));
    switch (action) {
      case 'check':
        return check(host, { options, io });
      case 'apply':
        return apply(host, { options, io });
      case 'undo':
        return undo(host, { options, io });
      case 'persist':
        return persist(host, { options, io });
      case 'limits':
        return limits(host, { options, io });
    }
  },
});

export default command;

interface Call {
  readonly options: TuneOptions;
  readonly io: Io;
}

/** Of options that not every action has. */
const actionsOf: Readonly<Record<string, { readonly flag: string; readonly with: readonly Action[] }>> = {
  users: { flag: '--users', with: ['check', 'apply', 'persist', 'limits'] },
  force: { flag: '--force', with: ['apply', 'undo', 'persist'] },
  namespaceOnly: { flag: '--namespace-only', with: ['apply'] },
  reservePort: { flag: '--reserve-port', with: ['apply', 'persist'] },
  undoFile: { flag: '--undo-file', with: ['apply', 'undo'] },
  print: { flag: '--print', with: ['persist'] },
};

/** @throws {UserError} for an option that would do nothing. */
function refuseIdleOptions(action: Action, given: ReadonlySet<string>): void {
  for (const [name, { flag, with: useful }] of Object.entries(actionsOf)) {
    if (!given.has(name) || useful.includes(action)) continue;
    throw new UserError(`${flag} does nothing with 'tune ${action}'`, {
      hint: `leave it out; it goes with ${useful.join(', ')}`,
    });
  }
}

async function check(host: Host, { options, io }: Call): Promise<ExitCode> {
  const result = checkHost(host, options);
  await show(result, { document: reportCheck(result), options, io });
  return 0;
}

async function apply(host: Host, { options, io }: Call): Promise<ExitCode> {
  refuseOtherSystems(host);
  refuseOrdinaryUsers(host, 'apply settings');
  const { users, force, namespaceOnly, reservePort = [] } = options;
  const undoFile = undoFileOf(host, { options, io });
  const settings = await whileLocked(lockOf(undoFile), async () =>
    applySettings(host, {
      users,
      better: force === true ? 'force' : 'keep',
      scope: namespaceOnly === true ? 'namespace' : 'machine',
      reservedPorts: reservePort,
      undoFile,
      startedAt: new Date().toISOString(),
    }),
  );
  const hasChanged = settings.some(({ before, now }) => before !== now);
  const descriptorsCarry = tryDescriptors(host)?.carriesUsers ?? users;
  const back = `wirebench tune undo${options.undoFile === undefined ? '' : ` --undo-file ${undoFile}`}`;
  const document = reportApplied({
    users,
    settings,
    descriptorsCarry,
    ...(hasChanged ? { undo: { file: undoFile, command: back } } : {}),
  });
  await show({ users, settings, ...(hasChanged ? { undoFile } : {}) }, { document, options, io });
  return settings.some(isMissed) ? 2 : 0;
}

/** True for what the load needs and could not be set; what is not there at all is nothing that could be. */
function isMissed({ outcome, isTooLow }: AppliedSetting): boolean {
  return outcome === 'not set' && isTooLow;
}

async function undo(host: Host, { options, io }: Call): Promise<ExitCode> {
  const undoFile = undoFileOf(host, { options, io });
  // A lock would leave a directory where there is nothing to undo.
  requireUndo(host, undoFile);
  const changes = options.force === true ? 'force' : 'keep';
  const settings = await whileLocked(lockOf(undoFile), async () => undoSettings(host, { undoFile, changes }));
  const result = { settings, undoFile };
  await show(result, { document: reportUndone(result), options, io });
  return settings.some(({ outcome }) => outcome === 'not restored') ? 2 : 0;
}

function persist(host: Host, { options, io }: Call): ExitCode {
  const { users, force, reservePort = [] } = options;
  const files = describeFiles(host, {
    users,
    better: force === true ? 'force' : 'keep',
    reservedPorts: reservePort,
  });
  if (options.print !== true) {
    refuseOrdinaryUsers(host, 'write files under /etc');
    writeFiles(host, files);
    for (const { file, text, earlier } of files)
      tell(io, text === earlier ? `${host.pathOf(file)} is as it is to be` : `wrote ${host.pathOf(file)}`);
  }
  const told = options.print === true ? files.map(layOutFile).join('\n') : files.map(tellFile).join('');
  io.stdout.write(options.json === true ? `${JSON.stringify({ users, files })}\n` : told);
  return 0;
}

function layOutFile({ file, text }: PersistentFile): string {
  return `# ${file}\n${text}`;
}

function tellFile({ file, countsFrom }: PersistentFile): string {
  return `${file}  counts ${countsFrom}\n`;
}

async function limits(host: Host, { options, io }: Call): Promise<ExitCode> {
  refuseOtherSystems(host);
  const { users } = options;
  const result = { users, limits: readDescriptors(host), wanted: wantedDescriptors(users) };
  await show({ ...result.limits, users, wanted: result.wanted }, { document: reportLimits(result), options, io });
  return 0;
}

async function show(result: object, { document, options, io }: Call & { readonly document: Document }): Promise<void> {
  io.stdout.write(
    options.json === true ? `${JSON.stringify(result)}\n` : await renderDocument({ document, format: 'terminal', io }),
  );
}

function undoFileOf(host: Host, { options, io }: Call): string {
  return options.undoFile === undefined ? host.pathOf(usualUndoFile) : path.resolve(io.cwd, options.undoFile);
}

/** Two that set the same settings at once would write down each other's values as the first ones. */
function lockOf(undoFile: string): { directory: string; command: string; elsewhere: string } {
  return {
    directory: path.dirname(undoFile),
    command: 'wirebench tune',
    elsewhere: 'name a file in another directory with --undo-file',
  };
}

function collectPorts(text: string, earlier: readonly number[] = []): readonly number[] {
  const ports = readPorts(text);
  if (ports === undefined || ports.length === 0 || ports.includes(0))
    throw new InvalidArgumentError(`'${text}' is no port from 1 to 65535 and no range such as 9000-9009`);
  return [...earlier, ...ports];
}
