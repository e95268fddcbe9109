/**
 * The page's script: filters, sorting and the state in the address, for browsers and without a library.
 *
 * Text of a program, since this project's TypeScript knows no browser. It reads what the page carries, makes elements
 * only with textContent, and keeps its state in the form and in the address. Nothing that it adds would be missed by a
 * reader without JavaScript.
 */

/** Constant text of our own; nothing of a document goes into it. */
export const pageScript = String.raw`
'use strict';
(() => {
  const find = (selector, parent = document) => [...parent.querySelectorAll(selector)];
  const form = document.getElementById('controls');
  const fields = form.elements;
  // The marks of every contender, in the order of the checkboxes.
  const contenders = JSON.parse(document.getElementById('contenders').textContent);
  const checkboxes = find('input[name=contender]', form);
  const flagChoices = find('select[name=flag]', form);
  const tables = find('main table').map(prepareTable);
  const figures = find('main figure').map(prepareFigure);
  // The section that a link led to; it shares the address with the filters.
  let target = '';

  function prepareTable(table) {
    const caption = table.caption === null ? '' : table.caption.textContent;
    const bodies = [...table.tBodies].map((element) => ({
      element,
      rows: [...element.rows].map((row) => ({
        element: row,
        contender: row.dataset.c === undefined ? -1 : Number(row.dataset.c),
        // Cells apart, so that no word reaches from one into the next.
        words: [caption, ...[...row.cells].map((cell) => cell.textContent)].join(' ').toLowerCase(),
      })),
    }));
    const heads = [...table.tHead.rows[0].cells];
    const columns = heads.flatMap((head, column) => (head.dataset.c === undefined ? [] : [{
      contender: Number(head.dataset.c),
      cells: [head, ...bodies.flatMap(({ rows }) => rows.flatMap(({ element }) => element.cells[column] ?? []))],
    }]));
    const prepared = { element: table, bodies, columns, sort: undefined, heads, labelColumn: table.querySelector('tbody th') === null ? -1 : 0, notice: makeNotice(table.parentElement) };
    prepared.heads.forEach((head, column) => {
      if (head.tagName === 'TH') addButton(prepared, head, column);
    });
    return prepared;
  }

  function prepareFigure(element) {
    const marks = find('[data-series]', element).map((mark) => ({
      element: mark,
      contender: checkboxes.findIndex(({ value }) => value === mark.dataset.contender),
    }));
    return { element, marks, notice: makeNotice(element) };
  }

  function makeNotice(before) {
    const notice = document.createElement('p');
    notice.className = 'filtered';
    notice.hidden = true;
    before.after(notice);
    return notice;
  }

  function addButton(table, head, column) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', () => {
      const before = table.sort !== undefined && table.sort.column === column ? table.sort.direction : 'none';
      const after = { none: 'ascending', ascending: 'descending', descending: 'none' }[before];
      sortTable(table, after === 'none' ? undefined : { column, direction: after });
      saveState();
    });
    head.replaceChildren(button);
  }

  // Rows stay in their group; the labels' own column moves whole groups. Without an order, all is as it was written.
  function sortTable(table, sort) {
    table.sort = sort;
    table.heads.forEach((head, column) => {
      if (sort !== undefined && sort.column === column) head.setAttribute('aria-sort', sort.direction);
      else head.removeAttribute('aria-sort');
    });
    const isByLabel = sort !== undefined && sort.column === table.labelColumn;
    const bodies = isByLabel ? inOrder(table.bodies, sort, ({ rows }) => rows[0].element) : table.bodies;
    table.element.append(...bodies.map(({ element }) => element));
    for (const { element, rows } of table.bodies) {
      const sorted = sort === undefined || isByLabel ? rows : inOrder(rows, sort, (row) => row.element);
      element.append(...sorted.map((row) => row.element));
    }
  }

  function inOrder(list, { column, direction }, rowOf) {
    const keyed = list.map((item) => ({ item, key: keyOf(rowOf(item).cells[column]) }));
    const isNumeric = keyed.some(({ key }) => key.number !== undefined);
    const sign = direction === 'descending' ? -1 : 1;
    keyed.sort((a, b) => {
      // What has no figure, or no text, stands last in either direction.
      const gap = isNumeric ? (a.key.number === undefined) - (b.key.number === undefined) : (a.key.text === '') - (b.key.text === '');
      if (gap !== 0) return gap;
      return sign * (isNumeric ? (a.key.number ?? 0) - (b.key.number ?? 0) : collator.compare(a.key.text, b.key.text));
    });
    return keyed.map(({ item }) => item);
  }

  function keyOf(cell) {
    return { text: cell.textContent, number: cell.dataset.v === undefined ? undefined : Number(cell.dataset.v) };
  }

  // Which places of the list of contenders the form hides.
  function findHidden() {
    const demands = flagChoices.filter(({ value }) => value !== '');
    return new Set(contenders.flatMap((marks, index) => {
      const isUnwanted = demands.some(({ dataset, value }) => marks.includes(dataset.mark) !== (value === 'with'));
      return isUnwanted || !checkboxes[index].checked ? [index] : [];
    }));
  }

  function applyFilters() {
    const hidden = findHidden();
    const words = fields.text.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    let shown = 0;
    let total = 0;
    for (const { element, bodies, columns, notice } of tables) {
      for (const { contender, cells } of columns) for (const cell of cells) cell.hidden = hidden.has(contender);
      let visible = 0;
      const rows = bodies.flatMap((body) => body.rows);
      for (const row of rows) {
        row.element.hidden = hidden.has(row.contender) || !words.every((word) => row.words.includes(word));
        if (!row.element.hidden) visible += 1;
      }
      tell(notice, { box: element.parentElement, isEmpty: visible === 0 && rows.length > 0, text: 'The filters hide every row of: ' + (element.caption?.textContent ?? 'a table') });
      shown += visible;
      total += rows.length;
    }
    for (const { element, marks, notice } of figures) {
      for (const { element: mark, contender } of marks) mark.style.display = hidden.has(contender) ? 'none' : '';
      const isEmpty = marks.length > 0 && marks.every(({ contender }) => hidden.has(contender));
      tell(notice, { box: element, isEmpty, text: 'The filters hide every series of: ' + element.querySelector('figcaption strong').textContent });
    }
    showCounts({ shown, total, hidden: hidden.size });
  }

  function tell(notice, { box, isEmpty, text }) {
    box.hidden = isEmpty;
    notice.hidden = !isEmpty;
    notice.textContent = isEmpty ? text : '';
  }

  function showCounts({ shown, total, hidden }) {
    const people = hidden === 0 ? '' : ', ' + hidden + ' of ' + contenders.length + ' contenders hidden';
    document.getElementById('shown').textContent = shown + ' of ' + total + ' rows' + people;
    const chosen = document.getElementById('chosen');
    if (chosen !== null) chosen.textContent = '(' + checkboxes.filter(({ checked }) => checked).length + ' of ' + checkboxes.length + ')';
    const flagged = document.getElementById('flagged');
    const choices = flagChoices.filter(({ value }) => value !== '').length;
    if (flagged !== null) flagged.textContent = choices === 0 ? '' : '(' + choices + ')';
  }

  function applyTheme() {
    if (fields.theme.value === '') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = fields.theme.value;
  }

  // The address: at, text, hide, with, without, sort (table.column.direction), theme; what is as usual is left out.
  function saveState() {
    const state = new URLSearchParams();
    const text = fields.text.value.trim();
    if (text !== '') state.set('text', text);
    for (const { value, checked } of checkboxes) if (!checked) state.append('hide', value);
    for (const { value, dataset } of flagChoices) if (value !== '') state.append(value, dataset.mark);
    for (const { element, sort } of tables) if (sort !== undefined) state.append('sort', element.id + '.' + sort.column + '.' + sort.direction);
    if (fields.theme.value !== '') state.set('theme', fields.theme.value);
    const filters = state.toString();
    const hash = filters === '' ? target : (target === '' ? '' : 'at=' + target + '&') + filters;
    // The page's own address without a fragment, where there is nothing to keep.
    history.replaceState(null, '', hash === '' ? location.href.replace(/#.*$/, '') : '#' + hash);
  }

  function restoreState() {
    const hash = location.hash.slice(1);
    const state = new URLSearchParams(hash.includes('=') ? hash : '');
    target = hash.includes('=') ? (state.get('at') ?? '') : hash;
    form.reset();
    fields.text.value = state.get('text') ?? '';
    const hide = new Set(state.getAll('hide'));
    for (const box of checkboxes) box.checked = !hide.has(box.value);
    for (const choice of flagChoices) choice.value = ['with', 'without'].find((kind) => state.getAll(kind).includes(choice.dataset.mark)) ?? '';
    const theme = state.get('theme');
    fields.theme.value = theme === 'light' || theme === 'dark' ? theme : '';
    const sorts = new Map(state.getAll('sort').map((text) => text.split('.')).map(([id, column, direction]) => [id, { column: Number(column), direction }]));
    for (const table of tables) {
      const sort = sorts.get(table.element.id);
      // An address may come from another report: an order that this table cannot have is none.
      const isPossible = sort !== undefined && table.heads[sort.column]?.tagName === 'TH' && /^(?:a|de)scending$/.test(sort.direction);
      if (isPossible || table.sort !== undefined) sortTable(table, isPossible ? sort : undefined);
    }
    applyTheme();
    applyFilters();
    if (hash.includes('=')) showTarget();
  }

  // A place inside folded details is shown by opening them, which browsers do for plain fragments only.
  function showTarget() {
    const element = target === '' ? null : document.getElementById(target);
    if (element === null) return;
    for (let outer = element.closest('details:not([open])'); outer !== null; outer = outer.parentElement.closest('details:not([open])')) outer.open = true;
    element.scrollIntoView();
  }

  // Boxes that do not scroll need no stop of the tab key. One that is not laid out yet cannot be told and keeps its stop,
  // since a keyboard comes to it by that alone; it is looked at again when it is.
  function watchScrollers() {
    const observer = new ResizeObserver((entries) => {
      const boxes = entries.map(({ target: box }) => {
        const isLaidOut = box.firstElementChild.checkVisibility({ contentVisibilityAuto: true });
        return [box, !isLaidOut || box.scrollWidth > box.clientWidth];
      });
      for (const [box, isScroller] of boxes) {
        if (isScroller) box.tabIndex = 0;
        else box.removeAttribute('tabindex');
      }
    });
    for (const box of find('.scroll')) observer.observe(box);
  }

  const collator = new Intl.Collator('en', { numeric: true });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => {
    applyTheme();
    applyFilters();
    saveState();
  });
  form.addEventListener('click', ({ target: clicked }) => {
    if (clicked.tagName !== 'BUTTON') return;
    if (clicked.dataset.action === 'reset') {
      form.reset();
      for (const table of tables) if (table.sort !== undefined) sortTable(table, undefined);
    } else {
      for (const box of checkboxes) box.checked = clicked.dataset.action === 'all';
    }
    applyTheme();
    applyFilters();
    saveState();
  });
  // Lists of choices fold away on Escape and on a click elsewhere.
  const choices = find('.choices', form);
  document.addEventListener('keydown', ({ key }) => {
    const open = key === 'Escape' ? choices.find((list) => list.open) : undefined;
    if (open === undefined) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
  document.addEventListener('click', ({ target: clicked }) => {
    for (const list of choices) if (list.open && !list.contains(clicked)) list.open = false;
  });
  window.addEventListener('hashchange', () => {
    const hash = location.hash.slice(1);
    if (hash === '' || hash.includes('=')) {
      restoreState();
    } else {
      // A link inside the page leaves the filters as they are, so they go beside it into the address.
      target = hash;
      saveState();
    }
  });
  form.hidden = false;
  restoreState();
  watchScrollers();
})();
`;
