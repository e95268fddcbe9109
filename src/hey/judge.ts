/**
 * Whether a response is an answer: a status alone says little, since errors of JSON-RPC and of tools come with a 200.
 *
 * Each body is parsed as a whole, since only that tells a cut one, and the word "error" inside a text from an error. What
 * keeps it cheap: the same request mostly gets the same bytes, and bytes that were judged before are only compared.
 * Sources: JSON-RPC 2.0, sections 5 and 6; MCP 2025-11-25, transports and tools.
 */
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

import { isObject } from '../json.ts';
import { readEvents } from '../load/client/event-stream.ts';

/** What the payload asks for. */
export interface ExpectedAnswer {
  /** Ids of its JSON-RPC requests, as JSON text; empty where it is no JSON-RPC, or wants no answer. */
  readonly ids: readonly string[];
}

/** A response as it came. */
export interface Response {
  readonly status: number;
  /** The media type in lower case, without parameters; empty where there is none. */
  readonly type: string;
  /** What its body is encoded with; empty where it is not. */
  readonly encoding: string;
  /** Only valid while it is judged. */
  readonly body: Buffer;
}

/** Why a response is no answer. */
export interface Flaw {
  /** What it is counted under. */
  readonly kind: string;
  /** What the server says of it, as it came. */
  readonly example?: string;
}

/** Bodies that are remembered. Arbitrary: servers that vary their answers mostly vary them without end. */
const mostKnown = 4;
/** Larger ones are parsed each time; in bytes. */
const mostKnownBytes = 1024 * 1024;
/** Characters of an example. */
const exampleLength = 200;

/** Statuses whose responses have no body to speak of. */
const bodiless: ReadonlySet<number> = new Set([202, 204, 205]);

interface Known {
  readonly type: string;
  readonly encoding: string;
  readonly body: Buffer;
  readonly flaw: Flaw | undefined;
}

/** What a payload asks for, by its own bytes. */
export function expectedOf(payload: Buffer | undefined): ExpectedAnswer {
  const value = payload === undefined ? undefined : parse(payload.toString());
  const messages: unknown[] = Array.isArray(value) ? value : [value];
  const requests = messages.filter(isObject).filter(({ jsonrpc, method }) => jsonrpc === '2.0' && method !== undefined);
  return { ids: requests.flatMap(({ id }) => (id === undefined || id === null ? [] : [JSON.stringify(id)])) };
}

/** Judges the responses to one request. */
export class Judge {
  readonly #expected: ExpectedAnswer;
  readonly #hasBodies: boolean;
  readonly #known: Known[] = [];
  #oldest = 0;

  /** @param request.method HEAD has no bodies. */
  constructor(request: { expected: ExpectedAnswer; method: string }) {
    this.#expected = request.expected;
    this.#hasBodies = request.method !== 'HEAD';
  }

  /** @returns `undefined` for an answer. */
  judge(response: Response): Flaw | undefined {
    const { status, type, encoding, body } = response;
    if (status < 200 || status > 299) return { kind: `HTTP ${status}`, ...exampleOf(readStart(response)) };
    if (!this.#hasBodies) return undefined;
    if (body.length === 0) return this.#judgeEmpty(response);
    for (const known of this.#known) {
      if (known.body.length !== body.length || known.type !== type || known.encoding !== encoding) continue;
      if (known.body.equals(body)) return known.flaw;
    }
    const flaw = judgeBody(response, this.#expected);
    if (body.length <= mostKnownBytes) {
      this.#known[this.#oldest] = { type, encoding, body: Buffer.from(body), flaw };
      this.#oldest = (this.#oldest + 1) % mostKnown;
    }
    return flaw;
  }

  #judgeEmpty({ status, type }: Response): Flaw | undefined {
    if (this.#expected.ids.length === 0 && (bodiless.has(status) || !isJson(type))) return undefined;
    return { kind: 'empty body' };
  }
}

function judgeBody(response: Response, expected: ExpectedAnswer): Flaw | undefined {
  const { type } = response;
  const isAsked = expected.ids.length > 0;
  if (!isAsked && !isJson(type) && type !== eventStream) return undefined;
  const text = readText(response);
  if (text === undefined) return { kind: 'body that cannot be decompressed' };
  const read = readMessages(text, type === eventStream);
  if ('kind' in read) return read;
  return judgeMessages(read.messages, expected);
}

const eventStream = 'text/event-stream';

/**
 * The messages of a body: one, those of a batch, or those of events.
 * @returns what is wrong with it where it cannot be read.
 */
export function readMessages(text: string, isStream: boolean): { readonly messages: readonly unknown[] } | Flaw {
  const { data, isCutOff } = isStream ? readEvents(text) : { data: [text], isCutOff: false };
  if (isCutOff) return { kind: 'events that are cut off' };
  const messages: unknown[] = [];
  for (const part of data) {
    const value = parse(part);
    if (value === undefined) return { kind: 'body that is no JSON', ...exampleOf(text) };
    if (Array.isArray(value)) messages.push(...(value as unknown[]));
    else messages.push(value);
  }
  return { messages };
}

function judgeMessages(messages: readonly unknown[], { ids }: ExpectedAnswer): Flaw | undefined {
  // What is asked for by JSON-RPC is one of its answers also where the server forgets to say so.
  const answers = messages.filter(isObject).filter(({ jsonrpc }) => ids.length > 0 || jsonrpc === '2.0');
  const answered = new Set<string>();
  for (const { id, result, error } of answers) {
    if (error !== undefined && error !== null) return flawOfError(error);
    if (result === undefined) continue;
    if (isObject(result) && result['isError'] === true) return flawOfTool(result);
    answered.add(JSON.stringify(id));
  }
  return ids.every((id) => answered.has(id)) ? undefined : { kind: 'no answer of JSON-RPC' };
}

function flawOfError(error: unknown): Flaw {
  const { code, message } = isObject(error) ? error : {};
  return {
    kind: `JSON-RPC error${typeof code === 'number' ? ` ${code}` : ''}`,
    ...exampleOf(typeof message === 'string' ? message : undefined),
  };
}

function flawOfTool({ content }: { readonly [key: string]: unknown }): Flaw {
  const texts = Array.isArray(content) ? content.filter(isObject).map(({ text }) => text) : [];
  return { kind: 'isError', ...exampleOf(texts.find((text) => typeof text === 'string')) };
}

function exampleOf(text: string | undefined): Pick<Flaw, 'example'> {
  const start = text?.slice(0, exampleLength).trim() ?? '';
  return start === '' ? {} : { example: start };
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Enough of a body for an example, however long it is. */
function readStart(response: Response): string | undefined {
  const { body, encoding } = response;
  return encoding === '' ? body.toString('utf8', 0, 4 * exampleLength) : readText(response);
}

/** `undefined` where the body is not what its encoding says, or the encoding is not known. */
function readText({ body, encoding }: Response): string | undefined {
  if (encoding === '' || encoding === 'identity') return body.toString();
  try {
    return decoders[encoding]?.(body).toString();
  } catch {
    return undefined;
  }
}
