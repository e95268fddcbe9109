/**
 * A gate session for a terminal: its document in the terminal's format.
 */
import terminal from '../formats/terminal.ts';
import type { GateFormat } from '../gate-formats.ts';
import { reportGate } from '../gate/gate-report.ts';

export default {
  extension: terminal.extension,
  render: (session, options) => terminal.render(reportGate(session), options),
} satisfies GateFormat;
