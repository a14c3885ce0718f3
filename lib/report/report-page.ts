import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { html, raw } from 'hono/html';
import { formatItems, formatNumber } from '../core/format-number.ts';
import { bandColour, colourRules } from './colours.ts';
import { minutesText, totalText } from './length-text.ts';
import { type ReportFacts, type ReportItem, sumOf, UNKNOWN_BAND } from './report-facts.ts';
import { growthPlot, lengthsPlot, periodsOf } from './report-plots.ts';

const STYLE = readFileSync(new URL('report-page.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('report-page.js', import.meta.url), 'utf8');
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Minutes that a button fills in. */
const USUAL_MINUTES = [5, 15, 30, 60];

/** The report as one HTML file. Its content security policy allows no network access and no other script. */
export async function reportPage(facts: ReportFacts, { madeAt }: { madeAt: Date }): Promise<string> {
  const [style, script] = [colourRules() + STYLE, SCRIPT];
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
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
${top(facts, madeAt)}
${
  facts.items.length === 0
    ? ''
    : html`<main>
${[bandSection(facts), lengthsSection(facts), growthSection(facts), oldestSection(facts), listSection(facts)]}
</main>
<script type="application/json" id="items">${raw(asJson(facts))}</script>
<script>${raw(script)}</script>`
}
</body>
</html>
`;
  return String(page);
}

function top(facts: ReportFacts, madeAt: Date) {
  const isEmpty = facts.items.length === 0;
  return html`<header><p class="when">Reading list, ${day(madeAt.getTime() / 1000)}</p>
<h1>${headline(facts)}</h1>
<p>${underHeadline(facts)}</p>${isEmpty ? '' : shares(facts)}</header>`;
}

function headline({ items, bands }: ReportFacts): string {
  if (items.length === 0) return 'Nothing to read';
  const { minutes, mostMinutes } = sumOf(bands);
  if (minutes === 0) return `${formatItems(items.length)} of unknown length`;
  const hasMost = unknownIn(items) === 0 && mostMinutes !== undefined;
  const text = totalText({ minutes, ...(hasMost && { mostMinutes }) });
  return `${text.replace(/^at/, 'At')} to read`;
}

function underHeadline({ items }: ReportFacts) {
  if (items.length === 0)
    return 'The list has no unread items. What you save from now on is in the next report.';
  const unknown = unknownIn(items);
  if (unknown === items.length)
    return html`No length is known: <code>readtime explain --unknown</code> says why.`;
  const byBand = byBandIn(items);
  const parts = [
    formatItems(items.length, 'unread'),
    byBand === 0 ? '' : `; of ${formatNumber(byBand)} only the band is known, and counts by its limits`,
    unknown === 0 ? '' : `; the length of ${formatNumber(unknown)} is unknown, and not in this sum`,
  ];
  return `${parts.join('')}.`;
}

/** How the items are shared between the bands, as one bar. */
function shares({ items, bands }: ReportFacts) {
  let before = 0;
  const parts = bands.map(({ band, items: inBand }, at) => {
    const [x, width] = [before, (100 * inBand) / items.length];
    before += width;
    return html`<rect class="${classOf(band, at)}" x="${x.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`;
  });
  return html`<svg class="shares" width="100%" height="12" aria-hidden="true">${parts}</svg>
${unknownIn(items) < items.length ? html`<p class="not-printed"><a class="main-action" href="#list">What fits into the minutes I have?</a></p>` : ''}`;
}

function bandSection({ bands }: ReportFacts) {
  const most = bands.reduce((highest, { items }) => Math.max(highest, items), 1);
  return html`<section aria-labelledby="bands"><h2 id="bands">By length</h2>
<table><thead><tr><th scope="col">band</th><td class="share"></td><th scope="col" class="number">items</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${bands.map(
    ({ band, items, ...time }, at) =>
      html`<tr class="${classOf(band, at)}"><th scope="row"><span class="chip">${band}</span></th><td class="share"><svg width="100%" height="8" aria-hidden="true"><rect width="${((100 * items) / most).toFixed(1)}%" height="100%"/></svg></td><td class="number">${formatNumber(items)}</td><td class="number time">${time.minutes > 0 ? timeText(time) : '–'}</td></tr>`,
  )}</tbody></table></section>`;
}

function lengthsSection(facts: ReportFacts) {
  const plot = lengthsPlot(facts);
  if (plot === '') return '';
  const left = byBandIn(facts.items) > 0 ? '; without those of which only the band is known' : '';
  return html`<section aria-labelledby="lengths"><h2 id="lengths">How long they are</h2>
<figure>${raw(plot)}<figcaption>Items by minutes, in the colours of their bands${left}.</figcaption></figure></section>`;
}

function growthSection(facts: ReportFacts) {
  const [plot, periods] = [growthPlot(facts), periodsOf(facts.months)];
  if (plot === '') return '';
  const period = periods.length < facts.months.length ? 'year' : 'month';
  return html`<section aria-labelledby="growth"><h2 id="growth">How it has grown</h2>
<figure>${raw(plot)}<figcaption>What is still unread, by the ${period} in which it was added, and how that adds up.</figcaption></figure>
<details><summary>As a table</summary><table><thead><tr><th scope="col">${period}</th><th scope="col" class="number">added</th><th scope="col" class="number">time</th><th scope="col" class="number">all so far</th></tr></thead>
<tbody>${periods.map(
    ({ month, items, all, ...time }) =>
      html`<tr><th scope="row">${month}</th><td class="number">${formatNumber(items)}</td><td class="number time">${timeText(time)}</td><td class="number">${formatNumber(all)}</td></tr>`,
  )}</tbody></table></details></section>`;
}

function oldestSection({ oldest, bands }: ReportFacts) {
  if (oldest.length < 2) return '';
  const names = bands.map(({ band }) => band);
  return html`<section aria-labelledby="oldest"><h2 id="oldest">Waiting longest</h2><ol class="oldest">${oldest.map(
    (item) =>
      html`<li class="${classOf(item.band, names.indexOf(item.band))}"><span class="dot"></span>${link(item)} <small>${[day(item.addedAt), lengthOf(item)].filter(Boolean).join(', ')}</small></li>`,
  )}</ol></section>`;
}

function listSection({ bands }: ReportFacts) {
  const columns = [
    ['title', 'title', ''],
    ['minutes', 'minutes', 'number'],
    ['band', 'band', ''],
    ['addedAt', 'added', 'number'],
    ['confidence', 'how sure', 'number sure'],
  ] as const;
  return html`<section class="whole-width" aria-labelledby="list"><h2 id="list">The list</h2>
<div class="filters not-printed">
<div class="minutes"><label>I have <input id="have" type="number" min="1" inputmode="numeric" autocomplete="off"> minutes</label>
<span role="group" aria-label="Usual minutes">${USUAL_MINUTES.map((minutes) => html`<button type="button" data-minutes="${minutes}">${minutes}</button>`)}</span>
<button type="button" id="pick" class="main-action">Pick one for me</button></div>
<label>Title has <input id="words" type="search" autocomplete="off"></label>
<label>Band <select id="band"><option value="">all</option>${bands.map(({ band }) => html`<option>${band}</option>`)}</select></label>
</div>
<p id="picked" role="status" hidden></p>
<p id="shown" role="status"></p>
<noscript><p>The list itself needs JavaScript, which this browser does not run.</p></noscript>
<table id="rows" role="table"><thead role="rowgroup"><tr role="row">${columns.map(
    ([key, label, kind]) =>
      html`<th scope="col" role="columnheader" class="${kind}"><button type="button" data-key="${key}">${label}</button></th>`,
  )}</tr></thead><tbody role="rowgroup"></tbody></table>
<button type="button" id="more" class="not-printed" hidden>Show more</button></section>`;
}

function link({ url, title }: ReportItem) {
  if (url === undefined) return html`<span>${title}</span>`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${title || url}</a>`;
}

/**
 * Rows as arrays: title, URL, minutes or their range, index of the band, seconds since 1970, how sure in per cent. `<`
 * could end the script element.
 */
function asJson({ items, bands }: ReportFacts): string {
  const names = bands.map(({ band }) => band);
  const rows = items.map((item) => [
    item.title,
    item.url ?? null,
    item.minutes ?? rangeAsJson(item),
    names.indexOf(item.band),
    item.addedAt ?? null,
    item.confidence === undefined ? null : Math.round(item.confidence * 100),
  ]);
  const shown = bands.map(({ band }, at) => [band, classOf(band, at)]);
  return JSON.stringify({ bands: shown, rows }).replaceAll('<', '\\u003c');
}

/** What to sort by, the most minutes where there is a most, and the text. */
function rangeAsJson(item: ReportItem) {
  if (item.range === undefined) return null;
  const { from, to } = item.range;
  return [to ?? from, to ?? null, minutesText(item)];
}

function lengthOf(item: ReportItem): string {
  const minutes = minutesText(item);
  return minutes === undefined ? '' : `${minutes} min`;
}

/** The time in a narrow column, which breaks behind `at least` only. */
const timeText = (time: Parameters<typeof totalText>[0]) => totalText(time).replace(/(?<!least) /g, '\u00a0');

const classOf = (band: string, at: number) => bandColour(at, { isUnknown: band === UNKNOWN_BAND });
const unknownIn = (items: readonly ReportItem[]) =>
  items.filter((item) => minutesText(item) === undefined).length;
const byBandIn = (items: readonly ReportItem[]) => items.filter(({ range }) => range !== undefined).length;

/** `07 Nov 2026` */
const day = (seconds = 0) => new Date(seconds * 1000).toUTCString().slice(5, 16);
