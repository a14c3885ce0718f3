import ora from 'ora';
import { formatNumber } from '../../core/format-number.ts';
import { isChange } from '../../core/summary.ts';
import type { Progress } from '../../run/tag-unread.ts';
import { timeOfDay } from './format.ts';

/** Where nothing can be overwritten, a line is written at most this often. */
const PLAIN_LINE_INTERVAL_MS = 5000;
/** A shorter wait is not shown, nor one that ends so soon after one that was shown: milliseconds. */
const MIN_SHOWN_WAIT_MS = 2000;
/** The time left is that at the pace of this time: items whose length is kept go by far faster than pages are read. */
const PACE_WINDOW_MS = 20_000;

export type StatusLine = {
  text(text: string): void;
  /** A text that is written at once, whatever was written last. */
  notice(text: string): void;
  /** Removes the line, so that output can be printed; the next text shows it again. */
  clear(): void;
  end(): void;
};

/** Where the line is shown: by default on standard error. */
export type LineOptions = {
  readonly stream?: NodeJS.WriteStream;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly now?: () => number;
};

/** What is being done: a line that changes at a terminal; elsewhere, or with NO_COLOR, plain lines now and then. */
export function statusLine(
  { quiet, text }: { quiet: boolean; text: string },
  { stream = process.stderr, env = process.env, now = () => performance.now() }: LineOptions = {},
): StatusLine {
  if (quiet) return { text() {}, notice() {}, clear() {}, end() {} };
  // A terminal that says it has no columns keeps ora busy for ever.
  const canSpin = stream.isTTY && stream.columns > 0 && !env.NO_COLOR;
  return canSpin ? spinningLine(stream, text) : plainLines(stream, now);
}

function spinningLine(stream: NodeJS.WriteStream, first: string): StatusLine {
  // With `discardStdin`, its default, the terminal no longer passes Ctrl-C on.
  const spinner = ora({ stream, text: first, discardStdin: false }).start();
  const text = (next: string) => {
    spinner.text = next;
  };
  return {
    text,
    notice: text,
    clear: () => void spinner.clear(),
    end: () => void spinner.stop(),
  };
}

function plainLines(stream: Pick<NodeJS.WriteStream, 'write'>, now: () => number): StatusLine {
  let lastAt = now();
  const notice = (text: string) => {
    lastAt = now();
    stream.write(`${text}\n`);
  };
  return {
    text(text) {
      if (now() - lastAt >= PLAIN_LINE_INTERVAL_MS) notice(text);
    },
    notice,
    clear() {},
    end() {},
  };
}

/** How far a run is. Counts are of items, but for `pagesRead`. */
export type Counts = {
  readonly listed: number;
  readonly total?: number;
  readonly changes: number;
  readonly pagesRead: number;
  /** How long an item takes at present; 0: unknown. */
  readonly msPerItem: number;
};

/**
 * `Looked at 120 of 400 items, 30 to change, 4 pages tried, 2 min left`.
 * @internal
 */
export function progressText({ listed, total, changes, pagesRead, msPerItem }: Counts): string {
  const of = total === undefined ? '' : ` of ${formatNumber(total)}`;
  return [
    `Looked at ${formatNumber(listed)}${of} items`,
    `${formatNumber(changes)} to change`,
    ...(pagesRead > 0 ? [`${formatNumber(pagesRead)} ${pagesRead === 1 ? 'page' : 'pages'} tried`] : []),
    ...(total === undefined ? [] : timeLeft(msPerItem * (total - listed))),
  ].join(', ');
}

function timeLeft(ms: number): string[] {
  if (ms < 1000) return [];
  return ms < 60_000 ? [`${Math.ceil(ms / 1000)} s left`] : [`${Math.ceil(ms / 60_000)} min left`];
}

/**
 * Says on a status line what is waited for and until when: `Waiting for Karakeep; the run continues at 14:32:05`.
 * The function that it returns is called with each wait: milliseconds.
 */
export function waitNotice(service: string, line: StatusLine, now = () => Date.now()): (ms: number) => void {
  let shownUntil = Number.NEGATIVE_INFINITY;
  return (ms) => {
    const until = now() + ms;
    // Calls that wait together are shown once.
    if (ms < MIN_SHOWN_WAIT_MS || until < shownUntil + MIN_SHOWN_WAIT_MS) return;
    shownUntil = until;
    line.notice(`Waiting for ${service}; the run continues at ${timeOfDay(until, now())}`);
  };
}

/** Milliseconds an item over the last `PACE_WINDOW_MS`, or since an item was last counted where that is longer ago. */
function recentPace(now: () => number): (items: number) => number {
  const counted = [{ items: 0, at: now() }];
  return (items) => {
    const at = now();
    if (items > (counted.at(-1)?.items ?? 0)) counted.push({ items, at });
    // The last two stay: between them, an item has been counted.
    while (counted.length > 2 && at - (counted[1]?.at ?? at) > PACE_WINDOW_MS) counted.shift();
    const [from = { items, at }] = counted;
    return items > from.items ? (at - from.at) / (items - from.items) : 0;
  };
}

/** Options of `progressLine`: `service` is the name of the reading list, for its waits. */
export type ProgressOptions = { readonly quiet: boolean; readonly service: string };

/**
 * How far a run is, on a status line. `page` is for each page of the list, `read` for each web page that was read,
 * `wait` for each wait.
 */
export function progressLine({ quiet, service }: ProgressOptions, options: LineOptions = {}) {
  const { now = () => performance.now() } = options;
  const line = statusLine({ quiet, text: 'Reading the list' }, options);
  const pace = recentPace(now);
  let counts: Counts = { listed: 0, changes: 0, pagesRead: 0, msPerItem: 0 };
  const update = (changed: Partial<Counts>) => {
    counts = { ...counts, ...changed };
    counts = { ...counts, msPerItem: pace(counts.listed) };
    line.text(progressText(counts));
  };
  return {
    page: ({ listed, total, decisions }: Progress) =>
      update({
        listed,
        changes: counts.changes + decisions.filter(isChange).length,
        ...(total !== undefined && { total }),
      }),
    read: () => update({ pagesRead: counts.pagesRead + 1 }),
    wait: waitNotice(service, line),
    clear: line.clear,
    end: line.end,
  };
}
