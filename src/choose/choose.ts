/**
 * Makes a choice: measures the workload under each runtime, decides, and writes the server that goes with it.
 */
import type { Registered } from '../model/bench-module.ts';
import type { Choice, RuntimeChoice, Snippet } from '../model/choice.ts';
import type { Capability, SerializeContender } from '../model/contender.ts';
import type { Environment } from '../model/environment.ts';
import type { Progress } from '../model/progress.ts';
import type { Runtime, RuntimeRequest } from '../model/runtime.ts';
import type { Surroundings } from '../model/surroundings.ts';
import { packagesOf } from '../registry/catalog.ts';
import type { Registry } from '../registry/registry.ts';
import { readEnvironment } from '../store/environment.ts';
import { unknownName, UserError } from '../user-error.ts';
import { decide } from './decision/decide.ts';
import { fetchRuntime, runtimeCacheDirectory } from '../measure/fetch-runtime.ts';
import { showRequest } from '../measure/runtimes.ts';
import { measureWorkload, toDecidedPart } from './measure-workload.ts';
import type { ChooseSettings } from './settings.ts';
import { harmlessCapabilities, leastSavingNs } from './settings.ts';
import { writeSnippets } from './snippets.ts';
import type { AssembledWorkload } from './workload.ts';

export interface ChooseRequest {
  readonly workload: AssembledWorkload;
  /** Knows the workload's payloads, too. */
  readonly registry: Registry;
  /** Ids of the serializers to weigh, beside the reference; all of them where it is left out. */
  readonly wanted: readonly string[] | undefined;
  /** Flags that the user and the clients put up with. */
  readonly accept: readonly string[];
  /** False where no code may be made of the schema. */
  readonly isSchemaTrusted: boolean;
  /** Others than the running one. */
  readonly runtimes: readonly RuntimeRequest[];
  /** A share: what a less simple serializer must gain beyond doubt. */
  readonly margin: number;
  readonly resources: { readonly cores: number; readonly bandwidthBitsPerSec: number };
  readonly settings: ChooseSettings;
  readonly seed: number;
  /** How the program was called, for the record. */
  readonly command: string;
  readonly surroundings: Surroundings;
  readonly progress: Progress;
}

/**
 * @throws {UserError} for an unknown name, and where the reference itself does not write the data.
 */
export async function chooseSerializer(request: ChooseRequest): Promise<Choice> {
  const { registry, workload, surroundings, seed, margin, resources } = request;
  const { cwd, signal } = surroundings;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const accepted = readAccepted(request.accept, registry);
  const contenders = selectContenders(request);
  const refused = new Map(
    request.isSchemaTrusted
      ? []
      : contenders
          .filter(({ capabilities }) => capabilities.includes('compiles-schema'))
          .map(({ id }) => [id, 'unsupported: it compiles the schema to code, and the schema is not trusted']),
  );
  const environment = await readEnvironment({ packages: packagesOf(registry), directory: cwd });
  const prepared = { ...request, accepted, contenders, refused };

  const own = await chooseUnder(prepared, { name: `node ${environment.node}`, runtime: undefined });
  const others: RuntimeChoice[] = [];
  for (const wanted of request.runtimes) {
    if (signal.aborted) break;
    const other = await chooseUnderOther(prepared, wanted, environment);
    if (other !== undefined) others.push(other);
  }
  return {
    choiceVersion: 1,
    startedAt,
    durationMs: Math.round(performance.now() - startedMs),
    seed,
    environment,
    command: request.command,
    workload: {
      parts: workload.parts.map(({ told }) => told),
      ...(workload.requestsPerSec === undefined ? {} : { requestsPerSec: workload.requestsPerSec }),
    },
    accepted,
    margin,
    leastSavingNs,
    ...resources,
    runtimes: [own, ...others],
    snippets: await snippetsOf(own, contenders, workload),
    ...(signal.aborted ? { interrupted: true } : {}),
  };
}

function readAccepted(names: readonly string[], registry: Registry): Capability[] {
  const choices = [
    ...new Set(registry.contenders.flatMap(({ capabilities, python }) => (python === undefined ? capabilities : []))),
  ].toSorted();
  for (const name of names) {
    if (!choices.includes(name as Capability)) throw unknownName({ what: 'flag to accept', name, choices });
  }
  return [...new Set([...harmlessCapabilities, ...(names as Capability[])])];
}

function selectContenders({ wanted, registry }: ChooseRequest): Registered<SerializeContender>[] {
  const all = registry.contenders.filter(
    (own): own is Registered<SerializeContender> => own.kind === 'serialize' && own.python === undefined,
  );
  for (const name of wanted ?? []) {
    if (!all.some(({ id }) => id === name))
      throw unknownName({ what: 'serializer', name, choices: all.map(({ id }) => id) });
  }
  const references = new Set(registry.suites.map(({ reference }) => reference));
  return all.filter(({ id }) => wanted === undefined || wanted.includes(id) || references.has(id));
}

/** A request with what was found out once for all runtimes. */
interface Prepared extends ChooseRequest {
  readonly accepted: readonly Capability[];
  readonly contenders: readonly Registered<SerializeContender>[];
  readonly refused: ReadonlyMap<string, string>;
}

/** Undefined where it is the running one again. */
async function chooseUnderOther(
  prepared: Prepared,
  wanted: RuntimeRequest,
  environment: Environment,
): Promise<RuntimeChoice | undefined> {
  const { surroundings, progress } = prepared;
  const name = showRequest(wanted);
  progress.say(`looking for ${name}`);
  const runtime = await fetchRuntime({
    request: wanted,
    cacheDirectory: runtimeCacheDirectory(surroundings.env),
    signal: surroundings.signal,
    env: surroundings.env,
    onProgress: progress.say,
  });
  if ('reason' in runtime) return { runtime: name, unavailable: runtime.reason, candidates: [] };
  if (runtime.name === 'node' && runtime.version === environment.node) return undefined;
  return chooseUnder(prepared, { name: `${runtime.name} ${runtime.version}`, runtime });
}

async function chooseUnder(
  prepared: Prepared,
  { name, runtime }: { name: string; runtime: Runtime | undefined },
): Promise<RuntimeChoice> {
  const { registry, workload, contenders, refused, accepted, margin, resources } = prepared;
  const measured = await measureWorkload({
    ...prepared,
    parts: workload.parts,
    contenders: contenders.map(({ id }) => id).filter((id) => !refused.has(id)),
    signal: prepared.surroundings.signal,
    runtimeName: name,
    ...(runtime === undefined ? {} : { runtime }),
  });
  const decision = decide({
    ...measured,
    contenders,
    parts: workload.parts.map(toDecidedPart),
    refused,
    accepted,
    margin,
    leastSavingNs,
    resources: { ...resources, requestsPerSec: workload.requestsPerSec },
  });
  refuseHopeless(decision.candidates, measured.reference, registry);
  return { runtime: name, ...decision };
}

/** Where the reference itself cannot write the data there is nothing that the others could be held against. */
function refuseHopeless(candidates: RuntimeChoice['candidates'], reference: string, registry: Registry): void {
  const own = candidates.find(({ contender }) => contender === reference);
  if (own?.standing !== 'excluded') return;
  const title = registry.contenders.find(({ id }) => id === reference)?.title ?? reference;
  throw new UserError(
    `cannot choose: ${title} itself does not write this data: ${own.reason ?? 'no reason was given'}`,
    { hint: 'correct the sample, or its --types' },
  );
}

async function snippetsOf(
  { recommendation }: RuntimeChoice,
  contenders: readonly Registered<SerializeContender>[],
  { parts }: AssembledWorkload,
): Promise<Snippet[]> {
  const chosen = contenders.find(({ id }) => id === recommendation?.contender);
  if (chosen?.usage === undefined) return [];
  return writeSnippets({
    usage: chosen.usage,
    title: chosen.title,
    hasNativeTypes: parts.some(({ variant }) => variant === 'native'),
  });
}
