/**
 * The two packages that are released, each by itself: where it lies, how its tags are called, and which files name its
 * version besides its package.json.
 *
 * `.github/workflows/release.yml` publishes what these tags point at.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ReleasedPackage {
  readonly name: string;
  /** Relative to the top of the repository. */
  readonly directory: string;
  /** Before the version in its tags. */
  readonly tagPrefix: string;
  /** Files that name its version, relative to the top, each with the text that does. */
  readonly mentions: readonly { readonly file: string; readonly text: (version: string) => string }[];
}

export const releasedPackages: readonly ReleasedPackage[] = [
  {
    name: 'wirebench',
    directory: '.',
    tagPrefix: 'v',
    mentions: [
      { file: 'action.yml', text: (version) => `default: '${version}'` },
      { file: 'examples/ci-gate/.github/workflows/gate.yml', text: (version) => `wirebench@${version} ` },
      { file: 'docs/guides/ci.md', text: (version) => `wirebench@${version} ` },
      { file: 'docs/guides/own-data.md', text: (version) => `wirebench-${version}.tgz` },
    ],
  },
  {
    name: 'json-response-serializer',
    directory: 'packages/serializer',
    tagPrefix: 'json-response-serializer-v',
    mentions: [
      { file: 'examples/recipes/package.json', text: (version) => `"json-response-serializer": "^${version}"` },
    ],
  },
];

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: string | { readonly url?: string };
}

export function readManifest(root: string, directory: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, directory, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Where one of the packages is asked for by a version that it does not have, or a file names another one.
 * @param root the top of a checkout.
 * @returns a sentence each; none where all agree.
 */
export function findVersionProblems(root: string): string[] {
  const versions = new Map(
    releasedPackages.map(({ name, directory }) => [name, readManifest(root, directory).version]),
  );
  return [
    ...releasedPackages.flatMap(({ name, mentions }) =>
      mentions.flatMap(({ file, text }) => {
        const wanted = text(versions.get(name) ?? '');
        return readFileSync(path.join(root, file), 'utf8').includes(wanted) ? [] : [`${file} does not say ${wanted}`];
      }),
    ),
    ...globSync(['package.json', 'packages/*/package.json', 'examples/*/package.json'], { cwd: root }).flatMap((file) =>
      dependenciesIn(path.join(root, file)).flatMap(([name, wanted]) => {
        const version = versions.get(name);
        const isSource = wanted.startsWith('file:') || wanted.startsWith('workspace:');
        return version === undefined || isSource || wanted.replace(/^[\^~]/, '') === version
          ? []
          : [`${file} asks for ${name} ${wanted}, and that is at ${version}`];
      }),
    ),
  ];
}

function dependenciesIn(file: string): [name: string, wanted: string][] {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
}
