/**
 * How the gateway is started for a measurement: an empty database in memory, seeded, on a port of its own.
 *
 * Deliberately absent: its modules; it is started as a process by its command line, as anybody would.
 */
import { siblingModule } from '../own-files.ts';
import type { ServerCommand } from './server.ts';

const programPath = siblingModule('../cli/main', import.meta.url);

/**
 * The command of a gateway with so many entities of each kind.
 * @param request.settings further arguments as `wirebench gateway` takes them, e.g. `--serializer` and its name.
 */
export function gatewayCommand(request: { items: number; seed: number; settings: readonly string[] }): ServerCommand {
  const { items, seed, settings } = request;
  const data = ['--database', ':memory:', '--items', `${items}`, '--seed', `${seed}`];
  return { module: programPath, arguments: ['gateway', '--json', '--port', '0', '--no-auth', ...data, ...settings] };
}
