/**
 * `wirebench choose`: recommends a serializer for the user's own responses, with the evidence.
 *
 * Reads as the plan it carries out: parse, read the workload, measure under each runtime, decide, keep, show.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';

import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

import { decide } from '../../choose/decision/decide.ts';
import { fetchRuntime, runtimeCacheDirectory } from '../../choose/fetch-runtime.ts';
import type { MeasuredWorkload } from '../../choose/measure-workload.ts';
import { measureWorkload, toDecidedPart } from '../../choose/measure-workload.ts';
import type { ChooseSettings } from '../../choose/settings.ts';
import {
  chooseSettings,
  defaultBandwidth,
  defaultMargin,
  harmlessCapabilities,
  leastSavingNs,
} from '../../choose/settings.ts';
import { writeSnippets } from '../../choose/snippets.ts';
import { parseRuntimes } from '../../measure/runtimes.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { Capability, SerializeContender } from '../../model/contender.ts';
import type { Environment } from '../../model/environment.ts';
import type { Choice, RuntimeChoice, Snippet } from '../../model/choice.ts';
import type { Runtime, RuntimeRequest } from '../../model/runtime.ts';
import { describeCommand } from '../../record/redact.ts';
import type { Registry } from '../../registry/registry.ts';
import { reportChoice } from '../../report/choice/choice-report.ts';
import { reportDecision } from '../../report/choice/decision-record.ts';
import { formatPlural, formatSetting } from '../../report/quantities.ts';
import { readEnvironment } from '../../store/environment.ts';
import { whileLocked } from '../../store/lock.ts';
import { writeText } from '../../store/run-file.ts';
import { unknownName, UserError } from '../../user-error.ts';
import { loadCatalog, packagesOf } from '../../registry/catalog.ts';
import type { AssembledWorkload } from '../../choose/workload.ts';
import { readWorkload } from '../../choose/workload.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseList, parsePercent, parseSeed, parseWhole, profileOf } from '../options.ts';
import { openProgress } from '../progress.ts';
import { checkFormat, renderDocument } from '../render.ts';
import { defaultAuthEnv } from '../../record/sample.ts';

const defaultOut = path.join('results', 'choose');

const declare = (subcommand: Command) =>
  subcommand
    .option('--sample <source>', 'a response as your gateway sends it: a JSON file, a URL, or recorded/<name>')
    .option('--schema <file>', 'its JSON Schema, also as a URL; without one it is inferred from the sample')
    .option('--untrusted-schema', 'refuse contenders that compile the schema to code')
    .option('--types <rules>', 'strings that your driver gives as objects, e.g. createdAt=date,/items/*/id=uuid')
    .option('--mix <file>', 'several kinds of responses with their shares or rates, instead of a sample')
    .option('--rate <n>', 'responses a second, for costs in cores', parseRate)
    .addOption(
      new Option('--bandwidth <rate>', 'of the network that responses leave through')
        .argParser(parseBandwidth)
        .default(defaultBandwidth, '1Gbit'),
    )
    .addOption(
      new Option('--cores <n>', 'cores of the gateway')
        .argParser(parseWhole({ min: 1, max: 4096 }))
        .default(availableParallelism(), 'those of this machine'),
    )
    .option('--contender <ids>', 'weigh these only; the reference always takes part', parseList)
    .option('--accept <flags>', 'what you and your clients put up with, e.g. binary,envelope,memoizes', parseList)
    .addOption(
      new Option('--margin <percent>', 'what a less simple serializer must gain beyond doubt')
        .argParser(parsePercent)
        .default(defaultMargin, formatSetting(defaultMargin)),
    )
    .option('--runtime <list>', 'also under these, e.g. node@22,node@24,bun,deno; fetched as packages', (text) =>
      parseRuntimes(text),
    )
    .addOption(new Option('--quick', chooseSettings.quick.summary).conflicts('thorough'))
    .option('--thorough', chooseSettings.thorough.summary)
    .option('--adr <file>', 'also write an architecture decision record')
    .option('--auth-env <variable>', 'environment variable with the Authorization header for URLs', defaultAuthEnv)
    .option('--format <name>', 'on stdout: terminal, markdown or json', 'terminal')
    .option('--out <dir>', 'directory for choice.json and report.md', defaultOut)
    .option('--seed <n>', 'seed of the order and of generated payloads', parseSeed, defaultSeed)
    .addHelpText(
      'after',
      [
        '',
        `Without --quick or --thorough: ${chooseSettings.standard.summary}.`,
        'A mix is JSON: { "requestsPerSec": 1500, "responses": [{ "payload": "rpc-tool-result", "share": 0.8 },',
        '  { "sample": "tools.json", "types": "createdAt=date", "share": 0.2 }] }',
      ].join('\n'),
    );

type ChooseOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'recommend a serializer for your own responses, with the evidence',
  declare,

  async run({ options, argv }, io) {
    await checkFormat(options.format);
    const known = await loadCatalog({ directory: io.cwd });
    const workload = await readWorkload({ options, registry: known, surroundings: io });
    const registry: Registry = {
      ...known,
      payloads: [
        ...known.payloads,
        ...workload.parts
          .map(({ payload }) => payload)
          .filter(({ id }) => !known.payloads.some((own) => own.id === id)),
      ],
    };
    return whileLocked({ directory: path.resolve(io.cwd, options.out), command: 'wirebench choose' }, async () => {
      const choice = await choose({ options, registry, workload, io, argv });
      await keep({ choice, options, io });
      io.stdout.write(await renderDocument({ document: reportChoice(choice), format: options.format, io }));
      return choice.interrupted === true ? 130 : 0;
    });
  },
});

export default command;

interface Session {
  readonly options: ChooseOptions;
  readonly registry: Registry;
  readonly workload: AssembledWorkload;
  readonly io: Io;
  readonly argv: readonly string[];
}

async function choose(session: Session): Promise<Choice> {
  const { options, registry, workload, io, argv } = session;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const accepted = readAccepted(options.accept ?? [], registry);
  const contenders = selectContenders(options, registry);
  const refused = new Map(
    options.untrustedSchema === true
      ? contenders
          .filter(({ capabilities }) => capabilities.includes('compiles-schema'))
          .map(({ id }) => [id, 'unsupported: it compiles the schema to code, and the schema is not trusted'])
      : [],
  );
  const environment = await readEnvironment({ packages: packagesOf(registry), directory: io.cwd });
  const shared = { ...session, accepted, contenders, refused, settings: chooseSettings[profileOf(options)] };

  const own = await chooseUnder(shared, { name: `node ${environment.node}`, runtime: undefined });
  const others: RuntimeChoice[] = [];
  for (const wanted of options.runtime ?? []) {
    if (io.signal.aborted) break;
    const other = await chooseUnderOther(shared, wanted, environment);
    if (other !== undefined) others.push(other);
  }
  return {
    choiceVersion: 1,
    startedAt,
    durationMs: Math.round(performance.now() - startedMs),
    seed: options.seed,
    environment,
    command: ['wirebench', ...describeCommand(argv)].join(' '),
    workload: {
      parts: workload.parts.map(({ told }) => told),
      ...(workload.requestsPerSec === undefined ? {} : { requestsPerSec: workload.requestsPerSec }),
    },
    accepted,
    margin: options.margin,
    leastSavingNs,
    cores: options.cores,
    bandwidthBitsPerSec: options.bandwidth,
    runtimes: [own, ...others],
    snippets: await snippetsOf(own, contenders, workload),
    ...(io.signal.aborted ? { interrupted: true } : {}),
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

function selectContenders({ contender }: ChooseOptions, registry: Registry): Registered<SerializeContender>[] {
  const all = registry.contenders.filter(
    (own): own is Registered<SerializeContender> => own.kind === 'serialize' && own.python === undefined,
  );
  for (const name of contender ?? []) {
    if (!all.some(({ id }) => id === name))
      throw unknownName({ what: 'serializer', name, choices: all.map(({ id }) => id) });
  }
  const references = new Set(registry.suites.map(({ reference }) => reference));
  return all.filter(({ id }) => contender === undefined || contender.includes(id) || references.has(id));
}

interface Shared extends Session {
  readonly accepted: readonly Capability[];
  readonly contenders: readonly Registered<SerializeContender>[];
  readonly refused: ReadonlyMap<string, string>;
  readonly settings: ChooseSettings;
}

/** Undefined where it is the running one again. */
async function chooseUnderOther(
  shared: Shared,
  wanted: RuntimeRequest,
  environment: Environment,
): Promise<RuntimeChoice | undefined> {
  const { io } = shared;
  const name = `${wanted.name}@${wanted.range}`;
  io.stderr.write(`wirebench: looking for ${name}\n`);
  const runtime = await fetchRuntime({
    request: wanted,
    cacheDirectory: runtimeCacheDirectory(io.env),
    signal: io.signal,
    env: io.env,
    onProgress: (text) => io.stderr.write(`wirebench: ${text}\n`),
  });
  if ('reason' in runtime) return { runtime: name, unavailable: runtime.reason, candidates: [] };
  if (runtime.name === 'node' && runtime.version === environment.node) return undefined;
  return chooseUnder(shared, { name: `${runtime.name} ${runtime.version}`, runtime });
}

async function chooseUnder(
  shared: Shared,
  { name, runtime }: { name: string; runtime: Runtime | undefined },
): Promise<RuntimeChoice> {
  const { registry, workload, contenders, refused, accepted, options } = shared;
  const measured = await measure(shared, { name, runtime });
  const decision = decide({
    ...measured,
    contenders,
    parts: workload.parts.map(toDecidedPart),
    refused,
    accepted,
    margin: options.margin,
    leastSavingNs,
    resources: {
      cores: options.cores,
      bandwidthBitsPerSec: options.bandwidth,
      requestsPerSec: workload.requestsPerSec,
    },
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

async function measure(
  shared: Shared,
  { name, runtime }: { name: string; runtime: Runtime | undefined },
): Promise<MeasuredWorkload> {
  const { io, options, contenders, workload } = shared;
  const now = (): number => performance.now();
  const events = measureWorkload({
    ...shared,
    parts: workload.parts,
    contenders: contenders.map(({ id }) => id).filter((id) => !shared.refused.has(id)),
    seed: options.seed,
    signal: io.signal,
    now,
    ...(runtime === undefined ? {} : { runtime }),
  });
  const progress = openProgress(io);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      const event = next.value;
      switch (event.type) {
        case 'stage': {
          const what = { 'first-look': 'a first look at', sizes: 'sizes of', rounds: 'rounds of fresh processes for' }[
            event.stage
          ];
          const title = `${name}: ${what} ${formatPlural(event.contenders, 'contender')}`;
          progress.beginStage({ title, expectedMs: event.expectedMs });
          break;
        }
        case 'start':
          progress.beginTask(event.label, event.expectedMs);
          break;
        case 'outcome':
          break;
      }
    }
  } finally {
    progress.end();
  }
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

async function keep({ choice, options, io }: { choice: Choice; options: ChooseOptions; io: Io }): Promise<void> {
  const directory = path.resolve(io.cwd, options.out);
  const markdown = { document: reportChoice(choice), format: 'markdown', io };
  writeText(path.join(directory, 'choice.json'), `${JSON.stringify(choice, null, 2)}\n`);
  writeText(path.join(directory, 'report.md'), await renderDocument(markdown));
  const files = ['choice.json', 'report.md'].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
  if (options.adr !== undefined) {
    writeText(
      path.resolve(io.cwd, options.adr),
      await renderDocument({ ...markdown, document: reportDecision(choice) }),
    );
    files.push(options.adr);
  }
  io.stderr.write(`wirebench: wrote ${files.join(', ')}\n`);
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new InvalidArgumentError(`'${text}' is not a number of responses a second`);
  return rate;
}

function parseBandwidth(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(k|m|g)bit$/i.exec(text.trim());
  const unit = { k: 1e3, m: 1e6, g: 1e9 }[(match?.[2] ?? 'm').toLowerCase() as 'k' | 'm' | 'g'];
  const rate = Number(match?.[1] ?? Number.NaN) * unit;
  if (!(rate > 0)) throw new InvalidArgumentError(`'${text}' is not a bandwidth such as 500Mbit or 10Gbit`);
  return rate;
}
