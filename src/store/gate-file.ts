/**
 * Reads and writes gate.json, the session of a gate with the values of every fork.
 */
import path from 'node:path';

import { gateSessionSchema } from '../model-schemas/gate.ts';
import type { GateSession } from '../model/gate.ts';
import { defineVersionedFile } from './versioned-file.ts';

export const gateFileName = 'gate.json';

const gateFile = defineVersionedFile<GateSession>({
  noun: 'gate',
  versionField: 'gateVersion',
  knownVersions: [1],
  schema: gateSessionSchema,
  hints: {
    missing: 'run `wirebench gate` first, or name a gate file',
    foreign: 'name a gate.json that `wirebench gate` wrote',
    again: 'run the gate again',
  },
});

/**
 * @returns the session in a file.
 * @throws {UserError} where the file is missing, is not JSON, is of another version or breaks the schema.
 */
export function readGateSession(file: string): GateSession {
  return gateFile.read(file);
}

/**
 * Writes a session as `gate.json` into a directory, which is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} where the directory cannot be written.
 * @throws {Error} where the session breaks its own schema, which is a bug.
 */
export function writeGateSession(directory: string, session: GateSession): string {
  return gateFile.write(path.join(directory, gateFileName), session);
}
