import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemMessage } from '../../failure.ts';
import { makeFolder } from '../files/places.ts';
import type { WatchRecord } from './watch-loop.ts';

/** Until when a list counts as healthy, and when the last run over all of it started: milliseconds since 1970. */
type Entry = {
  readonly healthyUntil: number;
  readonly fullAt?: number;
  /** Which list it was by then. */
  readonly account: string;
};
type Entries = Readonly<Record<string, Entry>>;

/** How long after its time a run may end: milliseconds. */
const MAX_LATE_MS = 60_000;

type RecordOptions = {
  /** What the file says of other lists is dropped, and of one whose name now leads to another account. */
  readonly lists: readonly { readonly name: string; readonly account: string }[];
  readonly everyMs: number;
  /** How long a run may take: milliseconds. */
  readonly maxRunMs: number;
  /** Called with a clause once, where the file cannot be written. */
  readonly onTrouble: (reason: string) => void;
};

/**
 * Keeps in a file until when each list counts as healthy: two intervals after its last good run, and as long as a run may
 * take. So whoever looks at the file needs to know nothing else.
 */
export function healthFile(
  path: string,
  { lists, everyMs, maxRunMs, onTrouble }: RecordOptions,
): WatchRecord {
  const before = readEntries(path) ?? {};
  let isTold = false;
  let entries: Entries = Object.fromEntries(
    lists.map(({ name, account }) => {
      const known = before[name];
      return [name, known?.account === account ? known : { healthyUntil: 0, account }];
    }),
  );
  return {
    fullAt: (list) => entries[list]?.fullAt,
    endedWell(list, { nextAt, ...full }) {
      const { [list]: known = { account: '' } } = entries;
      const healthyUntil = nextAt + everyMs + maxRunMs + MAX_LATE_MS;
      entries = { ...entries, [list]: { ...known, healthyUntil, ...full } };
      try {
        writeEntries(path, entries);
      } catch (error) {
        if (!isTold) onTrouble(systemMessage(error));
        isTold = true;
      }
    },
  };
}

/** Why a loop that keeps this file is not healthy, in a sentence; `undefined` if it is. */
export function healthProblem(path: string, now = Date.now()): string | undefined {
  const entries = readEntries(path);
  if (entries === undefined)
    return `no run has ended well yet, or not here: there is no ${path} of readtime watch`;
  const [name, late] = Object.entries(entries).find(([, { healthyUntil }]) => !(now <= healthyUntil)) ?? [];
  if (late === undefined) return undefined;
  const list = name ? `${name}: ` : '';
  return late.healthyUntil === 0
    ? `${list}no run has ended well yet`
    : `${list}no run has ended well in time; one was due by ${new Date(late.healthyUntil).toISOString()}`;
}

/** `undefined` where there is no such file, or it is none of ours. */
function readEntries(path: string): Entries | undefined {
  try {
    const { lists }: { lists: Entries } = JSON.parse(readFileSync(path, 'utf8'));
    const times = Object.values(lists).map(({ healthyUntil }) => healthyUntil);
    return times.length > 0 && times.every(Number.isFinite) ? lists : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file at once: who reads it meanwhile sees the old one or the new one. */
function writeEntries(path: string, lists: Entries): void {
  makeFolder(dirname(path));
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify({ lists })}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}
