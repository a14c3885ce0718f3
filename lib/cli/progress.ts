import ora from 'ora';
import type { Progress } from '../tag-unread.ts';

/** Where nothing can be overwritten, a line is written at most this often: milliseconds. */
const PLAIN_LINE_EVERY_MS = 5000;

/** How far a run is. Counts are of items, but for `pagesRead`. */
export type Counts = {
  readonly listed: number;
  readonly total?: number;
  readonly changes: number;
  readonly pagesRead: number;
  readonly elapsedMs: number;
};

/** `Looked at 120 of 400 items, 30 to change, 4 pages fetched, 2 min left`. */
export function progressText({ listed, total, changes, pagesRead, elapsedMs }: Counts): string {
  const of = total === undefined ? '' : ` of ${number(total)}`;
  return [
    `Looked at ${number(listed)}${of} items`,
    `${number(changes)} to change`,
    ...(pagesRead > 0 ? [`${number(pagesRead)} ${pagesRead === 1 ? 'page' : 'pages'} fetched`] : []),
    ...(total !== undefined && listed > 0 ? timeLeft((elapsedMs / listed) * (total - listed)) : []),
  ].join(', ');
}

function timeLeft(ms: number): string[] {
  if (ms < 1000) return [];
  return ms < 60_000 ? [`${Math.ceil(ms / 1000)} s left`] : [`${Math.ceil(ms / 60_000)} min left`];
}

const number = (count: number) => count.toLocaleString('en');

export type ProgressLine = {
  page(progress: Progress): void;
  read(): void;
  /** Makes room for a line of output. */
  clear(): void;
  end(): void;
};

/** Progress on standard error: a line that changes at a terminal; elsewhere, or with NO_COLOR, plain lines. */
export function progressLine(
  { quiet }: { quiet: boolean },
  { stream = process.stderr, env = process.env, now = () => performance.now() } = {},
): ProgressLine {
  // A terminal that says it has no columns keeps ora busy for ever.
  const canSpin = stream.isTTY && stream.columns > 0 && !env.NO_COLOR;
  const show = quiet ? silent() : canSpin ? spinning(stream) : plain(stream, now);
  const startedAt = now();
  let counts: Counts = { listed: 0, changes: 0, pagesRead: 0, elapsedMs: 0 };
  const update = (changed: Partial<Counts>) => {
    counts = { ...counts, ...changed, elapsedMs: now() - startedAt };
    show.text(progressText(counts));
  };
  return {
    page: ({ listed, total, decisions }) =>
      update({
        listed,
        changes: counts.changes + decisions.filter(({ kind }) => kind === 'change').length,
        ...(total !== undefined && { total }),
      }),
    read: () => update({ pagesRead: counts.pagesRead + 1 }),
    clear: () => show.clear(),
    end: () => show.end(),
  };
}

type Show = { text(text: string): void; clear(): void; end(): void };

function silent(): Show {
  return { text() {}, clear() {}, end() {} };
}

function spinning(stream: NodeJS.WriteStream): Show {
  const spinner = ora({ stream, text: 'Reading the list' }).start();
  return {
    text(text) {
      spinner.text = text;
    },
    clear: () => void spinner.clear(),
    end: () => void spinner.stop(),
  };
}

function plain(stream: Pick<NodeJS.WriteStream, 'write'>, now: () => number): Show {
  let lastAt = now();
  return {
    text(text) {
      if (now() - lastAt < PLAIN_LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`${text}\n`);
    },
    clear() {},
    end() {},
  };
}
