/**
 * For processes that run programs of others: which server a program starts, although it keeps it to itself.
 *
 * Importing this module notes every server that listens from then on in its process; it is for child processes of tests
 * only.
 */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { Server, type AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';

export interface NotedServer {
  readonly server: HttpServer;
  /** By name, as programs listen to whatever that leads to. */
  readonly origin: string;
}

const servers: Server[] = [];
const listen = Reflect.get(Server.prototype, 'listen') as (...parameters: unknown[]) => Server;
Object.defineProperty(Server.prototype, 'listen', {
  value: function noteServer(this: Server, ...parameters: unknown[]): Server {
    servers.push(this);
    return listen.apply(this, parameters);
  },
});

/** Imports a program that listens on the port in PORT, which is any. @returns its server when it listens. */
export async function startProgram(file: string): Promise<NotedServer> {
  process.env['PORT'] = '0';
  servers.length = 0;
  await import(pathToFileURL(file).href);
  const [server] = servers;
  if (server === undefined) throw new Error(`${file} starts no server`);
  if (!server.listening) await once(server, 'listening');
  return { server: server as HttpServer, origin: `http://localhost:${(server.address() as AddressInfo).port}` };
}
