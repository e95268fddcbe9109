/**
 * A `fetch` whose answers are bounded and read by their charset, and whose texts can be looked at before they are
 * parsed.
 *
 * The MCP client reads answers whole and as UTF-8 whatever they are; here every byte is counted first, after
 * decompression, so that neither a large answer nor a compressed one that becomes large fills the memory. Bodies of
 * failures are cut. Redirects are decided about by the caller's `redirect`.
 */
import type { ByteBudget } from './catalog.ts';
import { decodeJson } from './decode.ts';
import { createLineSplitter } from './lines.ts';

export interface BoundedFetch {
  /** The start of an error message. */
  readonly what: string;
  readonly budget: ByteBudget;
  /** Gets the text of every JSON answer, and of every event of a stream. */
  readonly onText: (text: string) => void;
  /** Told where an answer's label and its bytes differ. */
  readonly onNote: (note: string) => void;
  /** Told of what ends the conversation, since a client may try again instead. */
  readonly onFailure: (error: unknown) => void;
}

/** Bytes of a failure's body that are read: a message for people fits. */
const failureBytes = 65_536;

export function createBoundedFetch(bounds: BoundedFetch): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetch(url, init);
    try {
      return await bound(response, bounds);
    } catch (error) {
      bounds.onFailure(error);
      throw error;
    }
  };
}

/** All bytes of a body. @throws {UserError} from the budget; leaving the loop cancels the body. */
export async function readBounded(response: Response, budget: ByteBudget): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    budget.take(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The beginning of a body that is no answer, as text for people. */
export async function readFailure(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= failureBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, failureBytes));
}

async function bound(response: Response, bounds: BoundedFetch): Promise<Response> {
  const contentType = response.headers.get('content-type') ?? undefined;
  if (response.body === null) return response;
  if (!response.ok) return rebuild(response, await readFailure(response));
  if (/^\s*text\/event-stream\b/i.test(contentType ?? ''))
    return rebuild(response, response.body.pipeThrough(watchEvents(bounds)));
  // Clients do not read what calls itself something else.
  if (!isJson(contentType)) return response;
  const { text, note } = decodeJson({
    bytes: await readBounded(response, bounds.budget),
    contentType,
    what: bounds.what,
  });
  if (note !== undefined) bounds.onNote(note);
  bounds.onText(text);
  return rebuild(response, text);
}

/** True for JSON by its content type, with or without a prefix, as in `application/vnd.api+json`. */
export function isJson(contentType: string | undefined): boolean {
  return /[/+]json\b/i.test(contentType ?? '');
}

/** The same answer with a body that was read; headers that described the bytes on the wire are gone. */
function rebuild(response: Response, body: string | ReadableStream): Response {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  const { status, statusText } = response;
  return new Response(body, { status, statusText, headers });
}

/** Passes bytes on, counted; events are UTF-8 by definition, and their data lines are joined as a client joins them. */
function watchEvents({
  budget,
  onText,
  onFailure,
  what,
}: BoundedFetch): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let data: string[] = [];
  const split = createLineSplitter((line) => {
    const { text } = decodeJson({ bytes: line, what });
    if (text.startsWith('data:')) data.push(text.slice('data:'.length).replace(/^ /, ''));
    if (text !== '') return;
    if (data.length > 0) onText(data.join('\n'));
    data = [];
  });
  return new TransformStream({
    transform(chunk, controller) {
      try {
        budget.take(chunk.length);
        split(chunk);
        controller.enqueue(chunk);
      } catch (error) {
        onFailure(error);
        controller.error(error);
      }
    },
  });
}
