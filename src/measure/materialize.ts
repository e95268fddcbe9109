/**
 * Writes a plan's catalogs and schemas to files, from which the workers read them.
 *
 * A worker gets its values out of `JSON.parse`, as a gateway gets them from its driver, so their strings are flat;
 * and it need not spend its short life on generating them. Files live in a temporary directory until `remove`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { catalogText } from '../corpus/catalogs.ts';
import { loadSchema } from '../corpus/schemas.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import { guardScratch, makeScratchDirectory } from '../process/scratch-directory.ts';
import type { JobCorpus } from './job.ts';

export interface MaterializedCorpus {
  /** A directory for what else lives as long as the run. */
  readonly directory: string;
  /** The files for a payload of so many items; written on the first call. */
  filesOf(payload: Registered<Payload>, items: number): JobCorpus;
  remove(): void;
}

/**
 * @param request.catalogs distinct catalogs of each payload and size.
 * @throws {UserError} where a payload's schema is missing or broken, or the disk takes no temporary files.
 */
export function materializeCorpus(request: { seed: number; catalogs: number }): MaterializedCorpus {
  const { seed, catalogs } = request;
  const scratch = makeScratchDirectory({ purpose: 'run' });
  const directory = scratch.path;
  const written = new Map<string, JobCorpus>();
  return {
    directory,
    filesOf(payload, items) {
      const own = corpusDirectory(directory, payload, items);
      const files =
        written.get(own) ??
        guardScratch(directory, () => writeCorpus({ directory: own, payload, items, seed, catalogs }));
      written.set(own, files);
      return files;
    },
    remove: () => scratch.remove(),
  };
}

/** Where the files of a payload of so many items lie below a corpus' directory. */
export function corpusDirectory(directory: string, payload: { readonly id: string }, items: number): string {
  return path.join(directory, `${payload.id.replaceAll('/', '-')}-${items}`);
}

/** The files of a payload in its own directory, written or not. */
export function corpusFiles(request: { directory: string; payload: Registered<Payload>; catalogs: number }): JobCorpus {
  const { directory, payload, catalogs } = request;
  return {
    list: payload.list,
    schemaPath: path.join(directory, 'schema.json'),
    catalogPaths: Array.from({ length: catalogs }, (_, index) => path.join(directory, `${index}.json`)),
    ...(payload.revive === undefined ? {} : { payloadUrl: payload.url }),
    ...(payload.frame === undefined ? {} : { frame: payload.frame }),
  };
}

/** Writes them. @throws {UserError} where the payload's schema is missing or broken. */
export function writeCorpus(request: {
  directory: string;
  payload: Registered<Payload>;
  items: number;
  seed: number;
  catalogs: number;
}): JobCorpus {
  const { directory, payload, items, seed } = request;
  const files = corpusFiles(request);
  mkdirSync(directory, { recursive: true });
  writeFileSync(files.schemaPath, JSON.stringify(loadSchema(payload)));
  for (const [index, file] of files.catalogPaths.entries())
    writeFileSync(file, catalogText({ payload, items, seed, index }));
  return files;
}
