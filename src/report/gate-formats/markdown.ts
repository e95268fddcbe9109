/**
 * A gate session as GitHub-flavoured Markdown, for a job summary or a comment: its document in that format.
 */
import markdown from '../formats/markdown.ts';
import type { GateFormat } from '../gate-formats.ts';
import { reportGate } from '../gate/gate-report.ts';

export default {
  extension: markdown.extension,
  render: (session) => markdown.render(reportGate(session)),
} satisfies GateFormat;
