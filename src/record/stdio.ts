/**
 * Records the tools of an MCP server that is started with a command and speaks over stdio.
 *
 * Says what failed in the words of the process: not found, exited, hung, wrote something else than MCP. Whatever
 * happens, no process of the server is left. Deliberately absent: shells; the command runs as given.
 */
import { UserError } from '../user-error.ts';
import { endOfPatience, displayable, type Catalog, type Patience } from './catalog.ts';
import { readMcpCatalog } from './mcp.ts';
import { createProcessTransport, type ProcessOutcome } from './process-transport.ts';
import { describeCommand } from './redact.ts';

/** Time for a server to end by itself; servers that flush or close browsers take some hundred milliseconds. */
const graceMs = 2000;
/** After Ctrl-C everything has to be gone within a second. */
const interruptedGraceMs = 300;

/**
 * Starts a server, reads its catalog and ends it.
 * @param request.command program and arguments, not empty; @param request.env the server's whole environment.
 * @throws {UserError} for everything that goes wrong with the server, with the last lines of its stderr.
 */
export async function recordStdio(request: {
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  patience: Patience;
}): Promise<Catalog> {
  const { command, patience } = request;
  const described = describeCommand(command);
  const what = `server "${described.join(' ')}"`;
  const transport = createProcessTransport(request);
  try {
    const { items, server } = await readMcpCatalog({ transport, patience, what });
    return { items, source: { kind: 'mcp-stdio', command: described, server }, title: server.name };
  } catch (error) {
    throw explain({ what, error, outcome: transport.outcome(), patience });
  } finally {
    await transport.stop(patience.interrupted.aborted ? interruptedGraceMs : graceMs);
  }
}

function explain(failure: { what: string; error: unknown; outcome: ProcessOutcome; patience: Patience }): UserError {
  const { what, error, outcome, patience } = failure;
  const { startError, ended, strayLines, firstStrayLine, stderrTail } = outcome;
  const stray = strayLines === 0 ? '' : ` It wrote ${strayLines} lines that are no MCP, the first: ${firstStrayLine}.`;
  const stderr = stderrTail.length === 0 ? '' : `\nThe end of its stderr:\n  ${stderrTail.join('\n  ')}\n`;
  const options = { hint: 'run the command by itself to see more', cause: error };

  if (patience.interrupted.aborted) return endOfPatience(what, patience) as UserError;
  if (startError === 'ENOENT') {
    return new UserError(`${what}: the program was not found`, { hint: 'check its spelling and the PATH', cause: error });
  }
  if (startError !== undefined) return new UserError(`${what}: it did not start (${startError})`, options);
  if (ended !== undefined) return new UserError(`${what}: it ended (${ended}) before it answered.${stray}${stderr}`, options);
  const late = endOfPatience(what, patience);
  if (late !== undefined) return new UserError(`${late.message}.${stray}${stderr}`, { hint: late.hint ?? '', cause: error });
  if (error instanceof UserError) return error;
  const reason = stray === '' ? displayable((error as Error).message) : 'it does not speak MCP.';
  return new UserError(`${what}: ${reason}${stray}${stderr}`, options);
}
