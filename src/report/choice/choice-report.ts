/**
 * The report of a choice, as a format-neutral document: the answer, the table behind it, who is out and why, what
 * limits such a gateway, other runtimes, and how to plug the answer in.
 */
import { showText } from '../../foreign-text.ts';
import type { Bottleneck, Choice, RuntimeChoice } from '../../model/choice.ts';
import type { Block, Document, ListItem, Section } from '../document.ts';
import { answerOf } from '../parts/answer.ts';
import { command, details, list, paragraph, section, warning } from '../parts/blocks.ts';
import { tellMachine, tellRuntime, tellWhen } from '../parts/environment-lines.ts';
import { figure, noFigure } from '../parts/figure-cells.ts';
import { tellSuggestedTypes } from '../parts/suggested-types.ts';
import { left, right, tabulate, tabulateGroups } from '../parts/table.ts';
import { formatBytes, formatCount, formatPercent, formatPlural, formatTime } from '../quantities.ts';
import { showDocument } from '../show-document.ts';
import { listRefusals, speedCell, tabulateCandidates } from './candidate-tables.ts';
import { chartCandidates } from './candidate-chart.ts';
import { listAnswer, tellNeeded, tellPart } from './choice-sentences.ts';

/** The whole report of a choice. */
export function reportChoice(choice: Choice): Document {
  const [own] = choice.runtimes;
  // Names, notes and types come from the user's data.
  return showDocument({
    title: 'wirebench choose',
    blocks: [
      ...answerOf(listAnswer(choice), chartCandidates(own.candidates)),
      ...warnOfTroubles(choice),
      ...tabulateCandidates(own),
      ...listRefusals(own.candidates),
      ...reportLimits(own),
      ...reportRuntimes(choice.runtimes),
      reportData(choice),
      reportMethod(choice),
      ...reportSnippets(choice),
    ],
  });
}

function warnOfTroubles({ interrupted, runtimes }: Choice): Block[] {
  const stopped = 'The measurement was stopped early: some contenders have fewer rounds than planned, or none.';
  const warnings = runtimes[0].candidates
    .filter(({ standing }) => standing === 'recommended' || standing === 'tied')
    .flatMap(({ contender, warnings: own }) => own.map((text) => `${contender}: ${text}`));
  return [...(interrupted === true ? [stopped] : []), ...new Set(warnings)].map(warning);
}

function reportLimits({ recommendation }: RuntimeChoice): Section[] {
  const loads = recommendation?.bottlenecks ?? [];
  if (loads.length === 0) return [];
  const groups = loads.map(({ contender, wires }) => ({ label: { text: contender }, rows: wires }));
  const perSecond = (count: number): string => `${formatCount(count)}/s`;
  return [
    section('What limits it', [
      paragraph(
        'Responses a second that all cores or the whole bandwidth would allow if a gateway did nothing but serialize, compress and send. A bound: the rest of a handler comes on top.',
      ),
      tabulateGroups(groups, {
        labelTitle: 'contender',
        columns: [
          left('encoding', ({ encoding }) => encoding),
          right('on the wire', ({ wireBytes }) => figure(wireBytes, formatBytes)),
          right('processor time', ({ cpuNs }) => figure(cpuNs, formatTime)),
          right('of it serializing', ({ serializerShare }) => figure(serializerShare, formatPercent)),
          right('processor allows', ({ cpuLimit }) => figure(cpuLimit, perSecond)),
          right('network allows', ({ networkLimit }) => figure(networkLimit, perSecond)),
          left('limited by', ({ limitedBy }) => limits[limitedBy]),
        ],
      }),
    ]),
  ];
}

const limits: Readonly<Record<Bottleneck['wires'][number]['limitedBy'], string>> = {
  cpu: 'processor',
  network: 'network',
  neither: 'neither at this rate',
};

function reportRuntimes(runtimes: Choice['runtimes']): Section[] {
  if (runtimes.length === 1) return [];
  const rows = runtimes.map((choice) => ({
    ...choice,
    chosen: choice.candidates.find(({ contender }) => contender === choice.recommendation?.contender),
  }));
  const table = tabulate(rows, {
    columns: [
      left('runtime', ({ runtime }) => runtime),
      left('recommended', ({ unavailable, chosen }) => {
        if (unavailable !== undefined) return { text: 'not available', tone: 'bad' };
        return chosen === undefined ? 'none' : { text: chosen.contender, tone: 'strong' };
      }),
      right('a response', ({ chosen }) => figure(chosen?.costNs?.median, formatTime)),
      right('speed against the reference', ({ chosen, recommendation }) =>
        chosen === undefined ? noFigure : speedCell(chosen, recommendation?.reference),
      ),
      left('because', ({ unavailable, recommendation }) => {
        if (unavailable !== undefined) return unavailable;
        return recommendation === undefined ? noFigure : reasons[recommendation.because];
      }),
    ],
  });
  return [section('Runtimes', [table, ...runtimes.slice(1).flatMap(detailsOf)])];
}

const reasons = {
  fastest: 'beats every simpler one',
  simplest: 'none is shown to beat it',
  only: 'the only one left',
};

function detailsOf(choice: RuntimeChoice): Block[] {
  if (choice.unavailable !== undefined) return [];
  const blocks = [...tabulateCandidates(choice), ...listRefusals(choice.candidates)];
  return [details(`Contenders under ${choice.runtime}`, blocks)];
}

function reportData({ workload }: Choice): Section {
  const items = workload.parts.flatMap((part) => {
    const suggestion = tellSuggestedTypes(part.suggestedTypes);
    return [
      tellPart(part),
      ...part.notes.map((text): ListItem => ({ text, tone: 'warning' })),
      ...(suggestion === undefined ? [] : [{ text: suggestion, tone: 'muted' } satisfies ListItem]),
    ];
  });
  return section('Data', list(items));
}

function reportMethod(choice: Choice): Section {
  const { environment, accepted, cores, bandwidthBitsPerSec } = choice;
  const how = [
    'Every contender was checked on the data and looked at once; those within reach of the fastest were then measured in further rounds, each in a fresh process, and only these rounds decide.',
    `A less simple contender is recommended where it gains ${tellNeeded(choice)} a response beyond doubt; among those that nobody is shown to beat by that much, the simplest is.`,
  ].join(' ');
  return section('How it was found', [
    paragraph(how),
    ...list([
      tellWhen(choice),
      tellRuntime(environment),
      tellMachine(environment),
      `accepted: ${accepted.length === 0 ? 'nothing' : accepted.join(', ')}; ${formatPlural(cores, 'core')}; ${formatBandwidth(bandwidthBitsPerSec)}`,
    ]),
    // A command stays on one line, unlike other program text.
    command(showText(choice.command)),
  ]);
}

function formatBandwidth(bitsPerSec: number): string {
  return bitsPerSec >= 1e9
    ? `${Number((bitsPerSec / 1e9).toPrecision(3))} Gbit/s`
    : `${Number((bitsPerSec / 1e6).toPrecision(3))} Mbit/s`;
}

/** One snippet in full and the others folded, so that a screen is not all snippets. */
function reportSnippets({ snippets, runtimes }: Choice): Section[] {
  const chosen = runtimes[0].recommendation?.contender;
  if (chosen === undefined) return [];
  const title = 'How to plug it in';
  const [first, ...others] = snippets.map((snippet) => ({
    title: snippet.title,
    block: { kind: 'code', text: snippet.code.trimEnd(), language: 'js' } satisfies Block,
  }));
  if (first === undefined) {
    const text = `There is no snippet for ${chosen}: its module says nothing of how an application calls it (usage).`;
    return [section(title, [paragraph(text)])];
  }
  return [
    section(title, [section(first.title, [first.block]), ...others.map((one) => details(one.title, [one.block]))]),
  ];
}
