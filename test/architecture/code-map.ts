/**
 * The rooms as people read of them: rows of ARCHITECTURE.md's code map, each with the inner rooms that it names.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { rooms } from './rooms.ts';
import { projectRoot } from './sources.ts';

/** Folders right inside a room by its path; sorted. */
export type CodeMap = Record<string, string[]>;

/** What the document says: a row begins with a room, and names a folder inside with a slash behind it. */
export function readCodeMap(): CodeMap {
  const text = readFileSync(path.join(projectRoot, 'ARCHITECTURE.md'), 'utf8');
  const map = text.split(/^## /m).find((part) => part.startsWith('Code map')) ?? '';
  const rows = [...map.matchAll(/^\| `([^`]+?)(?:\/|\.ts)?` \|(.*)$/gm)];
  return Object.fromEntries(
    rows.map(([, room, rest]) => [
      room as string,
      [...new Set([...(rest as string).matchAll(/`([\w-]+)\/(?=`|<)/g)].map(([, name]) => name as string))].toSorted(),
    ]),
  );
}

/** What the table of rooms says. */
export function expectedCodeMap(): CodeMap {
  return Object.fromEntries(
    Object.entries(rooms).map(([house, { inner = {} }]) => {
      const isFolder = (name: string): boolean =>
        /^\w[\w-]*$/.test(name) && existsSync(path.join(projectRoot, house, name));
      return [house, Object.keys(inner).filter(isFolder).toSorted()];
    }),
  );
}
