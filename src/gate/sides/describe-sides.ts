/**
 * What each side of a gate contributes: baseline and candidate their contenders; payloads, suites and the configuration
 * of the gate come from the baseline, so that a change cannot choose what it is judged by.
 *
 * There are two kinds of projects. A checkout of wirebench has everything in its own bench/; a project that has
 * wirebench installed gets the built-in contenders from the version that each side has installed, and payloads and
 * suites from the program that runs. Both may name modules of their own in their configuration. No module of a side is
 * imported here: another process describes them (describe-worker.ts), and files are found by listing directories.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { GateConfig, WirebenchConfig } from '../../config.ts';
import { showText } from '../../foreign-text.ts';
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import { corpusDirectory, corpusFiles, materializeCorpus } from '../../measure/materialize.ts';
import type { PlannedCell } from '../../measure/plan.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { CellSelection } from '../../model/cell.ts';
import type { CellRequest, Contender } from '../../model/contender.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { listModules } from '../../own-files.ts';
import { loadNamedRecordings, packagesOf } from '../../registry/catalog.ts';
import { askSide, cannotLoad } from './ask-side.ts';
import type { CheckedOutSide, Sides } from './open-sides.ts';
import { toContender, toPayload, toSuite } from './described-modules.ts';
import type { Description, DescriptionJob, GateRegistries } from './description.ts';
import { listRequests } from './description.ts';
import {
  configOf,
  directoryUrl,
  findContenderRoot,
  findHarnessRoot,
  findInstalled,
  modulesOf,
  refuseForeignModules,
  urlOf,
} from './side-modules.ts';

/** Both sides as data, ready for a grid. */
export interface DescribedSides {
  readonly registries: GateRegistries;
  /** The baseline's. */
  readonly config: GateConfig;
  readonly selections: readonly CellSelection[];
  /** npm packages that contenders name. */
  readonly packages: readonly string[];
  readonly warnings: readonly string[];
  /** Writes the catalogs of cells, those of a side's payloads in a process of their own. */
  readonly openCorpus: (request: {
    cells: readonly { readonly planned: Pick<PlannedCell, 'payload' | 'id'> }[];
    seed: number;
    catalogs: number;
  }) => Promise<MaterializedCorpus>;
}

export interface DescribeRequest {
  readonly sides: Pick<Sides, 'baseline' | 'candidate'>;
  /** The bench/ directory relative to the project, on all sides; of no account where wirebench is installed. */
  readonly benchDirectory: string;
  /** What the user asks for, given the configuration that counts. */
  readonly choose: (config: GateConfig) => {
    readonly config: GateConfig;
    readonly selections: readonly CellSelection[];
  };
  readonly surroundings: Surroundings;
}

/** @throws {UserError} where a side has no contenders or one of its modules does not load; 130 when interrupted. */
export async function describeSides(request: DescribeRequest): Promise<DescribedSides> {
  const {
    sides: { baseline, candidate },
    benchDirectory,
    surroundings,
  } = request;
  const harnessRoot = findHarnessRoot(baseline, benchDirectory);
  const describe = (side: CheckedOutSide, more: Partial<DescriptionJob>): Promise<Description> =>
    askSide({
      side,
      surroundings,
      job: { directory: side.directory, contenderRoot: findContenderRoot(side, benchDirectory)?.href, ...more },
    });

  const first = await describe(baseline, {
    harnessRoot: harnessRoot.href,
    items: itemsOf(request.choose({}).selections),
  });
  const ownConfig = configOf(first);
  const { config, selections } = request.choose(ownConfig.gate ?? {});
  // Recorded catalogs are data beside the program that runs, and none of a side's modules.
  const recordings = loadNamedRecordings(
    selections.flatMap(({ payloads = [] }) => payloads),
    surroundings.cwd,
  );
  const requests = [...(first.requests ?? []), ...listRequests(recordings, itemsOf(selections))];
  const newer = await describe(candidate, { requests });
  const candidates = [
    ...newer.contenders,
    ...first.contenders.filter(({ id }) => !newer.contenders.some((other) => other.id === id)),
  ];
  // The suites are asked again where there is something that they have not been asked about.
  const isSettled =
    recordings.length === 0 &&
    candidates.every((data) => first.contenders.some((own) => JSON.stringify(own) === JSON.stringify(data)));
  const older = isSettled
    ? first
    : await describe(baseline, {
        harnessRoot: harnessRoot.href,
        requests,
        candidates,
        recordings: recordings.map((recording) => ({ ...recording, revives: false })),
      });

  const payloadModules = [
    ...listModules(new URL('payloads/', harnessRoot)),
    ...modulesOf(baseline, ownConfig).payloads,
  ];
  const payloads = [
    ...(older.payloads ?? []).map((data) =>
      toPayload(data, urlOf(payloadModules, { id: data.id, side: baseline, what: 'payload' })),
    ),
    ...recordings,
  ];
  const harness = {
    contenders: [],
    // Sides are held against each other by duets, of which no metric is read.
    metrics: [],
    payloads,
    suites: (older.suites ?? []).map((suite) => toSuite(suite, older.members?.[suite.id])),
  };
  const contendersOf = (side: CheckedOutSide, description: Description): Registered<Contender>[] =>
    listContenders({ side, description, requests, benchDirectory });
  const registries = { harness, baseline: contendersOf(baseline, older), candidate: contendersOf(candidate, newer) };
  return {
    registries,
    config,
    selections,
    packages: packagesOf({ ...harness, contenders: [...registries.candidate, ...registries.baseline] }),
    warnings: [
      ...compareConfigs(ownConfig, configOf(newer)),
      ...findNewPayloads(request, { ownConfig, newerConfig: configOf(newer) }),
    ],
    openCorpus: (wanted) =>
      openCorpus({
        ...wanted,
        described: new Set((older.payloads ?? []).map(({ id }) => id)),
        writeCatalogs: (catalogs) => describe(baseline, { harnessRoot: harnessRoot.href, catalogs }),
      }),
  };
}

/** What there is, is known from the directory; a side cannot leave one of its contenders out by not describing it. */
function listContenders(request: {
  side: CheckedOutSide;
  description: Description;
  requests: readonly CellRequest[];
  benchDirectory: string;
}): Registered<Contender>[] {
  const { side, description, requests, benchDirectory } = request;
  const root = findContenderRoot(side, benchDirectory);
  const modules = [
    ...(root === undefined ? [] : listModules(new URL('contenders/', root))),
    ...modulesOf(side, configOf(description)).contenders,
  ];
  refuseForeignModules(modules, side);
  const described = new Map(description.contenders.map((data) => [data.id, data]));
  return modules.map(({ id, url }) => {
    const data = described.get(id);
    if (data === undefined) throw cannotLoad(side, { message: `the contender '${showText(id)}' is not described` });
    return toContender(data, { url, requests, refusals: description.refusals?.[id] ?? [] });
  });
}

/**
 * Catalogs of cells in files: those of the payloads that a side described are written by a process of that side.
 * @param request.described ids of such payloads. @param request.writeCatalogs asks the side to write them.
 */
async function openCorpus(
  request: Parameters<DescribedSides['openCorpus']>[0] & {
    described: ReadonlySet<string>;
    writeCatalogs: (catalogs: NonNullable<DescriptionJob['catalogs']>) => Promise<unknown>;
  },
): Promise<MaterializedCorpus> {
  const { cells, seed, catalogs: count, described, writeCatalogs } = request;
  const corpus = materializeCorpus({ seed, catalogs: count });
  try {
    const wanted = new Map(
      cells.flatMap(({ planned: { payload, id } }) =>
        payload !== undefined && described.has(payload.id)
          ? [[`${payload.id} ${id.items}`, { payload: payload.id, items: id.items }] as const]
          : [],
      ),
    );
    await writeCatalogs({ directory: corpus.directory, seed, count, wanted: [...wanted.values()] });
  } catch (error) {
    corpus.remove();
    throw error;
  }
  return {
    ...corpus,
    filesOf: (payload, items) =>
      described.has(payload.id)
        ? corpusFiles({ directory: corpusDirectory(corpus.directory, payload, items), payload, catalogs: count })
        : corpus.filesOf(payload, items),
  };
}

function itemsOf(selections: readonly CellSelection[]): number[] {
  return selections.flatMap(({ items = [] }) => items);
}

function compareConfigs(older: WirebenchConfig, newer: WirebenchConfig): string[] {
  const isSame = JSON.stringify(older.gate ?? {}) === JSON.stringify(newer.gate ?? {});
  return isSame
    ? []
    : [
        "the candidate's wirebench.config has other cells or tolerances for the gate; those of the baseline count, and what the command line says",
      ];
}

function findNewPayloads(
  { sides: { baseline, candidate }, benchDirectory }: DescribeRequest,
  { ownConfig, newerConfig }: { ownConfig: WirebenchConfig; newerConfig: WirebenchConfig },
): string[] {
  const idsOf = (side: CheckedOutSide, config: WirebenchConfig): string[] => {
    const own = path.join(side.directory, benchDirectory, 'payloads');
    const listed = findInstalled(side) === undefined && existsSync(own) ? listModules(directoryUrl(own)) : [];
    return [...listed, ...modulesOf(side, config).payloads].map(({ id }) => id);
  };
  const known = new Set(idsOf(baseline, ownConfig));
  const fresh = idsOf(candidate, newerConfig).filter((id) => !known.has(id));
  return fresh.length === 0
    ? []
    : [
        `payloads that the baseline lacks count once they are part of it: ${fresh.map((id) => `'${showText(id)}'`).join(', ')}`,
      ];
}
