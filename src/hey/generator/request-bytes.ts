/**
 * The bytes of a request, made once and sent as they are each time.
 *
 * Source: RFC 9112, sections 3 and 6. No encoding is asked for, so that bodies can be looked at as they come.
 */
import type { SideMessage } from './messages.ts';

/** @param keepsAlive false asks the server to close the connection after its answer. */
export function encodeRequest(side: SideMessage, keepsAlive: boolean): Buffer {
  const { method, headers, bodyBase64 } = side;
  const url = new URL(side.url);
  const body = Buffer.from(bodyBase64 ?? '', 'base64');
  const hasHost = headers.some(({ name }) => name.toLowerCase() === 'host');
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    ...(hasHost ? [] : [`Host: ${url.host}`]),
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    ...(bodyBase64 === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...(keepsAlive ? [] : ['Connection: close']),
  ];
  // Header values are bytes of Latin-1, as they were checked to be.
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
