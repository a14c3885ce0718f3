import type { Progress } from '../run/tag-unread.ts';
import { type LineOptions, statusLine } from './status-line.ts';

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

/** How far a run is, on a status line. */
export function progressLine({ quiet }: { quiet: boolean }, options: LineOptions = {}): ProgressLine {
  const { now = () => performance.now() } = options;
  const line = statusLine({ quiet, text: 'Reading the list' }, options);
  const startedAt = now();
  let counts: Counts = { listed: 0, changes: 0, pagesRead: 0, elapsedMs: 0 };
  const update = (changed: Partial<Counts>) => {
    counts = { ...counts, ...changed, elapsedMs: now() - startedAt };
    line.text(progressText(counts));
  };
  return {
    page: ({ listed, total, decisions }) =>
      update({
        listed,
        changes: counts.changes + decisions.filter(({ kind }) => kind === 'change').length,
        ...(total !== undefined && { total }),
      }),
    read: () => update({ pagesRead: counts.pagesRead + 1 }),
    clear: () => line.clear(),
    end: () => line.end(),
  };
}
