/**
 * What becomes of the SVG text that Vega writes: series can be found in it, it has one text alternative, and it is
 * small.
 *
 * Only tags are changed, never text between them; Vega escapes `<`, `>` and `"`, so that a tag ends where it seems to.
 * There are no `style` attributes, which a strict page forbids, and no scripts.
 */
import type { Chart, ChartSeries } from '../../document.ts';
import { escapeMarkup } from '../markup.ts';

/** What is needed of an item or of a list of items in Vega's scene. */
export interface SceneNode {
  readonly items?: readonly SceneNode[];
  readonly role?: string;
  readonly orient?: string;
  readonly datum?: { readonly s?: unknown; readonly value?: unknown } | null;
  description?: string;
}

/**
 * Writes the position of its series into the description of every item, which Vega puts into the tag.
 * @param scene changed in place, after the layout and before it is written as SVG.
 */
export function markSeries(scene: { readonly root: SceneNode }, chart: Chart): void {
  mark(scene.root, { role: undefined, namesSeries: isNamedByAxis(chart) });
}

/** Whether the labels down the left side of a chart are its series' names, so that it needs no legend. */
export function isNamedByAxis({ form, series }: Chart): boolean {
  return (
    form === 'bars' || (form === 'points' && series.every(({ name, points }) => points.every(({ x }) => x === name)))
  );
}

/**
 * Vega's text for a page: see renderChart.
 * @param svg as Vega wrote it, after markSeries.
 */
export function adaptSvg(svg: string, chart: Chart): string {
  const content = svg
    .replaceAll(/<[^<>]*>/g, (tag) => adaptTag(tag, chart.series))
    // What is left of groups that held nothing but a frame.
    .replaceAll(/(?:<g><\/g>)+/g, '')
    .replaceAll(sameSeries, gatherRun);
  // Vega repeats the font in every text.
  const label = `font-family="system-ui, sans-serif" role="img" aria-labelledby="${quote(chart.id)}-title ${quote(chart.id)}-desc"`;
  const head = `<title id="${quote(chart.id)}-title">${quote(chart.title)}</title><desc id="${quote(chart.id)}-desc">${quote(chart.summary)}</desc>`;
  return content.replace(/^<svg([^<>]*)>/, (_, attributes: string) => `<svg${attributes} ${label}>${head}`);
}

/** Neighbours of one series, whose attributes are said once around them. */
const sameSeries =
  /<(?:path|line)( data-series="[^"]*"(?: data-contender="[^"]*")?)[^<>]*\/>(?:<(?:path|line)\1 [^<>]*\/>)+/g;

/**
 * A group around neighbours of one series with what all of them have; `opacity` of a group would mean something else.
 */
function gatherRun(run: string): string {
  const tags: string[] = run.match(/<[^<>]*>/g) ?? [];
  const [first = [], ...others] = tags.map(
    (tag): string[] => tag.match(/ (?:data-[a-z]+|fill|stroke|stroke-width|stroke-dasharray)="[^"]*"/g) ?? [],
  );
  const common = first.filter((attribute) => others.every((own) => own.includes(attribute)));
  const bare = tags.map((tag) => common.reduce((rest, attribute) => rest.replace(attribute, ''), tag));
  return `<g${common.join('')}>${bare.join('')}</g>`;
}

/** Where in the scene an item stands. */
interface ScenePlace {
  readonly role: string | undefined;
  /** Whether a label on the axis at the left is a series' name. */
  readonly namesSeries: boolean;
}

function mark(node: SceneNode, { role, namesSeries }: ScenePlace): void {
  for (const item of node.items ?? []) {
    const own = node.role ?? role;
    const position = positionOf(item, { role: own, namesSeries });
    if (position !== undefined) item.description = `${seriesToken}${position}`;
    mark(item, { role: own, namesSeries: node.role === 'axis' ? namesSeries && item.orient === 'left' : namesSeries });
  }
}

function positionOf({ datum, items }: SceneNode, { role, namesSeries }: ScenePlace): number | undefined {
  // What holds other items, such as the panel of a category, belongs to no single series.
  if (items !== undefined || datum === undefined || datum === null) return undefined;
  const isName = role === 'legend-symbol' || role === 'legend-label' || (role === 'axis-label' && namesSeries);
  const value = isName ? datum.value : datum.s;
  return typeof value === 'number' ? value : undefined;
}

/** Begins a description; Vega writes it into `aria-label`, where nothing else of ours ever stands. */
const seriesToken = 'series-';

function adaptTag(tag: string, series: readonly ChartSeries[]): string {
  // Backgrounds and foregrounds of groups that have neither a colour nor a frame.
  if (/^<path class="(?:background|foreground)"/.test(tag) && !/ (?:fill|stroke)="/.test(tag)) return '';
  if (/^<path .* display="none"/.test(tag)) return '';
  const position = /^<(?:path|line|text) .*aria-label="series-(\d+)"/.exec(tag)?.[1];
  const own = position === undefined ? undefined : series[Number(position)];
  const light = tag
    .replaceAll(
      / (?:role|class|aria-[a-z]+|pointer-events|xmlns:xlink|version|stroke-miterlimit|font-family)="[^"]*"/g,
      '',
    )
    // Defaults of SVG, or widths of lines that have no colour.
    .replaceAll(/ (?:opacity="1"|stroke-width="1"|transform="translate\(0,0\)")/g, '')
    .replace(/^(<path (?!.* stroke=").*) stroke-width="\d+"/, '$1')
    .replaceAll(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height|viewBox)="[^"]*"/g, roundNumbers);
  return own === undefined ? light : light.replace(/^<\w+/, (start) => start + seriesAttributes(own));
}

function seriesAttributes({ name, contender }: ChartSeries): string {
  return ` data-series="${quote(name)}"${contender === undefined ? '' : ` data-contender="${quote(contender)}"`}`;
}

/** A hundredth of a pixel is finer than any screen; the rest only makes a page larger. */
function roundNumbers(attribute: string): string {
  return attribute.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => `${Number(Number(number).toFixed(2))}`);
}

/** Text as it may stand in a tag's attribute and between tags, on one line. */
function quote(text: string): string {
  return escapeMarkup(text).replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
