/**
 * Conditional requests: the tag of an entity's state, and what If-Match and If-None-Match say of it.
 *
 * A tag of one entity is strong and names version and time of the last change; each content coding has a tag of its own
 * (`"…-gzip"`), and all of them stand for the same state. No Last-Modified is sent, so that there are no conditions by
 * date.
 * Source: RFC 9110, sections 8.8.3 and 13.
 */
import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Entity, EntityState } from '../entities/entity.ts';
import { Problem, toErrorBody } from '../http/errors.ts';

/** What a write has to find unchanged. */
export function stateOf({ version, updatedAt }: Entity): EntityState {
  return { version: Number(version ?? 0), updatedAt: updatedAt as Date };
}

/** The strong tag of an entity as it is now. */
export function entityTag(entity: Entity): string {
  const { version, updatedAt } = stateOf(entity);
  return `"${version}.${updatedAt.getTime().toString(36)}"`;
}

/** The tag of the same state in other bytes; weak ones are the same for all codings. */
export function tagEncoded(tag: string, encoding: string): string {
  return tag.startsWith('"') ? `${tag.slice(0, -1)}-${encoding}"` : tag;
}

/** The headers of a response whose state has a tag. */
export function tagHeaders(tag: string): { readonly etag: string; readonly 'cache-control': string } {
  // Caches may keep it but have to ask again each time, since everything here may change at any time.
  return { etag: tag, 'cache-control': 'no-cache' };
}

/**
 * Whether a list of tags, or `*`, holds a tag.
 * @param options.header as the client sent it; what is no tag in it matches nothing.
 * @param options.comparison `strong` as If-Match has it: weak tags match nothing; `weak` as If-None-Match has it.
 */
export function matchesTag(
  tag: string,
  { header, comparison }: { header: string; comparison: 'strong' | 'weak' },
): boolean {
  if (header.trim() === '*') return true;
  if (comparison === 'strong' && tag.startsWith('W/')) return false;
  const wanted = withoutCoding(tag);
  for (const [found] of header.matchAll(listedTag)) {
    if ((comparison === 'weak' || !found.startsWith('W/')) && withoutCoding(found) === wanted) return true;
  }
  return false;
}

/** Commas and spaces may stand inside of a tag, so that a list cannot be split at them. */
const listedTag = /(?:W\/)?"[^"]*"/g;

function withoutCoding(tag: string): string {
  return tag.replace(/^W\//, '').replace(/-(?:gzip|br|zstd)"$/, '"');
}

export function notAsExpected(): Problem {
  return new Problem(
    412,
    'the condition of If-Match or If-None-Match does not hold: it was changed since, or is as you know it',
  );
}

/** What a read of that state is answered with, by its conditions. */
export function statusUnder(
  { 'if-match': needed, 'if-none-match': known }: IncomingHttpHeaders,
  tag: string,
): 200 | 304 | 412 {
  if (needed !== undefined && !matchesTag(tag, { header: needed, comparison: 'strong' })) return 412;
  return known !== undefined && matchesTag(tag, { header: known, comparison: 'weak' }) ? 304 : 200;
}

/** A hook for routes that are read: turns an answer into 304 or 412 where the client's conditions say so. */
export function answerConditions(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const { 'if-match': needed, 'if-none-match': known } = request.headers;
  if ((needed === undefined && known === undefined) || reply.statusCode !== 200) return done(null, payload);
  const tag = reply.getHeader('etag');
  const status = typeof tag === 'string' ? statusUnder(request.headers, tag) : 200;
  if (status === 200) return done(null, payload);
  if (status === 412) {
    const problem = notAsExpected();
    reply.code(problem.statusCode).removeHeader('content-encoding').removeHeader('content-length');
    return done(null, JSON.stringify(toErrorBody(problem)));
  }
  reply.code(304).removeHeader('content-type').removeHeader('content-encoding').removeHeader('content-length');
  return done(null, null);
}
