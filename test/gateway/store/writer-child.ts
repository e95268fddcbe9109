/**
 * A process that writes to a store without end, and says on stdout what was acknowledged: an action and an id a line.
 *
 * Arguments: the database, and how many tools to create before it ends by itself (none: never). Lines are written
 * synchronously, so that what a killed process said has reached the pipe.
 */
import { writeSync } from 'node:fs';

import { createGenerator } from '../../../src/corpus/generator.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';

const [url = '', most = ''] = process.argv.slice(2);
const last = most === '' ? Number.POSITIVE_INFINITY : Number(most);
const managed = new Set(['id', 'createdAt', 'updatedAt', 'version']);
const generator = createGenerator(process.pid);
const say = (line: string): void => void writeSync(1, `${line}\n`);

try {
  const store = await openStore({ url });
  say('ready');
  for (let count = 1; count <= last; count += 1) {
    const input = Object.fromEntries(Object.entries(generator.tool()).filter(([name]) => !managed.has(name)));
    // Catalogs of several seeds have names in common.
    const tool = await store.create('tools', { ...input, name: `tool ${process.pid}-${count}` });
    say(`created ${tool.id.toString()}`);
    if (count % 3 === 0) {
      await store.update('tools', tool.id.toString(), { title: `written ${count}` });
      say(`updated ${tool.id.toString()}`);
    }
    if (count % 5 === 0) {
      say(`deleting ${tool.id.toString()}`);
      await store.remove('tools', tool.id.toString());
      say(`deleted ${tool.id.toString()}`);
    }
  }
  await store.close();
} catch (error) {
  say(`failed ${(error as Error).name}: ${(error as Error).message}`);
  process.exitCode = 1;
}
