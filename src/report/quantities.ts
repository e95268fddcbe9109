/**
 * How every figure of a report is written: the only place that scales base units and rounds.
 *
 * Times and sizes get three significant digits, which is finer than any interval here. KB and MB are powers of 1,000,
 * as in MB/s. There are no locales: a report reads the same on every machine.
 */
import { fewestForBounds } from '../compare/ratios.ts';

/** Stands for a figure that does not exist. */
export const nothing = '–';

/** `812 ns`, `23.1 µs`, `4.44 ms`, `1.20 s`; a dash for anything that is not finite. */
export function formatTime(ns: number): string {
  return scale(ns, [
    ['ns', 1],
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ]);
}

/** `812 B`, `12.4 KB`, `1.20 MB`, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  return scale(bytes, [
    ['B', 1],
    ['KB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
  ]);
}

/** MB/s without the unit, for a column that has it in its title. */
export function formatMegabytes(bytes: number): string {
  return significant(bytes / 1e6);
}

/** `7.2x`, `1.04x`, `123x`: two decimals below 2, where they matter most. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(ratioDecimals(ratio))}x` : nothing;
}

/** Both forms of a speedup: `7.2x (+623%)`, the percent being (t_ref - t) / t. */
export function formatSpeedup(ratio: number): string {
  return `${formatRatio(ratio)} (${formatChange(ratio - 1)})`;
}

/**
 * `6.9–7.5x`. A bound close to 1 gets as many decimals as it takes to tell it from 1, up to four, so that an interval
 * that excludes 1 never looks as if it held it.
 */
export function formatInterval({ lo, hi }: { readonly lo: number; readonly hi: number }): string {
  const decimals = Math.max(Math.min(ratioDecimals(lo), ratioDecimals(hi)), tellFromOne(lo), tellFromOne(hi));
  // A lower bound that would be rounded to nothing keeps the decimals it needs by itself.
  const low = lo.toFixed(Number(lo.toFixed(decimals)) === 0 ? ratioDecimals(lo) : decimals);
  return `${low}–${hi.toFixed(decimals)}x`;
}

/** `7.2x (6.9–7.5x)`; the ratio alone where it has no bounds. */
export function formatBoundedRatio({ ratio, lo, hi }: { ratio: number; lo?: number; hi?: number }): string {
  return lo === undefined || hi === undefined
    ? formatRatio(ratio)
    : `${formatRatio(ratio)} (${formatInterval({ lo, hi })})`;
}

/** What stands in place of bounds where there are none. */
export const tooFewRounds: string = `fewer than ${fewestForBounds} rounds`;

/** A signed percent from a signed share: `+623%`, `-45%`, `+3.9%`. */
export function formatChange(share: number): string {
  const percent = formatPercent(Math.abs(share));
  return percent === nothing ? percent : `${share < 0 ? '-' : '+'}${percent}`;
}

/** A percent from a share in [0, 1] or above: `12%`, `3.9%`, `0.4%`. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return nothing;
  const percent = share * 100;
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)}%`;
}

/** A percent with the decimals that tell 99.6% from 100%; what is not all or none is never rounded to it. */
export function formatFinePercent(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  const rounded = percent.toFixed(percent < 1 || percent > 99 ? 2 : 1);
  if (Number(rounded) === 0) return 'below 0.01%';
  return Number(rounded) === 100 ? 'above 99.99%' : `${rounded}%`;
}

/** The bounds of a change, from signed shares: `+5.2% to +9.0%`, `-1.2% to +3.4%`. */
export function formatChanges({ lo, hi }: { readonly lo: number; readonly hi: number }): string {
  return `${formatChange(lo)} to ${formatChange(hi)}`;
}

/** `+7.1% (+5.2% to +9.0%)`; the change alone where it has no bounds. */
export function formatBoundedChange({ value, lo, hi }: { value: number; lo?: number; hi?: number }): string {
  return lo === undefined || hi === undefined
    ? formatChange(value)
    : `${formatChange(value)} (${formatChanges({ lo, hi })})`;
}

/** A share that somebody chose, as a percent without made-up decimals: `3%`, `2.5%`. */
export function formatSetting(share: number): string {
  // Twelve digits are more than anybody sets and fewer than the multiplication spoils.
  return Number.isFinite(share) ? `${Number((share * 100).toPrecision(12))}%` : nothing;
}

/** How far an interval reaches around its centre, as `±3%`; assumes bounds on a multiplying scale. */
export function formatSpread({ lo, hi }: { readonly lo: number; readonly hi: number }): string {
  return `±${formatPercent(Math.sqrt(hi / lo) - 1)}`;
}

/** `5,000`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? count.toLocaleString('en-US', { maximumFractionDigits: 0 }) : nothing;
}

/** `5.21`, `65.3`, `22,894`: a rate a second, of which small ones need decimals; a dash for anything that is not finite. */
export function formatPerSecond(perSec: number): string {
  return perSec < 99.95 ? significant(perSec) : formatCount(perSec);
}

/** `42 s`, `4 min 12 s`, `2 h 5 min`, from milliseconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-11-22 10:43 UTC` from an ISO timestamp in UTC; anything else is returned as it is. */
export function formatMoment(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*Z$/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} UTC`;
}

/** `a`, `a and b`, `a, b and c`; an empty text for an empty list. */
export function formatList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 cell`, `2 cells`. */
export function formatPlural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** `the only cell`, `both cells`, `all 3 cells`. */
export function formatAll(count: number, word: string): string {
  return [`no ${word}`, `the only ${word}`, `both ${word}s`][count] ?? `all ${formatPlural(count, word)}`;
}

function scale(value: number, units: readonly (readonly [string, number])[]): string {
  if (!Number.isFinite(value)) return nothing;
  // Rounding first keeps 999.7 ns from being written as 1000 ns.
  const rounded = Number(value.toPrecision(3));
  const [unit, size] = units.findLast(([, from]) => rounded >= from) ?? units[0] ?? ['', 1];
  // Base units are counted, so a whole number of bytes has no decimals.
  const text = size === 1 && Number.isInteger(value) ? `${rounded}` : significant(rounded / size);
  return `${text} ${unit}`;
}

function significant(value: number): string {
  if (!Number.isFinite(value)) return nothing;
  const rounded = Number(value.toPrecision(3));
  return rounded.toFixed(rounded >= 100 ? 0 : rounded >= 10 ? 1 : 2);
}

function ratioDecimals(ratio: number): number {
  // Two digits at least, since no ratio of times is 0.000.
  if (ratio > 0 && ratio < 0.01) return Math.min(12, 1 - Math.floor(Math.log10(ratio)));
  if (ratio < 0.1) return 3;
  if (ratio < 2) return 2;
  return ratio < 100 ? 1 : 0;
}

function tellFromOne(bound: number): number {
  if (bound === 1) return 0;
  const enough = [0, 1, 2, 3, 4].find((decimals) => Number(bound.toFixed(decimals)) !== 1);
  return enough ?? 4;
}
