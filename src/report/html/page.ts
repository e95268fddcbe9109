/**
 * A document as one page: head with its content security policy, filters, contents, the report, data and script.
 *
 * The file asks for nothing: every policy but those for its own style and script, which are allowed by their hashes, is
 * `none`.
 */
import { createHash } from 'node:crypto';

import type { Document } from '../document.ts';
import { showDocument } from '../show-document.ts';
import { renderBlocks } from './blocks.ts';
import { chartStyle } from './chart/colors.ts';
import { collectContenders } from './contenders.ts';
import { renderControls } from './controls.ts';
import { drawCharts } from './drawings.ts';
import { embedJson, html, type Markup, trustMarkup } from './markup.ts';
import { pageScript } from './script.ts';
import { styleSheet } from './style.ts';
import { columnStyle } from './tables.ts';

const pageStyle = `${styleSheet}${columnStyle}${chartStyle()}\n`;

/** A page around the report, where it is a part of a site. */
export interface PageLink {
  readonly title: string;
  /** Relative to the report. */
  readonly href: string;
}

/**
 * The whole file, ending in a newline; a document without blocks gives a page with its title.
 * @param around what the page links above its title; nothing for a file that stands alone.
 */
export async function renderPage(given: Document, around: readonly PageLink[] = []): Promise<string> {
  const document = showDocument(given);
  const contenders = collectContenders(document);
  const { list } = contenders;
  const { body, contents } = renderBlocks(document, { contenders, drawings: await drawCharts(document) });
  const data = list.map(({ flags }) => flags.map(({ mark }) => mark));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${document.title}</title>
<style>${trustMarkup(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>${renderWayBack(around)}<h1>${document.title}</h1></header>
${renderControls(list)}
<div class="columns">
<nav aria-label="Contents"><details open><summary>Contents</summary>${contents}</details></nav>
<main id="report" tabindex="-1">
${body}</main>
</div>
<script type="application/json" id="contenders">${embedJson(data)}</script>
<script>${trustMarkup(pageScript)}</script>
</body>
</html>
`.markup;
}

function renderWayBack(links: readonly PageLink[]): Markup | undefined {
  if (links.length === 0) return undefined;
  return html`<nav aria-label="Site"><ul>${links.map(({ title, href }) => html`<li><a href="${href}">${title}</a></li>`)}</ul></nav>`;
}

function policy(): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(pageScript)}'`,
    `style-src '${hashOf(pageStyle)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
