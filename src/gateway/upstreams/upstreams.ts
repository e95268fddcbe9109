/**
 * The servers behind the gateway: registered, asked, looked after and forgotten.
 *
 * A gateway's entity and what was imported from it change in one transaction. What fails at one server concerns its own
 * entities and nobody else.
 */
import { setInterval, setTimeout } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';

import { type Entity, type EntityInput, isSwitchedOff } from '../entities/entity.ts';
import { escapeAndCut } from '../quote.ts';
import type { JsonObject } from '../json.ts';
import type { FederatedKind, Store, WriteCondition } from '../store/store.ts';
import type { AllowedAddresses, Resolve } from './addresses.ts';
import { type AskedRequest, askUpstream, type CallOutcome } from './ask-upstream.ts';
import { readCatalog } from './catalog.ts';
import { type ConnectionLimits, type UpstreamConnection, connectTo } from './connection.ts';
import { type Credential, type CredentialKeeper, mask } from './credentials.ts';
import { checkHealth } from './health.ts';
import { noImports, toImports } from './imports.ts';
import { type Naming, nameOf, originalOf, slugOf } from './naming.ts';
import { healthy, readCredential, refusalOf, RegistrationRefused, requireAllowed } from './registration.ts';
import { findByTemplate, listTemplates } from './templates.ts';
import { type RequestContext, type UpstreamClient, createUpstreamClient } from './upstream-client.ts';
import { UpstreamFailure } from './upstream-session.ts';
import { WatchedResources } from './watched-resources.ts';

export interface UpstreamSettings {
  readonly allowed: AllowedAddresses;
  readonly naming: Naming;
  readonly credentials: CredentialKeeper;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** Milliseconds between two looks whether a server answers. */
  readonly healthEveryMs: number;
  readonly limits: ConnectionLimits;
  readonly resolve?: Resolve;
}

/** What is counted of them. */
export interface UpstreamCounters {
  countUpstreamCall(this: void, outcome: CallOutcome): void;
  countUpstreams(this: void, count: () => { reachable: number; unreachable: number }): void;
}

export interface Upstreams {
  /**
   * Connects to a server, imports what it has, and stores both.
   * @throws {RegistrationRefused} for an address that is not allowed, and a server that cannot be used.
   * @throws {NameTakenError} where a name is somebody else's.
   */
  register(input: EntityInput): Promise<Entity>;
  /** Reads again what a server has. @returns its gateway; `undefined` where there is none. @throws as `register`. */
  refresh(id: string): Promise<Entity | undefined>;
  /** Forgets a server with all that was imported from it. @returns false where it was no server of ours. */
  remove(id: string, condition?: WriteCondition): Promise<boolean>;
  /** Whether the gateway's entity is a server that was registered here, and no row of a catalog. */
  has(id: string): boolean;
  /**
   * Asks the server that an entity was imported from.
   * @returns `undefined` where it was imported from none.
   * @throws {McpError} its own error. @throws {UpstreamFailure} where it gave none; the message names the server.
   */
  forward(entity: Entity, request: ForwardedRequest): Promise<JsonObject> | undefined;
  /** Templates of all servers, under the gateway's names. */
  templates(): readonly JsonObject[];
  /**
   * Asks the server one of whose templates a URI fits, or is.
   * @returns `undefined` where there is none. @throws as `forward`.
   */
  forwardUri(uri: string, request: Omit<ForwardedRequest, 'kind'>): Promise<JsonObject> | undefined;
  /** Keeps a server telling of a resource's changes; each call of `watch` is ended by one of `unwatch`. @throws as `forward`. */
  watch(entity: Entity, context: RequestContext): Promise<void>;
  unwatch(entity: Entity): void;
  /** Gets the URI of a resource that changed, as the gateway's clients know it. @returns a function that ends it. */
  onUpdated(listener: (uri: string) => void): () => void;
  /** Ends what a client's session had with servers. */
  endSession(sessionId: string): void;
  close(): Promise<void>;
}

interface ForwardedRequest extends AskedRequest {
  readonly kind: FederatedKind;
}

interface Upstream {
  /** Of its entity; empty until that is stored. */
  id: string;
  readonly name: string;
  readonly slug: string;
  readonly url: string;
  readonly client: UpstreamClient;
  readonly connection: UpstreamConnection;
  /** With the server's own `uriTemplate`. */
  templates: readonly JsonObject[];
  readonly watched: WatchedResources;
  failures: number;
  isReachable: boolean;
  /** Switched off by people: nothing of it is offered. */
  isOff: boolean;
  /** A refresh that is waiting, and one that runs. */
  timer: NodeJS.Timeout | undefined;
  refreshing: Promise<Entity | undefined> | undefined;
}

/** Milliseconds in which changes of a server's lists become one refresh; arbitrary. */
const gatherMs = 200;
/** Milliseconds to say goodbye to a server; arbitrary. */
const goodbyeMs = 1_500;

/**
 * @param options.warn gets a line for what goes wrong while nobody waits for it.
 */
export async function openUpstreams(options: {
  store: Store;
  settings: UpstreamSettings;
  warn: (line: string) => void;
  metrics?: UpstreamCounters;
}): Promise<Upstreams> {
  const { store, settings, warn, metrics } = options;
  const { allowed, naming, credentials, timeoutMs, healthEveryMs, limits, resolve } = settings;
  const upstreams = new Map<string, Upstream>();
  const resolving = resolve === undefined ? { allowed } : { allowed, resolve };
  const listeners = new Set<(uri: string) => void>();
  const ending = new AbortController();

  function connect(about: { id: string; name: string; url: URL; credential: Credential | undefined }): Upstream {
    const { id, name, url, credential } = about;
    const headers = credential === undefined ? {} : credentials.headersOf(credential);
    const connection = connectTo({ ...resolving, headers }, limits);
    const watched = new WatchedResources();
    const client = createUpstreamClient({
      url,
      connection,
      timeoutMs,
      onNotification(method, params) {
        if (method.endsWith('/list_changed')) refreshSoon(upstream);
        if (method === 'notifications/resources/updated') tellUpdated(upstream.id, String(params['uri']));
      },
      onOpen: (session) => void watched.renew(session, ending.signal),
    });
    const upstream: Upstream = {
      id,
      name,
      slug: slugOf(name),
      url: url.href,
      client,
      connection,
      templates: [],
      watched,
      failures: 0,
      isReachable: true,
      isOff: false,
      timer: undefined,
      refreshing: undefined,
    };
    return upstream;
  }

  async function disconnect(upstream: Upstream): Promise<void> {
    // A server that hangs is not waited for; without its connection nothing of it goes on.
    await Promise.race([upstream.client.close(), wait(goodbyeMs, undefined, { ref: false })]);
    await upstream.connection.close();
    // What it told meanwhile concerns nobody.
    clearTimeout(upstream.timer);
  }

  /** What there is of a server now. */
  async function look({ client, name, slug, url }: Upstream): Promise<{
    gateway: EntityInput;
    imports: ReturnType<typeof toImports>;
    templates: readonly JsonObject[];
  }> {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(timeoutMs)]);
    const capabilities = await client.capabilities();
    const catalog = await readCatalog(client, { capabilities, signal });
    const imports = toImports(catalog, { gatewayName: name, slug, url, naming });
    const now = new Date().toISOString();
    return {
      imports,
      templates: catalog.templates,
      gateway: {
        capabilities,
        ...healthy(now),
        lastRefreshAt: now,
        toolCount: imports.tools.length,
        resourceCount: imports.resources.length,
        promptCount: imports.prompts.length,
      },
    };
  }

  async function refreshNow(upstream: Upstream): Promise<Entity | undefined> {
    const { gateway, imports, templates } = await look(upstream).catch((error: unknown) => {
      throw refusalOf(error, upstream.name);
    });
    upstream.templates = templates;
    const entity = await store.federate({ id: upstream.id, gateway, imports });
    upstream.failures = 0;
    upstream.isReachable = true;
    return entity;
  }

  /** Many that ask at once get one answer. */
  function refresh(upstream: Upstream): Promise<Entity | undefined> {
    upstream.refreshing ??= refreshNow(upstream).finally(() => (upstream.refreshing = undefined));
    return upstream.refreshing;
  }

  /** A change while lists are read, by a registration or another refresh, is looked at afterwards: they may be old. */
  function refreshSoon(upstream: Upstream): void {
    if (upstream.timer !== undefined) return;
    upstream.timer = setTimeout(() => {
      upstream.timer = undefined;
      if (upstream.id === '' || upstream.refreshing !== undefined) refreshSoon(upstream);
      else if (upstreams.has(upstream.id)) refresh(upstream).catch((error: unknown) => warnOf(upstream, error));
    }, gatherMs).unref();
  }

  function tellUpdated(id: string, own: string): void {
    const upstream = upstreams.get(id);
    if (upstream === undefined) return;
    const uri = nameOf('resources', { slug: upstream.slug, name: own, naming });
    for (const listener of listeners) listener(uri);
  }

  function offered(): Upstream[] {
    return [...upstreams.values()].filter(({ isOff }) => !isOff);
  }

  function ask(
    upstream: Upstream,
    own: string,
    { context, ...request }: Omit<ForwardedRequest, 'kind'>,
  ): Promise<JsonObject> {
    const signal = AbortSignal.any([context.signal, ending.signal]);
    const count = metrics?.countUpstreamCall;
    return askUpstream(upstream, own, { ...request, context: { ...context, signal } }, count);
  }

  function upstreamOf(entity: Entity): Upstream | undefined {
    const gatewayId = entity['gatewayId'] as Entity['id'] | null | undefined;
    return gatewayId === null || gatewayId === undefined ? undefined : upstreams.get(gatewayId.toString());
  }

  function warnOf({ name }: Upstream, error: unknown): void {
    if (!ending.signal.aborted) warn(escapeAndCut(`upstream ${name}: ${(error as Error).message}`, 500));
  }

  const health = setInterval(() => {
    for (const upstream of upstreams.values()) {
      const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(timeoutMs)]);
      checkHealth(upstream, { store, signal }).catch((error: unknown) => warnOf(upstream, error));
    }
  }, healthEveryMs).unref();

  for (const { id, credential } of await store.listUpstreams()) {
    const entity = await store.get('gateways', id);
    if (entity === undefined) continue;
    try {
      const opened = credential === null ? undefined : credentials.open(credential);
      const upstream = connect({
        id,
        name: entity['name'] as string,
        url: new URL(entity['url'] as string),
        credential: opened,
      });
      upstream.isReachable = entity['reachable'] !== false;
      upstream.isOff = isSwitchedOff(entity);
      upstreams.set(id, upstream);
      // What it has may have changed while nobody looked.
      refreshSoon(upstream);
    } catch (error) {
      warn(escapeAndCut(`upstream ${String(entity['name'])}: ${(error as Error).message}`, 500));
    }
  }

  const unlisten = store.onChange(({ kind, id, entity }) => {
    const upstream = kind === 'gateways' ? upstreams.get(id) : undefined;
    if (upstream !== undefined && entity !== undefined) upstream.isOff = isSwitchedOff(entity);
  });

  metrics?.countUpstreams(() => {
    const all = [...upstreams.values()];
    const reachable = all.filter((upstream) => upstream.isReachable).length;
    return { reachable, unreachable: all.length - reachable };
  });

  return {
    async register(input) {
      const { authType, authValue, ...rest } = input;
      const credential = readCredential(authType, authValue);
      const url = await requireAllowed(String(input['url']), resolving);
      const name = String(input['name']);
      if (slugOf(name) === '' && naming.separator !== undefined)
        throw new RegistrationRefused(422, 'body/name needs a letter or a digit, since imported names begin with it');
      let upstream: Upstream;
      try {
        upstream = connect({ id: '', name, url, credential });
      } catch (error) {
        throw new RegistrationRefused(422, `body/authValue: ${(error as Error).message}`, error);
      }
      try {
        const { gateway, imports, templates } = await look(upstream).catch((error: unknown) => {
          throw refusalOf(error, name);
        });
        const entity = await store.federate({
          gateway: {
            ...rest,
            ...gateway,
            slug: upstream.slug,
            ...(credential === undefined ? {} : { authType: credential.type, authValue: mask }),
          },
          imports,
          credential: credential === undefined ? null : credentials.seal(credential),
        });
        if (entity === undefined) throw new Error('a new gateway was not stored');
        upstream.id = entity.id.toString();
        upstream.isOff = isSwitchedOff(entity);
        upstream.templates = templates;
        upstreams.set(upstream.id, upstream);
        return entity;
      } catch (error) {
        await disconnect(upstream);
        throw error;
      }
    },
    async refresh(id) {
      const upstream = upstreams.get(id);
      return upstream === undefined ? undefined : refresh(upstream);
    },
    async remove(id, condition = {}) {
      const upstream = upstreams.get(id);
      if (upstream === undefined) return false;
      const removed = await store.federate({ id, gateway: undefined, imports: noImports, ...condition });
      upstreams.delete(id);
      await disconnect(upstream);
      return removed !== undefined;
    },
    has: (id) => upstreams.has(id),
    forward(entity, request) {
      const upstream = upstreamOf(entity);
      return upstream === undefined ? undefined : ask(upstream, ownName(request.kind, entity, upstream), request);
    },
    templates: () => listTemplates(offered(), naming),
    forwardUri(uri, request) {
      const found = findByTemplate(offered(), { uri, naming });
      return found === undefined ? undefined : ask(found.server, found.own, request);
    },
    async watch(entity, context) {
      const upstream = upstreamOf(entity);
      if (upstream === undefined) return;
      const own = ownName('resources', entity, upstream);
      // By the session for everybody, which has a stream on which changes are told.
      const everybody = { signal: context.signal };
      await ask(upstream, own, { method: 'resources/subscribe', params: (uri) => ({ uri }), context: everybody });
      upstream.watched.add(own);
    },
    unwatch(entity) {
      const upstream = upstreamOf(entity);
      if (upstream === undefined) return;
      const own = ownName('resources', entity, upstream);
      if (!upstream.watched.remove(own)) return;
      const context = { signal: ending.signal };
      ask(upstream, own, { method: 'resources/unsubscribe', params: (uri) => ({ uri }), context }).catch(() => {});
    },
    onUpdated(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    endSession(sessionId) {
      for (const { client } of upstreams.values()) client.endSession(sessionId);
    },
    async close() {
      ending.abort();
      clearInterval(health);
      unlisten();
      await Promise.all([...upstreams.values()].map(disconnect));
    },
  };

  function ownName(kind: FederatedKind, entity: Entity, { slug, name }: Upstream): string {
    if (kind === 'tools') return entity['originalName'] as string;
    const known = entity[kind === 'resources' ? 'uri' : 'name'] as string;
    const own = originalOf(kind, { slug, name: known, naming });
    if (own !== undefined) return own;
    throw new UpstreamFailure(
      `what was imported from the server ${JSON.stringify(name)} has other names now; refresh it`,
    );
  }
}
