/**
 * What a report begins with, made of its sentences and one of its own charts.
 */
import type { Answer, Block, Chart, ListItem } from '../document.ts';

/** No block where there is nothing to say. */
export function answerOf(sentences: readonly (ListItem | string)[], chart?: Chart): Answer[] {
  if (sentences.length === 0) return [];
  const told = sentences.map((sentence) => (typeof sentence === 'string' ? { text: sentence } : sentence));
  return [{ kind: 'answer', sentences: told, ...(chart === undefined ? {} : { chart: copyChart(chart) }) }];
}

/** The chart stands in its section, too, and identifiers are unique. */
function copyChart(chart: Chart): Chart {
  return { ...chart, id: `answer-${chart.id}` };
}

/** Answers of several kinds as one, with the chart of the first that has one; a report has one answer. */
export function joinAnswers(answers: readonly Answer[]): Answer[] {
  const sentences = answers.flatMap((answer) => answer.sentences);
  const chart = answers.find((answer) => answer.chart !== undefined)?.chart;
  return sentences.length === 0 ? [] : [{ kind: 'answer', sentences, ...(chart === undefined ? {} : { chart }) }];
}

/** The first sentence of a run that was stopped. */
export function tellStopped(interrupted: boolean | undefined): ListItem[] {
  const text = 'This run was stopped early, so what follows rests on fewer rounds than were planned.';
  return interrupted === true ? [{ text, tone: 'warning' }] : [];
}

/** The first chart inside blocks that fits. */
export function findChart(blocks: readonly Block[], fits: (chart: Chart) => boolean): Chart | undefined {
  for (const block of blocks) {
    if (block.kind === 'chart' && fits(block)) return block;
    const inner = block.kind === 'section' || block.kind === 'details' ? findChart(block.blocks, fits) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
