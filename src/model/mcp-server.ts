/**
 * What an MCP server offers, before anything of a protocol: tools, resources and prompts with what they answer.
 *
 * Names and fields are those of MCP, revision 2025-11-25, "Server Features".
 */
import type { JsonValue } from './values.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** A kind of server that `wirebench servers` can start, one file a kind. */
export interface ServerKind {
  /** Sorts kinds in help texts. */
  readonly order: number;
  readonly title: string;
  /** Made once for each server that listens; everything seeded, nothing read from a clock but what tools tell. */
  create(this: void, request: ServerRequest): ServedContent;
}

export interface ServerRequest {
  /** The server's name, which no other server of this machine has; URIs contain it. */
  readonly name: string;
  readonly counts: { readonly tools: number; readonly resources: number; readonly prompts: number };
  /** Characters of what a tool, a resource and a prompt answer. */
  readonly sizes: { readonly tool: number; readonly resource: number; readonly prompt: number };
  /** ASCII prose of exactly that many characters, the same for the same key. */
  readonly prose: (key: string, characters: number) => string;
}

export interface ServedContent {
  readonly instructions?: string;
  readonly tools: readonly ServedTool[];
  readonly resources: readonly ServedResource[];
  readonly templates?: readonly ServedTemplate[];
  readonly prompts: readonly ServedPrompt[];
  /** What may stand for an argument of a prompt or a template, most likely first; none where absent. */
  complete?(
    this: void,
    request: { readonly name: string; readonly argument: string; readonly value: string },
  ): readonly string[];
}

export interface ServedTool {
  readonly definition: { readonly name: string; readonly inputSchema: JsonRecord; readonly [field: string]: unknown };
  /** What `tools/call` answers. @throws anything, which becomes a result with `isError`. */
  call(this: void, given: JsonRecord, context: CallContext): JsonRecord | Promise<JsonRecord>;
}

/** What a tool may do beside answering. */
export interface CallContext {
  /** Ends when the client cancels the call, or goes. */
  readonly signal: AbortSignal;
  /** Tells how far it is, where the client asked for that. */
  progress(this: void, done: number, total: number): Promise<void>;
  log(this: void, level: 'debug' | 'info' | 'warning' | 'error', data: JsonValue): Promise<void>;
  /** Asks the client: `sampling/createMessage`, `elicitation/create`. @throws where it cannot or will not. */
  ask(this: void, method: string, params: JsonRecord): Promise<JsonRecord>;
  /** Closes the client's event stream for this call, so that it has to come back for the rest. */
  disconnect(this: void): void;
}

interface ServedResource {
  readonly definition: { readonly uri: string; readonly name: string; readonly [field: string]: unknown };
  /** One of `contents`, beside its URI. */
  read(this: void): JsonRecord;
}

export interface ServedTemplate {
  readonly definition: { readonly uriTemplate: string; readonly name: string; readonly [field: string]: unknown };
  /** One of `contents`, beside its URI; `undefined` where the URI is none of this template. */
  read(this: void, uri: string): JsonRecord | undefined;
}

export interface ServedPrompt {
  readonly definition: {
    readonly name: string;
    readonly arguments?: readonly {
      readonly name: string;
      readonly required?: boolean;
      readonly [field: string]: unknown;
    }[];
    readonly [field: string]: unknown;
  };
  /** What `prompts/get` answers, beside the description. */
  get(this: void, given: Readonly<Record<string, string>>): { readonly messages: readonly JsonRecord[] };
}
