import { Parser } from 'htmlparser2';
import * as z from 'zod';
import type { NewItem } from '../stored-item.ts';
import { type Entry, type ExportedRow, entryFrom, importedTags } from './exported-row.ts';

const absentIfEmpty = (value: unknown) => (value === null || value === '' ? undefined : value);
const text = z.preprocess((value) => value ?? '', z.coerce.string());
const integer = z.preprocess((value) => absentIfEmpty(value) ?? 0, z.coerce.number().int().nonnegative());
/** Objects in an object or an array; `[]` if there are none. */
const parts = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? Object.values(value) : []),
  z.array(z.record(z.string(), z.coerce.string())),
);
const tags = z.preprocess(
  (value) => value ?? {},
  z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
);

const v3Item = z.object({
  item_id: z.preprocess(absentIfEmpty, z.coerce.number().int().positive().optional()),
  resolved_id: z.preprocess((value) => value ?? '0', z.coerce.string()),
  given_url: text,
  given_title: text,
  resolved_url: text,
  resolved_title: text,
  excerpt: text,
  lang: text,
  top_image_url: text,
  favorite: integer,
  status: integer,
  is_article: integer,
  is_index: integer,
  has_image: integer,
  has_video: integer,
  word_count: integer,
  time_to_read: integer,
  listen_duration_estimate: integer,
  time_added: z.preprocess(absentIfEmpty, z.coerce.number().int().nonnegative().optional()),
  time_updated: z.preprocess(absentIfEmpty, z.coerce.number().int().nonnegative().optional()),
  time_read: integer,
  time_favorited: integer,
  tags,
  authors: parts,
  images: parts,
  videos: parts,
  domain_metadata: z.preprocess((value) => value ?? {}, z.record(z.string(), z.coerce.string())),
});

const nameOf = (tag: unknown) => {
  const name = typeof tag === 'object' && tag !== null && 'tag' in tag ? tag.tag : tag;
  return typeof name === 'string' ? name : '';
};

/** The entry for an item of `list`: fields that make no sense are lost. */
function v3Entry(place: string, entry: unknown): Entry {
  const read = v3Item.safeParse(entry);
  const lost = read.success ? [] : read.error.issues.map(({ path }) => String(path[0] ?? ''));
  if (lost.includes('')) return { skipped: { place, reason: 'the item makes no sense' } };
  const { data } = read.success ? read : v3Item.safeParse({ ...Object(entry), ...absent(lost) });
  if (!data) return { skipped: { place, reason: `${lost[0]} makes no sense` } };
  const item = itemOf(data);
  return typeof item === 'string' ? { skipped: { place, reason: item } } : { item, place, lost };
}

const absent = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, undefined]));

/** The item, or why it is none. */
function itemOf(fields: z.output<typeof v3Item>): NewItem | string {
  const { item_id, time_added, time_updated, tags, authors, images, videos, domain_metadata, ...rest } =
    fields;
  const given_url = rest.given_url || rest.resolved_url;
  if (!URL.canParse(given_url)) return rest.status === 2 ? 'deleted' : 'no URL';
  return {
    ...rest,
    given_url,
    ...(item_id !== undefined && { item_id }),
    ...(time_added !== undefined && { time_added }),
    ...(time_updated !== undefined && { time_updated }),
    tags: importedTags(Array.isArray(tags) ? tags.map(nameOf) : Object.keys(tags)),
    media: { authors, images, videos, domain_metadata },
  };
}

const time = z.union([z.string(), z.number()]).optional().catch('unreadable');
/** Karakeep's API, whose answers people keep too, has `{name}` for a name. */
const names = z
  .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
  .catch([]);
const title = z.string().optional().catch(undefined);

/** Settings, Import / Export: `toExportFormat` in Karakeep's packages/shared/import-export/exporters.ts; seconds. */
const karakeepBookmark = z.object({
  createdAt: time,
  title,
  tags: names,
  content: z.object({ type: z.string(), url: z.string().optional() }).nullish(),
  archived: z.boolean().catch(false),
});

function karakeepEntry(place: string, entry: unknown): Entry {
  const { data } = karakeepBookmark.safeParse(entry);
  if (!data?.content?.url) return { skipped: { place, reason: 'no URL' } };
  const { createdAt, title, tags, content, archived } = data;
  return entryFrom(place, { url: content.url ?? '', time: createdAt, title, tags, archived });
}

/** Omnivore's export, `metadata_0_to_19.json` and so on: as in the importers of Karakeep and wallabag. */
const omnivoreItem = z.object({
  url: z.string(),
  title,
  labels: names,
  savedAt: time,
  state: z.string().optional().catch(undefined),
});

function omnivoreEntry(place: string, entry: unknown): Entry {
  const { data } = omnivoreItem.safeParse(entry);
  if (!data) return { skipped: { place, reason: 'no URL' } };
  const { url, title, savedAt, labels, state } = data;
  return entryFrom(place, { url, title, time: savedAt, tags: labels, archived: state === 'Archived' });
}

const dump = z.object({ list: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]) });
const karakeepExport = z.object({ bookmarks: z.array(z.object({ content: z.unknown() })) });
const omnivoreExport = z
  .array(z.object({ url: z.unknown(), labels: z.unknown(), savedAt: z.unknown() }))
  .min(1);

/** The items of a JSON dump of /v3/get, of Karakeep's or of Omnivore's export; undefined if it is none of these. */
export function readDump(json: string): Generator<Entry> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const v3 = dump.safeParse(value);
  if (v3.success) return entriesOf(Object.values(v3.data.list), v3Entry);
  const karakeep = karakeepExport.safeParse(value);
  if (karakeep.success) return entriesOf(Object(value).bookmarks, karakeepEntry);
  return omnivoreExport.safeParse(value).success ? entriesOf(Object(value), omnivoreEntry) : undefined;
}

function* entriesOf(
  list: readonly unknown[],
  entryOf: (place: string, entry: unknown) => Entry,
): Generator<Entry> {
  for (const [at, entry] of list.entries()) yield entryOf(`item ${at + 1}`, entry);
}

/**
 * Pocket's ril_export.html, Instapaper's HTML, and bookmarks as Netscape wrote them and browsers, Pinboard, linkding and
 * most services do: https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)
 */
const EXPORT = /<!doctype netscape-bookmark-file-1|<title>\s*(?:pocket export|instapaper: export)/i;

/** Where `EXPORT` is looked for: characters. */
const MAX_HEAD_LENGTH = 2_000;

/** linkding's mark of an archived bookmark (`bookmarks/services/exporter.py`). */
const LINKDING_ARCHIVED = 'linkding:bookmarks.archived';

const HEADING = /^h[1-6]$/;
const ARCHIVE = /^\s*(?:read )?archived?\s*$/i;

/** The links of an export in HTML; undefined if it is another page. */
export function readBookmarks(html: string): Generator<Entry> | undefined {
  return EXPORT.test(html.slice(0, MAX_HEAD_LENGTH)) ? linksOf(rowsIn(html)) : undefined;
}

function* linksOf(rows: readonly ExportedRow[]): Generator<Entry> {
  for (const [at, row] of rows.entries()) yield entryFrom(`link ${at + 1}`, row);
}

/** Links, with the heading above as their folder: only that of an archive says something. */
function rowsIn(html: string): ExportedRow[] {
  const rows: ExportedRow[] = [];
  let link: Readonly<Record<string, string>> | undefined;
  let heading = '';
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'a') link = attributes;
      if (name === 'a' || HEADING.test(name)) text = '';
    },
    ontext(part) {
      text += part;
    },
    onclosetag(name) {
      if (HEADING.test(name)) heading = text;
      if (name !== 'a' || !link) return;
      if (link.href) rows.push(rowOf(link, text.trim(), ARCHIVE.test(heading)));
      link = undefined;
    },
  });
  parser.end(html);
  return rows;
}

function rowOf(link: Readonly<Record<string, string>>, title: string, inArchive: boolean): ExportedRow {
  const { href = '', time_added, add_date, tags = '' } = link;
  const names = tags.split(',').map((tag) => tag.trim());
  return {
    url: href,
    title,
    time: time_added ?? add_date,
    tags: names.filter((tag) => tag !== LINKDING_ARCHIVED),
    archived: inArchive || names.includes(LINKDING_ARCHIVED),
  };
}
