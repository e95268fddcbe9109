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
import type { Payload, Registered } from '../model.ts';
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
      const name = `${payload.id.replaceAll('/', '-')}-${items}`;
      const files = written.get(name) ?? guardScratch(directory, () => writeFiles({ directory: path.join(directory, name), payload, items, seed, catalogs }));
      written.set(name, files);
      return files;
    },
    remove: () => scratch.remove(),
  };
}

function writeFiles(request: {
  directory: string;
  payload: Registered<Payload>;
  items: number;
  seed: number;
  catalogs: number;
}): JobCorpus {
  const { directory, payload, items, seed, catalogs } = request;
  mkdirSync(directory, { recursive: true });
  const schemaPath = path.join(directory, 'schema.json');
  writeFileSync(schemaPath, JSON.stringify(loadSchema(payload)));
  const catalogPaths = Array.from({ length: catalogs }, (_, index) => {
    const catalogPath = path.join(directory, `${index}.json`);
    writeFileSync(catalogPath, catalogText({ payload, items, seed, index }));
    return catalogPath;
  });
  return {
    list: payload.list,
    schemaPath,
    catalogPaths,
    ...(payload.revive === undefined ? {} : { payloadUrl: payload.url }),
    ...(payload.frame === undefined ? {} : { frame: payload.frame }),
  };
}
