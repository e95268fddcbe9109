/**
 * The filter bar: what a reader chooses by; it stays hidden until the page's script shows it.
 *
 * Its fields are the state of the filters, so the script (script.ts) reads and writes them and keeps none of its own.
 */
import type { DocumentContender } from '../document.ts';
import { html, type Markup } from './markup.ts';

/** @param contenders may be empty; the bar then has the text filter only. */
export function renderControls(contenders: readonly DocumentContender[]): Markup {
  return html`<form class="controls" id="controls" role="search" aria-label="Filter the report" autocomplete="off" hidden>
<label class="field">Filter rows <input type="search" name="text" placeholder="words in a row" spellcheck="false"></label>
${contenders.length === 0 ? undefined : renderContenders(contenders)}${renderFlags(contenders)}
<label class="field">Theme <select name="theme"><option value="">as the system</option><option value="light">light</option><option value="dark">dark</option></select></label>
<button type="button" data-action="reset">Reset</button>
<p role="status" id="shown"></p>
</form>`;
}

function renderContenders(contenders: readonly DocumentContender[]): Markup {
  const boxes = contenders.map(({ id, flags }) => {
    const marks =
      flags.length === 0 ? undefined : html` <span class="muted">${flags.map(({ mark }) => mark).join('')}</span>`;
    return html`<label><input type="checkbox" name="contender" value="${id}" checked> ${id}${marks}</label>`;
  });
  return html`<details class="choices"><summary>Contenders <span id="chosen"></span></summary><fieldset><legend>Rows and series of</legend>
<p><button type="button" data-action="all">All</button> <button type="button" data-action="none">None</button></p>
${boxes}</fieldset></details>`;
}

/** One choice a flag that any of the contenders has, in the order in which they come. */
function renderFlags(contenders: readonly DocumentContender[]): Markup | undefined {
  const meanings = new Map(
    contenders.flatMap(({ flags }) => flags.map(({ mark, meaning }) => [mark, meaning] as const)),
  );
  if (meanings.size === 0) return undefined;
  const choices = [...meanings].map(
    ([mark, meaning]) => html`<label><select name="flag" data-mark="${mark}"><option value="">any</option>\
<option value="with">only these</option><option value="without">not these</option></select> <b>${mark}</b> ${meaning}</label>`,
  );
  return html`<details class="choices"><summary>Flags <span id="flagged"></span></summary><fieldset><legend>Contenders by what they need or leave out</legend>
${choices}</fieldset></details>`;
}
