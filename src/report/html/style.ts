/**
 * The page's style sheet: light and dark by `light-dark()`, narrow screens, print, reduced motion.
 *
 * Colours of text have a contrast of 4.5 or more on every ground they stand on (a browser test has axe measure it). Tone
 * never carries news alone. Fonts are the reader's own, since others would have to be fetched.
 */

/** Constant text of our own; nothing of a document goes into it. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #14171c);
  --panel: light-dark(#f4f6f8, #1e232b);
  --line: light-dark(#d3d9e0, #3a424d);
  --text: light-dark(#1b1f24, #e6e9ee);
  --muted: light-dark(#57606a, #a3adb9);
  --link: light-dark(#0550ae, #82bdff);
  --good: light-dark(#0f6030, #74d394);
  --bad: light-dark(#a40e26, #ff9f99);
  --warning: light-dark(#7a4b00, #f2c062);
  --warning-ground: light-dark(#fff6e0, #2e2510);
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 6rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 3; padding: 0.5rem 1rem; background: var(--ground); }
.unseen, tbody tr:not([hidden]) ~ tr > th > span {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
header { padding: 1.5rem 1.5rem 0.5rem; }
header ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0 0 0.75rem; padding: 0; list-style: none; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--line); font-size: 1.45rem; line-height: 1.3; }
h3, h4, h5, h6 { margin: 1.75rem 0 0.5rem; font-size: 1.15rem; line-height: 1.3; }
p, li { max-width: 50rem; overflow-wrap: anywhere; }
p { margin: 0.6rem 0; }
ul { margin: 0.6rem 0; padding-left: 1.4rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }

.controls {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem;
  padding: 0.6rem 1.5rem; background: var(--panel); border-block: 1px solid var(--line); font-size: 0.95rem;
}
.controls p { margin: 0; }
#shown { margin-left: auto; color: var(--muted); }
.field { display: flex; align-items: center; gap: 0.5rem; }
input, select, button { font: inherit; color: inherit; }
input[type='search'], select, .controls button {
  min-height: 2rem; padding: 0.15rem 0.6rem; background: var(--ground); border: 1px solid var(--muted); border-radius: 5px;
}
input[type='search'] { width: 13rem; max-width: 55vw; }
::placeholder { color: var(--muted); opacity: 1; }
.choices { position: relative; }
.choices > summary { min-height: 2rem; padding: 0.2rem 0.6rem; border: 1px solid var(--muted); border-radius: 5px; background: var(--ground); }
.choices > fieldset {
  position: absolute; left: 0; top: calc(100% + 0.4rem); margin: 0; padding: 0.75rem 1rem; width: max-content; max-width: min(36rem, 90vw);
  max-height: 65vh; overflow: auto; background: var(--ground); border: 1px solid var(--muted); border-radius: 6px; box-shadow: 0 6px 20px #0004;
}
.choices legend { float: left; width: 100%; margin-bottom: 0.4rem; font-weight: 600; }
.choices p { clear: both; }
.choices label { display: flex; align-items: baseline; gap: 0.5rem; clear: both; padding: 0.15rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }

.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2rem; padding: 0 1.5rem 4rem; }
nav { margin-top: 1rem; font-size: 0.92rem; }
nav > details > summary { font-weight: 600; }
nav ul { margin: 0.3rem 0; padding-left: 1rem; list-style: none; }
nav li { padding: 0.1rem 0; }
nav li details > summary { color: var(--muted); font-size: 0.9em; }
main { min-width: 0; }
main:focus { outline: none; }
@media screen and (min-width: 72rem) {
  .columns { grid-template-columns: 16rem minmax(0, 1fr); }
  nav { position: sticky; top: 4rem; align-self: start; max-height: calc(100vh - 5rem); overflow: auto; }
}

/* What is not on the screen is laid out when it comes near: a thorough run has more tables than a browser lays out at once. */
.scroll { overflow-x: auto; content-visibility: auto; contain-intrinsic-height: auto 24rem; }
table { border-collapse: collapse; margin: 0.4rem 0; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { padding: 0.9rem 0 0.4rem; text-align: left; font-weight: 600; }
th, td { padding: 0.3rem 0.7rem; text-align: left; vertical-align: top; white-space: nowrap; }
thead th, thead td { border-bottom: 2px solid var(--muted); background: var(--panel); vertical-align: bottom; }
tbody td, tbody th { border-top: 1px solid var(--line); }
tbody + tbody > tr:not([hidden]):first-child > * { border-top: 2px solid var(--muted); }
tbody tr:hover > * { background: var(--panel); }
.long { min-width: 22rem; white-space: normal; overflow-wrap: anywhere; }
.figures th, .figures td { min-width: 8.5rem; white-space: normal; }
.figures td span { white-space: nowrap; }
th button { padding: 0; border: 0; background: none; font-weight: inherit; text-align: left; cursor: pointer; white-space: nowrap; }
th button::after { content: '\\2195' / ''; display: inline-block; width: 1.1em; text-align: right; color: var(--muted); }
.figures th button { position: relative; padding-right: 1.2em; white-space: normal; }
.figures th button::after { position: absolute; right: 0; bottom: 0; }
th[aria-sort='ascending'] button::after { content: '\\2191' / ''; color: var(--text); }
th[aria-sort='descending'] button::after { content: '\\2193' / ''; color: var(--text); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); }
.warning { color: var(--warning); }
.muted { color: var(--muted); }
.strong { font-weight: 600; }
.answer { margin: 1.5rem 0; padding: 0.1rem 1.2rem; border: 1px solid var(--line); border-left: 4px solid var(--link); background: var(--panel); }
.answer h2 { margin-top: 0; border-top: 0; }
.answer li { margin: 0.5rem 0; }
.note { padding: 0.5rem 0.9rem; border-left: 4px solid var(--warning); background: var(--warning-ground); }
.filtered { color: var(--muted); font-style: italic; }
pre { padding: 0.75rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; }
.more { margin: 0.8rem 0; padding: 0.4rem 0.9rem; border: 1px solid var(--line); border-radius: 5px; }
.more > summary { font-weight: 600; }
figure { margin: 1.5rem 0; }
.drawing svg { display: block; max-width: 100%; min-width: 34rem; height: auto; }
figcaption { max-width: 50rem; margin-bottom: 0.6rem; font-size: 0.92rem; }
figcaption strong { display: block; }

@media (max-width: 44rem) {
  header { padding: 1rem 1rem 0.5rem; }
  .columns { padding: 0 1rem 3rem; }
  .controls { position: static; padding: 0.6rem 1rem; }
  .choices { position: static; }
  .choices > fieldset { position: static; margin-top: 0.4rem; max-width: 100%; max-height: none; box-shadow: none; }
  .choices[open], #shown { width: 100%; margin-left: 0; }
  .long { min-width: 16rem; }
  html { scroll-padding-top: 1rem; }
}

@page { size: landscape; margin: 12mm; }
@media print {
  :root, :root[data-theme] { color-scheme: light; }
  .skip, nav, .controls > :not(#shown), th button::after { display: none; }
  .controls { position: static; padding: 0; border: 0; background: none; }
  .controls #shown { margin: 0; }
  body { font-size: 10pt; }
  header, .columns { padding: 0; }
  .columns { display: block; }
  .scroll { overflow: visible; content-visibility: visible; }
  table { font-size: 8pt; }
  th, td, th button { white-space: normal; overflow-wrap: anywhere; }
  th, td { padding: 0.2rem 0.4rem; }
  .long { min-width: 0; }
  /* The browser repeats a head on every page, but not what boxes inside it show. */
  thead { display: table-header-group; }
  th button { display: contents; }
  tbody, tr, figure, .note { break-inside: avoid; }
  h2, h3, h4, h5, h6, caption { break-after: avoid; }
  /* Two pictures with their captions on a page. */
  .drawing svg { min-width: 0; max-height: 62mm; width: auto; }
  figure { margin: 0.6rem 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  /* Paper has nothing to click on, so whatever is folded is laid open. */
  details::details-content { content-visibility: visible; block-size: auto; height: auto; }
}
`;
