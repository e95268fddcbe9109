/**
 * What the servers of one command have in common, and what each of them is called and offers.
 */
import { createGenerator } from '../corpus/generator.ts';
import type { ServedContent, ServerKind, ServerRequest } from '../model/mcp-server.ts';
import { readManifest } from '../own-files.ts';

export interface ServerSettings {
  /** As the file of the kind is called. */
  readonly kind: string;
  readonly definition: ServerKind;
  readonly counts: ServerRequest['counts'];
  readonly sizes: ServerRequest['sizes'];
  readonly seed: number;
  /** Items of a list that are given at once. */
  readonly pageSize: number;
}

/** @param suffix what tells this server from others of its kind, as in `benchmark-server-9000`. */
export function describeServer(
  { kind, definition, counts, sizes, seed }: ServerSettings,
  suffix: string,
): { name: string; version: string; content: ServedContent } {
  const name = `${kind}-server-${suffix}`;
  const content = definition.create({
    name,
    counts,
    sizes,
    prose: (key, characters) => writeProse(key, { characters, seed }),
  });
  return { name, version: readManifest().version, content };
}

/** Texts are as long as asked for and repeat after so many characters: one sentence more says nothing new. */
const proseCharacters = 2000;
const kept = new Map<string, string>();

/** ASCII, so that a character is a byte. */
function writeProse(key: string, { characters, seed }: { characters: number; seed: number }): string {
  const own = `${key}: `;
  const remembered = `${seed}`;
  let prose = kept.get(remembered);
  if (prose === undefined) {
    prose = `${createGenerator(seed).prose(proseCharacters)} `.replaceAll(/[^\x20-\x7e]/g, ' ');
    kept.set(remembered, prose);
  }
  return (own + prose.repeat(Math.ceil(characters / prose.length))).slice(0, characters);
}
