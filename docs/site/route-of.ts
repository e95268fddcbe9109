/**
 * What a page is called while Astro writes it: a route that ends in `index` is the folder's own to Astro, which would
 * write it as a file beside the folder, so that it has another name until it is there.
 */

const indexName = 'README';

/** The route of an output, e.g. `docs/guides/gate` and `docs/guides/README`. */
export function routeOf(output: string): string {
  return output.replace(/\.html$/, '').replace(/(?<=^|\/)index$/, indexName);
}

/** Where Astro writes an output's page. */
export function writtenAs(output: string): string {
  return `${routeOf(output)}.html`;
}
