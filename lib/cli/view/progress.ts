import ora from 'ora';
import type { Progress } from '../../run/tag-unread.ts';
import { formatNumber } from './format.ts';

/** Where nothing can be overwritten, a line is written at most this often. */
const PLAIN_LINE_INTERVAL_MS = 5000;

export type StatusLine = {
  text(text: string): void;
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
  if (quiet) return { text() {}, clear() {}, end() {} };
  // A terminal that says it has no columns keeps ora busy for ever.
  const canSpin = stream.isTTY && stream.columns > 0 && !env.NO_COLOR;
  return canSpin ? spinningLine(stream, text) : plainLines(stream, now);
}

function spinningLine(stream: NodeJS.WriteStream, first: string): StatusLine {
  // With `discardStdin`, its default, the terminal no longer passes Ctrl-C on.
  const spinner = ora({ stream, text: first, discardStdin: false }).start();
  return {
    text(text) {
      spinner.text = text;
    },
    clear: () => void spinner.clear(),
    end: () => void spinner.stop(),
  };
}

function plainLines(stream: Pick<NodeJS.WriteStream, 'write'>, now: () => number): StatusLine {
  let lastAt = now();
  return {
    text(text) {
      if (now() - lastAt < PLAIN_LINE_INTERVAL_MS) return;
      lastAt = now();
      stream.write(`${text}\n`);
    },
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
  readonly elapsedMs: number;
};

/**
 * `Looked at 120 of 400 items, 30 to change, 4 pages fetched, 2 min left`.
 * @internal
 */
export function progressText({ listed, total, changes, pagesRead, elapsedMs }: Counts): string {
  const of = total === undefined ? '' : ` of ${formatNumber(total)}`;
  return [
    `Looked at ${formatNumber(listed)}${of} items`,
    `${formatNumber(changes)} to change`,
    ...(pagesRead > 0 ? [`${formatNumber(pagesRead)} ${pagesRead === 1 ? 'page' : 'pages'} fetched`] : []),
    ...(total !== undefined && listed > 0 ? timeLeft((elapsedMs / listed) * (total - listed)) : []),
  ].join(', ');
}

function timeLeft(ms: number): string[] {
  if (ms < 1000) return [];
  return ms < 60_000 ? [`${Math.ceil(ms / 1000)} s left`] : [`${Math.ceil(ms / 60_000)} min left`];
}

/** How far a run is, on a status line. `page` is for each page of the list, `read` for each web page that was read. */
export function progressLine({ quiet }: { quiet: boolean }, options: LineOptions = {}) {
  const { now = () => performance.now() } = options;
  const line = statusLine({ quiet, text: 'Reading the list' }, options);
  const startedAt = now();
  let counts: Counts = { listed: 0, changes: 0, pagesRead: 0, elapsedMs: 0 };
  const update = (changed: Partial<Counts>) => {
    counts = { ...counts, ...changed, elapsedMs: now() - startedAt };
    line.text(progressText(counts));
  };
  return {
    page: ({ listed, total, decisions }: Progress) =>
      update({
        listed,
        changes: counts.changes + decisions.filter(({ kind }) => kind === 'change').length,
        ...(total !== undefined && { total }),
      }),
    read: () => update({ pagesRead: counts.pagesRead + 1 }),
    clear: line.clear,
    end: line.end,
  };
}
