/**
 * `wirebench choose`: recommends a serializer for the user's own responses, with the evidence.
 *
 * Reads as the plan it carries out: parse, read the workload, measure under each runtime, decide, keep, show.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';

import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

import { chooseSerializer } from '../../choose/choose.ts';
import { chooseSettings, defaultBandwidth, defaultMargin } from '../../choose/settings.ts';
import { parseRuntimes } from '../../measure/runtimes.ts';
import type { Choice } from '../../model/choice.ts';
import { describeCommand } from '../../record/redact.ts';
import type { Registry } from '../../registry/registry.ts';
import { reportChoice } from '../../report/choice/choice-report.ts';
import { reportDecision } from '../../report/choice/decision-record.ts';
import { formatSetting } from '../../report/quantities.ts';
import { whileLocked } from '../../store/lock.ts';
import { writeText } from '../../store/run-file.ts';
import { loadCatalog } from '../../registry/catalog.ts';
import { readWorkload } from '../../choose/workload.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseList, parsePercent, parseSeed, parseWhole, profileOf } from '../options.ts';
import { openProgress, tell } from '../progress.ts';
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
      const choice = await chooseSerializer({
        workload,
        registry,
        wanted: options.contender,
        accept: options.accept ?? [],
        isSchemaTrusted: options.untrustedSchema !== true,
        runtimes: options.runtime ?? [],
        margin: options.margin,
        resources: { cores: options.cores, bandwidthBitsPerSec: options.bandwidth },
        settings: chooseSettings[profileOf(options)],
        seed: options.seed,
        command: ['wirebench', ...describeCommand(argv)].join(' '),
        surroundings: io,
        progress: openProgress(io),
      });
      await keep({ choice, options, io });
      io.stdout.write(await renderDocument({ document: reportChoice(choice), format: options.format, io }));
      return choice.interrupted === true ? 130 : 0;
    });
  },
});

export default command;

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
  tell(io, `wrote ${files.join(', ')}`);
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
