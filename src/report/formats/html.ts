/**
 * The document as one page that opens offline: tables that sort, filters, charts, light and dark, fit for print.
 */
import { adviseInstall, describeMissing, missingPackages } from '../../optional-packages.ts';
import type { Document } from '../document.ts';
import type { Format } from '../format.ts';
import { drawingPackages, leaveOutCharts } from '../html/drawings.ts';
import { renderPage } from '../html/page.ts';

export default {
  extension: 'html',
  render(document: Document) {
    const missing = missingPackages(drawingPackages);
    if (missing.length === 0) return renderPage(document);
    return renderPage(leaveOutCharts(document, `${describeMissing(missing)}; to have them, ${adviseInstall(missing)}`));
  },
} satisfies Format;
