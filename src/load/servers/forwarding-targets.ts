/**
 * An MCP server as a target, asked directly or behind the gateway, which imports what it has and passes requests on.
 *
 * Both keep the names of things, so that both are asked the same and answer the same.
 */
import type { ServerSettings } from '../../model/http.ts';
import { siblingModule } from '../../own-files.ts';
import type { ServerAddress } from '../client/http-client.ts';
import { LoadFailure } from '../failure.ts';
import type { ServerCommand } from './server.ts';
import type { CommandRequest, HttpTarget } from './target.ts';

const programPath = siblingModule('../../cli/main', import.meta.url);

/** Characters of a tool's answer: a small call, as most are. */
const toolSize = 100;
/** More than any list here has. */
const pageSize = 1000;
const host = '127.0.0.1';

/** @param settings.forwarding which of both it is. */
export function forwardingTarget(id: string, settings: ServerSettings): HttpTarget {
  if (settings.forwarding === 'server') return { id, command: serverCommand };
  return {
    id,
    command: () => frontCommand(settings),
    behind: serverCommand,
    introduce,
  };
}

function serverCommand({ items }: CommandRequest): ServerCommand {
  const sizes = ['--kind', 'sized', '--tools', `${items}`, '--tool-size', `${toolSize}`, '--page-size', `${pageSize}`];
  return { module: programPath, arguments: ['servers', '--json', '--count', '1', '--start-port', '0', ...sizes] };
}

function frontCommand({ serializer }: ServerSettings): ServerCommand {
  const place = ['--json', '--port', '0', '--items', '0', '--no-auth'];
  const upstreams = ['--allow-upstreams', host, '--no-prefix'];
  return { module: programPath, arguments: ['gateway', ...place, ...upstreams, '--serializer', serializer] };
}

async function introduce(front: ServerAddress, behindUrl: string): Promise<void> {
  const response = await fetch(`${front.url}/gateways`, {
    method: 'POST',
    headers: { ...front.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'behind', url: `${behindUrl}/mcp` }),
  });
  const text = await response.text();
  if (!response.ok) throw new LoadFailure(`did not take the server behind it: ${text.slice(0, 200)}`);
}
