/**
 * What is looked at in the headers of a request before anything reads them.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How often a header was sent. Node keeps the first of several, but a proxy before us may have read the last. */
export function countHeaders(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] as string;
    if (given.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count;
}

/** Many clients name a content type whatever they send; without a body there is nothing that could be of it. */
export function forgetTypeOfNothing(
  { raw: { headers } }: FastifyRequest,
  _reply: FastifyReply,
  done: () => void,
): void {
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0)
    delete headers['content-type'];
  done();
}
