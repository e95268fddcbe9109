/**
 * The document as one page that opens offline: tables that sort, filters, charts, light and dark, fit for print.
 */
import type { Format } from '../format.ts';
import { renderPage } from '../html/page.ts';

export default { extension: 'html', render: renderPage } satisfies Format;
