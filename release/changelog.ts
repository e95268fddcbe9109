/**
 * What a release does to a changelog that people write: its "Unreleased" part gets the version and the date, and not a
 * word of it changes.
 */

import { UserError } from '../src/user-error.ts';

const unreleased = '## Unreleased';

/**
 * The changelog of a release.
 * @param release.date as `2026-11-29`.
 * @throws {UserError} where nothing is written under "Unreleased", or the version has a part already.
 */
export function releaseChangelog(text: string, { version, date }: { version: string; date: string }): string {
  if (hasVersion(text, version)) throw new UserError(`the changelog has a part for ${version} already`);
  if (readUnreleased(text) === '') throw new UserError(`the changelog says nothing under "${unreleased}"`);
  return text.replace(headingOf(unreleased), () => headingOfVersion(version, date));
}

/** What is written under "Unreleased", without its heading; empty where nothing is, or there is no such part. */
export function readUnreleased(text: string): string {
  const parts = text.split(/^(?=## )/m).filter((part) => headingOf(unreleased).test(part));
  if (parts.length > 1) throw new UserError(`the changelog has "${unreleased}" ${parts.length} times`);
  return (parts[0] ?? '').replace(headingOf(unreleased), '').trim();
}

function hasVersion(text: string, version: string): boolean {
  return headings(text).some((heading) => heading === version || heading.startsWith(`${version} `));
}

/** As the workflow that publishes looks for it. */
function headingOfVersion(version: string, date: string): string {
  return `## ${version} (${date})`;
}

function headings(text: string): string[] {
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading.trim());
}

function headingOf(line: string): RegExp {
  return new RegExp(`^${line}[ \\t]*$`, 'm');
}
