/**
 * A gate session as GitHub workflow commands: an annotation a cell that somebody should look at, and one summary.
 *
 * GitHub shows only the first annotations of a step,
 * so the most severe stand first. Cells that pass, are new or are gone have none; the summary counts them.
 */
import type { GateCell, GateSession, Verdict } from '../../model/gate.ts';
import type { Format } from '../format.ts';
import { showCell, sortBySeverity, summarizeGate, tellGateCell, titleGate } from '../gate/gate-sentences.ts';
import { tellRepeatCommand } from '../gate/repeat-command.ts';
import { requireSession } from '../gate/require-session.ts';
import { type AnnotationLevel, workflowCommand } from '../workflow-command.ts';

export default {
  extension: 'txt',
  needs: 'session',
  render(_document, options) {
    const session = requireSession(options.session, 'github');
    const annotations = sortBySeverity(session.cells).flatMap((gateCell) => annotate(gateCell, session));
    const summary = workflowCommand('notice', { title: titleGate(session), message: summarizeGate(session) });
    return [...annotations, summary].map((line) => `${line}\n`).join('');
  },
} satisfies Format;

const levels: Partial<Record<Verdict, AnnotationLevel>> = {
  regression: 'error',
  failed: 'error',
  inconclusive: 'warning',
  improvement: 'notice',
};

function annotate(gateCell: GateCell, session: GateSession): string[] {
  const level = levels[gateCell.verdict];
  if (level === undefined) return [];
  const repeat = level === 'notice' ? [] : [tellRepeatCommand(session, gateCell.cell)];
  const title = `${gateCell.verdict}: ${showCell(gateCell.cell)}`;
  return [workflowCommand(level, { title, message: [tellGateCell(gateCell), ...repeat].join('\n') })];
}
