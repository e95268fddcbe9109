/**
 * In which order users of several classes come, so that their shares are right at the end and about right at any time.
 */
import type { UserCounts } from '../model/users.ts';

export interface WeightedClass {
  readonly name: string;
  /** Above 0. */
  readonly weight: number;
}

/**
 * How many users of each class make up a number of them.
 * @param users a whole number. @param classes at least one.
 * @returns counts that sum to `users`, each within one of its exact share; the largest remainders get what is left,
 *   earlier classes first.
 */
export function shareOut(users: number, classes: readonly WeightedClass[]): UserCounts {
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  const shares = classes.map(({ name, weight }) => ({ name, exact: (users * weight) / total }));
  const left = users - shares.reduce((sum, { exact }) => sum + Math.floor(exact), 0);
  const favoured = new Set(
    shares
      .toSorted((a, b) => (b.exact % 1) - (a.exact % 1))
      .slice(0, left)
      .map(({ name }) => name),
  );
  return Object.fromEntries(
    shares.map(({ name, exact }) => [name, Math.floor(exact) + (favoured.has(name) ? 1 : 0)] as const),
  );
}

/** The names of the classes of all users in the order in which they come. @returns as many as the counts sum to. */
export function spawnOrder(counts: UserCounts): string[] {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  const users = entries.reduce((sum, [, count]) => sum + count, 0);
  const come = entries.map(([name, count]) => ({ name, count, so: 0 }));
  return Array.from({ length: users }, (_, index) => {
    // Whoever is furthest behind an even pace is next.
    const next = come.reduce((worst, one) => (behind(one, index) > behind(worst, index) ? one : worst));
    next.so += 1;
    return next.name;
  });

  function behind({ count, so }: { count: number; so: number }, index: number): number {
    return so >= count ? -Infinity : ((index + 1) * count) / users - so;
  }
}

/** All of them together. */
export function sumCounts(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How often each name comes in a list. */
export function countNames(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Adds counts by name to sums by name. */
export function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}
