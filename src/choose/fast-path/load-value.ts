/**
 * Gets the value to be explained, in the process that explains it, and does nothing else to it.
 *
 * Nothing here looks at the value: a string that is read the wrong way is not the string any more.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { messageOf } from '../../foreign-text.ts';
import type { ValueSource } from './messages.ts';

/** There is no value to explain. */
export class Unreadable extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'Unreadable';
    this.hint = hint;
  }
}

/**
 * The value, alive: of a text what JSON.parse makes of it, of a module its export or what an exported function returns.
 * @throws {Unreadable} where there is none.
 */
export async function loadValue(source: ValueSource): Promise<unknown> {
  return source.type === 'text' ? parseFile(source.file) : loadExport(source);
}

function parseFile(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unreadable(messageOf(error), 'give a file that holds one JSON document');
  }
}

async function loadExport({ file, exportName }: { file: string; exportName: string }): Promise<unknown> {
  const module = await attempt(
    () => import(pathToFileURL(file).href) as Promise<Record<string, unknown>>,
    'the module does not load',
  );
  if (!Object.hasOwn(module, exportName)) {
    const names = Object.keys(module).filter((name) => name !== 'module.exports');
    const found = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
    throw new Unreadable(`there is no export '${exportName}': ${found}`, 'name one with --export NAME');
  }
  const exported = module[exportName];
  if (typeof exported !== 'function') return exported;
  return attempt(() => (exported as () => unknown)() as Promise<unknown>, `calling its export '${exportName}' failed`);
}

async function attempt<T>(action: () => Promise<T>, what: string): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new Unreadable(`${what}: ${messageOf(error)}`, 'run the module by itself to see where it fails');
  }
}
