/**
 * HTML text that cannot be forgotten to be escaped: whatever goes into the template is text unless it is markup
 * already.
 *
 * The only other way from text to markup is `trustMarkup`, which is for text that this program wrote itself.
 */
import { showText } from '../../foreign-text.ts';

/** A piece of a page; made by `html`, never from data. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text is escaped, markup is not, `undefined` writes nothing. */
export type Value = string | number | Markup | undefined | readonly Value[];

/** Markup of a template whose values are escaped, inside elements and inside attributes with double quotes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: String.raw({ raw: strings }, ...values.map(write)) };
}

/** Text of our own that is markup already: the style sheet, the script, a picture that the chart library drew. */
export function trustMarkup(markup: string): Markup {
  return { markup };
}

/** Data for the page's script, with texts as the page shows them; no HTML parser takes it for markup. */
export function embedJson(value: unknown): Markup {
  const shown = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? showText(inner) : inner));
  return { markup: shown.replaceAll('<', String.raw`\u003c`) };
}

/** Program text with its line breaks; everything else that cannot be seen shows as a symbol, as in all text. */
export function keepLines(text: string): Markup {
  return {
    markup: text
      .split(/\r\n|[\n\r]/)
      .map(escapeText)
      .join('\n'),
  };
}

function write(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(write).join('');
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return escapeMarkup(showText(text));
}

/** Text with references in the place of what begins or ends markup, in elements and attributes alike. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
