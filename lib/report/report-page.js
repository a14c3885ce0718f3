// Runs in the report: filters, sorts and shows the list. Texts are inserted as text, never as markup.
const { bands, rows } = JSON.parse(document.getElementById('items').textContent);
const ROWS_AT_ONCE = 100;
const items = rows.map(([title, url, minutes, band, addedAt, confidence]) => ({
  title,
  url,
  minutes,
  band,
  addedAt,
  confidence,
  lower: title.toLowerCase(),
}));
const [have, words, band, shown, more] = ['have', 'words', 'band', 'shown', 'more'].map((id) =>
  document.getElementById(id),
);
const body = document.querySelector('#rows tbody');
const buttons = [...document.querySelectorAll('#rows thead button')];
const order = new Intl.Collator();
// Titles are sorted once, since comparing them at each keystroke would be slow.
[...items]
  .sort((one, other) => order.compare(one.title, other.title))
  .forEach((item, place) => {
    item.place = place;
  });

let sortedBy = { key: 'addedAt', down: true };
let limit = ROWS_AT_ONCE;

function sortValueOf(item) {
  return sortedBy.key === 'title' ? item.place : item[sortedBy.key];
}

/** Unknown values come last in both directions. */
function compare(one, other) {
  const [a, b] = [sortValueOf(one), sortValueOf(other)];
  if (a === null || b === null) return (a === null) - (b === null);
  return sortedBy.down ? b - a : a - b;
}

function show() {
  const minutes = Number(have.value) || Number.POSITIVE_INFINITY;
  const wanted = words.value.trim().toLowerCase();
  const inBand = band.selectedIndex - 1;
  const fits = (item) =>
    (minutes === Number.POSITIVE_INFINITY || (item.minutes !== null && item.minutes <= minutes)) &&
    item.lower.includes(wanted) &&
    (inBand < 0 || item.band === inBand);
  const found = items.filter(fits).sort(compare);
  body.replaceChildren(...found.slice(0, limit).map(row));
  const first = Math.min(limit, found.length);
  shown.textContent = `${found.length.toLocaleString('en')} of ${items.length.toLocaleString('en')} items${
    first < found.length ? `, the first ${first} shown` : ''
  }.`;
  more.hidden = first === found.length;
}

function row(item) {
  const line = document.createElement('tr');
  const title = document.createElement('th');
  title.scope = 'row';
  title.append(item.url === null ? item.title : link(item));
  const day = item.addedAt === null ? '' : new Date(item.addedAt * 1000).toISOString().slice(0, 10);
  const sure = item.confidence === null ? '' : `${item.confidence} %`;
  line.append(
    title,
    cell(item.minutes ?? '', 'number'),
    cell(bands[item.band] ?? ''),
    cell(day, 'number'),
    cell(sure, 'number'),
  );
  return line;
}

function link({ url, title }) {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  anchor.textContent = title || url;
  return anchor;
}

function cell(content, kind = '') {
  const made = document.createElement('td');
  made.className = kind;
  made.textContent = content;
  return made;
}

function sortBy(key, down) {
  sortedBy = { key, down };
  for (const button of buttons) {
    const isThis = button.dataset.key === key;
    if (isThis) button.parentElement.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    else button.parentElement.removeAttribute('aria-sort');
  }
}

function showFromTop() {
  limit = ROWS_AT_ONCE;
  show();
}

for (const field of [have, words, band]) field.addEventListener('input', showFromTop);
for (const button of buttons) {
  button.addEventListener('click', () => {
    const { key } = button.dataset;
    sortBy(key, sortedBy.key === key ? !sortedBy.down : key === 'addedAt');
    showFromTop();
  });
}
more.addEventListener('click', () => {
  const before = body.children.length;
  limit += ROWS_AT_ONCE;
  show();
  body.children[before]?.querySelector('a')?.focus();
});
sortBy('addedAt', true);
show();
