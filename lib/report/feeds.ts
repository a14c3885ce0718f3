import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { formatNumber } from '../core/format-number.ts';
import type { Band } from '../core/plan.ts';
import { minutesText, mostMinutesOf } from './length-text.ts';
import type { ReportFacts, ReportItem } from './report-facts.ts';

/** An Atom file: its name, and its text. */
export type Feed = { readonly name: string; readonly text: string; readonly items: number };

/** What the feeds are made from, beside the items. */
export type FeedRules = {
  readonly bands: readonly Band[];
  /** One feed more, of what fits into these. */
  readonly minutes?: number;
  /** The reading list, which an item's number belongs to. */
  readonly service: string;
  readonly madeAt: Date;
};

/** More than anybody reads before the next feed, and a file that every reader takes. */
const MAX_FEED_ITEMS = 500;
/** Characters that XML 1.0 does not allow, line breaks, and halves of characters. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu;

type FeedItem = ReportItem & { readonly url: string; readonly most: number };

/**
 * What fits into the limit of each band and into `minutes`, as Atom: the longest first, of these the oldest; and what is
 * longer than all bands, the oldest first. Without items of unknown length or without a web address.
 */
export function feeds({ items }: ReportFacts, { bands, minutes = 0, ...rules }: FeedRules): Promise<Feed[]> {
  const known = items.flatMap(feedItem).toSorted(oldestFirst);
  const highest = Math.max(...bands.map(({ upToMinutes }) => upToMinutes));
  const limits = new Set(
    [...bands.map(({ upToMinutes }) => upToMinutes), minutes].filter((limit) => limit > 0),
  );
  const fitting = [...limits].map((limit) => ({
    name: `up-to-${limit}`,
    title: `Up to ${limit} min`,
    items: known.filter(({ most }) => most <= limit).toSorted((one, other) => other.most - one.most),
  }));
  const longer = {
    name: `over-${highest}`,
    title: `Over ${highest} min`,
    items: known.filter(({ most }) => most > highest),
  };
  return Promise.all(
    [...fitting, longer].map(async ({ name, title, items }) => {
      const first = items.slice(0, MAX_FEED_ITEMS);
      return {
        name: `${name}.xml`,
        text: await atom({ title, name, items: first }, rules),
        items: first.length,
      };
    }),
  );
}

async function atom(
  { title, name, items }: { title: string; name: string; items: readonly FeedItem[] },
  { service, madeAt }: Pick<FeedRules, 'service' | 'madeAt'>,
): Promise<string> {
  const feed = await html`${raw('<?xml version="1.0" encoding="utf-8"?>')}
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${uuid(service, 'feed', name)}</id>
<title>${title}</title>
<updated>${madeAt.toISOString()}</updated>
<author><name>${service}</name></author>
<generator>readtime</generator>
${items.map(
  (item) => html`<entry>
<id>${uuid(service, 'item', item.id)}</id>
<title>${minutesText(item)} min: ${line(item.title || item.url)}</title>
<link rel="alternate" href="${item.url}"/>
<updated>${time(item)}</updated>
<category term="${line(item.band)}"/>
<summary>${line(summaryOf(item))}</summary>
</entry>
`,
)}</feed>
`;
  return String(feed);
}

function feedItem(item: ReportItem): FeedItem[] {
  const [most, { url }] = [mostMinutesOf(item), item];
  return most === undefined || url === undefined ? [] : [{ ...item, url, most }];
}

const oldestFirst = (one: ReportItem, other: ReportItem) => addedAt(one) - addedAt(other);
/** An item without a date counts as the oldest, so that its date does not change with every feed. */
const addedAt = (item: ReportItem) => item.addedAt ?? 0;
const time = (item: ReportItem) => new Date(addedAt(item) * 1000).toISOString();
const line = (text: string) => text.replace(NOT_IN_A_LINE, ' ').trim();

function summaryOf({ band, words }: ReportItem): string {
  return words === undefined ? band : `${band}, ${formatNumber(words)} words`;
}

/** The same for the same names, and for no others: a UUID of version 8 (RFC 9562), made from a hash. */
function uuid(...names: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return `urn:uuid:${[...parts, hash.slice(20, 32)].join('-')}`;
}
