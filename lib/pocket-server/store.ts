import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type ListQuery, orderOf, whereOf } from './list-query.ts';
import { completeItem, type NewItem, type StoredItem } from './stored-item.ts';

/** How an action identifies an item. */
export type ItemRef = { readonly item_id: string } | { readonly url: string };

/** A request token of OAuth. */
export type OauthCode = {
  readonly code: string;
  readonly redirect_uri: string;
  readonly state: string | null;
  readonly status: 'waiting' | 'approved' | 'rejected' | 'used';
};

export type Store = ReturnType<typeof openStore>;

/** Fields of an item that an action may change. */
export type ItemChange = Partial<
  Pick<
    StoredItem,
    | 'given_url'
    | 'given_title'
    | 'status'
    | 'favorite'
    | 'time_added'
    | 'time_updated'
    | 'time_read'
    | 'time_favorited'
  >
>;

const schema = `
  CREATE TABLE IF NOT EXISTS items (
    item_id INTEGER PRIMARY KEY AUTOINCREMENT,
    resolved_id TEXT NOT NULL, given_url TEXT NOT NULL, given_title TEXT NOT NULL,
    resolved_url TEXT NOT NULL, resolved_title TEXT NOT NULL, excerpt TEXT NOT NULL, lang TEXT NOT NULL,
    top_image_url TEXT NOT NULL, favorite INTEGER NOT NULL, status INTEGER NOT NULL,
    is_article INTEGER NOT NULL, is_index INTEGER NOT NULL, has_image INTEGER NOT NULL,
    has_video INTEGER NOT NULL, word_count INTEGER NOT NULL, time_to_read INTEGER NOT NULL,
    listen_duration_estimate INTEGER NOT NULL, time_added INTEGER NOT NULL, time_updated INTEGER NOT NULL,
    time_read INTEGER NOT NULL, time_favorited INTEGER NOT NULL, media TEXT NOT NULL, site TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS items_by_status ON items (status, time_added, item_id);
  CREATE INDEX IF NOT EXISTS items_by_time ON items (time_added, item_id);
  CREATE INDEX IF NOT EXISTS items_by_update ON items (time_updated);
  CREATE INDEX IF NOT EXISTS items_by_given_url ON items (given_url);
  CREATE INDEX IF NOT EXISTS items_by_resolved_url ON items (resolved_url);
  CREATE TABLE IF NOT EXISTS tags (
    item_id INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (item_id, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tags_by_name ON tags (tag, item_id);
  CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, redirect_uri TEXT NOT NULL, state TEXT, status TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tokens (sha256 TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

// biome-ignore format: one name a line says no more
const columns = [
  'resolved_id', 'given_url', 'given_title', 'resolved_url', 'resolved_title', 'excerpt', 'lang',
  'top_image_url', 'favorite', 'status', 'is_article', 'is_index', 'has_image', 'has_video', 'word_count',
  'time_to_read', 'listen_duration_estimate', 'time_added', 'time_updated', 'time_read', 'time_favorited',
] as const;

const selectItems = `SELECT items.*,
  (SELECT json_group_array(tag) FROM tags WHERE tags.item_id = items.item_id) AS tag_list FROM items`;

type SqlRow = Record<string, unknown>;

function itemOf({ media, tag_list, site: _site, ...fields }: SqlRow): StoredItem {
  const parsed = { media: JSON.parse(String(media)), tags: JSON.parse(String(tag_list)).toSorted() };
  return { ...fields, ...parsed } as StoredItem;
}

const siteOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : '');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Opens the database of the reading list, with v3's fields. `path` may be `:memory:`. Committed changes survive a kill
 * and a power failure: write-ahead log, synced at every commit.
 */
export function openStore(path: string) {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  db.exec(schema);

  const prepared = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const statement = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  const rows = (text: string, ...values: SQLInputValue[]) => sql(text).all(...values) as SqlRow[];
  const number = (text: string, ...values: SQLInputValue[]) =>
    Number(Object.values(sql(text).get(...values) ?? {})[0]);

  let depth = 0;
  /** Runs `work` in a transaction; nested calls join the outer one. */
  function transaction<T>(work: () => T): T {
    if (depth > 0) return work();
    db.exec('BEGIN IMMEDIATE');
    depth += 1;
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    } finally {
      depth -= 1;
    }
  }

  const insertSql = `INSERT INTO items (item_id, ${columns.join()}, media, site)
    VALUES (?, ${columns.map(() => '?').join()}, ?, ?)`;

  /** An id that was never used before. */
  const nextId = () => number(`SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'items'`);

  function insertOne(item: NewItem, now: number): number {
    const itemId = item.item_id ?? nextId();
    const full = completeItem({ ...item, item_id: itemId }, now);
    const values = columns.map((column) => full[column]);
    const site = siteOf(full.resolved_url || full.given_url);
    sql(insertSql).run(itemId, ...values, JSON.stringify(full.media), site);
    addTags(itemId, item.tags ?? []);
    return itemId;
  }

  /** Adds normalized tags; existing ones stay. */
  function addTags(itemId: number, tags: readonly string[]): void {
    for (const tag of tags) sql('INSERT OR IGNORE INTO tags VALUES (?, ?)').run(itemId, tag);
  }

  function find(ref: ItemRef): StoredItem | undefined {
    if ('item_id' in ref) return rows(`${selectItems} WHERE item_id = ?`, Number(ref.item_id)).map(itemOf)[0];
    return rows(
      `${selectItems} WHERE given_url = ?1 OR resolved_url = ?1 ORDER BY given_url = ?1 DESC, item_id LIMIT 1`,
      ref.url,
    ).map(itemOf)[0];
  }

  const seconds = () => Math.floor(Date.now() / 1000);

  return {
    transaction,
    find,
    addTags,

    hasGivenUrl: (url: string): boolean => number('SELECT count(*) FROM items WHERE given_url = ?', url) > 0,

    /** Inserts items in one transaction; returns their ids, in order. Throws if an id exists. */
    insert: (items: Iterable<NewItem>): number[] =>
      transaction(() => Array.from(items, (item) => insertOne(item, seconds()))),

    /** One page. `offset` and `count` in items. */
    list(query: ListQuery, offset: number, count: number): StoredItem[] {
      const where = whereOf(query);
      // OFFSET skips ids in an index only; whole rows are read for one page.
      const page = `SELECT item_id FROM items ${where.sql} ${orderOf(query)} LIMIT ? OFFSET ?`;
      const text = `${selectItems} WHERE item_id IN (${page}) ${orderOf(query)}`;
      return rows(text, ...where.values, count, offset).map(itemOf);
    },

    /** Every item of every status, by ascending id, without loading all into memory. */
    *everything(): Generator<StoredItem> {
      for (const row of db.prepare(`${selectItems} ORDER BY item_id`).iterate()) yield itemOf(row as SqlRow);
    },

    count(query: Omit<ListQuery, 'orderBy' | 'descending'> = {}): number {
      const where = whereOf({ ...query, orderBy: 'time_added', descending: true });
      return number(`SELECT count(*) FROM items ${where.sql}`, ...where.values);
    },

    change(itemId: number, fields: ItemChange): void {
      const entries = Object.entries(fields);
      const assignments = entries.map(([name]) => `${name} = ?`).join();
      sql(`UPDATE items SET ${assignments} WHERE item_id = ?`).run(
        ...entries.map(([, value]) => value),
        itemId,
      );
    },

    removeTags(itemId: number, tags: readonly string[]): void {
      for (const tag of tags) sql('DELETE FROM tags WHERE item_id = ? AND tag = ?').run(itemId, tag);
    },

    clearTags(itemId: number): void {
      sql('DELETE FROM tags WHERE item_id = ?').run(itemId);
    },

    /** Whether an item has a tag of exactly this stored name. */
    hasTag: (tag: string): boolean => number('SELECT count(*) FROM tags WHERE tag = ?', tag) > 0,

    /** Renames a tag on all items; a new name of `undefined` deletes it. Sets `time_updated` to `time`: seconds. */
    renameTag(tag: string, newTag: string | undefined, time: number): void {
      const tagged = 'SELECT item_id FROM tags WHERE tag = ?';
      sql(`UPDATE items SET time_updated = ? WHERE item_id IN (${tagged})`).run(time, tag);
      if (newTag === tag) return;
      if (newTag !== undefined)
        sql('INSERT OR IGNORE INTO tags SELECT item_id, ? FROM tags WHERE tag = ?').run(newTag, tag);
      sql('DELETE FROM tags WHERE tag = ?').run(tag);
    },

    addCode({ code, redirect_uri, state, status }: OauthCode): void {
      sql('INSERT INTO codes VALUES (?, ?, ?, ?)').run(code, redirect_uri, state, status);
    },
    findCode: (code: string): OauthCode | undefined =>
      rows('SELECT * FROM codes WHERE code = ?', code)[0] as OauthCode | undefined,
    markCode(code: string, status: OauthCode['status']): void {
      sql('UPDATE codes SET status = ? WHERE code = ?').run(status, code);
    },
    addToken(token: string): void {
      sql('INSERT INTO tokens VALUES (?)').run(sha256(token));
    },
    hasToken: (token: string): boolean =>
      number('SELECT count(*) FROM tokens WHERE sha256 = ?', sha256(token)) > 0,

    close: () => db.close(),
  };
}
