/**
 * The gateway's vocabulary: entities as its database gives them, and what the rest of it asks of a store.
 *
 * Everything that two rooms of the gateway share is declared here. Deliberately absent: HTTP, SQL and benchmarks; the
 * gateway does not know that it is measured.
 */
import { UserError } from '../user-error.ts';
import { quote } from './quote.ts';

/** What a gateway keeps lists of; the plural is the path, as in GET /tools. */
export type EntityKind = 'tools' | 'servers' | 'gateways' | 'resources' | 'prompts';

/** A UUID as a driver for a 16-byte column gives it. */
interface EntityId {
  readonly bytes: Uint8Array;
  /** Canonical lower-case text. */
  toString(): string;
  toJSON(): string;
}

/**
 * A row: `Date`s at its datetimes, `EntityId`s at its UUIDs, parsed JSON where a column holds JSON, plain values else.
 * Fields come in the order of the entity's schema, absent ones as null.
 */
export interface Entity {
  readonly id: EntityId;
  readonly [field: string]: unknown;
}

/** What a client sends: JSON that the entity's schema accepts. */
export type EntityInput = { readonly [field: string]: unknown };

/** Which state of an entity a write is meant for; a version that was never counted is 0. */
export interface EntityState {
  readonly version: number;
  readonly updatedAt: Date;
}

export interface Page {
  readonly items: readonly Entity[];
  /** Where the next page begins; opaque; `null` on the last one. */
  readonly nextCursor: string | null;
  /** About as many bytes as the items have in the database. */
  readonly bytes: number;
}

/** What a list is asked for. */
export interface PageRequest {
  /** As an earlier page gave it. */
  readonly cursor?: string;
  /** Items at most, a positive integer; all of them where absent. */
  readonly limit?: number;
  /**
   * Bytes at most, as the items have them in the database; the page ends before the item that would pass it, but always
   * has one. No more than that and two items are read at all. Any number where absent.
   */
  readonly mostBytes?: number;
}

export interface Change {
  readonly kind: EntityKind;
  readonly id: string;
  readonly action: 'created' | 'updated' | 'deleted';
  /** Absent where it was deleted. */
  readonly entity?: Entity;
}

/** Another entity of the kind has the name already, whichever process created it. */
export class NameTakenError extends Error {
  constructor(taken: { readonly kind: EntityKind; readonly field: string; readonly name: string }) {
    super(`another one of the ${taken.kind} has the ${taken.field} ${quote(taken.name)}`);
    this.name = 'NameTakenError';
  }
}

/** The entity is not in the state that a write was meant for; nothing was changed. */
export class StateChangedError extends Error {
  constructor(kind: EntityKind) {
    super(`one of the ${kind} was changed since it was read`);
    this.name = 'StateChangedError';
  }
}

/**
 * The database cannot do it now: it is locked, full, may only be read, or cannot be reached. Nothing was changed, or,
 * where a connection broke, nobody can say; the same call may succeed later.
 */
export class StoreUnavailableError extends UserError {}

/** A caller has more writes waiting than its share; the database may be well. */
export class TooManyWritesError extends StoreUnavailableError {
  constructor() {
    super('cannot write to the database: too many writes of this caller wait for it already');
  }
}

/**
 * A database with all of its entities; a promise that resolves to a write means that the write is on disk.
 * Every method rejects with a `StoreUnavailableError` where the database is not there for it.
 */
export interface Store {
  /**
   * Entities in the order of their creation.
   * @throws {RangeError} for a cursor that no page gave.
   */
  list(kind: EntityKind, page?: PageRequest): Promise<Page>;
  get(kind: EntityKind, id: string): Promise<Entity | undefined>;
  /** Gives the entity its id, its times and version 1. @throws {NameTakenError} */
  create(kind: EntityKind, input: EntityInput): Promise<Entity>;
  /**
   * Replaces the fields that are given; counts the version. `undefined` where there is no such entity.
   * @param options.onlyIf the state that it has to be in; any where absent.
   * @throws {NameTakenError}
   * @throws {StateChangedError} where it is in another state.
   */
  update(kind: EntityKind, id: string, input: EntityInput, options?: WriteOptions): Promise<Entity | undefined>;
  /** False where there was none. @throws {StateChangedError} as `update`. */
  remove(kind: EntityKind, id: string, options?: WriteOptions): Promise<boolean>;
  count(kind: EntityKind): Promise<number>;
  /** A number that is another one after every change to that kind; what cached responses are valid for. */
  revision(kind: EntityKind): Promise<number>;
  /** Called after every change of this process, in their order. @returns a function that ends it. */
  onChange(listener: (change: Change) => void): () => void;
  /** Resolves where the database answers, and, where it refused the last write, takes one again. @throws what it throws. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface WriteOptions {
  readonly onlyIf?: EntityState | undefined;
}

/** The name of what serializes every response, as `--serializer` has it. */
export type SerializerName = 'json-stringify' | 'fast-json-stringify' | 'gateway-serializer';

/** How responses leave: one setting each, and the same JSON whatever they are. */
export interface ResponseSettings {
  readonly serializer: SerializerName;
  /** Offered to clients that accept it; `none` sends as it is. */
  readonly compression: 'none' | 'gzip' | 'br' | 'zstd';
  /** Of the encoder; its own default where absent. */
  readonly compressionLevel?: number;
  /** Bodies below this many bytes are never compressed. */
  readonly compressionMinimumBytes: number;
  /** Whether whole bodies are kept and sent again until something of their kind changes. */
  readonly cache: boolean;
  /** False closes the connection after each response. */
  readonly keepAlive: boolean;
}

/** Who may call; `undefined` as settings means that nobody has to say who they are. */
export interface AuthSettings {
  /** Secret of HS256 tokens, at least 32 bytes. */
  readonly secret: string;
  /** What `iss` has to be; any where absent. */
  readonly issuer?: string;
  /** What `aud` has to be or hold; any where absent. */
  readonly audience?: string;
}

export interface GatewaySettings {
  readonly responses: ResponseSettings;
  readonly auth: AuthSettings | undefined;
  /**
   * Names by which clients may ask for the gateway, beside those of loopback, as in `gateway.example:4444`. Where absent,
   * loopback alone without tokens, and any with them.
   */
  readonly allowedHosts?: readonly string[];
  /** Largest request body in bytes. */
  readonly bodyLimitBytes: number;
  /** Items of a page unless the client says otherwise, and at most. */
  readonly pageSize: number;
  readonly mostPageItems: number;
  /** Milliseconds that a request may wait for the database, however often and wherever; five seconds where absent. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that requests get to finish after the signal to stop. */
  readonly drainMs: number;
}
