import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { MonthFacts, ReportFacts, ReportItem } from './report-facts.ts';

/** Longer items are drawn at this length. */
const MAX_DRAWN_MINUTES = 60;
/** Number of `--band-N` colours in report-page.css. */
export const COLOURS = 8;
/** Pixels. Small, so that labels are readable on a phone. */
const SIZE = { width: 480, height: 240, marginTop: 28, marginLeft: 44, marginBottom: 44 };

/** Histogram of items by minutes, as SVG, coloured by band with `--band-N`. */
export function lengthsPlot({ items, bands }: ReportFacts): string {
  const known = items.filter((item): item is ReportItem & { minutes: number } => item.minutes !== undefined);
  const longest = Math.min(MAX_DRAWN_MINUTES, Math.max(1, ...known.map(({ minutes }) => minutes)));
  const drawn = known.map(({ minutes, band }) => ({ minutes: Math.min(minutes, longest), band }));
  const names = bands.map(({ band }) => band);
  const bars = Plot.binX<Plot.RectYOptions>(
    { y: 'count' },
    {
      x: 'minutes',
      fill: 'band',
      order: names,
      thresholds: Array.from({ length: longest + 1 }, (_, at) => at + 0.5),
      insetLeft: 0.5,
      insetRight: 0.5,
    },
  );
  return svg({
    x: { label: 'minutes', domain: [0.5, longest + 0.5], tickFormat: lengthTick(longest) },
    y: { label: 'items', grid: true },
    color: { domain: names, range: names.map((_, at) => `var(--band-${at % COLOURS})`) },
    marks: [Plot.rectY(drawn, bars), Plot.ruleY([0])],
  });
}

function lengthTick(longest: number) {
  return (minutes: number) =>
    minutes === MAX_DRAWN_MINUTES && longest === MAX_DRAWN_MINUTES ? '60+' : `${minutes}`;
}

/** Unread items by the month in which they were added, and their running total, as SVG. */
export function monthsPlot(months: readonly MonthFacts[]): string {
  const drawn = months.map(({ month, ...counts }) => ({
    ...counts,
    month: new Date(`${month}-01T00:00:00Z`),
  }));
  return svg({
    x: { type: 'utc', label: 'added in' },
    y: { label: 'items', grid: true },
    marks: [
      Plot.rectY(drawn, { x: 'month', interval: 'month', y: 'items', fill: 'var(--band-1)' }),
      Plot.lineY(drawn, { x: 'month', y: 'all', stroke: 'currentColor', strokeWidth: 2, marker: 'dot' }),
      Plot.ruleY([0]),
    ],
  });
}

/** Renders a plot without Plot's style element, which the page's policy blocks: report-page.css has its rules. */
function svg(options: Plot.PlotOptions): string {
  // linkedom's type is a browser's window, which needs the DOM types.
  const page: object = parseHTML('<!doctype html><html><body></body></html>');
  const { document } = page as { document: never };
  const plot = Plot.plot({ ...SIZE, ...options, document, className: 'plot' });
  for (const style of plot.querySelectorAll('style')) style.remove();
  plot.removeAttribute('class');
  plot.setAttribute('class', 'plot');
  plot.setAttribute('aria-hidden', 'true');
  return plot.outerHTML;
}
