// Runs in the report: filters, sorts and shows the list. Texts are inserted as text, never as markup.
const { bands, rows } = JSON.parse(document.getElementById('items').textContent);
const ROWS_AT_ONCE = 100;
// A length is a number of minutes, the range of a band (what to sort by, the most if there is a most, the text) or null.
const items = rows.map(([title, url, length, band, addedAt, confidence]) => {
  const isRange = Array.isArray(length);
  const [minutes, most, text] = isRange ? length : [length, length, length?.toLocaleString('en') ?? ''];
  return { title, url, minutes, most, text, band, addedAt, confidence, lower: title.toLowerCase() };
});
const [have, words, band, pick, picked, shown, more] = [
  'have',
  'words',
  'band',
  'pick',
  'picked',
  'shown',
  'more',
].map((id) => document.getElementById(id));
const body = document.querySelector('#rows tbody');
const buttons = [...document.querySelectorAll('#rows thead button')];
const usual = [...document.querySelectorAll('[data-minutes]')];

const NEWEST_FIRST = { key: 'addedAt', down: true };
const BEST_FIT = { key: 'fit' };
let sortedBy = NEWEST_FIRST;
let found = [];
let drawn = 0;

/** Titles are sorted once, when first asked for: comparing them at each keystroke would be slow. */
function placeTitles() {
  if (items[0]?.place !== undefined) return;
  const order = new Intl.Collator();
  [...items]
    .sort((one, other) => order.compare(one.title, other.title))
    .forEach((item, place) => {
      item.place = place;
    });
}

/** Unknown values come last in both directions. */
function compareBy(read, down) {
  return (one, other) => {
    const [a, b] = [read(one), read(other)];
    if (a === null || b === null) return (a === null) - (b === null);
    return down ? b - a : a - b;
  };
}

function comparator({ key, down }) {
  const [longest, oldest] = [
    compareBy((item) => item.minutes, true),
    compareBy((item) => item.addedAt, false),
  ];
  if (key === 'fit') return (one, other) => longest(one, other) || oldest(one, other);
  if (key === 'title') placeTitles();
  return compareBy((item) => (key === 'title' ? item.place : item[key]), down);
}

function minutesThere() {
  return Number(have.value) > 0 ? Number(have.value) : undefined;
}

function show() {
  const minutes = minutesThere();
  const wanted = words.value.trim().toLowerCase();
  const inBand = band.selectedIndex - 1;
  const isWanted = (item) => item.lower.includes(wanted) && (inBand < 0 || item.band === inBand);
  const fits = (item) => minutes === undefined || (item.most !== null && item.most <= minutes);
  const all = items.filter(isWanted);
  found = all.filter(fits).sort(comparator(sortedBy));
  drawn = 0;
  body.replaceChildren();
  showMore();
  picked.hidden = true;
  pick.disabled = found.length === 0;
  for (const button of usual) button.ariaPressed = String(button.dataset.minutes === have.value);
}

function showMore() {
  body.append(...found.slice(drawn, drawn + ROWS_AT_ONCE).map(row));
  drawn = Math.min(drawn + ROWS_AT_ONCE, found.length);
  more.hidden = drawn === found.length;
  shown.textContent = whatIsShown();
}

function whatIsShown() {
  const minutes = minutesThere();
  const [some, all] = [found.length, items.length].map((count) => count.toLocaleString('en'));
  const unknown = items.filter((item) => item.minutes === null).length.toLocaleString('en');
  const ofAll = `${some} of ${all} ${items.length === 1 ? 'item' : 'items'}`;
  const parts = [
    minutes === undefined ? ofAll : `${ofAll} ${found.length === 1 ? 'fits' : 'fit'} into ${minutes} minutes`,
    sortedBy === BEST_FIT && found.length > 1 ? ', the best fit first' : '',
    drawn < found.length ? `, the first ${drawn.toLocaleString('en')} shown` : '',
    minutes !== undefined && unknown !== '0' ? `; of ${unknown} the length is unknown` : '',
  ];
  return `${parts.join('')}.`;
}

function row(item) {
  const [name, colour] = bands[item.band];
  const line = element('tr', colour);
  line.role = 'row';
  const title = element('th');
  title.scope = 'row';
  title.role = 'rowheader';
  title.append(titleOf(item));
  const band = cell('');
  band.append(element('span', 'chip', name));
  line.append(
    title,
    cell('number minutes-cell', item.text),
    band,
    cell('number', dayOf(item)),
    cell('number sure', item.confidence === null ? '' : `${item.confidence} %`),
  );
  return line;
}

function titleOf({ url, title }) {
  if (url === null) return element('span', '', title);
  const anchor = element('a', '', title || url);
  anchor.href = url;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  return anchor;
}

function dayOf({ addedAt }) {
  return addedAt === null ? '' : new Date(addedAt * 1000).toUTCString().slice(5, 16);
}

function cell(kind, content = '') {
  const made = element('td', kind, content);
  made.role = 'cell';
  return made;
}

function element(name, kind = '', content = '') {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = content;
  return made;
}

function sortBy(order) {
  sortedBy = order;
  for (const button of buttons) {
    const isThis = button.dataset.key === order.key;
    if (isThis) button.parentElement.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
    else button.parentElement.removeAttribute('aria-sort');
  }
  show();
}

function showWhatFits() {
  sortBy(minutesThere() === undefined ? NEWEST_FIRST : BEST_FIT);
}

have.addEventListener('input', showWhatFits);
for (const field of [words, band]) field.addEventListener('input', show);
for (const button of usual) {
  button.addEventListener('click', () => {
    have.value = have.value === button.dataset.minutes ? '' : button.dataset.minutes;
    showWhatFits();
  });
}
for (const button of buttons) {
  button.addEventListener('click', () => {
    const { key } = button.dataset;
    sortBy({ key, down: sortedBy.key === key ? !sortedBy.down : key === 'addedAt' });
  });
}
pick.addEventListener('click', () => {
  const item = found[Math.floor(Math.random() * found.length)];
  const [name, colour] = bands[item.band];
  const length = item.text === '' ? '' : `, ${item.text}\u00a0min `;
  picked.className = colour;
  picked.replaceChildren(titleOf(item), length, element('span', 'chip', name));
  picked.hidden = false;
});
more.addEventListener('click', () => {
  const before = drawn;
  showMore();
  body.children[before]?.querySelector('a')?.focus();
});
sortBy(NEWEST_FIRST);
