/**
 * The document as one page that opens offline: tables that sort, filters, charts, light and dark, fit for print.
 */
import { explainLack } from '../../optional-packages.ts';
import type { Document } from '../document.ts';
import type { Format } from '../format.ts';
import { drawingPackages, leaveOutCharts } from '../html/drawings.ts';
import { renderPage } from '../html/page.ts';

export default {
  extension: 'html',
  render(document: Document) {
    const lack = explainLack(drawingPackages);
    if (lack === undefined) return renderPage(document);
    return renderPage(leaveOutCharts(document, `${lack.why}; to have them, ${lack.advice}`));
  },
} satisfies Format;
