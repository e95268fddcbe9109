/**
 * Warnings as sentences, which is how run files of version 1 keep them and reports show them.
 *
 * The texts of noise hold no measured figure, so that equal warnings of many cells can be told once.
 */
import { evidenceNouns } from '../compare/evidence.ts';
import type { Warning } from '../model/cell.ts';

/** A sentence without a capital and a full stop. */
export function tellWarning(warning: Warning): string {
  switch (warning.code) {
    case 'noisy':
      return noise[warning.of];
    case 'few-rounds':
      return `only ${warning.rounds} round${warning.rounds === 1 ? '' : 's'}`;
    case 'lost-rounds':
      return `${warning.rounds} of ${warning.of} ${evidenceNouns[warning.evidence]} ${warning.status}: ${warning.reason}`;
    case 'size-differs':
      return `output size differs between processes: ${warning.least} to ${warning.most} bytes`;
    case 'output-differs':
      return `output for ${warning.input} differs between processes`;
    case 'told':
      return warning.text + tellRounds(warning.rounds);
  }
}

/**
 * What a sentence of a file warns of: only noise means something to a program, all others are passed on as they are.
 */
export function readWarning(text: string): Warning {
  const of = text === earlierNoise ? 'values' : (['values', 'interval'] as const).find((one) => noise[one] === text);
  return of === undefined ? { code: 'told', text } : { code: 'noisy', of };
}

const noise: Readonly<Record<(Warning & { readonly code: 'noisy' })['of'], string>> = {
  values: 'noisy: the rounds lie more than a factor of 1.25 apart',
  interval: 'noisy: the interval of the time spans more than a factor of 1.25',
};

/** As version 0.1 stored it. */
const earlierNoise = 'noisy: the forks lie more than a factor of 1.25 apart';

function tellRounds(rounds: (Warning & { readonly code: 'told' })['rounds']): string {
  if (rounds === undefined || rounds.of === 1) return '';
  const { count, of, evidence } = rounds;
  // Of processes it is always said how many it was, since that is what is looked for there.
  return evidence === 'round' && count === of ? '' : ` (in ${count} of ${of} ${evidenceNouns[evidence]})`;
}
