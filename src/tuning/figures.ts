/**
 * Values of settings as figures: read, held beside the wanted ones, and put together so that nothing gets worse.
 */
import type { CheckedValue } from '../model/tuning.ts';
import type { Setting } from './settings.ts';

type WantedFigures = Setting['figures'];

/** The text as the kernel would write it, whatever stands between the figures. */
export function toPlainText(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

/** @returns undefined where there are fewer or more of them than `count`, or something else. */
export function readFigures(text: string, count: number): readonly number[] | undefined {
  const parts = toPlainText(text).split(' ');
  return parts.length === count && parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : undefined;
}

export function toText(figures: readonly number[]): string {
  return figures.join(' ');
}

export function wantedText(figures: WantedFigures): string {
  return toText(figures.map(({ wanted }) => wanted));
}

/** The better one of each figure and the wanted one, so that nothing is taken away; of a range the wider one. */
export function takeBetter(now: readonly number[], figures: WantedFigures): readonly number[] {
  return figures.map(({ wanted, better }, index) => {
    const figure = now[index] ?? wanted;
    if (better === 'exactly') return wanted;
    return better === 'higher' ? Math.max(figure, wanted) : Math.min(figure, wanted);
  });
}

/** How a value stands to the wanted one. */
export function standingOf(now: readonly number[], figures: WantedFigures): CheckedValue['standing'] {
  const target = toText(takeBetter(now, figures));
  if (target !== toText(now)) return 'below';
  return target === wantedText(figures) ? 'as wanted' : 'beyond';
}

/** True where no figure is as wanted and each is better, so that there is nothing to write down for the next start. */
export function isBeyondInAll(now: readonly number[], figures: WantedFigures): boolean {
  return standingOf(now, figures) === 'beyond' && figures.every(({ wanted }, index) => now[index] !== wanted);
}
