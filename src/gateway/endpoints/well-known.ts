/**
 * What crawlers and researchers look for: robots.txt, which keeps all of them out, and security.txt, where the operator
 * has named a contact; and the list of roots, which is empty, since the gateway opens no directory to its servers.
 *
 * Source: RFC 9309 (robots.txt), RFC 9116 (security.txt).
 */
import type { FastifyReply } from 'fastify';

import type { Endpoint } from '../http/endpoint.ts';
import { nothingHere } from '../http/errors.ts';

/** A security.txt says until when it can be believed; this one is made anew each time. */
const expiresInMs = 30 * 24 * 3600_000;

/** @param options.securityContact an address as in `mailto:security@example.com`; no security.txt where absent. */
export function wellKnownEndpoints({ securityContact }: { securityContact?: string | undefined }): Endpoint[] {
  const text = { isPublic: true, text: 'text/plain; charset=utf-8', responses: { 200: { type: 'string' } } } as const;
  return [
    {
      ...text,
      method: 'GET',
      url: '/robots.txt',
      summary: 'Keeps crawlers out',
      handle: (_request, reply: FastifyReply) => reply.type(text.text).send('User-agent: *\nDisallow: /\n'),
    },
    {
      ...text,
      method: 'GET',
      url: '/.well-known/security.txt',
      summary: 'Whom to tell of a weakness',
      handle(_request, reply: FastifyReply) {
        if (securityContact === undefined) throw nothingHere();
        const expires = new Date(Date.now() + expiresInMs).toISOString();
        return reply.type(text.text).send(`Contact: ${securityContact}\nExpires: ${expires}\n`);
      },
    },
    {
      method: 'GET',
      url: '/roots',
      summary: 'Directories that are open to servers behind the gateway, which are none',
      responses: { 200: { title: 'RootList', type: 'array', items: { type: 'object' } } },
      handle: async () => [],
    },
  ];
}
