/**
 * A gate session as JUnit XML: a test suite a suite, a test case a cell.
 *
 * A regression is a failure, a cell that could not be measured any more an error; an inconclusive one and one that
 * neither side can do are skipped, so that they never count as passed. Test cases have no times: a duration of
 * measuring would be taken for a result.
 */
import junit, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';

import { groupBy } from '../../compare/cells.ts';
import type { GateCell, GateSession } from '../../model/gate.ts';
import type { Format } from '../format.ts';
import { sortBySeverity, summarizeGate, tellGateCell, titleGate } from '../gate/gate-sentences.ts';
import { formatCount } from '../quantities.ts';
import { tellRepeatCommand } from '../gate/repeat-command.ts';
import { requireSession } from '../gate/require-session.ts';
import { showLines, showText } from '../../foreign-text.ts';

export default {
  extension: 'xml',
  needs: 'session',
  render(_document, options) {
    const session = requireSession(options.session, 'junit');
    const report = newReport().name(showText(titleGate(session)));
    for (const [suite, cells] of groupBy(sortBySeverity(session.cells), ({ cell }) => cell.suite)) {
      const testSuite = report.testSuite().name(showText(suite)).timestamp(showText(session.startedAt));
      describeSession(testSuite, session);
      for (const gateCell of cells) addTestCase(testSuite, { gateCell, session });
    }
    return `${report.build()}\n`;
  },
} satisfies Format;

/** The package is CommonJS and its export is the builder itself, while its types promise it as `default`. */
function newReport(): Builder {
  return (junit as unknown as Builder).newBuilder();
}

function describeSession(testSuite: TestSuite, session: GateSession): void {
  const { baseline, candidate, leftOut, seed } = session;
  testSuite
    .property('baseline', showText(`${baseline.ref} at ${baseline.commit}`))
    .property('candidate', showText(`${candidate.ref} at ${candidate.commit}`))
    .property('seed', `${seed}`)
    .property('cells left out of the session', formatCount(leftOut.length))
    .property('summary', showText(summarizeGate(session)));
}

function addTestCase(testSuite: TestSuite, { gateCell, session }: { gateCell: GateCell; session: GateSession }): void {
  const { suite, contender, payload, items, variant, sink } = gateCell.cell;
  const testCase = testSuite
    .testCase()
    .className(showText(`${suite}.${contender}`))
    .name(showText([payload, formatCount(items), variant, sink].join('/')));
  const sentence = showText(tellGateCell(gateCell));
  const reason = showText(gateCell.reason);
  // A sentence with figures leaves the reason out.
  const told = sentence.includes(reason) ? [sentence] : [sentence, reason];
  const repeat = ['Repeat it with:', tellRepeatCommand(session, gateCell.cell)];
  judge(testCase, { gateCell, sentence, details: asSection([...told, ...repeat].join('\n')) });
}

function judge(testCase: TestCase, told: { gateCell: GateCell; sentence: string; details: string }): void {
  const { gateCell, sentence, details } = told;
  switch (gateCell.verdict) {
    case 'regression':
      testCase.failure(sentence, 'regression').stacktrace(details);
      break;
    case 'failed':
      testCase.error(sentence, 'failed', details);
      break;
    case 'inconclusive':
    case 'unmeasured':
      // The package writes no message into a skipped element, so the reason stands in the case's output.
      testCase.skipped().standardOutput(details);
      break;
    case 'improvement':
    case 'new':
    case 'gone':
    case 'pass':
      testCase.standardOutput(asSection(sentence));
  }
}

/** The package guards only the first end mark of a CDATA section, so a blank takes the meaning from all of them. */
function asSection(text: string): string {
  return showLines(text).replaceAll(']]>', ']] >');
}
