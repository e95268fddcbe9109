/**
 * Records the tools of an MCP server behind a URL (Streamable HTTP), or a plain JSON list at that URL.
 *
 * Which of the two it is can be said or found out: MCP is tried first. The value of the Authorization header goes
 * into requests and nowhere else: every error is made here, redacted, and keeps no cause that might quote a request.
 */
import { toOneLine } from '../foreign-text.ts';
import { requirePackages } from '../require-packages.ts';
import { UserError } from '../user-error.ts';
import { endOfPatience, type Catalog, type CatalogLimits, type Patience } from './catalog.ts';
import { createChangeNotes } from './change-notes.ts';
import { createRedactor, describeUrl } from './redact.ts';
import { readRestCatalog } from './rest.ts';

export interface UrlSource {
  /** http or https, without user and password. */
  readonly url: URL;
  /** Value of the Authorization header; a legal header value. */
  readonly authorization: string | undefined;
  readonly patience: Patience;
  readonly limits: CatalogLimits;
  /** The environment variable that an error about authorization names. */
  readonly authorizationVariable: string;
  /** Told in one line what was found out. */
  readonly onProgress: (line: string) => void;
}

/** Tries MCP, and reads a JSON list where the URL does not speak it. @throws {UserError} where both fail. */
export async function recordUrl(request: UrlSource): Promise<Catalog> {
  const { url, patience, onProgress } = request;
  // A list endpoint may leave a POST unanswered; half of the time is left to find out that GET works.
  const half = AbortSignal.timeout(patience.timeoutSeconds * 500);
  const attempt = { ...patience, expired: AbortSignal.any([patience.expired, half]) };
  let mcpError: unknown;
  try {
    return await readMcp({ ...request, patience: attempt });
  } catch (error) {
    if (isFinal(error) || patience.interrupted.aborted) throw explain(error, request);
    mcpError = error;
  }
  const refusal = explain(mcpError, { ...request, patience: attempt });
  onProgress(`${describeUrl(url)} does not speak MCP; reading it as a JSON list`);
  try {
    return await readRest(request);
  } catch (error) {
    const failure = explain(error, request);
    if (failure.code !== 2) throw failure;
    throw new UserError(`${failure.message}. As an MCP server: ${refusal.message.slice(whatOf(request).length + 2)}`, {
      hint: failure.hint ?? refusal.hint ?? '',
    });
  }
}

/** Reads a JSON list without trying MCP. @throws {UserError} for every failure. */
export async function recordRest(request: UrlSource): Promise<Catalog> {
  try {
    return await readRest(request);
  } catch (error) {
    throw explain(error, request);
  }
}

async function readMcp(request: UrlSource): Promise<Catalog> {
  requirePackages(['@modelcontextprotocol/sdk'], 'record an MCP server');
  const { readMcpUrl } = await import('./mcp-url.ts');
  return readMcpUrl({ ...request, what: whatOf(request) });
}

async function readRest(request: UrlSource): Promise<Catalog> {
  const { url } = request;
  const notes = createChangeNotes();
  const items = await readRestCatalog({ ...request, what: whatOf(request), notes });
  return {
    items,
    source: { kind: 'rest', url: describeUrl(url) },
    title: `${url.hostname} ${url.pathname}`,
    notes: notes.list(),
  };
}

/** True where reading the URL another way cannot help: it spoke MCP, it asks for authorization, or is not there. */
function isFinal(error: unknown): boolean {
  if (error instanceof UserError) return true;
  return isRefusal(error) || connectionFailure(error) !== undefined;
}

/**
 * By the status that the errors of both ways have as their code, since the class of one comes with an optional package.
 */
function isRefusal(error: unknown): error is Error & { readonly code: 401 | 403 } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 401 || code === 403;
}

function explain(error: unknown, request: UrlSource): UserError {
  const what = whatOf(request);
  const { patience, authorization, authorizationVariable } = request;
  const redact = createRedactor(authorization);
  const early = error instanceof UserError && error.code === 2 ? undefined : endOfPatience(what, patience);
  if (early !== undefined) return early;
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? {} : { hint: redact(error.hint) };
    return new UserError(redact(error.message), { code: error.code, ...hint });
  }
  if (isRefusal(error)) {
    const [why, hint] =
      authorization === undefined
        ? ['no Authorization header was sent', `put its value into the environment variable ${authorizationVariable}`]
        : [
            `the value of ${authorizationVariable} was not accepted`,
            `check that it has its scheme, as in "Bearer ..."`,
          ];
    return new UserError(`${what}: status ${error.code}; ${why}`, { hint });
  }
  const failure = connectionFailure(error);
  if (failure !== undefined) {
    const hint = 'check the address and that it is up';
    return new UserError(`${what}: ${toOneLine(redact(failure))}`, { hint });
  }
  return new UserError(`${what}: ${toOneLine(redact((error as Error).message))}`, {
    hint: 'check that the URL is an MCP endpoint, or a JSON list (--rest)',
  });
}

/** fetch says only "fetch failed"; its cause says why. */
function connectionFailure(error: unknown): string | undefined {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return undefined;
  const { code } = error.cause as NodeJS.ErrnoException;
  return error.cause.message === '' ? (code ?? 'the connection failed') : error.cause.message;
}

function whatOf(request: UrlSource): string {
  return `URL ${describeUrl(request.url)}`;
}
