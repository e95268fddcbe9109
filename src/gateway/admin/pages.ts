/**
 * The admin pages as HTML: plain lists and one entity, readable without a style and usable with a keyboard alone.
 *
 * Every value is text of somebody else, and is escaped; nothing is loaded from elsewhere, and there is no script.
 */
import { htmlEscape } from 'escape-goat';

import type { Entity, EntityKind } from '../entities/entity.ts';
import { entityKinds, nameFieldOf } from '../entities/entity.ts';

/** HTML that was put together here; anything else is escaped. */
interface Html {
  readonly html: string;
}

export interface Overview {
  readonly counts: Readonly<Record<EntityKind, number>>;
  /** Servers behind the gateway, by their entities. */
  readonly upstreams: readonly Entity[];
  /** The latest ones first. */
  readonly failures: readonly { readonly at: Date; readonly what: string }[];
}

export const adminPath = '/admin/';
export const stylePath = '/admin/style.css';

export function writeOverview({ counts, upstreams, failures }: Overview): string {
  return page(
    'Overview',
    html`<h1>Overview</h1>
      ${table({
        caption: 'What the gateway keeps',
        heads: ['Kind', 'Entities'],
        rows: entityKinds.map((kind) => [link(`${adminPath}${kind}`, kind), String(counts[kind])]),
      })}
      ${table({
        caption: 'Servers behind the gateway',
        heads: ['Name', 'Address', 'State', 'Last seen', 'Last error'],
        rows: upstreams.map((upstream) => [
          link(`${adminPath}gateways/${upstream.id.toString()}`, textOf(upstream['name'])),
          textOf(upstream['url']),
          upstream['reachable'] === false ? 'unreachable' : textOf(upstream['status']),
          textOf(upstream['lastSeen']),
          textOf(upstream['lastError']),
        ]),
      })}
      ${table({
        caption: 'Recent failures of the gateway',
        heads: ['Time', 'What failed'],
        rows: failures.map(({ at, what }) => [at.toISOString(), what]),
      })}`,
  );
}

export function writeList(
  kind: EntityKind,
  { items, nextCursor }: { items: readonly Entity[]; nextCursor: string | null },
): string {
  const next = html`<p><a href="?cursor=${encodeURIComponent(nextCursor ?? '')}" rel="next">Next page</a></p>`;
  return page(
    kind,
    html`<h1>${kind}</h1>
      ${table({
        caption: `${kind}, in the order of their creation`,
        heads: [nameFieldOf(kind), 'Description', 'Enabled', 'Created'],
        rows: items.map((entity) => [
          link(`${adminPath}${kind}/${entity.id.toString()}`, textOf(entity[nameFieldOf(kind)])),
          textOf(entity['description']).slice(0, 200),
          entity['enabled'] === false ? 'no' : 'yes',
          textOf(entity['createdAt']),
        ]),
      })}
      ${nextCursor === null ? '' : next}`,
  );
}

export function writeEntity(kind: EntityKind, entity: Entity): string {
  const name = textOf(entity[nameFieldOf(kind)]);
  return page(
    name,
    html`<h1>${name}</h1>
      <p>One of the ${link(`${adminPath}${kind}`, kind)}.</p>
      ${table({
        caption: 'Its fields',
        heads: ['Field', 'Value'],
        rows: Object.entries(entity).map(([field, value]) => [field, code(textOf(value))]),
      })}`,
  );
}

export const style = `
  body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
  a { color: #0b57a4; }
  a:focus-visible { outline: 3px solid #0b57a4; outline-offset: 2px; }
  .skip { position: absolute; left: -100rem; }
  .skip:focus { position: static; }
  nav ul { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
  caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
  th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
  pre { margin: 0; white-space: pre-wrap; font: 0.9rem/1.4 ui-monospace, monospace; }
  @media (prefers-color-scheme: dark) {
    body { color: #e8e8e8; background: #161616; }
    a { color: #8ab8ff; }
    th, td { border-color: #444; }
  }
`;

function page(title: string, body: Html): string {
  const links = [['overview', adminPath], ...entityKinds.map((kind) => [kind, `${adminPath}${kind}`])] as const;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – gateway</title>
        <link rel="stylesheet" href="${stylePath}" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <nav aria-label="Kinds">
          <ul>
            ${links.map(([name, path]) => html`<li>${link(path, name)}</li>`)}
          </ul>
        </nav>
        <main id="main">${body}</main>
      </body>
    </html>`.html;
}

function table(request: {
  caption: string;
  heads: readonly string[];
  rows: readonly (readonly (string | Html)[])[];
}): Html {
  const { caption, heads, rows } = request;
  if (rows.length === 0) return html`<h2>${caption}</h2><p>There is none.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>${caption}</caption>
      <thead>
        <tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function link(path: string, text: string): Html {
  return html`<a href="${path}">${text === '' ? '(no name)' : text}</a>`;
}

function code(text: string): Html {
  return html`<pre>${text}</pre>`;
}

/** What a field holds, for people. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return JSON.stringify(value, null, 2) ?? '';
}

/** A template whose parts are escaped, unless they are HTML of this module, or lists of it. */
function html(literals: TemplateStringsArray, ...parts: readonly (string | Html | readonly Html[])[]): Html {
  const written = parts.map((part) => {
    if (typeof part === 'string') return htmlEscape(part);
    return Array.isArray(part) ? part.map((one: Html) => one.html).join('') : (part as Html).html;
  });
  return { html: String.raw({ raw: literals }, ...written) };
}
