/**
 * What a run says of a claim, as a table's cell; claims about serializers and about gateways are judged in the same words.
 */
import { showText } from '../../foreign-text.ts';
import type { ClaimVerdict } from '../../compare/claims.ts';
import type { TableCell, Tone } from '../document.ts';

const words: Readonly<Record<ClaimVerdict, readonly [string, Tone]>> = {
  holds: ['holds', 'good'],
  fails: ['does not hold', 'bad'],
  undecided: ['cannot be told', 'warning'],
  unmeasured: ['not measured', 'muted'],
};

/**
 * `holds, and more than stated`, `not measured: no such cell`.
 * @param judged.isMore true where more was measured than is stated; @param judged.reason why nothing can be said.
 */
export function claimVerdictCell(judged: {
  readonly verdict: ClaimVerdict;
  readonly isMore?: boolean;
  readonly reason?: string;
}): TableCell {
  const { verdict, isMore, reason } = judged;
  const [word, tone] = words[verdict];
  const more = isMore === true ? ', and more than stated' : '';
  return { text: `${word}${more}${reason === undefined ? '' : `: ${showText(reason)}`}`, tone };
}
