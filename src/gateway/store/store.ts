/**
 * What the rest of the gateway asks of a store, and how a store fails; entity-store.ts keeps these promises.
 */
import { UserError } from '../../user-error.ts';
import type { Entity, EntityInput, EntityKind, EntityState } from '../entities/entity.ts';
import { quote } from '../quote.ts';

export interface EntityPage {
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

export interface EntityChange {
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

/** Kinds that are imported from the servers behind a gateway. */
export const federatedKinds = ['tools', 'resources', 'prompts'] as const;

export type FederatedKind = (typeof federatedKinds)[number];

/** A gateway's entity, and all that there is of it. */
export interface FederatedChange {
  /** Of the gateway; a new one where absent. */
  readonly id?: string;
  /** Its fields that change; `undefined` removes it. */
  readonly gateway: EntityInput | undefined;
  /** All that belongs to it from now on, without `gatewayId`; names that are not among them are removed. */
  readonly imports: Readonly<Record<FederatedKind, readonly EntityInput[]>>;
  /** What is kept to connect to it, sealed; `null` for nothing. As it was where absent. */
  readonly credential?: string | null;
  /** The state that the gateway has to be in; any where absent. */
  readonly onlyIf?: EntityState | undefined;
}

/** A gateway that was registered by connecting to it. */
interface KnownUpstream {
  readonly id: string;
  /** As it was given to `federate`. */
  readonly credential: string | null;
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
  list(kind: EntityKind, page?: PageRequest): Promise<EntityPage>;
  get(kind: EntityKind, id: string): Promise<Entity | undefined>;
  /** Gives the entity its id, its times and version 1. @throws {NameTakenError} */
  create(kind: EntityKind, input: EntityInput): Promise<Entity>;
  /**
   * Replaces the fields that are given; counts the version. `undefined` where there is no such entity. What was imported
   * from a gateway is switched off and on with it.
   * @param options.onlyIf the state that it has to be in; any where absent.
   * @throws {NameTakenError}
   * @throws {StateChangedError} where it is in another state.
   */
  update(kind: EntityKind, id: string, input: EntityInput, options?: WriteCondition): Promise<Entity | undefined>;
  /** False where there was none. @throws {StateChangedError} as `update`. */
  remove(kind: EntityKind, id: string, options?: WriteCondition): Promise<boolean>;
  /**
   * Stores a gateway together with what was imported from it, in one transaction; what is the same already stays as it is.
   * @returns the gateway; `undefined` where it is to be changed and is not there.
   * @throws {NameTakenError} where an entity of somebody else has one of the names; nothing is changed then.
   * @throws {StateChangedError} where it is in another state than the one it was to be in.
   */
  federate(change: FederatedChange): Promise<Entity | undefined>;
  /** Gateways that `federate` stored; others are rows of a catalog, and nobody connects to them. */
  listUpstreams(): Promise<readonly KnownUpstream[]>;
  /** What was imported from a gateway, in the order of creation. */
  listOfGateway(kind: FederatedKind, gatewayId: string): Promise<readonly Entity[]>;
  count(kind: EntityKind): Promise<number>;
  /** A number that is another one after every change to that kind; what cached responses are valid for. */
  revision(kind: EntityKind): Promise<number>;
  /** Called after every change of this process, in their order. @returns a function that ends it. */
  onChange(listener: (change: EntityChange) => void): () => void;
  /**
   * Resolves where the database answers, and, where it refused the last write, takes one again.
   * @throws what it throws.
   */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What answering needs of a store. */
export type ReadableStore = Pick<Store, 'list' | 'get' | 'revision' | 'onChange'>;

export interface WriteCondition {
  readonly onlyIf?: EntityState | undefined;
}
