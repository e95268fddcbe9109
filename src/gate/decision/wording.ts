/**
 * Words that several reasons of a verdict share.
 */

export function describeChange(value: number): string {
  const size = percent(Math.abs(value));
  if (size === '0%') return 'unchanged';
  return `${value > 0 ? 'slower' : 'faster'} by ${size}`;
}

/** One decimal, which is more than duets can tell, and none where it would be zero. */
export function percent(value: number): string {
  return `${Number((value * 100).toFixed(1))}%`;
}

export function countDuets(count: number): string {
  return count === 1 ? '1 duet' : `${count} duets`;
}
