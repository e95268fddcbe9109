/**
 * Keeps a side inside its directory: links that lead out of it, and files that have a second name elsewhere.
 *
 * A package manager writes through whatever link it finds, so a `node_modules` that is a link to that of another
 * checkout would be filled with packages of a directory that is gone soon. Names are taken as bytes (as latin1), since
 * those of a repository need not be UTF-8.
 */
import { copyFileSync, lstatSync, readdirSync, readlinkSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import path from 'node:path';

/** As the kernel has it; a longer chain is taken for a loop. */
const mostHops = 40;

/**
 * Deletes those of a side's links that lead out of it, over however many other links, and keeps the rest.
 * @param request.boundary what must not be left; no link itself. @param request.directory where the names begin.
 * @param request.names paths of the links, bytes as latin1. @returns the names of those that were deleted.
 */
export function removeForeignLinks(request: {
  boundary: string;
  directory: string;
  names: readonly string[];
}): string[] {
  const boundary = asBytes(request.boundary);
  const directory = asBytes(request.directory);
  return request.names.filter((name) => {
    const link = path.join(directory, name);
    if (!isLink(link) || !leadsOutside(link, boundary)) return false;
    unlinkSync(fromBytes(link));
    return true;
  });
}

/** True for a link that leaves the boundary at any step, even where it comes back; a loop leads nowhere. */
function leadsOutside(link: string, boundary: string): boolean {
  const pending = path.relative(boundary, link).split('/');
  let current = boundary;
  for (let hops = 0; pending.length > 0;) {
    const part = pending.shift() as string;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (current === boundary) return true;
      current = path.dirname(current);
      continue;
    }
    const next = path.join(current, part);
    if (!isLink(next)) {
      current = next;
      continue;
    }
    hops += 1;
    if (hops > mostHops) return false;
    const target = readlinkSync(fromBytes(next), 'latin1');
    if (path.isAbsolute(target)) return true;
    pending.unshift(...target.split('/'));
  }
  return false;
}

/**
 * Gives every file below a directory a content of its own: package managers save room by hard links into their stores,
 * where a write in place would reach every other project.
 */
export function separateHardLinks(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) separateHardLinks(file);
    if (!entry.isFile() || lstatSync(file).nlink < 2) continue;
    const copy = `${file}.wirebench-copy`;
    try {
      copyFileSync(file, copy);
      renameSync(copy, file);
    } catch (error) {
      rmSync(copy, { force: true });
      throw error;
    }
  }
}

function isLink(file: string): boolean {
  return lstatSync(fromBytes(file), { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function fromBytes(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}
