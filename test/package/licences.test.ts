/**
 * Licences of everything that an installed wirebench brings with it, and of what it offers to use: each is on a list,
 * or the test says who is not.
 *
 * What is reached is read from the lockfile, so that a package for another system counts, too; its licence is read from
 * its own package.json where it is installed here.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import packageJson from '../../package.json' with { type: 'json' };

/** Licences that ask for no more than keeping the notice. docs/reference/dependencies.md says why each; a new one is a decision. */
const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Zlib',
  'Unlicense',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);

const root = fileURLToPath(new URL('../../', import.meta.url));

type Versions = Readonly<Record<string, string>>;

type Installed = Readonly<Record<string, { readonly version: string }>>;

interface Lockfile {
  readonly importers: Readonly<
    Record<string, Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Installed | undefined>>>
  >;
  readonly snapshots: Readonly<
    Record<
      string,
      { readonly dependencies?: Versions; readonly optionalDependencies?: Versions; readonly optional?: boolean }
    >
  >;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}

/** Keys of the lockfile, `name@version(peers)`, of everything that is reached from the given ones; each once. */
function reach(roots: readonly string[], snapshots: Lockfile['snapshots']): string[] {
  const found = new Set<string>();
  const waiting = [...roots];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    const { dependencies = {}, optionalDependencies = {} } =
      snapshots[key] ?? expect.fail(`the lockfile has no ${key}`);
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies }))
      waiting.push(keyOf(name, version));
  }
  return [...found];
}

/** An alias has the whole key as its version. */
function keyOf(name: string, version: string): string {
  return /^(?:@[^/]+\/)?[^@/(]+@/.test(version) ? version : `${name}@${version}`;
}

/** True for a choice with an allowed licence in it, and for a combination of nothing but allowed ones. */
function isAllowed(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, ' ').split(/\sOR\s/);
  return choices.some((choice) => choice.split(/\sAND\s/).every((name) => allowed.has(name.trim())));
}

function licenceOf({ license, licenses }: Manifest): string {
  if (typeof license === 'string') return license;
  return license?.type ?? licenses?.map(({ type }) => type ?? 'none').join(' OR ') ?? 'none';
}

const lockfile = parse(readFileSync(`${root}pnpm-lock.yaml`, 'utf8')) as Lockfile;
const { peerDependencies, optionalDependencies } = packageJson;
/** The published package has both as optional peers. */
const optional = { ...peerDependencies, ...optionalDependencies };
/**
 * Peers under other licences: a part of the first is under the AGPL, so nobody is told to install it; the second brings
 * libzmq under the MPL-2.0, which asks for the source of that library alone, and only loads on many machines use it.
 */
const otherLicences = ['@jsonjoy.com/json-pack', 'zeromq'];
const { '.': own } = lockfile.importers;
const peers = Object.entries({ ...own?.devDependencies, ...own?.optionalDependencies }).filter(
  ([name]) => name in optional && !otherLicences.includes(name),
);
const keys = reach(
  [...Object.entries(own?.dependencies ?? {}), ...peers].map(([name, { version }]) => keyOf(name, version)),
  lockfile.snapshots,
);
const licences = new Map<string, string>();
for (const file of globSync(
  ['node_modules/.pnpm/*/node_modules/*/package.json', 'node_modules/.pnpm/*/node_modules/@*/*/package.json'],
  { cwd: root },
)) {
  const manifest = JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as Manifest;
  licences.set(`${manifest.name}@${manifest.version}`, licenceOf(manifest));
}
const installedLicence = (key: string): string | undefined => licences.get(key.replace(/\(.*$/, ''));

describe('licences of dependencies and optional peers', () => {
  it('are all on the list', () => {
    expect(keys.length).toBeGreaterThan(100);
    expect(peers).toHaveLength(Object.keys(optional).length - otherLicences.length);
    const others = keys.filter((key) => installedLicence(key) !== undefined && !isAllowed(installedLicence(key) ?? ''));
    expect(others.map((key) => `${key}: ${installedLicence(key)}`)).toEqual([]);
  });

  it('are known, except of optional packages that are not installed on this system', () => {
    expect(
      keys.filter((key) => installedLicence(key) === undefined && lockfile.snapshots[key]?.optional !== true),
    ).toEqual([]);
  });

  it('do not include what is under the AGPL and measured here only', () => {
    expect(keys.filter((key) => key.startsWith('@jsonjoy.com/'))).toEqual([]);
    const { peerDependenciesMeta } = packageJson;
    expect(peerDependenciesMeta).toMatchObject(
      Object.fromEntries(otherLicences.map((name) => [name, { optional: true }])),
    );
  });

  it.each([
    ['AGPL-3.0-only', false],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['(MIT AND Zlib)', true],
    ['MIT AND GPL-2.0', false],
    ['SEE LICENSE IN LICENSE', false],
    ['none', false],
  ])('would be told apart: %s', (expression, expected) => {
    expect(isAllowed(expression)).toBe(expected);
  });

  it('stand in the page of dependencies with a reason', () => {
    const text = readFileSync(`${root}docs/reference/dependencies.md`, 'utf8');
    expect([...allowed].filter((name) => !text.includes(name))).toEqual([]);
  });
});
