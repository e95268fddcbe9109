/**
 * Runs the recipes in one process, each as it stands, and does what the test says over its channel.
 *
 * Started by recipes.test.ts as `node child.ts RECIPE...` with the module preloaded that leads to src/.
 */
import path from 'node:path';

import compression from 'compression';

import { tools } from '../../../examples/recipes/tools.ts';
import { SpareMemory } from '../../../packages/serializer/src/spare-memory.ts';
import { type NotedServer, startProgram } from '../../noted-servers.ts';
import { type CatalogName, catalogs } from './catalogs.ts';

export interface RecipesCommand {
  /** What every recipe serves from now on. */
  readonly catalog?: CatalogName;
  /** Whether a compressing middleware stands in front of every recipe. */
  readonly compresses?: boolean;
}

export type RecipesReply =
  /** Addresses by the recipe's file, without its ending. */
  | { readonly type: 'listening'; readonly origins: Readonly<Record<string, string>> }
  /** How often memory was given back, by all recipes, until a command was carried out. */
  | { readonly type: 'done'; readonly recycled: number };

const compress = compression();
let compresses = false;
let recycled = 0;

const takeBack: (this: SpareMemory, sent: Buffer) => void = Reflect.get(SpareMemory.prototype, 'takeBack');
SpareMemory.prototype.takeBack = function count(sent) {
  recycled += 1;
  takeBack.call(this, sent);
};

const origins: Record<string, string> = {};
for (const file of process.argv.slice(2)) {
  const noted = await startProgram(file);
  putCompressionBefore(noted);
  origins[path.basename(file, '.ts')] = noted.origin;
}
process.on('message', ({ catalog, compresses: isWanted }: RecipesCommand) => {
  if (catalog !== undefined) tools.splice(0, tools.length, ...catalogs[catalog]);
  compresses = isWanted ?? compresses;
  tell({ type: 'done', recycled });
});
// The test ends this process by closing the channel.
process.on('disconnect', () => process.exit());
tell({ type: 'listening', origins });

function tell(reply: RecipesReply): void {
  process.send?.(reply);
}

/** As middleware would stand before the handlers of any framework. */
function putCompressionBefore({ server }: NotedServer): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const handle = (): void => {
      for (const handler of handlers) handler.call(server, request, response);
    };
    if (compresses) compress(request as never, response as never, handle);
    else handle();
  });
}
