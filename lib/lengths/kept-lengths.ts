import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import { SKIP_SENTENCES, type SkipReason } from '../core/skip-reason.ts';
import { Failure, systemMessage } from '../failure.ts';
import { KEPT_DAYS, NETWORK_REASONS } from './kept-days.ts';
import type { KeptLength, Lengths, ReadFrom } from './lengths.ts';

const DAY_MS = 86_400_000;
/** Another run writes for a few milliseconds at a time. */
const BUSY_TIMEOUT_MS = 1000;

/**
 * For so many days an item that is no longer in the list is kept, as somebody may take it back from the archive; as long
 * as the longest reason. One that goes too early costs reading it again, and one that stays some 200 bytes, so nothing
 * is written to know when an item was last in the list: a run over the whole list, which has looked up each, deletes the
 * others at its end. Those of another service or server stay: it may be used again.
 */
const MAX_ABSENT_DAYS = 90;

const SCHEMA = `CREATE TABLE IF NOT EXISTS lengths (
    service TEXT NOT NULL, account TEXT NOT NULL, item TEXT NOT NULL, address TEXT NOT NULL,
    evidence TEXT NOT NULL, read_from TEXT NOT NULL, read_at INTEGER NOT NULL,
    PRIMARY KEY (service, account, item, address)
  ) STRICT, WITHOUT ROWID`;
const SELECT = `SELECT evidence, read_from, read_at FROM lengths
  WHERE service = ? AND account = ? AND item = ? AND address = ?`;
const REPLACE = 'INSERT OR REPLACE INTO lengths VALUES (?, ?, ?, ?, ?, ?, ?)';

const DELETE = `DELETE FROM lengths WHERE service = ? AND account = ? AND read_at < ?
  AND item NOT IN (SELECT value FROM json_each(?))`;

const count = z.int().min(0);
const LENGTH = z.object({
  words: count,
  cjkCharacters: z.exactOptional(count),
  cjkWords: z.exactOptional(count),
});
const EVIDENCE = z.discriminatedUnion('known', [
  LENGTH.extend({
    known: z.literal(true),
    language: z.exactOptional(z.string()),
    videoSeconds: z.exactOptional(z.number().positive()),
    codeWords: z.exactOptional(count),
    pictures: z.exactOptional(count),
    confidence: z.exactOptional(z.number().min(0).max(1)),
    otherwise: z.exactOptional(LENGTH),
    leftOut: z.exactOptional(z.array(z.object({ kind: z.string(), words: count }))),
  }),
  z.object({ known: z.literal(false), reason: z.enum(Object.keys(SKIP_SENTENCES) as SkipReason[]) }),
]);
type KnownText = Extract<z.output<typeof EVIDENCE>, { known: true }>;
const ROW = z.object({
  evidence: z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(EVIDENCE),
  read_from: z.enum(['text', 'page']),
  read_at: z.int().min(0),
});

/** Whose lengths are kept, and where. */
export type KeptLengthsOptions = {
  /** Opens the database, when the first length is asked for. */
  readonly open: () => DatabaseSync;
  /** The name of the service, and the address of the server where there are several: never a token. */
  readonly service: string;
  readonly account: string;
  /** Called once, with a clause, where nothing can be kept or what was kept cannot be read. */
  readonly onTrouble: (reason: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** Opens a file of lengths, for its owner only: addresses are in it. Throws as SQLite and the file system do. */
export function openLengths(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Lengths can be read again: what a power failure takes is no loss.
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Lengths in a SQLite file, which several processes may use at once. A file that is broken, locked or full is not used
 * again, and the run goes on.
 */
export function keptLengths(options: KeptLengthsOptions): Lengths & { close(): void } {
  const { service, account, now = Date.now } = options;
  let db: DatabaseSync | undefined;
  /** Kept: to prepare it takes longer than to run it. */
  let select: StatementSync | undefined;
  let isOff = false;
  /** Failures of the network since a page could be read: they may be ours. */
  const doubtful: (() => void)[] = [];
  const met = new Set<string>();

  function withDatabase<Result>(work: (db: DatabaseSync) => Result): Result | undefined {
    if (isOff) return undefined;
    try {
      db ??= options.open();
      return work(db);
    } catch (error) {
      isOff = true;
      options.onTrouble(error instanceof Failure ? error.message : systemMessage(error));
      return undefined;
    }
  }

  const keyOf = ({ id, url = '' }: Item) => [service, account, id, url];

  function get(item: Item): KeptLength | undefined {
    met.add(item.id);
    const found = withDatabase((db) => {
      select ??= db.prepare(SELECT);
      return select.get(...keyOf(item));
    });
    return found && keptLength(found, now());
  }

  function set(item: Item, evidence: PageEvidence, from: ReadFrom): void {
    met.add(item.id);
    if (!evidence.known && KEPT_DAYS[evidence.reason] === 0) return;
    const readAt = now();
    const write = () =>
      void withDatabase((db) => db.prepare(REPLACE).run(...keyOf(item), textOf(evidence), from, readAt));
    if (!evidence.known && NETWORK_REASONS.has(evidence.reason)) {
      doubtful.push(write);
      return;
    }
    if (from === 'page') for (const writeDoubtful of doubtful.splice(0)) writeDoubtful();
    write();
  }

  function forgetOthers(): void {
    // Nothing was asked for: no file is made for it.
    if (met.size === 0) return;
    const readBefore = now() - MAX_ABSENT_DAYS * DAY_MS;
    withDatabase((db) => db.prepare(DELETE).run(service, account, readBefore, JSON.stringify([...met])));
  }

  return {
    get,
    set,
    forgetOthers,
    close() {
      isOff = true;
      if (db?.isOpen) db.close();
    },
  };
}

/** As `EVIDENCE` reads it: with what `explain` asks for, counted now. */
function textOf(evidence: PageEvidence): string {
  if (!evidence.known) return JSON.stringify(evidence);
  return JSON.stringify({ ...evidence, otherwise: evidence.otherwise?.(), leftOut: evidence.leftOut?.() });
}

/** What a row says, unless it is not ours or its time is over. A row of the future is from a clock that was wrong. */
function keptLength(row: unknown, now: number): KeptLength | undefined {
  const parsed = parseRow(row);
  if (parsed === undefined) return undefined;
  const { evidence, read_from: from, read_at: readAt } = parsed;
  const age = now - readAt;
  const isOver = !evidence.known && (age < 0 || age >= KEPT_DAYS[evidence.reason] * DAY_MS);
  return isOver ? undefined : { evidence: evidence.known ? asRead(evidence) : evidence, from, readAt };
}

function parseRow(row: unknown): z.output<typeof ROW> | undefined {
  try {
    return ROW.parse(row);
  } catch {
    return undefined;
  }
}

/** A kept length in the form that reading its page gives. */
function asRead({ otherwise, leftOut, ...length }: KnownText): PageEvidence {
  return {
    ...length,
    ...(otherwise && { otherwise: () => otherwise }),
    ...(leftOut && { leftOut: () => leftOut }),
  };
}
