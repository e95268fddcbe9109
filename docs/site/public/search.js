// Leaves of the list below those items that have all words of the field, with the pages that they stand under.
// A plain script, since browsers load no module from a disk.
const main = document.querySelector('main');
const entries = [...main.querySelectorAll('li')].map((item) => ({ item, text: item.textContent.toLowerCase() }));
const lists = [...main.querySelectorAll(':scope > ul')];

const field = document.createElement('input');
field.type = 'search';
field.id = 'words';
const label = document.createElement('label');
label.htmlFor = field.id;
label.textContent = 'Words';
const status = document.createElement('p');
status.role = 'status';
const form = document.createElement('form');
form.role = 'search';
form.append(label, field, status);
main.querySelector('h1').after(form);

function filter() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((word) => text.includes(word));
  for (const { item, text } of entries) {
    const above = item.parentElement.closest('li');
    const own = item.querySelector('a').textContent.toLowerCase();
    // A part may have its page's words; a page stays for what one of its parts has.
    item.hidden = above === null ? !has(text) : !has(`${above.querySelector('a').textContent} ${own}`.toLowerCase());
  }
  for (const list of lists) {
    list.hidden = ![...list.children].some((item) => !item.hidden);
    list.previousElementSibling.hidden = list.hidden;
  }
  const shown = entries.filter(({ item }) => item.checkVisibility()).length;
  status.textContent = words.length === 0 ? '' : `${shown} of ${entries.length}`;
}

form.addEventListener('submit', (event) => event.preventDefault());
field.addEventListener('input', filter);
field.focus();
