/**
 * The document as one page that opens offline: tables that sort, filters, charts, light and dark, fit for print.
 *
 * Deliberately absent: everything of the page itself (src/report/html/).
 */
import type { Document } from '../document.ts';
import type { Format } from '../format.ts';
import { collectContenders } from '../html/contenders.ts';
import { drawCharts } from '../html/drawings.ts';
import { renderPage } from '../html/page.ts';

export default {
  extension: 'html',
  async render(document: Document) {
    return renderPage(document, { contenders: collectContenders(document), drawings: await drawCharts(document) });
  },
} satisfies Format;
