/**
 * Records the tools of an MCP server that is started with a command and speaks over stdio.
 *
 * Says what failed in the words of the process: not found, exited, hung, wrote something else than MCP. Whatever
 * happens, no process of the server is left. The command runs as given, without a shell.
 */
import { toOneLine } from '../foreign-text.ts';
import type { Env } from '../process/child-environment.ts';
import { describeDeath } from '../process/death.ts';
import { UserError } from '../user-error.ts';
import { createByteBudget, endOfPatience, type Catalog, type CatalogLimits, type Patience } from './catalog.ts';
import { createChangeNotes } from './change-notes.ts';
import { listPointer, readMcpCatalog } from './mcp.ts';
import { createProcessTransport, type ProcessOutcome } from './process-transport.ts';
import { describeCommand } from './redact.ts';

/** Time for a server to end by itself; servers that flush or close browsers take some hundred milliseconds. */
const graceMs = 1000;
/** After Ctrl-C everything has to be gone within a second. */
const interruptedGraceMs = 300;

/**
 * Starts a server, reads its catalog and ends it.
 * @param request.command program and arguments, not empty; @param request.env the server's whole environment.
 * @throws {UserError} for everything that goes wrong with the server, with the last lines of its stderr.
 */
export async function recordStdio(request: {
  command: readonly string[];
  env: Env;
  cwd: string;
  patience: Patience;
  limits: CatalogLimits;
}): Promise<Catalog> {
  const { command, patience, limits } = request;
  const described = describeCommand(command);
  const what = `server "${described.join(' ')}"`;
  const notes = createChangeNotes();
  const transport = createProcessTransport({
    ...request,
    what,
    budget: createByteBudget(what, limits),
    onText: (text) => notes.look(text, listPointer),
    graceMs: () => (patience.interrupted.aborted ? interruptedGraceMs : graceMs),
  });
  try {
    const { items, server } = await readMcpCatalog({ transport, patience, what, limits, notes });
    return {
      items,
      source: { kind: 'mcp-stdio', command: described, server },
      title: server.name,
      notes: notes.list(),
    };
  } catch (error) {
    throw explain({ what, error, outcome: transport.outcome(), patience });
  } finally {
    await transport.close();
  }
}

function explain(failure: { what: string; error: unknown; outcome: ProcessOutcome; patience: Patience }): UserError {
  const { what, error, outcome, patience } = failure;
  const { ended, strayLines, firstStrayLine, stderrTail, refusal } = outcome;
  const stray = strayLines === 0 ? '' : `; it wrote ${strayLines} lines that are not MCP, the first: ${firstStrayLine}`;
  const advice =
    'run the command by itself to see more; it gets a short environment here, and more of it with --env NAME';
  const hint = stderrTail.length === 0 ? advice : `${advice}. The end of its stderr:\n  ${stderrTail.join('\n  ')}`;

  if (patience.interrupted.aborted) return endOfPatience(what, patience) ?? new UserError(what);
  const isMissing = ended?.end.how === 'not started' && ended.end.code === 'ENOENT';
  if (isMissing) {
    return new UserError(`${what}: the program was not found`, {
      hint: 'check its spelling and the PATH',
      cause: error,
    });
  }
  if (ended?.end.how === 'not started')
    return new UserError(`${what}: it ${describeDeath(ended)}`, { hint, cause: error });
  if (refusal !== undefined) return refusal;
  // A catalog that is none is the server's answer; that it may have ended since changes nothing.
  if (error instanceof UserError) return error;
  if (ended !== undefined) {
    return new UserError(`${what}: it ${describeDeath(ended)} before it answered${stray}`, { hint, cause: error });
  }
  const late = endOfPatience(what, patience);
  if (late !== undefined) {
    return new UserError(`${late.message}${stray}`, { hint: `${late.hint}; ${hint}`, cause: error });
  }
  const reason = stray === '' ? toOneLine((error as Error).message) : `it does not speak MCP${stray}`;
  return new UserError(`${what}: ${reason}`, { hint, cause: error });
}
