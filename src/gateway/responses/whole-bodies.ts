/**
 * The way out of every whole response once it is serialized: bodies from the cache, compression, and whether the
 * connection stays. Streams pass as they are.
 *
 * What the settings do not ask for adds no hook, so that it costs nothing.
 */
import { randomUUID } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ResponseSettings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import { ResponseCache } from './cache.ts';
import { type Encoding, accepts, compress } from './compression.ts';
import { tagEncoded, tagHeaders } from './conditions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where this request's body is kept, or `null`. */
    cacheEntry: CacheEntry | null;
  }
}

interface CacheEntry {
  readonly key: string;
  readonly revision: string;
  readonly etag: string;
  /** The body comes from the cache and leaves as it is. */
  readonly isHit: boolean;
}

/** Memory for kept bodies; arbitrary, several times the largest list that gateways are seen to send. */
const mostCachedBytes = 128 * 1024 * 1024;

export function installResponses(app: FastifyInstance, options: { store: Store; settings: ResponseSettings }): void {
  const { store, settings } = options;
  app.decorateRequest('cacheEntry', null);
  if (!settings.keepAlive) {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header('connection', 'close');
      done();
    });
  }
  if (settings.cache) installCacheLookup(app, { store, settings, cache: new ResponseCache(mostCachedBytes) });
  else if (settings.compression !== 'none')
    app.addHook('onSend', (_request, reply, payload) => compressPayload(reply, { payload, settings }));
}

interface CacheContext {
  readonly store: Store;
  readonly settings: ResponseSettings;
  readonly cache: ResponseCache;
}

function installCacheLookup(app: FastifyInstance, context: CacheContext): void {
  const { store, settings, cache } = context;
  // Another process may count its revisions from the same number; its tags must not be taken for ours.
  const processTag = randomUUID().slice(0, 8);
  app.addHook('preHandler', async (request, reply) => {
    const { endpoint } = request.routeOptions.config;
    if (endpoint?.reads === undefined) return;
    // Read before the entities are, so that they are of this revision or a newer one.
    const revision = (await Promise.all(endpoint.reads.map((kind) => store.revision(kind)))).join('.');
    const encoding = chooseEncoding(request, settings);
    const caller = endpoint.isPersonal === true ? (request.caller.subject ?? '') : '';
    const key = JSON.stringify([request.url, encoding, caller]);
    const found = cache.find(key, revision);
    // Weak, since it names a state of the entities and not of the bytes.
    request.cacheEntry = { key, revision, etag: `W/"${processTag}.${revision}"`, isHit: found !== undefined };
    if (found === undefined) return;
    return reply.headers(found.headers).send(found.body);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const entry = request.cacheEntry;
    const body = entry?.isHit === true ? payload : await compressPayload(reply, { payload, settings });
    if (entry === null || reply.statusCode !== 200) return body;
    const bytes = toBuffer(body);
    if (bytes === undefined) return body;
    if (!entry.isHit) cache.store(entry.key, { body: bytes, revision: entry.revision, headers: keptHeaders(reply) });
    // A single entity has a tag of its own, which is kept with the body.
    if (!reply.hasHeader('etag')) reply.headers(tagHeaders(entry.etag));
    return bytes;
  });
}

async function compressPayload(
  reply: FastifyReply,
  options: { payload: unknown; settings: ResponseSettings },
): Promise<unknown> {
  const { payload, settings } = options;
  const { compression, compressionMinimumBytes, compressionLevel: level } = settings;
  if (compression === 'none' || reply.hasHeader('content-encoding')) return payload;
  const body = toBuffer(payload);
  if (body === undefined) return payload;
  // Even where the body is sent as it is: a cache on the way has to know what the answer depended on.
  reply.header('vary', 'accept-encoding');
  if (body.length < compressionMinimumBytes || chooseEncoding(reply.request, settings) === 'identity') return body;
  reply.header('content-encoding', compression).removeHeader('content-length');
  const tag = reply.getHeader('etag');
  if (typeof tag === 'string') reply.header('etag', tagEncoded(tag, compression));
  return compress(body, { encoding: compression, level });
}

function chooseEncoding(request: FastifyRequest, { compression }: ResponseSettings): Encoding {
  return compression !== 'none' && accepts(request.headers['accept-encoding'], compression) ? compression : 'identity';
}

/** `undefined` for what is no whole body: a stream, or nothing. */
function toBuffer(payload: unknown): Buffer | undefined {
  if (typeof payload === 'string') return Buffer.from(payload);
  return Buffer.isBuffer(payload) ? payload : undefined;
}

function keptHeaders(reply: FastifyReply): Record<string, string> {
  const kept = ['content-type', 'content-encoding', 'vary', 'etag', 'cache-control'].flatMap((name) => {
    const value = reply.getHeader(name);
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries(kept) as Record<string, string>;
}
