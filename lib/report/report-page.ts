import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { html, raw } from 'hono/html';
import type { ReportFacts, ReportItem } from './report-facts.ts';
import { COLOURS, lengthsPlot, monthsPlot } from './report-plots.ts';

const part = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The report as one HTML file. Its content security policy allows no network access and no other script. */
export async function reportPage(facts: ReportFacts, { madeAt }: { madeAt: Date }): Promise<string> {
  const [style, script] = [part('report-page.css'), part('report-page.js')];
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const minutes = facts.bands.reduce((sum, band) => sum + band.minutes, 0);
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Reading list</title>
<style>${raw(style)}</style>
</head>
<body>
<header><h1>${hours(minutes)} to read</h1>
<p>${count(facts.items.length)} unread items on ${day(madeAt.getTime() / 1000)}. <a href="#list">What is there for the minutes I have?</a></p></header>
<main>
<section aria-labelledby="bands"><h2 id="bands">By length</h2>${bandTable(facts)}</section>
<section aria-labelledby="lengths"><h2 id="lengths">How long they are</h2>
<figure>${raw(lengthsPlot(facts))}<figcaption>Items by minutes; the colours are those of the table above.</figcaption></figure></section>
${months(facts)}
<section aria-labelledby="oldest"><h2 id="oldest">Waiting longest</h2><ol>${facts.oldest.map(
    (item) => html`<li>${link(item)} <small>since ${day(item.addedAt)}${lengthOf(item)}</small></li>`,
  )}</ol></section>
${listSection(facts)}
</main>
<script type="application/json" id="items">${raw(asJson(facts))}</script>
<script>${raw(script)}</script>
</body>
</html>
`;
  return String(page);
}

function bandTable({ bands }: ReportFacts) {
  return html`<table><thead><tr><th scope="col">band</th><th scope="col" class="number">items</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${bands.map(
    ({ band, items, minutes }, at) =>
      html`<tr><th scope="row"><span class="band band-${at % COLOURS}"></span>${band}</th><td class="number">${count(items)}</td><td class="number">${minutes > 0 ? hours(minutes) : '–'}</td></tr>`,
  )}</tbody></table>`;
}

function months({ months }: ReportFacts) {
  if (months.length === 0) return '';
  return html`<section aria-labelledby="months"><h2 id="months">How it has grown</h2>
<figure>${raw(monthsPlot(months))}<figcaption>Bars: still unread, by the month it was added. Line: how that adds up.</figcaption></figure>
<details><summary>As a table</summary><table><thead><tr><th scope="col">month</th><th scope="col" class="number">added</th><th scope="col" class="number">time</th><th scope="col" class="number">all so far</th></tr></thead>
<tbody>${months.map(
    ({ month, items, minutes, all }) =>
      html`<tr><th scope="row">${month}</th><td class="number">${count(items)}</td><td class="number">${hours(minutes)}</td><td class="number">${count(all)}</td></tr>`,
  )}</tbody></table></details></section>`;
}

function listSection({ bands }: ReportFacts) {
  const columns = [
    ['title', 'title', ''],
    ['minutes', 'minutes', 'number'],
    ['band', 'band', ''],
    ['addedAt', 'added', 'number'],
    ['confidence', 'how sure', 'number'],
  ] as const;
  return html`<section class="whole-width" aria-labelledby="list"><h2 id="list">The list</h2>
<div class="filters">
<label>I have <input id="have" type="number" min="1" inputmode="numeric" autocomplete="off"> minutes</label>
<label>Title has <input id="words" type="search" autocomplete="off"></label>
<label>Band <select id="band"><option value="">all</option>${bands.map(({ band }) => html`<option>${band}</option>`)}</select></label>
</div>
<p id="shown" role="status"></p>
<noscript><p>The list itself needs JavaScript, which this browser does not run.</p></noscript>
<div class="wide" role="region" aria-label="Items" tabindex="0"><table id="rows"><thead><tr>${columns.map(
    ([key, label, kind]) =>
      html`<th scope="col" class="${kind}"><button type="button" data-key="${key}">${label}</button></th>`,
  )}</tr></thead><tbody></tbody></table></div>
<button type="button" id="more" hidden>Show more</button></section>`;
}

function link({ url, title }: ReportItem) {
  if (url === undefined) return html`${title}`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${title}</a>`;
}

/** Rows as arrays: title, URL, minutes, index of the band, seconds since 1970, how sure in per cent. `<` could end the script element. */
function asJson({ items, bands }: ReportFacts): string {
  const names = bands.map(({ band }) => band);
  const rows = items.map(({ title, url, minutes, confidence, band, addedAt }) => [
    title,
    url ?? null,
    minutes ?? null,
    names.indexOf(band),
    addedAt ?? null,
    confidence === undefined ? null : Math.round(confidence * 100),
  ]);
  return JSON.stringify({ bands: names, rows }).replaceAll('<', '\\u003c');
}

const count = (items: number) => items.toLocaleString('en');
const day = (seconds = 0) => new Date(seconds * 1000).toISOString().slice(0, 10);
const lengthOf = ({ minutes }: ReportItem) => (minutes === undefined ? '' : `, ${count(minutes)} min`);

/**
 * `45 min`, `3 h 5 min`, `120 h`.
 * @internal
 */
export function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest} min`;
  return rest === 0 || whole >= 100 ? `${count(whole)} h` : `${whole} h ${rest} min`;
}
