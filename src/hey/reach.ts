/**
 * Whether anybody listens at an address, found out by a connection without a request, before a load is made in vain.
 *
 * The address that answered is the one that the load goes to: names are looked up once.
 */
import net from 'node:net';

import { kindOfError } from '../load/failure.ts';
import { UserError } from '../user-error.ts';
import type { Endpoint } from './plan.ts';

/** Arbitrary: many times what a machine at the other end of the world takes. */
const limitMs = 10_000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
};

/**
 * Connects once.
 * @param request.option where the address was typed, e.g. `-u`.
 * @throws {UserError} where nobody answers in time, or the signal is aborted.
 */
export async function reach(url: URL, request: { option: string; signal: AbortSignal }): Promise<Endpoint> {
  const { option, signal } = request;
  const port = Number(url.port === '' ? { 'http:': 80, 'https:': 443 }[url.protocol] : url.port);
  const { promise, resolve, reject } = Promise.withResolvers<Endpoint>();
  const socket = net.connect({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port });
  const fail = (reason: string): void =>
    reject(
      new UserError(`cannot reach ${url.host}: ${reason}`, {
        hint: `start the server, or give another address to ${option}`,
      }),
    );
  const onAbort = (): void => reject(interruptedEarly());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  socket.setTimeout(limitMs, () => fail(`it gave no answer within ${limitMs / 1000} s`));
  socket.on('error', (error) => fail(reasons[kindOfError(error)] ?? kindOfError(error)));
  socket.on('connect', () => resolve({ host: socket.remoteAddress ?? url.hostname, port }));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

/** What ends a command that was interrupted before there was anything to report. */
export function interruptedEarly(): UserError {
  return new UserError('interrupted before the load began', { code: 130 });
}
