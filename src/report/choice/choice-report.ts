/**
 * The report of a choice, as a format-neutral document: the answer, the table behind it, who is out and why, what
 * limits such a gateway, other runtimes, and how to plug the answer in.
 *
 * Deliberately absent: verdicts and statistics (src/choose), widths and colours (formats).
 */
import { groupBy } from '../../compare/cells.ts';
import type { EncodedSize } from '../../model/cell.ts';
import type { Bottleneck, Candidate, Choice, RuntimeChoice } from '../../model/choice.ts';
import {
  listBurdens,
  tellAnswer,
  tellConsent,
  tellNeeded,
  tellPart,
  tellRefusal,
  tellStanding,
} from './choice-sentences.ts';
import type { Block, Column, Document, ListItem, Section, Table, TableCell, Tone } from '../document.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatMoment,
  formatPercent,
  formatPlural,
  formatRatio,
  formatTime,
  nothing,
} from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

/** The whole report of a choice. */
export function reportChoice(choice: Choice): Document {
  const [own] = choice.runtimes;
  return {
    title: 'wirebench choose',
    blocks: [
      { kind: 'paragraph', text: tellAnswer(choice) },
      ...noteTroubles(choice),
      ...tabulateCandidates(own),
      ...listRefusals(own.candidates),
      ...tabulateWires(own),
      ...tabulateRuntimes(choice.runtimes),
      ...reportData(choice),
      reportMethod(choice),
      ...reportSnippets(choice),
    ],
  };
}

function noteTroubles({ interrupted, runtimes }: Choice): Block[] {
  const stopped = 'The measurement was stopped early: some contenders have fewer rounds than planned, or none.';
  const warnings = [
    ...new Set(
      runtimes[0].candidates.flatMap(({ contender, standing, warnings: own }) =>
        standing === 'recommended' || standing === 'tied' ? own.map((warning) => `${contender}: ${warning}`) : [],
      ),
    ),
  ];
  return [...(interrupted === true ? [stopped] : []), ...warnings].map((text): Block => ({
    kind: 'note',
    tone: 'warning',
    text: showText(text),
  }));
}

const tones: Readonly<Partial<Record<Candidate['standing'], Tone>>> = {
  recommended: 'good',
  slower: 'muted',
  screened: 'muted',
  'not-accepted': 'muted',
};

/** Tables of what was measured, whoever may be recommended; those without figures are listed below them. */
export function tabulateCandidates(choice: RuntimeChoice): Table[] {
  const measured = choice.candidates.filter(({ costNs }) => costNs !== undefined);
  if (measured.length === 0) return [];
  const encodings = encodingsOf(measured);
  const rest: Table = {
    kind: 'table',
    caption: 'What else it costs',
    columns: [
      left('contender'),
      right('compile'),
      right('pays off after'),
      right('longest call'),
      right('allocates'),
      right('size'),
      ...encodings.map(({ encoding, level }) => right(`${encoding} ${level}`)),
    ],
    groups: [{ rows: measured.map((candidate) => costRow(candidate, encodings)) }],
  };
  return [...tabulateRounds(measured, choice), ...tabulateFirstLooks(measured, choice), rest];
}

function tabulateRounds(measured: readonly Candidate[], choice: RuntimeChoice): Table[] {
  const rows = measured
    .filter(({ evidence }) => evidence !== 'first-look')
    .map((candidate) => [
      ...identify(candidate),
      figure(candidate.costNs?.median, formatTime),
      speedCell(candidate, referenceOf(choice)),
      { text: listBurdens(candidate.burdens) },
      { text: formatCount(candidate.rounds), value: candidate.rounds },
    ]);
  const columns = [...timeColumns, right('rounds')];
  return rows.length === 0
    ? []
    : [{ kind: 'table', caption: 'Time of an average response', columns, groups: [{ rows }] }];
}

/**
 * Those who were looked at once, with the reference as it was looked at: their times were taken with another procedure,
 * so that neither they nor their ratios may stand beside those of the rounds.
 */
function tabulateFirstLooks(measured: readonly Candidate[], choice: RuntimeChoice): Table[] {
  const reference = referenceOf(choice);
  const looked = measured
    .filter(({ evidence, contender }) => evidence === 'first-look' || contender === reference)
    .toSorted((a, b) => (a.firstLookNs ?? 0) - (b.firstLookNs ?? 0));
  if (!looked.some(({ evidence }) => evidence === 'first-look')) return [];
  const rows = looked.map((candidate) => [
    ...identify(candidate),
    figure(candidate.firstLookNs, formatTime),
    speedCell(candidate, reference),
    { text: listBurdens(candidate.burdens) },
  ]);
  return [
    {
      kind: 'table',
      caption: 'First look: one short reading each, not to be held against times from rounds',
      columns: timeColumns,
      groups: [{ rows }],
    },
  ];
}

const timeColumns: readonly Column[] = [
  left('contender'),
  left('standing'),
  right('a response'),
  right('speed against the reference'),
  left('asks for'),
];

function identify(candidate: Candidate): TableCell[] {
  const { contender, standing } = candidate;
  const tone = tones[standing];
  const toned = tone === undefined ? {} : { tone };
  return [
    { text: contender, contender, ...toned },
    { text: tellStanding(candidate), ...toned },
  ];
}

/** Known from a speedup where nothing was recommended. */
function referenceOf({ candidates, recommendation }: RuntimeChoice): string | undefined {
  return recommendation?.reference ?? candidates.find(({ speedup }) => speedup !== undefined)?.speedup?.reference;
}

function costRow(candidate: Candidate, encodings: readonly EncodedSize[]): TableCell[] {
  const {
    contender,
    compileNs,
    breakEvenCalls,
    peakBlockNs,
    allocatedBytesPerOp,
    outputBytes,
    encoded = [],
  } = candidate;
  return [
    { text: contender, contender },
    figure(compileNs, formatTime),
    { text: tellBreakEven(breakEvenCalls), ...(typeof breakEvenCalls === 'number' ? { value: breakEvenCalls } : {}) },
    figure(peakBlockNs, formatTime),
    figure(allocatedBytesPerOp, formatBytes),
    figure(outputBytes, formatBytes),
    ...encodings.map(({ encoding }) =>
      figure(encoded.find((own) => own.encoding === encoding)?.sizeBytes, formatBytes),
    ),
  ];
}

function speedCell({ contender, speedup }: Candidate, reference: string | undefined): TableCell {
  if (contender === reference) return { text: 'reference', value: 1 };
  if (speedup === undefined) return { text: nothing };
  const { ratio, lo, hi } = speedup;
  const bounds = lo === undefined || hi === undefined ? '' : ` (${formatInterval({ lo, hi })})`;
  return { text: formatRatio(ratio) + bounds, value: ratio };
}

function tellBreakEven(calls: number | null | undefined): string {
  if (calls === undefined) return nothing;
  return calls === null ? 'never' : formatPlural(calls, 'response');
}

function listRefusals(candidates: readonly Candidate[]): Section[] {
  const out = candidates.filter(({ standing }) => standing === 'excluded');
  const refused = candidates.filter(({ standing }) => standing === 'not-accepted');
  const items: ListItem[] = [
    ...out.map((candidate): ListItem => ({ text: tellRefusal(candidate), tone: 'bad' })),
    ...[...groupBy(refused, ({ reason }) => reason ?? '').values()].map((same): ListItem => ({
      text: tellConsent(same),
      tone: 'muted',
    })),
  ];
  return items.length === 0 ? [] : [{ kind: 'section', title: 'Not eligible', blocks: [{ kind: 'list', items }] }];
}

function tabulateWires({ recommendation }: RuntimeChoice): Section[] {
  const loads = recommendation?.bottlenecks ?? [];
  if (loads.length === 0) return [];
  const columns = [
    left('encoding'),
    right('on the wire'),
    right('processor time'),
    right('of it serializing'),
    right('processor allows'),
    right('network allows'),
    left('limited by'),
  ];
  const groups = loads.map((load) => ({ label: { text: load.contender }, rows: load.wires.map(wireRow) }));
  const text =
    'Responses a second that all cores or the whole bandwidth would allow if a gateway did nothing but serialize, compress and send. A bound: the rest of a handler comes on top.';
  return [
    {
      kind: 'section',
      title: 'What limits it',
      blocks: [
        { kind: 'paragraph', text },
        { kind: 'table', labelTitle: 'contender', columns, groups },
      ],
    },
  ];
}

function wireRow({
  encoding,
  wireBytes,
  cpuNs,
  serializerShare,
  cpuLimit,
  networkLimit,
  limitedBy,
}: Bottleneck['wires'][number]): TableCell[] {
  return [
    { text: encoding },
    figure(wireBytes, formatBytes),
    figure(cpuNs, formatTime),
    figure(serializerShare, formatPercent),
    figure(cpuLimit, (count) => `${formatCount(count)}/s`),
    figure(networkLimit, (count) => `${formatCount(count)}/s`),
    { text: { cpu: 'processor', network: 'network', neither: 'neither at this rate' }[limitedBy] },
  ];
}

function tabulateRuntimes(runtimes: Choice['runtimes']): Section[] {
  if (runtimes.length === 1) return [];
  const columns = [
    left('runtime'),
    left('recommended'),
    right('a response'),
    right('speed against the reference'),
    left('because'),
  ];
  const rows = runtimes.map(({ runtime, unavailable, candidates, recommendation }): TableCell[] => {
    if (unavailable !== undefined)
      return [
        { text: runtime },
        { text: 'not available', tone: 'bad' },
        { text: nothing },
        { text: nothing },
        { text: showText(unavailable) },
      ];
    const chosen = candidates.find(({ contender }) => contender === recommendation?.contender);
    if (recommendation === undefined || chosen === undefined)
      return [{ text: runtime }, { text: 'none' }, { text: nothing }, { text: nothing }, { text: nothing }];
    const because = {
      fastest: 'beats every simpler one',
      simplest: 'none is shown to beat it',
      only: 'the only one left',
    }[recommendation.because];
    return [
      { text: runtime },
      { text: recommendation.contender, tone: 'strong' },
      figure(chosen.costNs?.median, formatTime),
      speedCell(chosen, recommendation.reference),
      { text: because },
    ];
  });
  return [
    {
      kind: 'section',
      title: 'Runtimes',
      blocks: [{ kind: 'table', columns, groups: [{ rows }] }, ...runtimes.slice(1).flatMap(detailsOf)],
    },
  ];
}

function detailsOf(choice: RuntimeChoice): Block[] {
  if (choice.unavailable !== undefined) return [];
  return [
    {
      kind: 'details',
      summary: `Contenders under ${choice.runtime}`,
      blocks: [...tabulateCandidates(choice), ...listRefusals(choice.candidates)],
    },
  ];
}

/** Suggestions that are listed; more of them are of the same kind. Arbitrary. */
const mostSuggestions = 5;

function reportData({ workload }: Choice): Section[] {
  const items: ListItem[] = workload.parts.flatMap((part) => [
    { text: tellPart(part) },
    ...part.notes.map((note): ListItem => ({ text: showText(note), tone: 'warning' })),
    ...suggestTypes(part.suggestedTypes),
  ]);
  return [{ kind: 'section', title: 'Data', blocks: [{ kind: 'list', items }] }];
}

function suggestTypes(places: Choice['workload']['parts'][number]['suggestedTypes']): ListItem[] {
  if (places.length === 0) return [];
  const rules = places
    .slice(0, mostSuggestions)
    .map(({ pointer, type }) => `${pointer}=${type}`)
    .join(',');
  const more = places.length > mostSuggestions ? ` and ${formatCount(places.length - mostSuggestions)} more` : '';
  return [
    {
      text: showText(
        `looks like datetimes and UUIDs, measured as text; where your driver gives objects: --types ${rules}${more}`,
      ),
      tone: 'muted',
    },
  ];
}

function reportMethod(choice: Choice): Section {
  const { environment, startedAt, durationMs, accepted, cores, bandwidthBitsPerSec, command } = choice;
  const how = [
    'Every contender was checked on the data and looked at once; those within reach of the fastest were then measured in further rounds, each in a fresh process, and only these rounds decide.',
    `A less simple contender is recommended where it gains ${tellNeeded(choice)} a response beyond doubt; among those that nobody is shown to beat by that much, the simplest is.`,
  ].join(' ');
  const items: ListItem[] = [
    { text: `${formatMoment(startedAt)}, took ${formatDuration(durationMs)}` },
    { text: tellRuntime(environment) },
    { text: tellMachine(environment) },
    {
      text: `accepted: ${accepted.length === 0 ? 'nothing' : accepted.join(', ')}; ${formatPlural(cores, 'core')}; ${formatBandwidth(bandwidthBitsPerSec)}`,
    },
  ];
  return {
    kind: 'section',
    title: 'How it was found',
    blocks: [
      { kind: 'paragraph', text: how },
      { kind: 'list', items },
      { kind: 'code', text: showText(command) },
    ],
  };
}

function formatBandwidth(bitsPerSec: number): string {
  return bitsPerSec >= 1e9
    ? `${Number((bitsPerSec / 1e9).toPrecision(3))} Gbit/s`
    : `${Number((bitsPerSec / 1e6).toPrecision(3))} Mbit/s`;
}

function reportSnippets({ snippets, runtimes }: Choice): Section[] {
  const chosen = runtimes[0].recommendation?.contender;
  if (chosen === undefined) return [];
  if (snippets.length === 0) {
    const text = `There is no snippet for ${showText(chosen)}: its module says nothing of how an application calls it (usage).`;
    return [{ kind: 'section', title: 'How to plug it in', blocks: [{ kind: 'paragraph', text }] }];
  }
  const codes = snippets.map(({ title, code }): { title: string; block: Block } => ({
    title,
    block: { kind: 'code', text: code.trimEnd(), language: 'js' },
  }));
  const [first, ...others] = codes;
  // One in full, so that a screen is not all snippets.
  const blocks =
    first === undefined
      ? []
      : [
          { kind: 'section' as const, title: first.title, blocks: [first.block] },
          ...others.map(({ title, block }): Block => ({ kind: 'details', summary: title, blocks: [block] })),
        ];
  return [{ kind: 'section', title: 'How to plug it in', blocks }];
}

function encodingsOf(candidates: readonly Candidate[]): readonly EncodedSize[] {
  return candidates.find(({ encoded }) => encoded !== undefined)?.encoded ?? [];
}

function figure(value: number | undefined, format: (value: number) => string): TableCell {
  return value === undefined ? { text: nothing } : { text: format(value), value };
}

function left(title: string): Column {
  return { title, align: 'left' };
}

function right(title: string): Column {
  return { title, align: 'right' };
}
