/**
 * Reads a whole stream of server-sent events, as answers of MCP may come.
 *
 * Source: the HTML standard, section 9.2.6 (interpreting an event stream). Only data is looked at: names, ids and times
 * of events say nothing about an answer.
 */

/** What the events of a stream hold. */
export interface EventData {
  /** The data of each event, in their order; events without data are none. */
  readonly data: readonly string[];
  /** True where the stream ends inside an event, which then does not count. */
  readonly isCutOff: boolean;
}

/** Reads the events of a stream that has ended. */
export function readEvents(stream: string): EventData {
  const data: string[] = [];
  let lines: string[] = [];
  const all = stream.split(/\r\n|\n|\r/);
  // What stands behind the last line end is no line yet.
  const rest = all.pop() ?? '';
  for (const line of all) {
    if (line === '') {
      if (lines.length > 0) data.push(lines.join('\n'));
      lines = [];
    } else if (line === 'data') lines.push('');
    else if (line.startsWith('data:')) lines.push(line.slice(line.startsWith('data: ') ? 6 : 5));
  }
  return { data, isCutOff: lines.length > 0 || rest.startsWith('data') };
}
