/**
 * What is looked at in a packed package before anybody installs it: its files, its package.json, its types.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';

/** Files of a tarball, relative to the package. */
export function listPacked(tarball: string): string[] {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
}

export function readPacked(tarball: string, name: string): string {
  return execFileSync('tar', ['-xzOf', tarball, `package/${name}`], { encoding: 'utf8' });
}

/** What publint has to say. */
export async function lintPacked(tarball: string): Promise<readonly unknown[]> {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    strict: true,
  });
  return messages;
}

/** What are-the-types-wrong has to say. */
export async function resolveTypes(tarball: string): Promise<{ problems: readonly unknown[]; entries: string[] }> {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (analysis.types === false) throw new Error('the package has no types');
  // Both packages are ES modules and nothing else, and Node.js 10 does not read `exports` at all.
  const problems = analysis.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  return { problems, entries: Object.keys(analysis.entrypoints) };
}
