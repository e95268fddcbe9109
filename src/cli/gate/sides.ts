/**
 * What each side of a gate contributes: baseline and candidate their contenders; payloads, suites and the configuration
 * of the gate come from the baseline, so that a change cannot choose what it is judged by.
 *
 * There are two kinds of projects. A checkout of wirebench has everything in its own bench/; a project that has
 * wirebench installed gets the built-in contenders from the version that each side has installed, and payloads and
 * suites from the program that runs. Both may name modules of their own in their configuration. No module of a side is
 * imported here: another process describes them (describe-worker.ts), and files are found by listing directories.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { execa } from 'execa';

import type { GateConfig, WirebenchConfig } from '../../config.ts';
import type { CheckedOutSide, Sides } from '../../gate/sides/open-sides.ts';
import type {
  ContenderData,
  Description,
  DescriptionJob,
  PayloadData,
  SuiteData,
} from '../../gate/sides/description.ts';
import { listRequests, readDescription } from '../../gate/sides/description.ts';
import type { GateGridCell, GateRegistries } from '../../gate/session/grid.ts';
import { findPackage } from '../../gate/sides/packages.ts';
import { descriptionTimeLimitMs, longestDescription } from '../../gate/settings.ts';
import { explainDeath } from '../../measure/fork.ts';
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import { corpusDirectory, corpusFiles, materializeCorpus } from '../../measure/materialize.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { CellSelection } from '../../model/cell.ts';
import type { CellRequest, Contender } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Suite } from '../../model/suite.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import type { ListedModule } from '../../own-files.ts';
import { listModules, readManifest, siblingModule } from '../../own-files.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { benchRoot } from '../../registry/registry.ts';
import { showText } from '../../foreign-text.ts';
import { checkConfig } from '../../store/config-file.ts';
import { UserError } from '../../user-error.ts';
import { loadNamedRecordings, packagesOf } from '../../registry/catalog.ts';
import { listProjectModules } from '../../registry/project-modules.ts';

const workerPath = siblingModule('describe-worker', import.meta.url);

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
    cells: readonly GateGridCell[];
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
  readonly io: Surroundings;
}

/** @throws {UserError} where a side has no contenders or one of its modules does not load; 130 when interrupted. */
export async function describeSides(request: DescribeRequest): Promise<DescribedSides> {
  const {
    sides: { baseline, candidate },
    benchDirectory,
    io,
  } = request;
  const harnessRoot = findHarnessRoot(baseline, benchDirectory);
  const describe = (side: CheckedOutSide, more: Partial<DescriptionJob>): Promise<Description> =>
    askSide({
      side,
      io,
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
    io.cwd,
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
    payloads,
    suites: (older.suites ?? []).map((suite) => toSuite(suite, older.members?.[suite.id])),
  };
  const contendersOf = (side: CheckedOutSide, description: Description): Registered<Contender>[] => {
    const root = findContenderRoot(side, benchDirectory);
    const modules = [
      ...(root === undefined ? [] : listModules(new URL('contenders/', root))),
      ...modulesOf(side, configOf(description)).contenders,
    ];
    refuseForeignModules(modules, side);
    const described = new Map(description.contenders.map((data) => [data.id, data]));
    // What there is, is known from the directory; a side cannot leave one of its contenders out by not describing it.
    return modules.map(({ id, url }) => {
      const data = described.get(id);
      if (data === undefined) throw cannotLoad(side, { message: `the contender '${showText(id)}' is not described` });
      return toContender(data, { url, requests, refusals: description.refusals?.[id] ?? [] });
    });
  };
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
    openCorpus: async ({ cells, seed, catalogs: count }) => {
      const corpus = materializeCorpus({ seed, catalogs: count });
      try {
        const described = new Set((older.payloads ?? []).map(({ id }) => id));
        const wanted = new Map(
          cells.flatMap(({ planned: { payload, id } }) =>
            payload !== undefined && described.has(payload.id)
              ? [[`${payload.id} ${id.items}`, { payload: payload.id, items: id.items }] as const]
              : [],
          ),
        );
        await describe(baseline, {
          harnessRoot: harnessRoot.href,
          catalogs: { directory: corpus.directory, seed, count, wanted: [...wanted.values()] },
        });
        return {
          ...corpus,
          filesOf: (payload, items) => {
            if (!described.has(payload.id)) return corpus.filesOf(payload, items);
            return corpusFiles({
              directory: corpusDirectory(corpus.directory, payload, items),
              payload,
              catalogs: count,
            });
          },
        };
      } catch (error) {
        corpus.remove();
        throw error;
      }
    },
  };
}

// Asking.

async function askSide({
  side,
  job,
  io,
}: {
  side: CheckedOutSide;
  job: DescriptionJob;
  io: DescribeRequest['io'];
}): Promise<Description> {
  const result = await execa(side.nodePath, ['--no-warnings', workerPath], {
    cwd: side.directory,
    env: childEnvironment(io.env),
    extendEnv: false,
    input: JSON.stringify(job),
    // What its modules print is nobody's report; the last line on stderr may say why it died.
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    maxBuffer: { stderr: longestDescription, fd3: longestDescription },
    timeout: descriptionTimeLimitMs,
    cancelSignal: io.signal,
    killSignal: 'SIGKILL',
    killDescendants: true,
    stripFinalNewline: false,
    reject: false,
    windowsHide: true,
  });
  if (io.signal.aborted)
    throw new UserError('interrupted while the sides were described; nothing was left behind', { code: 130 });
  const said = result.stdio[3];
  const text = typeof said === 'string' ? said : '';
  const answer = readDescription(text);
  if (answer === undefined) {
    const stderr = typeof result.stderr === 'string' ? result.stderr : '';
    const why =
      text === ''
        ? explainDeath(
            {
              timedOut: result.timedOut,
              isMaxBuffer: result.isMaxBuffer,
              signal: result.signal,
              exitCode: result.exitCode,
              stderr,
              shortMessage: result.shortMessage,
            },
            descriptionTimeLimitMs,
          )
        : `reported nonsense: ${text.slice(0, shownNonsense)}`;
    throw cannotLoad(side, { message: `the process that describes them ${why}` });
  }
  if (!('error' in answer)) return answer;
  const { part, message, hint } = answer.error;
  if (part === 'contenders') throw cannotLoad(side, { message, hint });
  throw new UserError(`cannot load what is to be measured in ${describeSide(side)}: ${showText(message)}`, {
    hint: hint === undefined ? 'choose a base whose payloads and suites load' : showText(hint),
  });
}

/** Enough of a wrong answer to recognise it. */
const shownNonsense = 80;

function cannotLoad(
  side: CheckedOutSide,
  { message, hint }: { message: string; hint?: string | undefined },
): UserError {
  return new UserError(`cannot load the contenders of ${describeSide(side)}: ${showText(message)}`, {
    hint:
      hint === undefined
        ? `does ${side.side.ref} have wirebench installed, or bench/contenders? choose another ref`
        : showText(hint),
  });
}

function describeSide({ side: { name, ref, commit } }: CheckedOutSide): string {
  return `the ${name} (${ref}, ${commit})`;
}

function configOf({ config }: Description): WirebenchConfig {
  return checkConfig(config, 'wirebench.config');
}

function itemsOf(selections: readonly CellSelection[]): number[] {
  return selections.flatMap(({ items = [] }) => items);
}

// From data to what a plan is made of.

const neverHere = (): never => {
  throw new Error('a module of a side is never called in the process that judges it');
};

function toContender(
  data: ContenderData,
  request: { url: string; requests: readonly CellRequest[]; refusals: NonNullable<Description['refusals']>[string] },
): Registered<Contender> {
  const reasons = new Map(request.refusals.map(([index, reason]) => [keyOf(request.requests[index]), reason]));
  return { ...data, url: request.url, load: neverHere, unsupported: (asked: CellRequest) => reasons.get(keyOf(asked)) };
}

function keyOf(request: CellRequest | undefined): string {
  return request === undefined ? '' : JSON.stringify([request.payload, request.items, request.variant, request.sink]);
}

function toPayload({ revives, refusal, ...data }: PayloadData, url: string): Registered<Payload> {
  return {
    ...data,
    url,
    schema: {},
    generate: neverHere,
    ...(revives ? { revive: neverHere } : {}),
    unsupported: () => refusal,
  };
}

function toSuite(
  data: SuiteData,
  members: { readonly contenders: readonly string[]; readonly payloads: readonly string[] } | undefined,
): Registered<Suite> {
  const has =
    (ids: readonly string[] | undefined) =>
    ({ id }: { readonly id: string }): boolean =>
      ids?.includes(id) === true;
  const { method } = data;
  const common = { ...data, url: '', contenders: has(members?.contenders) };
  const payloads = has(members?.payloads);
  if (method === 'latency') return { ...common, method, layout: 'by-size', payloads };
  if (method === 'size') return { ...common, method, payloads, sizes: [] };
  return { ...common, method, inputs: [] };
}

// Where modules lie.

/** Of the baseline: payloads and suites of its own where it is a checkout of wirebench, else the running program's. */
function findHarnessRoot(side: CheckedOutSide, benchDirectory: string): URL {
  const own = path.join(side.directory, benchDirectory);
  return findInstalled(side) === undefined && existsSync(path.join(own, 'suites')) ? directoryUrl(own) : benchRoot;
}

function findContenderRoot(side: CheckedOutSide, benchDirectory: string): URL | undefined {
  const installed = findInstalled(side);
  if (installed !== undefined) return directoryUrl(installed);
  const own = path.join(side.directory, benchDirectory);
  return existsSync(path.join(own, 'contenders')) ? directoryUrl(own) : undefined;
}

/** The bench/ directory of the wirebench that a side has installed: built, or as a linked checkout has it. */
function findInstalled(place: { directory: string; checkout: string }): string | undefined {
  const installed = findPackage(readManifest().name, place);
  if (installed === undefined) return undefined;
  const built = path.join(installed, 'dist', 'bench');
  return existsSync(built) ? built : path.join(installed, 'bench');
}

function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

function modulesOf(side: CheckedOutSide, config: WirebenchConfig): ReturnType<typeof listProjectModules> {
  const modules = listProjectModules({ config, directory: side.directory });
  for (const { url } of [...modules.contenders, ...modules.payloads]) {
    if (isBelow(realpathSync(fileURLToPath(url)), side.checkout)) continue;
    throw cannotLoad(side, {
      message: `'${path.relative(side.directory, fileURLToPath(url))}' lies outside of the repository`,
      hint: 'name modules of the repository itself',
    });
  }
  return modules;
}

/** A candidate whose contender is the baseline's own file would be compared with itself. */
function refuseForeignModules(modules: readonly ListedModule[], side: CheckedOutSide): void {
  const both = path.dirname(side.checkout);
  for (const { id, url } of modules) {
    const file = realpathSync(fileURLToPath(url));
    if (isBelow(file, both) && !isBelow(file, side.checkout))
      throw cannotLoad(side, { message: `the contender '${id}' lies in the other side` });
  }
}

function isBelow(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function urlOf(
  modules: readonly ListedModule[],
  { id, side, what }: { id: string; side: CheckedOutSide; what: string },
): string {
  const found = modules.find((module) => module.id === id);
  if (found === undefined) throw cannotLoad(side, { message: `it describes a ${what} that it does not have: '${id}'` });
  return found.url;
}

// What a reader has to know.

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
