/**
 * The gateway as a target: its settings as arguments of its command line, and a seeded database for each number of
 * items.
 *
 * Seeding thousands of entities takes seconds, so it is done once; every server gets a fresh copy of the file, which it
 * may write to. No module of the gateway is imported: it is started as a process, as anybody would.
 */
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { HttpContender, ServerSettings } from '../../model/http.ts';
import { siblingModule } from '../../own-files.ts';
import { guardScratch } from '../../process/scratch-directory.ts';
import { forwardingTarget } from './forwarding-targets.ts';
import { type ServerCommand, startServer } from './server.ts';
import type { CommandRequest, HttpTarget } from './target.ts';

const programPath = siblingModule('../../cli/main', import.meta.url);

/** Time to seed the largest database and begin to listen; many times what it takes. */
const seedingLimitMs = 120_000;

/**
 * A contender's settings as something that a session can start.
 * @param contender with settings. @param seed of the database.
 */
export function gatewayTarget(
  { id, settings }: { readonly id: string; readonly settings: ServerSettings },
  seed: number,
): HttpTarget {
  if (settings.forwarding !== undefined) return forwardingTarget(id, settings);
  return {
    id,
    ...(settings.compression === undefined ? {} : { headers: { 'accept-encoding': settings.compression } }),
    ...(settings.closesConnections === undefined ? {} : { closesConnections: settings.closesConnections }),
    async command(request) {
      const database = copyDatabase(await findSeeded(request, seed), request.ownDirectory);
      return gatewayCommand({ items: request.items, seed, database, settings });
    },
  };
}

/** Whether a contender is one that can be started here. */
export function hasSettings(
  contender: HttpContender,
): contender is HttpContender & { readonly settings: ServerSettings } {
  return contender.settings !== undefined;
}

/** The command of a gateway on a database file, which it fills where it is empty. */
export function gatewayCommand(request: {
  items: number;
  seed: number;
  database: string;
  settings: ServerSettings;
}): ServerCommand {
  const { items, seed, database, settings } = request;
  const { serializer, compression, cache, closesConnections, authentication, bare } = settings;
  const data = ['--database', database, '--items', `${items}`, '--seed', `${seed}`];
  const responses = [
    '--serializer',
    serializer,
    ...(compression === undefined ? [] : ['--compression', compression]),
    ...(cache === true ? ['--cache'] : []),
    ...(closesConnections === true ? ['--no-keep-alive'] : []),
    ...(authentication === true ? [] : ['--no-auth']),
    ...(bare === true ? ['--bare'] : []),
  ];
  return {
    module: programPath,
    arguments: ['gateway', '--json', '--port', '0', ...data, ...responses],
    // Nobody else ever gets a token that this secret has signed.
    ...(authentication === true ? { env: { GATEWAY_JWT_SECRET: randomBytes(32).toString('hex') } } : {}),
  };
}

/** Databases that are being made just now, by file: servers that start together share one. */
const beingSeeded = new Map<string, Promise<void>>();

/** @returns the file of a database with so many entities of each kind; made where it is not there yet. */
async function findSeeded(request: CommandRequest, seed: number): Promise<string> {
  const file = path.join(request.directory, `seeded-${request.items}.db`);
  if (existsSync(file)) return file;
  const seeding = beingSeeded.get(file) ?? seedDatabase(file, { ...request, seed });
  beingSeeded.set(file, seeding);
  try {
    await seeding;
  } finally {
    beingSeeded.delete(file);
  }
  return file;
}

async function seedDatabase(file: string, { items, seed, signal }: CommandRequest & { seed: number }): Promise<void> {
  const unfinished = `${file}.unfinished`;
  // It is there where another attempt has failed.
  removeDatabase(unfinished);
  const command = gatewayCommand({ items, seed, database: unfinished, settings: { serializer: 'json-stringify' } });
  const server = await startServer({ command, prefix: [], startLimitMs: seedingLimitMs, signal });
  // Not killed, since only a database that was closed is a single file.
  await server.stop();
  renameSync(unfinished, file);
}

function copyDatabase(file: string, directory: string): string {
  const copy = path.join(directory, 'served.db');
  // A full disk says nothing about the server.
  guardScratch(directory, () => copyFileSync(file, copy));
  return copy;
}

/** With the log of writes that SQLite keeps beside it. */
function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
