import { formatNumber } from './format-number.ts';
import type { SkipReason } from './skip-reason.ts';

/** What follows a count: `gone`; of nouns the one after 1, and the one after any other count. */
type Label = string | readonly [one: string, many: string];

/** Each reason in as few words as can follow a count: `300 gone`. Reasons that are one to a reader share a label. */
const SKIP_LABELS: Readonly<Record<SkipReason, Label>> = {
  'not-parsed': 'not yet looked at by the service',
  'no-length': 'without a length from the service',
  image: ['image', 'images'],
  'not-understood': 'not understood',
  'video-without-duration': ['video without duration', 'videos without duration'],
  'text-unavailable': 'without the text of the service',
  quota: 'over the quota of texts',
  paywall: 'behind a paywall',
  login: 'behind a login',
  'consent-wall': 'behind a consent form',
  'needs-javascript': 'empty without JavaScript',
  blocked: 'closed to programs',
  'not-found': 'gone',
  empty: 'without text',
  'not-an-article': 'without an article',
  'live-blog': ['live blog', 'live blogs'],
  'unreadable-pdf': ['unreadable PDF', 'unreadable PDFs'],
  unsure: 'not sure enough',
  'bad-url': 'without a valid address',
  'bad-scheme': 'neither http nor https',
  'bad-port': 'at a port that is not allowed',
  'credentials-in-url': 'with a password in the address',
  'not-public': 'at a private address',
  'no-such-host': 'no such host',
  unreachable: 'unreachable',
  untrusted: 'with an invalid certificate',
  'timed-out': 'too slow',
  'out-of-time': 'out of time',
  'not-recent': 'whose page only a full run reads',
  'asked-to-wait': 'asking to wait',
  'too-many-redirects': 'redirecting too often',
  'headers-too-large': 'too large',
  'too-large': 'too large',
  'bad-response': 'with an invalid response',
  gone: 'gone',
  refused: 'refused by the host',
  'server-error': ['server error', 'server errors'],
  'not-a-page': ['file', 'files'],
};

/** A count with its reason: `300 gone`, `1 file`, `12 files`. */
export function reasonCount(reason: SkipReason, items: number): string {
  return counted(SKIP_LABELS[reason], items);
}

function counted(label: Label, items: number): string {
  const [one, many] = typeof label === 'string' ? [label, label] : label;
  return `${formatNumber(items)} ${items === 1 ? one : many}`;
}

/** A summary is one sentence: the most frequent reasons are named, the others counted together. */
const MAX_NAMED = 5;

/** `1,410 no such host, 300 gone, 246 behind a paywall`: items by reason, the most frequent first. */
export function reasonCounts(skipped: Readonly<Record<string, number>>): string {
  const counts = new Map<Label, number>();
  for (const [reason, items] of Object.entries(skipped)) {
    const label = SKIP_LABELS[reason as SkipReason];
    counts.set(label, (counts.get(label) ?? 0) + items);
  }
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  const isLong = sorted.length > MAX_NAMED + 1;
  const named = isLong ? sorted.slice(0, MAX_NAMED) : sorted;
  const others = sorted.slice(named.length).reduce((sum, [, items]) => sum + items, 0);
  return [
    ...named.map(([label, items]) => counted(label, items)),
    ...(isLong ? [`${formatNumber(others)} for other reasons`] : []),
  ].join(', ');
}
