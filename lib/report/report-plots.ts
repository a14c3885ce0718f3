import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { MonthFacts, ReportFacts, ReportItem } from './report-facts.ts';

/** Longer than this is drawn as this long: minutes. */
const MAX_MINUTES = 60;
/** How many `--band-N` the page's sheet has. */
export const COLOURS = 8;
/** Drawn small, so that its words can still be read on a phone. */
const SIZE = { width: 480, height: 240, marginTop: 28, marginLeft: 44, marginBottom: 44 };

/** How many items there are of each length, as SVG; colours by band are the page's `--band-N`. */
export function lengthsPlot({ items, bands }: ReportFacts): string {
  const known = items.filter((item): item is ReportItem & { minutes: number } => item.minutes !== undefined);
  const longest = Math.min(MAX_MINUTES, Math.max(1, ...known.map(({ minutes }) => minutes)));
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
  return (minutes: number) => (minutes === MAX_MINUTES && longest === MAX_MINUTES ? '60+' : `${minutes}`);
}

/** What is unread by the month in which it was added, and how it has added up, as SVG. */
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

/** Without Plot's own style element, which the page's policy would not let in: the page's sheet has its rules. */
function svg(options: Plot.PlotOptions): string {
  // Typed as a browser's window, whose document only a project with the DOM's types has.
  const page: object = parseHTML('<!doctype html><html><body></body></html>');
  const { document } = page as { document: never };
  const plot = Plot.plot({ ...SIZE, ...options, document, className: 'plot' });
  for (const style of plot.querySelectorAll('style')) style.remove();
  plot.removeAttribute('class');
  plot.setAttribute('class', 'plot');
  plot.setAttribute('aria-hidden', 'true');
  return plot.outerHTML;
}
