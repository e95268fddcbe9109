/**
 * The rules of the architecture as functions from sources to the sentences that say what breaks them.
 */
import { parseSync } from 'oxc-parser';

import type { InnerRoom, Room } from './rooms.ts';
import { pureRooms, rooms, soleImporters } from './rooms.ts';
import type { Source } from './sources.ts';
import { targetOf } from './sources.ts';

/** A room with all that holds for it; `inside` is absent where the house has no inner rooms. */
interface Place extends Required<Pick<Room, 'rooms' | 'packages' | 'builtins'>> {
  readonly house: string;
  /** Its name inside the house. */
  readonly name: string;
  readonly path: string;
  readonly inside: readonly string[];
}

/** What a file in the house itself, outside of its inner rooms, lies in. */
const hall = '.';

export const places: readonly Place[] = Object.entries(rooms).flatMap(([house, { inner = {}, ...room }]) => {
  const all: Record<string, InnerRoom> = { [hall]: { inside: [] }, ...inner };
  return Object.entries(all).map(([name, innerRoom]) => ({
    ...room,
    ...innerRoom,
    house,
    name,
    path: name === hall ? house : `${house}/${name}`,
  }));
});

/** True for the room's own file, or one below its folder. */
function liesIn(file: string, room: string): boolean {
  return file === room || file === `${room}.ts` || file.startsWith(`${room}/`);
}

/** The innermost room of a file; absent where the table has none. */
function placeOf(file: string): Place | undefined {
  return places.filter(({ path }) => liesIn(file, path)).toSorted((a, b) => b.path.length - a.path.length)[0];
}

export function filesWithoutRoom(sources: readonly Source[]): string[] {
  return sources.filter(({ file }) => placeOf(file) === undefined).map(({ file }) => `${file} lies in no room`);
}

/** Rooms of the table that no file lies in. */
export function emptyRooms(sources: readonly Source[]): string[] {
  const used = new Set(sources.map(({ file }) => placeOf(file)));
  return places
    .filter(
      (place) =>
        !used.has(place) &&
        !places.some(({ house }) => place.name === hall && house === place.house && used.has(place)),
    )
    .map(({ path }) => path);
}

export function forbiddenImports(sources: readonly Source[]): string[] {
  return sources.flatMap(({ file, specifiers }) =>
    specifiers.filter((specifier) => !mayImport(file, specifier)).map((specifier) => `${file} imports ${specifier}`),
  );
}

function mayImport(file: string, specifier: string): boolean {
  const place = placeOf(file);
  if (place === undefined) return false;
  if (specifier.startsWith('node:')) return place.builtins === 'all' || place.builtins.includes(specifier);
  if (!specifier.startsWith('.')) return place.packages === 'all' || place.packages.includes(packageOf(specifier));
  const target = targetOf(file, specifier);
  const other = placeOf(target);
  if (other === undefined) return false;
  if (other.house === place.house) return other === place || place.inside.includes(other.name);
  return place.rooms.some((room) => liesIn(target, room));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export function importsByOthers(sources: readonly Source[]): string[] {
  return Object.entries(soleImporters).flatMap(([name, allowed]) =>
    sources
      .filter(({ file, specifiers }) => specifiers.includes(name) && !allowed.some((room) => liesIn(file, room)))
      .map(({ file }) => `${file} imports ${name}, which only ${allowed.join(' and ')} may`),
  );
}

/** Circles of imports between files, of types too; one sentence a knot. */
export function importCircles(sources: readonly Source[]): string[] {
  const arrows = new Map(
    sources.map(({ file, specifiers }) => [
      file,
      specifiers.filter((specifier) => specifier.startsWith('.')).map((specifier) => targetOf(file, specifier)),
    ]),
  );
  return findCircles(arrows).map((circle) => `${circle.join(' -> ')} is a circle`);
}

/** Circles in the table itself: rooms that may import each other, directly or by way of others. */
export function roomCircles(table: readonly Pick<Place, 'path' | 'house' | 'rooms' | 'inside'>[] = places): string[] {
  const arrows = new Map(
    table.map((place) => [
      place.path,
      [
        ...place.inside.map((name) => (name === hall ? place.house : `${place.house}/${name}`)),
        ...place.rooms.flatMap((room) => table.filter(({ path }) => liesIn(path, room)).map(({ path }) => path)),
      ],
    ]),
  );
  return findCircles(arrows).map((circle) => `${circle.join(' -> ')} is a circle`);
}

/**
 * One way round for each start that leads back to itself, the first node at both ends; each node in one circle at most.
 */
function findCircles(arrows: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  const walk = (node: string, trail: readonly string[]): void => {
    const start = trail.indexOf(node);
    if (start !== -1) circles.push([...trail.slice(start), node]);
    if (start !== -1 || done.has(node)) return;
    for (const next of arrows.get(node) ?? []) walk(next, [...trail, node]);
    done.add(node);
  };
  for (const node of arrows.keys()) walk(node, []);
  return circles;
}

/** Programs of workers and other files that are named as URLs and are not there. */
export function missingFiles(sources: readonly Source[], exists: (file: string) => boolean): string[] {
  return sources.flatMap(({ file, urls, siblings }) =>
    [...urls.filter((url) => url.startsWith('.') || !url.includes(':')), ...siblings.map((name) => `${name}.ts`)]
      .map((name) => targetOf(file, name))
      .filter((target) => !exists(target))
      .map((target) => `${file} names ${target}, which does not exist`),
  );
}

/** The most lines of a file after formatting; more than one screenful of ideas is hard to hold in the head. */
const mostLines = 400;

export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ file, lines }) => `${file} has ${lines} lines, more than ${mostLines}: split it by idea, not by size`);
}

export function drawers(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => /(?:^|\/|-)(?:utils?|helpers?|misc|common|managers?|shared|lib)(?:\.ts$|\/)/i.test(file))
    .map(({ file }) => `${file} is a drawer for everything: name what lies in it`);
}

/** Names of the language and of Node.js that give a clock, chance, or the world outside. */
const impureNames = new Set([
  'console',
  'process',
  'performance',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'globalThis',
]);
const impureMembers = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']);

/** What pure rooms read beside their arguments. */
export function impurities(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => pureRooms.some((room) => liesIn(file, room)))
    .flatMap((source) => findGlobals(source).map((name) => `${source.file} uses ${name}`));
}

/** What belongs to a command line alone. */
const commandLineMembers = new Set(['process.argv', 'process.exitCode']);

/** Uses of the arguments, the exit code and the console beyond the rooms that are programs. */
export function commandLineUses(sources: readonly Source[], programs: readonly string[]): string[] {
  return sources
    .filter(({ file }) => file.startsWith('src/') && !programs.some((room) => liesIn(file, room)))
    .flatMap((source) =>
      findGlobals(source)
        .filter((name) => name.startsWith('console') || commandLineMembers.has(name))
        .map((name) => `${source.file} uses ${name}`),
    );
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * Uses of such names in a file, as `process.argv` or `new Date()`, in its order; names of members and types are none.
 */
function findGlobals({ file, text }: Source): string[] {
  const found: string[] = [];
  const visit = (node: Node, parent: Node | undefined, key: string): void => {
    if (node.type === 'Identifier' && isValue(parent, key)) {
      const name = String(node['name']);
      const member = key === 'object' ? memberName(parent as Node) : undefined;
      const full = member === undefined ? name : `${name}.${member}`;
      if (impureNames.has(name) || impureMembers.has(full)) found.push(full);
      const isCall = key === 'callee' && (parent as Node)['arguments'] !== undefined;
      const isNow = isCall && ((parent as Node).type === 'CallExpression' || isEmpty((parent as Node)['arguments']));
      if (name === 'Date' && isNow) found.push((parent as Node).type === 'NewExpression' ? 'new Date()' : 'Date()');
    }
    for (const [name, child] of Object.entries(node)) {
      for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) visit(each, node, name);
    }
  };
  visit(parseSync(file, text).program as unknown as Node, undefined, '');
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

/** The name behind the dot, or in brackets where it is written as a text. */
function memberName({ property, computed }: Node): string | undefined {
  const { name, value } = property as Node;
  return String(computed === true ? value : name);
}

/** False where an identifier only names something: a member, a key, a type. */
function isValue(parent: Node | undefined, key: string): boolean {
  if (parent === undefined) return true;
  if (key === 'property' || key === 'key') return parent['computed'] === true;
  return !parent.type.startsWith('TS') || parent.type.endsWith('Expression');
}
