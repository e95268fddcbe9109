/**
 * Which versions of Node.js can run the program.
 *
 * It imports nothing and uses nothing new, since it is the very old versions that have to understand it.
 */

/**
 * The oldest usable release of each usable line, ascending; lines after the last one are usable as a whole. It is what
 * the packages that this one depends on ask for together.
 */
const oldestReleases = ['22.22.2', '24.15.0', '26.0.0'];

const limits = oldestReleases.map((release, index) => ({
  release,
  isLast: index === oldestReleases.length - 1,
  line: release.split('.')[0],
}));

/** In the notation of package.json. */
export const nodeRange: string = limits.map(({ release, isLast }) => `${isLast ? '>=' : '^'}${release}`).join(' || ');

/** In words. */
export const supportedNodes: string = limits
  .map(({ release, isLast, line }) => `${release} or ${isLast ? 'later' : `a later ${line}`}`)
  .join(', ');

/** @param version as `process.versions.node` has it; a version before its release counts as the release. */
export function isSupportedNode(version: string): boolean {
  const parts = partsOf(version);
  return limits.some(({ release, isLast }) => {
    const oldest = partsOf(release);
    return isLast ? !isBefore(parts, oldest) : parts[0] === oldest[0] && !isBefore(parts, oldest);
  });
}

function partsOf(version: string): number[] {
  return version.split(/[.-]/).slice(0, 3).map(Number);
}

function isBefore(parts: readonly number[], others: readonly number[]): boolean {
  const differing = parts.findIndex((part, index) => part !== others[index]);
  return differing !== -1 && (parts[differing] as number) < (others[differing] as number);
}
