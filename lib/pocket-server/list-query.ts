/** Which items in which order: the parsed parameters of /v3/get. */
export type ListQuery = {
  /** Undefined: any status. */
  readonly statuses?: readonly number[];
  readonly favorite?: boolean;
  /** A normalized tag, or `_untagged_`. */
  readonly tag?: string;
  readonly contentType?: 'article' | 'video' | 'image';
  /** Part of a title or URL. */
  readonly search?: string;
  /** A host, including its subdomains. */
  readonly domain?: string;
  /** Changed after this time: seconds since 1970. */
  readonly since?: number;
  readonly orderBy: 'time_added' | 'time_favorited' | 'time_read' | 'title' | 'site';
  readonly descending: boolean;
};

type Where = { readonly sql: string; readonly values: readonly (string | number)[] };

const orders = {
  time_added: 'time_added',
  time_favorited: 'time_favorited',
  time_read: 'time_read',
  title: "coalesce(nullif(resolved_title, ''), nullif(given_title, ''), given_url) COLLATE NOCASE",
  site: 'site COLLATE NOCASE',
} as const;

const contentTypes = { article: 'is_article = 1', video: 'has_video != 0', image: 'has_image = 2' } as const;

/** `LIKE` pattern for "contains", with wildcards in the text escaped. */
const containing = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

function conditions(query: ListQuery): Where[] {
  const wheres: Where[] = [];
  const and = (sql: string, ...values: (string | number)[]) => wheres.push({ sql, values });
  if (query.statuses) and(`status IN (${query.statuses.map(() => '?').join()})`, ...query.statuses);
  if (query.favorite !== undefined) and('favorite = ?', Number(query.favorite));
  if (query.tag === '_untagged_') and('NOT EXISTS (SELECT 1 FROM tags WHERE tags.item_id = items.item_id)');
  else if (query.tag !== undefined) and('item_id IN (SELECT item_id FROM tags WHERE tag = ?)', query.tag);
  if (query.contentType) and(contentTypes[query.contentType]);
  if (query.search) {
    const text = containing(query.search);
    const fields = ['given_title', 'resolved_title', 'given_url', 'resolved_url'];
    and(`(${fields.map((f) => `${f} LIKE ? ESCAPE '\\'`).join(' OR ')})`, text, text, text, text);
  }
  if (query.domain) {
    const host = query.domain.toLowerCase();
    and(`(site = ? OR site LIKE ? ESCAPE '\\')`, host, `%.${containing(host).slice(1, -1)}`);
  }
  if (query.since !== undefined) and('time_updated > ?', query.since);
  return wheres;
}

/** `WHERE` clause and its values. */
export function whereOf(query: ListQuery): Where {
  const wheres = conditions(query);
  return {
    sql: wheres.length === 0 ? '' : `WHERE ${wheres.map(({ sql }) => sql).join(' AND ')}`,
    values: wheres.flatMap(({ values }) => values),
  };
}

/** `ORDER BY` clause; the id is the last key, so that pages never overlap. */
export function orderOf({ orderBy, descending }: ListQuery): string {
  const direction = descending ? 'DESC' : 'ASC';
  return `ORDER BY ${orders[orderBy]} ${direction}, item_id ${direction}`;
}
