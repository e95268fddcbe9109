/**
 * A response shape, and the single values of the type-handling table: the types of bench/payloads.
 */
import type { Profile } from './bench-module.ts';
import type { JsonValue, JsonSchema, Variant, NativeTypes } from './values.ts';

/** Seeded source of everything in a generated payload; the same seed gives the same values on every machine. */
export interface Generator {
  integer(min: number, max: number): number;
  /** True with the given probability in [0, 1]. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** English-like text of about `length` characters; now and then quotes, newlines, accents, CJK and emoji. */
  prose(length: number): string;
  /** RFC 3339 with milliseconds and `Z`, as `Date.prototype.toISOString` writes it. */
  datetime(): string;
  /** Canonical lower-case 36-character UUID, version 4. */
  uuid(): string;
  tool(): { [key: string]: JsonValue };
  server(): { [key: string]: JsonValue };
  gateway(): { [key: string]: JsonValue };
  /** A tool as `tools/list` gives it to an MCP client: nulls left out, so shapes differ item by item. */
  mcpTool(): { [key: string]: JsonValue };
  /** A prompt or resource as GET /export has them, snake_case like the whole export. */
  exportEntity(kind: 'tool' | 'gateway' | 'server' | 'prompt' | 'resource' | 'root'): { [key: string]: JsonValue };
}

/** One response shape. */
export interface Payload {
  readonly title: string;
  /** Where a gateway sends it and where it hurts. */
  readonly where: string;
  /** `response`: something a gateway sends. `representation`: one way to hold a datetime or a UUID. */
  readonly role: 'response' | 'representation';
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
  /** The JSON Schema: the name of a file under fixtures/schemas without `.schema.json`, or the schema itself. */
  readonly schema: string | JsonSchema;
  /** Item counts that a run takes when none are asked for; ascending. */
  readonly sizes: readonly number[];
  /** True where no other item count makes sense. */
  readonly fixedSizes?: boolean;
  readonly variants: readonly Variant[];
  /** JSON Pointer to the list inside the value; `''` where the value is the list; `null` where there is none. */
  readonly list: string | null;
  /** Text around the JSON on the wire, e.g. an SSE `data:` line; part of what a text contender must produce. */
  readonly frame?: { readonly prefix: string; readonly suffix: string };
  /** Builds the value in text form. */
  generate(generator: Generator, items: number): JsonValue;
  /** Builds the native form of a value from JSON.parse; without it `date-time` and `uuid` positions are revived. */
  revive?(value: JsonValue, types: NativeTypes): unknown;
  /** Why this runtime cannot build the payload; `undefined` where it can. */
  unsupported?(): string | undefined;
}

/** One input of the type-handling table. */
export interface TypeInput {
  readonly title: string;
  /** Builds the value; called once in a process of its own kind. */
  value(types: NativeTypes): unknown;
  /** JSON Schema for contenders that need one. */
  readonly schema: JsonSchema;
  /** JSON texts that a JSON contender may write for it; empty where the right answer is an error. */
  readonly accepts: readonly string[];
  /** True where the accepted text holds all of the value's meaning, false where JSON has no room for it. */
  readonly lossless: boolean;
  /** Why this runtime has no such value; `undefined` where it has. */
  unsupported?(): string | undefined;
}
