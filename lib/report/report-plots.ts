import * as Plot from '@observablehq/plot';
import { DOMImplementation, type Element, XMLSerializer } from '@xmldom/xmldom';
import { bandColour } from './colours.ts';
import { type MonthFacts, type ReportFacts, type ReportItem, sumOf, UNKNOWN_BAND } from './report-facts.ts';

/** Longer items are drawn at this length. */
const MAX_DRAWN_MINUTES = 60;
/** So that a list of short items, or of one, does not fill the plot with a single bar. */
const MIN_DRAWN_MINUTES = 10;
/** From here on bars are of years: four years of months are as many bars as can be told apart. */
const MAX_DRAWN_MONTHS = 48;
/** Fewer months are no growth. */
const MIN_DRAWN_MONTHS = 2;

/** Pixels: each plot is drawn for a wide place and for a phone, of which report-page.css shows one. */
const SIZES = {
  wide: { width: 520, height: 210 },
  narrow: { width: 300, height: 190 },
} as const;
type Size = keyof typeof SIZES;
const MARGINS = { marginTop: 24, marginLeft: 48, marginRight: 8, marginBottom: 40 };

/** Histogram of items by minutes, coloured by band, as SVG; empty where no length is known. */
export function lengthsPlot(facts: ReportFacts): string {
  const known = facts.items.filter(
    (item): item is ReportItem & { minutes: number } => item.minutes !== undefined,
  );
  if (known.length === 0) return '';
  const most = known.reduce((longest, { minutes }) => Math.max(longest, minutes), MIN_DRAWN_MINUTES);
  const longest = Math.min(MAX_DRAWN_MINUTES, most);
  const drawn = known.map(({ minutes, band }) => ({ minutes: Math.min(minutes, longest), band }));
  const bars = Plot.binX<Plot.RectYOptions>(
    { y: 'count' },
    {
      x: 'minutes',
      fill: 'band',
      order: namesOf(facts),
      thresholds: Array.from({ length: longest + 1 }, (_, at) => at + 0.5),
      insetLeft: 0.5,
      insetRight: 0.5,
    },
  );
  return svg({
    x: { label: 'minutes', domain: [0.5, longest + 0.5], ticks: 6, tickFormat: lengthTick(longest) },
    y: itemsScale,
    color: bandScale(facts),
    marks: [Plot.rectY(drawn, bars), Plot.ruleY([0])],
  });
}

function lengthTick(longest: number) {
  return (minutes: number) =>
    minutes === MAX_DRAWN_MINUTES && longest === MAX_DRAWN_MINUTES ? '60+' : `${minutes}`;
}

/**
 * Unread items by the month or year in which they were added, coloured by band, and above it how that adds up, as SVG;
 * empty where there is no growth to see.
 */
export function growthPlot(facts: ReportFacts): string {
  const { months, items } = facts;
  const [first, last] = [months.at(0), months.at(-1)];
  if (first === undefined || last === undefined || months.length < MIN_DRAWN_MONTHS) return '';
  const interval = months.length > MAX_DRAWN_MONTHS ? 'year' : 'month';
  const drawn = items
    .filter(({ addedAt }) => addedAt !== undefined)
    .map(({ addedAt = 0, band }) => ({ addedAt: new Date(addedAt * 1000), band }));
  const bars = Plot.binX<Plot.RectYOptions>(
    { y: 'count' },
    { x: 'addedAt', interval, fill: 'band', order: namesOf(facts), insetLeft: 0.5, insetRight: 0.5 },
  );
  const total = [
    { at: startOf(first.month), all: 0 },
    ...months.map(({ month, all }) => ({ at: endOf(month), all })),
  ];
  const { floor, offset } = Plot.utcInterval(interval);
  const domain = [floor(startOf(first.month)), offset(floor(startOf(last.month)), 1)];
  const x: Plot.ScaleOptions = { type: 'utc', domain };
  return [
    svg({
      x: { ...x, label: null },
      y: { ...itemsScale, label: 'all so far' },
      marks: [
        Plot.areaY(total, { x: 'at', y: 'all', fill: 'var(--accent)', fillOpacity: 0.12 }),
        Plot.lineY(total, { x: 'at', y: 'all', stroke: 'var(--accent)', strokeWidth: 2 }),
        Plot.ruleY([0]),
      ],
    }),
    svg({
      x: { ...x, label: 'added in' },
      y: { ...itemsScale, label: 'added' },
      color: bandScale(facts),
      marks: [Plot.rectY(drawn, bars), Plot.ruleY([0])],
    }),
  ].join('');
}

/** By year where there are too many months to tell apart. */
export function periodsOf(months: readonly MonthFacts[]): readonly MonthFacts[] {
  if (months.length <= MAX_DRAWN_MONTHS) return months;
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  return [...years].map(([year, ofYear]) => ({
    month: year,
    ...sumOf(ofYear),
    all: ofYear.at(-1)?.all ?? 0,
  }));
}

const startOf = (month: string) => new Date(`${month}-01T00:00:00Z`);
const endOf = (month: string) => Plot.utcInterval('month').offset(startOf(month), 1);
const itemsScale = { label: 'items', grid: true, ticks: 5 };
const namesOf = ({ bands }: ReportFacts) => bands.map(({ band }) => band);

function bandScale(facts: ReportFacts) {
  const domain = namesOf(facts);
  const colour = (band: string, at: number) => bandColour(at, { isUnknown: band === UNKNOWN_BAND });
  return { domain, range: domain.map((band, at) => `var(--${colour(band, at)})`) };
}

/** The plot in both sizes. */
function svg(options: Plot.PlotOptions): string {
  return (Object.keys(SIZES) as Size[]).map((size) => drawn(options, size)).join('');
}

/** Renders a plot without Plot's style element, which the page's policy blocks: report-page.css has its rules. */
function drawn(options: Plot.PlotOptions, size: Size): string {
  const document = new DOMImplementation().createDocument('http://www.w3.org/1999/xhtml', 'html');
  // Plot's types are those of a browser.
  const plot: unknown = Plot.plot({
    ...MARGINS,
    ...SIZES[size],
    ...options,
    document: document as never,
    className: 'plot',
  });
  const svg = plot as Element;
  for (const style of [...svg.getElementsByTagName('style')]) svg.removeChild(style);
  svg.setAttribute('class', `plot ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  return new XMLSerializer().serializeToString(svg);
}
