/**
 * The colours of series: chosen once for every chart, light and dark.
 */

/**
 * Okabe and Ito's hues, which people with any form of colour blindness can tell apart, in an order that sets neighbours
 * apart; their black is the page's own text colour. Some are darker on a light page or lighter on a dark one, so that
 * all reach the contrast of 3:1 that graphics need (WCAG 2.2, 1.4.11).
 * @see https://jfly.uni-koeln.de/color/
 */
const palette = [
  { light: '#0072B2', dark: '#3F8FD0' },
  { light: '#D55E00', dark: '#D55E00' },
  { light: '#009E73', dark: '#009E73' },
  { light: '#C46A9B', dark: '#CC79A7' },
  { light: '#B07A00', dark: '#E69F00' },
  { light: '#2F93CC', dark: '#7CCBF2' },
  { light: '#857C00', dark: '#F0E442' },
] as const;

/** A colour as CSS has it: a variable of `chartStyle`, or the light one where a picture stands alone. */
export function colorOf(slot: number): string {
  const index = slot % palette.length;
  return `var(--series-${index}, ${palette[index]?.light ?? 'currentColor'})`;
}

/** Rules for a page that define the variables; which of both it is follows the page's `color-scheme`. */
export function chartStyle(): string {
  const variables = palette.map(({ light, dark }, index) => `--series-${index}:light-dark(${light},${dark})`);
  return `:root{${variables.join(';')}}`;
}
