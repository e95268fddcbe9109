/**
 * The document's blocks as HTML, and the table of contents that goes with them.
 *
 * Identifiers are numbers, never text from data.
 */
import {
  answerTitle,
  type Answer,
  type Block,
  type Chart,
  type Document,
  type List,
  type Section,
} from '../document.ts';
import type { PageContenders } from './contenders.ts';
import { html, keepLines, type Markup, trustMarkup } from './markup.ts';
import { renderTable } from './tables.ts';

/** What the blocks of a page have in common. */
export interface BlockContext {
  readonly contenders: PageContenders;
  /** The picture of every chart of the document. */
  readonly drawings: ReadonlyMap<Chart, Markup>;
}

/** The blocks of a page, and links to its sections and their tables and charts. */
export interface RenderedBlocks {
  readonly body: Markup;
  readonly contents: Markup;
}

interface ContentsEntry {
  readonly id: string;
  readonly title: string;
  readonly entries: ContentsEntry[];
}

/** Of a document without blocks, two empty pieces. */
export function renderBlocks({ blocks }: Document, context: BlockContext): RenderedBlocks {
  const top: ContentsEntry[] = [];
  const body = new Writer(context).renderAll(blocks, { level: 2, entries: top });
  return { body, contents: renderEntries(top) };
}

/** Where a block stands: the level of the next heading, and the list that links to what is inside. */
interface BlockPlace {
  readonly level: number;
  readonly entries: ContentsEntry[];
}

/** Numbers what it writes, so that identifiers are unique in the page and the same for the same document. */
class Writer {
  readonly #context: BlockContext;
  #sections = 0;
  #tables = 0;
  #figures = 0;

  constructor(context: BlockContext) {
    this.#context = context;
  }

  renderAll(blocks: readonly Block[], place: BlockPlace): Markup {
    return html`${blocks.map((block) => this.#render(block, place))}`;
  }

  #render(block: Block, place: BlockPlace): Markup {
    switch (block.kind) {
      case 'answer':
        return this.#renderAnswer(block, place);
      case 'section':
        return this.#renderSection(block, place);
      case 'paragraph':
        return html`<p>${block.text}</p>\n`;
      case 'note':
        return block.tone === 'warning'
          ? html`<p class="note"><strong>Warning:</strong> ${block.text}</p>\n`
          : html`<p class="muted">${block.text}</p>\n`;
      case 'list':
        return renderList(block);
      case 'code':
        return html`<pre class="scroll" tabindex="0" aria-label="Program text" role="group"><code data-language="${block.language ?? 'sh'}">${keepLines(block.text)}</code></pre>\n`;
      case 'details':
        return html`<details class="more"><summary>${block.summary}</summary>\n${this.renderAll(block.blocks, place)}</details>\n`;
      case 'table': {
        this.#tables += 1;
        const id = `t${this.#tables}`;
        if (block.caption !== undefined) place.entries.push({ id, title: block.caption, entries: [] });
        return renderTable({ table: block, id, contenders: this.#context.contenders });
      }
      case 'chart':
        return this.#renderChart(block, place.entries);
    }
  }

  #renderAnswer({ sentences, chart }: Answer, { level, entries }: BlockPlace): Markup {
    const id = 'answer';
    const entry: ContentsEntry = { id, title: answerTitle, entries: [] };
    entries.push(entry);
    const tag = trustMarkup(`h${Math.min(level, 6)}`);
    const figure = chart === undefined ? html`` : this.#renderChart(chart, entry.entries);
    return html`<section class="answer" aria-labelledby="${id}"><${tag} id="${id}">${answerTitle}</${tag}>\n${renderList({ kind: 'list', items: sentences })}${figure}</section>\n`;
  }

  #renderSection({ title, blocks }: Section, { level, entries }: BlockPlace): Markup {
    this.#sections += 1;
    const entry: ContentsEntry = { id: `s${this.#sections}`, title, entries: [] };
    entries.push(entry);
    // HTML has no deeper heading than the sixth.
    const tag = trustMarkup(`h${Math.min(level, 6)}`);
    return html`<section><${tag} id="${entry.id}">${title}</${tag}>\n${this.renderAll(blocks, { level: level + 1, entries: entry.entries })}</section>\n`;
  }

  #renderChart(chart: Chart, entries: ContentsEntry[]): Markup {
    this.#figures += 1;
    const id = `f${this.#figures}`;
    entries.push({ id, title: chart.title, entries: [] });
    return html`<figure id="${id}"><figcaption><strong>${chart.title}</strong> ${chart.summary}</figcaption>
<div class="scroll drawing" role="group" tabindex="0" aria-label="${chart.title}">${this.#context.drawings.get(chart)}</div></figure>\n`;
  }
}

function renderList({ items }: List): Markup {
  const lines = items.map(({ text, tone }) =>
    tone === undefined ? html`<li>${text}</li>\n` : html`<li class="${tone}">${text}</li>\n`,
  );
  return html`<ul>${lines}</ul>\n`;
}

/** What lies below a section is folded, since a thorough run has a hundred tables. */
function renderEntries(entries: readonly ContentsEntry[]): Markup {
  if (entries.length === 0) return html``;
  const lines = entries.map(({ id, title, entries: inner }) => {
    const link = html`<a href="#${id}">${title}</a>`;
    if (inner.length === 0) return html`<li>${link}</li>\n`;
    return html`<li>${link}<details><summary>${inner.length} inside<span class="unseen"> ${title}</span></summary>${renderEntries(inner)}</details></li>\n`;
  });
  return html`<ul>${lines}</ul>`;
}
