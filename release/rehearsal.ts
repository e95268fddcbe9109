/**
 * A whole release in a copy of the tree: what it would change, build and publish, and whether that is fit to be used.
 *
 * It is the release itself, carried out by the copy's own files in a repository of their own, and what it gives is
 * packed as the workflow does it. `npm publish --dry-run --offline` stands for the end, so no registry is asked.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { execa } from 'execa';

import { contents } from './contents.ts';
import { readManifest, releasedPackages, type ReleasedPackage } from './packages.ts';
import { lintPacked, resolveTypes } from './tarball.ts';
import { copyTree } from './tree-copy.ts';

export interface Rehearsed {
  readonly name: string;
  readonly before: string;
  readonly version: string;
  readonly tag: string;
  readonly tarball: string;
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** A sentence each; none where it could be published. */
  readonly problems: readonly string[];
  /** What only somebody who knows the public repository can add. */
  readonly notes: readonly string[];
}

/**
 * Releases packages one after another, in their order.
 * @param request.directory empty; the repository is `tree` in it, and stays there for the caller.
 * @param request.names of packages.
 * @throws where a step of the release fails, with what it said.
 */
export async function rehearse({
  directory,
  names,
  increment,
}: {
  directory: string;
  names: readonly string[];
  increment: string;
}): Promise<Rehearsed[]> {
  const tree = path.join(directory, 'tree');
  mkdirSync(tree);
  copyTree(tree);
  const git = (...args: string[]) => execa('git', args, { cwd: tree });
  await git('init', '--quiet', '--initial-branch=main');
  const settings = { 'user.name': 'Rehearsal', 'user.email': 'rehearsal@example.com', 'commit.gpgsign': 'false' };
  for (const [name, value] of Object.entries({ ...settings, 'tag.gpgsign': 'false' })) await git('config', name, value);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'before the release');
  const rehearsed: Rehearsed[] = [];
  for (const released of releasedPackages.filter(({ name }) => names.includes(name)))
    rehearsed.push(await rehearseOne({ released, increment, tree, directory }));
  return rehearsed;
}

async function rehearseOne({
  released,
  increment,
  tree,
  directory,
}: {
  released: ReleasedPackage;
  increment: string;
  tree: string;
  directory: string;
}): Promise<Rehearsed> {
  const { name, tagPrefix } = released;
  const before = readManifest(tree, released.directory).version;
  await execa(process.execPath, ['release/main.ts', name, increment], { cwd: tree, stdin: 'ignore' });
  const { version, repository } = readManifest(tree, released.directory);
  const tarball = path.join(directory, `${name}-${version}.tgz`);
  const pack = ['-y', '--prefer-offline', 'pnpm@12', '--dir', released.directory, 'pack', '--out', tarball];
  await execa('npx', pack, { cwd: tree, stdin: 'ignore' });
  const publish = ['publish', '--dry-run', '--offline', '--json', '--access', 'public', tarball];
  const { stdout } = await execa('npm', publish, { cwd: directory, stdin: 'ignore' });
  const said = (JSON.parse(stdout) as Record<string, Published>)[name];
  if (said === undefined) throw new Error(`npm would publish something else than ${name}: ${stdout}`);
  const files = said.files.map((file) => file.path);
  return {
    name,
    before,
    version,
    tag: `${tagPrefix}${version}`,
    tarball,
    files,
    packedBytes: said.size,
    unpackedBytes: said.unpackedSize,
    problems: [
      ...(said.version === version ? [] : [`npm would publish ${said.version}`]),
      ...judgeContents(name, said),
      ...(await lintPacked(tarball)).map((message) => `publint: ${JSON.stringify(message)}`),
      ...(await resolveTypes(tarball)).problems.map((problem) => `types: ${JSON.stringify(problem)}`),
    ],
    notes: repository === undefined ? [noRepository] : [],
  };
}

/** The registry compares the field with the repository that the provenance names. */
const noRepository = 'package.json has no repository, without which the registry refuses provenance';

/** What npm says that it would publish. */
interface Published {
  readonly version: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function judgeContents(name: string, { files, size, unpackedSize }: Published): string[] {
  const allowed = contents[name];
  if (allowed === undefined) return [`release/contents.ts does not say what ${name} may hold`];
  const { kinds, mostPackedBytes, mostUnpackedBytes } = allowed;
  return [
    ...files.flatMap(({ path: file }) => (kinds.some((kind) => kind.test(file)) ? [] : [`it holds ${file}`])),
    ...(size <= mostPackedBytes ? [] : [`${size} bytes packed are more than ${mostPackedBytes}`]),
    ...(unpackedSize <= mostUnpackedBytes ? [] : [`${unpackedSize} bytes unpacked are more than ${mostUnpackedBytes}`]),
  ];
}
