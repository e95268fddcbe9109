/**
 * An explanation as a neutral document: does V8's fast path take the value, where does it leave, why, at what cost.
 *
 * Every figure and every verdict comes from the explanation, and so do reasons and remedies.
 */
import { standing } from '../../compare/ratios.ts';
import type { Explanation, ExplanationTimes, MeasuredRatio, Offence, OffenceCost } from '../../model/explanation.ts';
import type { Block, Document, Table, TableCell } from '../document.ts';
import { list, paragraph, remark, section, warning } from '../parts/blocks.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { type ColumnOf, left, right, tabulate } from '../parts/table.ts';
import {
  formatBoundedRatio,
  formatBytes,
  formatCount,
  formatInterval,
  formatPercent,
  formatPlural,
  formatRatio,
  formatTime,
  nothing,
  tooFewRounds,
} from '../quantities.ts';
import { showDocument } from '../show-document.ts';

/**
 * A slowdown below this says little about which path was taken: a value that leaves early has been seen a few percent
 * faster or slower with the fast path switched off, since then it is not tried.
 */
const leastTelling = 1.1;

/** The whole report of one explanation. */
export function reportExplanation(explanation: Explanation): Document {
  // Names, pointers and warnings come from the user's value.
  return showDocument({
    title: `wirebench explain: ${titleOf(explanation)}`,
    blocks: [
      ...tellHeader(explanation),
      paragraph(tellAnswer(explanation)),
      ...tellEvidence(explanation),
      ...tabulateOffences(explanation),
      ...tellOffences(explanation),
      ...explanation.warnings.map(warning),
      remark(aboutArguments),
    ],
  });
}

const aboutArguments =
  'A replacer or an indent (the second and third argument of JSON.stringify) takes every value off the fast path; ' +
  'they are no property of the value, so nothing here shows them.';

function titleOf({ runtimeHasFastPath, takesFastPath, offences }: Explanation): string {
  if (!runtimeHasFastPath) return 'this runtime has no fast path';
  if (takesFastPath === true) return 'the fast path takes this value';
  const kinds = offences.length === 0 ? '' : `, for ${formatPlural(offences.length, 'reason')}`;
  return `this value leaves the fast path${kinds}`;
}

function tellHeader({ source, outputBytes, environment, interrupted }: Explanation): Block[] {
  const items = [`${source}, ${formatBytes(outputBytes)} of JSON`, tellRuntime(environment), tellMachine(environment)];
  const stopped = 'Stopped early: fewer rounds were measured than planned, or none.';
  return [...list(items), ...(interrupted === true ? [warning(stopped)] : [])];
}

/** The answer in one paragraph. */
function tellAnswer(explanation: Explanation): string {
  const { runtimeHasFastPath, takesFastPath, offences } = explanation;
  const [first] = offences;
  if (!runtimeHasFastPath) {
    const found =
      first === undefined
        ? 'Nothing in this value would leave it.'
        : `On one that has it, the value would leave it first at ${tellPlace(first)}, ${tellWhat(first)}.`;
    return `JSON.stringify of this runtime has no fast path; Node.js has one from version 25 on. ${found}`;
  }
  if (takesFastPath === true) return tellTaken(explanation);
  if (first === undefined) return 'V8 leaves the fast path on this value, and no rule and no search found where.';
  return [
    `JSON.stringify leaves its fast path at ${tellPlace(first)}: ${tellWhat(first)}. ${first.why}`,
    'V8 then throws away what it has written and begins again with its general serializer, so a single one slows down the whole call.',
    tellGain(explanation),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function tellTaken({ times }: Explanation): string {
  const ratio = times?.switchedOff;
  if (times === undefined || ratio === undefined) return 'The fast path takes this value from end to end.';
  const factor = `one call takes ${formatTime(times.asItIsNs)}, and ${formatBoundedRatio(ratio)} as long with the fast path switched off`;
  return `The fast path takes this value from end to end: ${factor}.`;
}

function tellGain({ times, cleanedTakesFastPath }: Explanation): string {
  if (times?.cleaned === undefined) return '';
  const { asItIsNs, cleaned } = times;
  const costs = `One call takes ${formatTime(asItIsNs)}; with everything below replaced by its plain equivalent it takes ${formatTime(cleaned.latencyNs)}`;
  const ratio = formatBoundedRatio(cleaned.slowdown);
  const verdict = {
    more: `${ratio} faster`,
    less: `which is slower (${ratio})`,
    'no-difference': 'no difference that could be told',
    unknown: `a ratio of ${ratio} in ${tooFewRounds}`,
  };
  const still =
    cleanedTakesFastPath === false ? ' Even so V8 leaves the fast path, so something is left that was not found.' : '';
  return `${costs}, ${verdict[standing(cleaned.slowdown)]}.${still}`;
}

/** What says so: the probe, and whether the clock agrees. */
function tellEvidence({ runtimeHasFastPath, takesFastPath, times }: Explanation): Block[] {
  if (!runtimeHasFastPath) return [];
  const [verb, witness] =
    takesFastPath === true
      ? ['takes', 'written, which only the fast path can do']
      : ['leaves', 'refused, which the fast path does not do'];
  const probe = `V8 itself says that it ${verb} it: behind an array nested deeper than the stack allows, the value was ${witness}.`;
  return [paragraph(`${probe} ${tellClock(times, takesFastPath === true)}`)];
}

function tellClock(times: ExplanationTimes | undefined, isTaken: boolean): string {
  const ratio = times?.switchedOff;
  if (times === undefined || ratio === undefined) return 'No time was measured with the fast path switched off.';
  const measured = `With the fast path switched off one call takes ${formatBoundedRatio(ratio)} as long (${formatPlural(times.rounds, 'round')}${tellConfidence(ratio)})`;
  const known = standing(ratio);
  if (known === 'unknown') return `${measured}; ${tooFewRounds} allow no interval.`;
  if (isTaken) {
    if (known === 'more') return `${measured}, which agrees.`;
    if (known === 'less') return `${measured}, which contradicts it: the general serializer is faster here.`;
    return `${measured}: no difference, so the fast path is worth nothing for this value.`;
  }
  if (known === 'less') return `${measured}, which agrees: the call is faster without the attempt.`;
  return (ratio.lo ?? 0) > leastTelling
    ? `${measured}, which contradicts it.`
    : `${measured}, which agrees: there was little or nothing to switch off.`;
}

function tabulateOffences({ offences, times, runtimeHasFastPath }: Explanation): Table[] {
  if (offences.length === 0) return [];
  const costs =
    times?.cleaned === undefined
      ? ''
      : `, and what each kind costs by itself (the plain equivalent takes ${formatTime(times.cleaned.latencyNs)} a call)`;
  return [
    tabulate(offences, {
      caption: `What leaves the fast path${costs}`,
      columns: [
        left('what', ({ title }) => title),
        right('times', (offence) => ({ text: tellCount(offence), value: offence.count })),
        left('first at', (offence) => ({ text: tellPlace(offence), code: true })),
        ...(runtimeHasFastPath ? costColumns : []),
      ],
    }),
  ];
}

const costColumns: readonly ColumnOf<Offence>[] = [
  right('slowdown alone', ({ cost }) => slowdownCell(cost)),
  right('interval', ({ cost }) => boundsCell(cost)),
  right('more a call', ({ cost }) => extraCell(cost)),
];

function slowdownCell(cost: Offence['cost']): TableCell {
  if (cost === undefined) return { text: 'not measured', tone: 'muted' };
  const { ratio } = cost.slowdown;
  if (!isTold(cost)) return { text: 'no difference', value: ratio, tone: 'muted' };
  return { text: formatRatio(ratio), value: ratio, tone: ratio > 1 ? 'bad' : 'muted' };
}

function boundsCell(cost: Offence['cost']): TableCell {
  const { lo, hi } = cost?.slowdown ?? {};
  return lo === undefined || hi === undefined ? noFigure : { text: formatInterval({ lo, hi }) };
}

function extraCell(cost: Offence['cost']): TableCell {
  if (cost === undefined) return noFigure;
  const { extraNs } = cost;
  return { text: isTold(cost) && extraNs > 0 ? `+${formatTime(extraNs)}` : nothing, value: extraNs };
}

function isTold({ slowdown }: OffenceCost): boolean {
  return standing(slowdown) !== 'no-difference';
}

/** Why and what to do, one item a kind. */
function tellOffences({ offences }: Explanation): Block[] {
  if (offences.length === 0) return [];
  const items = offences.map((offence) => `${capitalize(tellWhat(offence))}. ${offence.why} ${offence.remedy}`);
  return [section('What to do', list(items))];
}

function tellWhat({ title, detail }: Offence): string {
  return detail === undefined ? title : `${title} (here ${detail})`;
}

function tellCount({ count, countIsEstimate }: Offence): string {
  return countIsEstimate === true ? `about ${formatCount(count)}` : formatCount(count);
}

function tellPlace({ firstPointer }: Offence): string {
  return firstPointer === '' ? 'the top' : firstPointer;
}

function tellConfidence({ confidence }: MeasuredRatio): string {
  return confidence === undefined ? '' : `, ${formatPercent(confidence)} confidence`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
