/**
 * Many servers in one process, all of them or none.
 */
import { createAnswers } from './answers.ts';
import { type ListeningServer, listen } from './http-server.ts';
import { explainListenError, type PortHints } from './listen-error.ts';
import type { Served } from './session-server.ts';
import { describeServer, type ServerSettings } from './settings.ts';

export interface StartOptions {
  readonly settings: ServerSettings;
  readonly count: number;
  readonly host: string;
  /** Of the first one; the others take those after it. 0 takes any that are free. */
  readonly startPort: number;
  readonly allowedHosts: readonly string[];
  readonly token: string | undefined;
}

/** @throws {UserError} naming the port that could not be listened on; nothing is left running then. */
export async function startServers(options: StartOptions): Promise<ListeningServer[]> {
  const { settings, count, host, startPort, allowedHosts, token } = options;
  const ports = Array.from({ length: count }, (_, index) => (startPort === 0 ? 0 : startPort + index));
  const starting = ports.map((port) =>
    listen({ host, port, allowedHosts, token, serve: (own) => serve(settings, `${own}`) }),
  );
  const started = await Promise.allSettled(starting);
  const failed = started.findIndex(({ status }) => status === 'rejected');
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed === -1) return servers;
  await Promise.all(servers.map((server) => server.stop(0)));
  const { reason } = started[failed] as PromiseRejectedResult;
  throw explainListenError(reason, { host, port: ports[failed] as number, hints });
}

/** What a server with that name has, and how it answers. @param suffix tells it from others. */
export function serve(settings: ServerSettings, suffix: string): Served {
  const { name, version, content } = describeServer(settings, suffix);
  return { name, version, content, run: createAnswers(content, { pageSize: settings.pageSize }) };
}

const hints: PortHints = {
  EADDRINUSE: 'choose others with --start-port, or --start-port 0 for any that are free',
  EACCES: 'choose ports above 1023 with --start-port',
  EMFILE: 'start fewer with --count, or raise the limit with ulimit -n',
  otherwise: 'choose another --host or --start-port',
};
